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
import { CompatDesk } from './compat-desk.service.js';
import { sendReply } from './compat-reply.js';
import { CompatErrorDto } from './compat-ingest.dto.js';

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
];
const NUMBERS: [name: string, description: string][] = [
  ['id', 'mode=usage_stats: id of the item'],
  ['limit', 'Rows of the list (200) or matches (10, at most 100)'],
  ['offset', 'Rows to leave out'],
  ['page', 'mode=market: from 1'],
  ['pageSize', 'mode=market: 50, at most 100'],
  ['minPrice', 'mode=market: kamas for one unit'],
  ['maxPrice', 'mode=market: kamas for one unit'],
];

/** The query of the original in OpenAPI: one path for all of its resources. */
function ApiCompatQuery(): MethodDecorator {
  const optional = { required: false } as const;
  const decorators = [
    ApiQuery({ name: 'resource', enum: ['items', 'categories', 'known_items', 'consumables', 'toolbox'] }),
    ApiQuery({
      ...optional,
      name: 'mode',
      enum: ['market', 'search', 'details', 'servers', 'usage_stats', 'stats', 'consumables'],
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
@Controller('compat/dofus/api/data')
@CompatMount('dofus')
export class CompatDataController {
  constructor(private readonly desk: CompatDesk) {}

  /**
   * Items and categories as the original gives them. Without `mode` a list of items and servers; `market` one page of a server;
   * `search` items by name; `details` one item; `servers` names; `usage_stats` what would go with an item; `stats` figures of one.
   * Items named by hand are `known_items`; `consumables` (and `toolbox` with `mode=consumables`) give back life or energy. Numbers that are none fall back to their defaults.
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
   * Gives the item with the game's id `gid` its picture (`resource=items&type=icon`, a form), as the packet reader does for those
   * named in `missing_images`; or its name (`resource=known_items`), which takes the id from an item of another name.
   */
  @Post()
  @HttpCode(200)
  @ApiQuery({ name: 'resource', enum: ['items', 'known_items'] })
  @ApiQuery({ required: false, name: 'type', enum: ['icon'] })
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody({
    schema: {
      oneOf: [
        {
          type: 'object',
          required: ['gid', 'file'],
          properties: { gid: { type: 'string' }, file: { type: 'string', format: 'binary' } },
        },
        bodySchema(knownItemSchema),
      ],
    },
  })
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(CompatIconDto) }, { $ref: getSchemaPath(CompatSuccessDto) }] },
  })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing, or no icon' })
  @ApiResponse({ status: 404, type: CompatErrorDto, description: 'No item with this gid' })
  @ApiResponse({ status: 409, type: CompatErrorDto, description: 'The gid belongs to the shipped catalogue' })
  @RequirePermission('market:contribute')
  @UseInterceptors(FileInterceptor('file', { limits: ICON_LIMITS }))
  async create(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @UploadedFile() file: { buffer: Buffer } | undefined,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request, file?.buffer));
  }

  /** Renames an item, or changes its category: empty for none, a name nobody has used yet makes one. Needs a curator's token. */
  @Put()
  @ApiQuery({ name: 'resource', enum: ['items'] })
  @ApiBody({ schema: bodySchema(itemChangeSchema) })
  @ApiOkResponse({ type: CompatItemChangedDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @ApiResponse({ status: 409, type: CompatErrorDto, description: 'Another item has this name' })
  @RequirePermission('market:contribute')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
  }

  /** Deletes an item with everything that is known of it. Needs a curator's token; an id that is not known is no failure. */
  @Delete()
  @ApiQuery({ name: 'resource', enum: ['items'] })
  @ApiQuery({ required: false, name: 'id', type: Number, description: 'Id of the item' })
  @ApiOkResponse({ type: CompatSuccessDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @RequirePermission('market:contribute')
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
