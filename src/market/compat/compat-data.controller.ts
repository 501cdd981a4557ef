import {
  All,
  Controller,
  Delete,
  Get,
  HttpCode,
  Options,
  Post,
  Put,
  Req,
  Res,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiOkResponse,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { methodNotAllowed } from './compat.errors.js';
import { ICON_LIMITS } from './compat-icon.js';
import { CompatIconDto } from './compat-icons.dto.js';
import { itemChangeSchema, knownItemSchema } from './compat-body.reader.js';
import { bodySchema } from './compat-body-schema.js';
import {
  CompatConsumableDto,
  CompatConsumablesDto,
  CompatItemChangedDto,
  CompatKnownItemDto,
  CompatSuccessDto,
  CompatUsageStatsDto,
} from './compat-catalog.dto.js';
import { CompatItemStatsDto } from './compat-market.dto.js';
import {
  CompatCategoryDto,
  CompatItemDetailsDto,
  CompatItemMatchDto,
  CompatItemOnServerDto,
  CompatMarketPageDto,
} from './compat-data.dto.js';
import { CompatAlmanaxDayDto } from './compat-calendar.dto.js';
import { CompatDesk } from './compat-desk.service.js';
import { sendReply } from './compat-reply.js';
import { CompatErrorDto } from './compat-ingest.dto.js';
import {
  CompatHarvestJobDto,
  CompatHarvestResourceDto,
  CompatKeptRouteDto,
  CompatMapDto,
  CompatMapsGridDto,
  CompatOwnRouteDto,
  CompatPublicRouteDto,
  CompatRouteDto,
  CompatSubareaOfResourceDto,
} from './compat-harvest.dto.js';

const listOf = (model: new () => object) => ({ type: 'array', items: { $ref: getSchemaPath(model) } });
const TEXTS: [name: string, description: string][] = [
  ['search', 'Part of a name; accents and case do not matter. The first page of a list is then ranked'],
  ['server', 'Display name of a server; needed by mode=market, mode=stats and for consumables'],
  ['category', 'Name of a category'],
  ['item_name', 'Exact name, for mode=details'],
  ['item', 'Exact name, for mode=stats'],
  ['from', 'mode=stats: first day, UTC: anything that JavaScript reads as a date'],
  ['to', 'mode=stats: last day, included'],
  ['filterItems', 'mode=market: exact names, comma-separated'],
  ['jobIds', 'harvest: ids of jobs, comma-separated'],
  ['resourceIds', 'harvest, mode=subareas: ids of resources, comma-separated'],
  ['subareaIds', 'harvest, mode=map_positions: ids of subareas, comma-separated'],
  ['public', "harvest, mode=routes: true for everybody's public ones"],
];
const NUMBERS: [name: string, description: string][] = [
  ['id', 'mode=usage_stats: id of the item'],
  ['limit', 'Rows of the list (200) or matches (10, at most 100)'],
  ['offset', 'Rows to leave out'],
  ['page', 'mode=market: from 1'],
  ['pageSize', 'mode=market: 50, at most 100'],
  ['minPrice', 'mode=market: kamas for one unit'],
  ['maxPrice', 'mode=market: kamas for one unit'],
  ['levelMin', 'harvest, mode=resources: lowest level'],
  ['levelMax', 'harvest, mode=resources: highest level'],
  ['minX', 'harvest, mode=maps_grid: bounds, both included, at most 50 by 50'],
  ['maxX', 'harvest, mode=maps_grid'],
  ['minY', 'harvest, mode=maps_grid'],
  ['maxY', 'harvest, mode=maps_grid'],
  ['worldMap', 'harvest, mode=maps_grid: 1, which is the only one with maps'],
];
const HARVEST_MODES = ['jobs', 'resources', 'subareas', 'map_positions', 'maps_grid', 'routes'];
const TOOLBOX_MODES = ['almanax'];

type SchemaObject = Exclude<
  Extract<Parameters<typeof ApiBody>[0], { schema: object }>['schema'],
  { $ref: string }
>;
const ids = (description: string) => ({ type: 'array', items: { type: 'integer' }, description }) as const;
const ICON_FORM: SchemaObject = {
  type: 'object',
  required: ['gid', 'file'],
  properties: { gid: { type: 'string' }, file: { type: 'string', format: 'binary' } },
};
const OPTIMIZE_BODY: SchemaObject = {
  type: 'object',
  required: ['resourceIds'],
  properties: {
    resourceIds: ids('What is to be gathered'),
    startX: { type: 'integer', default: 0 },
    startY: { type: 'integer', default: 0 },
    maxMoves: { type: 'integer', default: 50 },
    maxMaps: { type: 'integer', description: 'The former name of maxMoves', deprecated: true },
    excludeSubareaIds: ids('Subareas that are not visited'),
  },
};
const ROUTE_FIELDS = ['name', 'target_job_ids', 'target_resource_ids', 'route_data'];
const ROUTE_BODY: SchemaObject = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200 },
    description: { type: 'string', nullable: true, maxLength: 2_000 },
    target_job_ids: ids('Jobs that it is for'),
    target_resource_ids: ids('What is gathered on it'),
    route_data: {
      type: 'array',
      items: { type: 'object' },
      description: 'Kept as it is, at most 1,000 steps',
    },
    is_public: { type: 'boolean', default: false },
  },
};

/** The query of the original in OpenAPI: one path for all of its resources. */
function ApiCompatQuery(): MethodDecorator {
  const optional = { required: false } as const;
  const decorators = [
    ApiQuery({
      name: 'resource',
      enum: ['items', 'categories', 'known_items', 'consumables', 'harvest', 'toolbox'],
    }),
    ApiQuery({
      ...optional,
      name: 'mode',
      enum: [
        'market',
        'search',
        'details',
        'servers',
        'usage_stats',
        'stats',
        'consumables',
        ...HARVEST_MODES,
        ...TOOLBOX_MODES,
      ],
    }),
    ApiQuery({ ...optional, name: 'sortBy', enum: ['name', 'price'] }),
    ApiQuery({ ...optional, name: 'sortOrder', enum: ['asc', 'desc'] }),
    ...TEXTS.map(([name, description]) => ApiQuery({ ...optional, name, description, type: String })),
    ...NUMBERS.map(([name, description]) => ApiQuery({ ...optional, name, description, type: Number })),
  ];
  return (target, key, descriptor) => {
    for (const decorate of decorators) decorate(target, key, descriptor);
  };
}

@ApiTags('compat dofus')
@ApiExtraModels(CompatItemOnServerDto, CompatMarketPageDto, CompatItemMatchDto, CompatItemDetailsDto)
@ApiExtraModels(CompatCategoryDto, CompatKnownItemDto, CompatUsageStatsDto, CompatItemStatsDto)
@ApiExtraModels(CompatConsumableDto, CompatConsumablesDto, CompatIconDto, CompatSuccessDto)
@ApiExtraModels(
  CompatAlmanaxDayDto,
  CompatHarvestJobDto,
  CompatHarvestResourceDto,
  CompatSubareaOfResourceDto,
  CompatMapDto,
)
@ApiExtraModels(
  CompatMapsGridDto,
  CompatOwnRouteDto,
  CompatPublicRouteDto,
  CompatRouteDto,
  CompatKeptRouteDto,
)
@Controller('compat/dofus/api/data')
@CompatMount('dofus')
export class CompatDataController {
  constructor(private readonly desk: CompatDesk) {}

  /**
   * Items and categories as the original gives them. Without `mode` a list of items and servers; `market` one page of a server;
   * `search` items by name; `details` one item; `servers` names; `usage_stats` what would go with an item; `stats` figures of one.
   * Items named by hand are `known_items`; `consumables` (and `toolbox` with `mode=consumables`) give back life or energy. Numbers
   * that are none fall back to their defaults.
   * `resource=harvest`: what grows where, by mode, and the routes that the caller keeps.
   * `resource=toolbox&mode=almanax`: the next 90 days of the calendar, with prices on `server`.
   */
  @Get()
  @ApiCompatQuery()
  @ApiOkResponse({
    schema: {
      nullable: true,
      oneOf: [
        listOf(CompatItemOnServerDto),
        { $ref: getSchemaPath(CompatMarketPageDto) },
        listOf(CompatItemMatchDto),
        { $ref: getSchemaPath(CompatItemDetailsDto) },
        { type: 'array', items: { type: 'string' } },
        listOf(CompatCategoryDto),
        listOf(CompatHarvestJobDto),
        listOf(CompatHarvestResourceDto),
        listOf(CompatSubareaOfResourceDto),
        listOf(CompatMapDto),
        { $ref: getSchemaPath(CompatMapsGridDto) },
        listOf(CompatOwnRouteDto),
        listOf(CompatPublicRouteDto),
        listOf(CompatAlmanaxDayDto),
        listOf(CompatKnownItemDto),
        { $ref: getSchemaPath(CompatUsageStatsDto) },
        { $ref: getSchemaPath(CompatItemStatsDto) },
        listOf(CompatConsumableDto),
        { $ref: getSchemaPath(CompatConsumablesDto) },
      ],
    },
  })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'A resource or mode that is not served' })
  @ApiResponse({ status: 404, type: CompatErrorDto, description: 'mode=details: no such item' })
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
  }

  /**
   * `resource=items&type=icon` gives the item with the game's id `gid` its picture, as the packet reader does for those named in
   * `missing_images`; `resource=known_items` its name, which takes the id from an item of another name. Both take
   * `market:contribute`. `resource=harvest` works out a route by the nearest neighbour (`mode=optimize`), or keeps one
   * (`mode=routes`, with `market:own`).
   */
  @Post()
  @HttpCode(200)
  @ApiQuery({ name: 'resource', enum: ['items', 'known_items', 'harvest'] })
  @ApiQuery({ name: 'type', required: false, enum: ['icon'] })
  @ApiQuery({ name: 'mode', required: false, enum: ['optimize', 'routes'] })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiBody({
    schema: {
      oneOf: [
        ICON_FORM,
        bodySchema(knownItemSchema),
        OPTIMIZE_BODY,
        { required: ROUTE_FIELDS, ...ROUTE_BODY },
      ],
    },
  })
  @ApiOkResponse({
    schema: {
      oneOf: [
        { $ref: getSchemaPath(CompatIconDto) },
        { $ref: getSchemaPath(CompatSuccessDto) },
        { $ref: getSchemaPath(CompatRouteDto) },
      ],
    },
  })
  @ApiResponse({ status: 201, type: CompatKeptRouteDto, description: 'The route that is kept now' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @ApiResponse({ status: 404, type: CompatErrorDto, description: 'No item with this gid' })
  @ApiResponse({ status: 409, type: CompatErrorDto, description: 'The gid belongs to the shipped catalogue' })
  @RequirePermission('market:read')
  @UseInterceptors(FileInterceptor('file', { limits: ICON_LIMITS }))
  async create(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @UploadedFile() file: { buffer: Buffer } | undefined,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request, file?.buffer));
  }

  /**
   * Renames an item, or changes its category: empty for none, a name nobody has used yet makes one; needs a curator's token.
   * `resource=harvest&mode=routes`: changes what is given of a route that the caller keeps, with `market:own`.
   */
  @Put()
  @ApiQuery({ name: 'resource', enum: ['items', 'harvest'] })
  @ApiQuery({ name: 'mode', required: false, enum: ['routes'] })
  @ApiQuery({ name: 'routeId', required: false, description: 'Id of the route' })
  @ApiBody({ schema: { oneOf: [bodySchema(itemChangeSchema), ROUTE_BODY] } })
  @ApiOkResponse({
    schema: {
      oneOf: [{ $ref: getSchemaPath(CompatItemChangedDto) }, { $ref: getSchemaPath(CompatKeptRouteDto) }],
    },
  })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @ApiResponse({ status: 404, type: CompatErrorDto, description: 'The caller has no such route' })
  @ApiResponse({ status: 409, type: CompatErrorDto, description: 'Another item has this name' })
  @RequirePermission('market:read')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
  }

  /**
   * Deletes an item with everything that is known of it; needs a curator's token; an id that is not known is no failure.
   * `resource=harvest&mode=routes`: forgets a route that the caller keeps, with `market:own`.
   */
  @Delete()
  @ApiQuery({ name: 'resource', enum: ['items', 'harvest'] })
  @ApiQuery({ name: 'mode', required: false, enum: ['routes'] })
  @ApiQuery({ required: false, name: 'id', type: Number, description: 'Id of the item' })
  @ApiQuery({ name: 'routeId', required: false, description: 'Id of the route' })
  @ApiOkResponse({ type: CompatSuccessDto })
  @ApiResponse({ status: 204, description: 'The route is gone' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @ApiResponse({ status: 404, type: CompatErrorDto, description: 'The caller has no such route' })
  @RequirePermission('market:read')
  async remove(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  @All()
  @ApiExcludeEndpoint()
  @RequirePermission('market:read')
  refuse(): never {
    throw methodNotAllowed('GET, POST, PUT, DELETE', 'This method is not allowed here.');
  }
}
