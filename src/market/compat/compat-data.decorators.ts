import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiOkResponse, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { listOf, numberQuery, one, refusal, textQuery } from './compat-docs.decorators.js';
import {
  CompatJobDto,
  CompatRecipeDetailsDto,
  CompatRecipeDto,
  CompatRecipeUsageDto,
} from './compat-recipes.dto.js';
import { MAX_INGREDIENTS, RECIPE_ORDERS } from './compat-recipes-query.js';
import { SCARCITY_PRESETS } from '../leveling/scarcity.js';
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
import { CompatLevelingPlanDto } from './compat-leveling.dto.js';
import { CompatAlmanaxDayDto } from './compat-calendar.dto.js';
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

// What the four methods of `/api/data` take and give, in OpenAPI: one path for all of the original's resources.

const TEXTS: readonly [name: string, description: string][] = [
  ['search', 'Part of a name; accents and case do not matter. The first page of a list is then ranked'],
  ['server', 'Display name of a server; needed by mode=market, mode=stats, for consumables and recipes'],
  ['category', 'Name of a category'],
  ['item_name', 'Exact name, for mode=details and for recipes with mode=usage'],
  ['item', 'Exact name, for mode=stats'],
  ['from', 'mode=stats: first day, UTC: anything that JavaScript reads as a date'],
  ['to', 'mode=stats: last day, included'],
  ['filterItems', 'mode=market: exact names, comma-separated'],
  ['jobIds', 'harvest: ids of jobs, comma-separated'],
  ['resourceIds', 'harvest, mode=subareas: ids of resources, comma-separated'],
  ['subareaIds', 'harvest, mode=map_positions: ids of subareas, comma-separated'],
  ['public', "harvest, mode=routes: true for everybody's public ones"],
];
const NUMBERS: readonly [name: string, description: string][] = [
  ['id', 'mode=usage_stats: id of the item; recipes: this one, with its ingredients'],
  ['limit', 'Rows of the list (200), matches (10, at most 100), recipes (50; mode=usage: 20)'],
  ['offset', 'Rows to leave out'],
  ['page', 'mode=market: from 1'],
  ['pageSize', 'mode=market: 50, at most 100'],
  ['minPrice', 'mode=market: kamas for one unit'],
  ['maxPrice', 'mode=market: kamas for one unit'],
  ['min_level', 'recipes: lowest level (0)'],
  ['max_level', 'recipes: highest level (200)'],
  ['job_id', "recipes: the game's own id of a job"],
  ['item_id', 'recipes: id of the result'],
  ['min_roi', 'recipes: percent'],
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

const RECIPE_MODES = ['jobs', 'usage'];

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

const RECIPE_BODY: SchemaObject = {
  type: 'object',
  required: ['ingredients'],
  description: 'recipes: result_item_id, or recipe_id of one that there is',
  properties: {
    result_item_id: { type: 'integer' },
    recipe_id: { type: 'integer' },
    job_id: { type: 'integer', nullable: true },
    level: { type: 'integer', nullable: true },
    ingredients: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_INGREDIENTS,
      items: {
        type: 'object',
        required: ['item_id', 'quantity'],
        properties: { item_id: { type: 'integer' }, quantity: { type: 'integer', minimum: 1 } },
      },
    },
  },
};

const LEVELING_BODY: SchemaObject = {
  type: 'object',
  required: ['job_id', 'from_level', 'to_level', 'server'],
  properties: {
    job_id: { type: 'integer', description: "The game's own id of the job" },
    from_level: { type: 'integer', minimum: 1 },
    to_level: { type: 'integer', maximum: 200 },
    server: { type: 'string', description: 'Display name' },
    max_quantity_per_recipe: { type: 'integer', nullable: true },
    penalty_mode: { type: 'string', enum: [...SCARCITY_PRESETS] },
    custom_alpha: { type: 'number', description: 'Rise of a price after `custom_threshold` pieces' },
    custom_threshold: { type: 'integer' },
    custom_min_batch: { type: 'integer' },
    custom_max_resource_usage: { type: 'integer' },
  },
};

const resourceQuery = (...resources: string[]) => ApiQuery({ name: 'resource', enum: resources });
const modeQuery = (...modes: string[]) => ApiQuery({ name: 'mode', enum: modes, required: false });
const ROUTE_ID = textQuery('routeId', 'harvest: id of the route');
const MISSING = refusal(400, 'Something is missing, not valid or not served');
const READ_MODES = new Set([
  ...['market', 'search', 'details', 'servers', 'usage_stats', 'stats', 'consumables'],
  ...[...RECIPE_MODES, ...HARVEST_MODES, ...TOOLBOX_MODES],
]);

export const DataRead = () =>
  applyDecorators(
    resourceQuery('items', 'categories', 'recipes', 'known_items', 'consumables', 'harvest', 'toolbox'),
    modeQuery(...READ_MODES),
    ApiQuery({ name: 'sortBy', enum: ['name', 'price'], required: false }),
    ApiQuery({ name: 'sortOrder', enum: ['asc', 'desc'], required: false }),
    ApiQuery({ name: 'sort_by', enum: RECIPE_ORDERS, required: false, description: 'recipes' }),
    ...TEXTS.map(([name, description]) => textQuery(name, description)),
    ...NUMBERS.map(([name, description]) => numberQuery(name, description)),
    ApiExtraModels(
      CompatAlmanaxDayDto,
      CompatCategoryDto,
      CompatConsumableDto,
      CompatConsumablesDto,
      CompatHarvestJobDto,
      CompatHarvestResourceDto,
      CompatItemDetailsDto,
      CompatItemMatchDto,
      CompatItemOnServerDto,
      CompatItemStatsDto,
      CompatJobDto,
      CompatKnownItemDto,
      CompatMapDto,
      CompatMapsGridDto,
      CompatMarketPageDto,
      CompatOwnRouteDto,
      CompatPublicRouteDto,
      CompatRecipeDetailsDto,
      CompatRecipeDto,
      CompatRecipeUsageDto,
      CompatSubareaOfResourceDto,
      CompatUsageStatsDto,
    ),
    ApiOkResponse({
      schema: {
        nullable: true,
        oneOf: [
          listOf(CompatItemOnServerDto),
          one(CompatMarketPageDto),
          listOf(CompatItemMatchDto),
          one(CompatItemDetailsDto),
          { type: 'array', items: { type: 'string' } },
          listOf(CompatCategoryDto),
          listOf(CompatHarvestJobDto),
          listOf(CompatHarvestResourceDto),
          listOf(CompatSubareaOfResourceDto),
          listOf(CompatMapDto),
          one(CompatMapsGridDto),
          listOf(CompatOwnRouteDto),
          listOf(CompatPublicRouteDto),
          listOf(CompatAlmanaxDayDto),
          listOf(CompatKnownItemDto),
          one(CompatUsageStatsDto),
          one(CompatItemStatsDto),
          listOf(CompatConsumableDto),
          one(CompatConsumablesDto),
          listOf(CompatJobDto),
          listOf(CompatRecipeDto),
          one(CompatRecipeDetailsDto),
          listOf(CompatRecipeUsageDto),
        ],
      },
    }),
    MISSING,
    refusal(404, 'mode=details: no such item'),
  );
export const DataCreate = () =>
  applyDecorators(
    resourceQuery('items', 'known_items', 'recipes', 'harvest', 'toolbox'),
    ApiQuery({ name: 'type', required: false, enum: ['icon'] }),
    modeQuery('optimize', 'routes', 'leveling'),
    ApiConsumes('application/json', 'multipart/form-data'),
    ApiBody({
      schema: {
        oneOf: [
          ICON_FORM,
          bodySchema(knownItemSchema),
          RECIPE_BODY,
          LEVELING_BODY,
          OPTIMIZE_BODY,
          { required: ROUTE_FIELDS, ...ROUTE_BODY },
        ],
      },
    }),
    ApiExtraModels(CompatIconDto, CompatSuccessDto, CompatRouteDto, CompatLevelingPlanDto),
    ApiOkResponse({
      schema: {
        oneOf: [one(CompatIconDto), one(CompatSuccessDto), one(CompatRouteDto), one(CompatLevelingPlanDto)],
      },
    }),
    ApiResponse({ status: 201, type: CompatKeptRouteDto, description: 'The route that is kept now' }),
    MISSING,
    refusal(403, 'A recipe of somebody else; a token that does not suffice'),
    refusal(404, 'No item with this gid; no recipes of the job'),
    refusal(409, 'The gid belongs to the shipped catalogue'),
  );
export const DataChange = () =>
  applyDecorators(
    resourceQuery('items', 'harvest'),
    modeQuery('routes'),
    ROUTE_ID,
    ApiBody({ schema: { oneOf: [bodySchema(itemChangeSchema), ROUTE_BODY] } }),
    ApiExtraModels(CompatItemChangedDto, CompatKeptRouteDto),
    ApiOkResponse({ schema: { oneOf: [one(CompatItemChangedDto), one(CompatKeptRouteDto)] } }),
    MISSING,
    refusal(404, 'The caller has no such route'),
    refusal(409, 'Another item has this name'),
  );
export const DataRemove = () =>
  applyDecorators(
    resourceQuery('items', 'harvest'),
    modeQuery('routes'),
    numberQuery('id', 'Id of the item'),
    ROUTE_ID,
    ApiOkResponse({ type: CompatSuccessDto }),
    ApiResponse({ status: 204, description: 'The route is gone' }),
    MISSING,
    refusal(404, 'The caller has no such route'),
  );
