import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExtraModels, ApiOkResponse, ApiQuery } from '@nestjs/swagger';
import { CompatBankCraftDto, CompatBankIngredientDto } from './compat-bank-crafts.dto.js';
import { BANK_CRAFT_ORDERS } from './compat-bank-crafts-query.js';
import { listOf, numberQuery, one, refusal, textQuery } from './compat-docs.decorators.js';
import {
  CompatBankClearedDto,
  CompatBankDto,
  CompatBankSyncDto,
  CompatCountDto,
  CompatListDto,
  CompatListRowDto,
  CompatMarkedDto,
  CompatMessageDto,
  CompatMessageTextDto,
  CompatProfileDto,
  CompatStatusDto,
} from './compat-user.dto.js';

// What the four methods of `/api/user` take and give, in OpenAPI: one path for all of the original's resources.

const RESOURCES = ['profiles', 'favorites', 'lists', 'messages', 'bank'];
const MODES = ['favorites', 'items', 'unread-count', 'mark-read', 'mark-all-read'];
const READ_MODES = [...MODES, 'craft-opportunities', 'craft-ingredients'];
const RANGES = ['24h', '7d', '30d', '90d', '365d'];

const resourceQuery = (modes = MODES) => [
  ApiQuery({ name: 'resource', enum: RESOURCES }),
  ApiQuery({ name: 'mode', enum: modes, required: false }),
];
const MISSING = refusal(400, 'Something is missing or not served');
const NOT_YOURS = refusal(403, 'The message is of another author; the token is not known');
const UNKNOWN = refusal(404, 'There is no such profile, list, item or message of the caller');
const CONFLICT = refusal(409, 'The name is taken, or there is too much already');

const TEXT = { type: 'string', minLength: 1, maxLength: 100 };
const PROFILE_ID = { ...TEXT, nullable: true };
const CONTENT = { type: 'string', minLength: 1, maxLength: 2_000 };
const INTEGER = { type: 'integer', minimum: 1, maximum: 2_147_483_647 };
const ANY_BODY = {
  name: { ...TEXT, description: 'profiles, lists' },
  scope: { type: 'string', enum: ['public', 'private'], description: 'lists' },
  profileId: { ...PROFILE_ID, description: 'lists, favorites, messages (the author), bank' },
  itemName: { ...TEXT, description: 'favorites' },
  listId: { ...TEXT, description: 'lists, mode=items' },
  itemId: { ...INTEGER, description: 'lists, mode=items' },
  quantity: { ...INTEGER, default: 1, description: 'lists, mode=items' },
  content: { ...CONTENT, description: 'messages' },
};
const READING = {
  readerProfileId: { ...TEXT, description: 'messages, mode=mark-read and mark-all-read' },
  messageIds: { type: 'array', items: { type: 'string' }, description: 'messages, mode=mark-read' },
};
const SYNC = {
  server: { ...TEXT, description: 'bank: display name' },
  capturedAt: { type: 'string', format: 'date-time', description: 'bank: when it was seen (now)' },
  items: {
    type: 'array',
    description: 'bank: all that there is; lines of the same gid are summed',
    items: {
      type: 'object',
      required: ['gid', 'quantity'],
      properties: { gid: INTEGER, quantity: { ...INTEGER, minimum: 0 } },
    },
  },
};
const bodyOf = (properties: object) =>
  ApiBody({ required: false, schema: { type: 'object', properties: { ...properties } } });

/** What the bank's `mode=craft-opportunities` and `craft-ingredients` take. */
const craftQueries = () => [
  numberQuery('max_missing', 'craft-opportunities: kinds of ingredients that may be missing (0)'),
  numberQuery('min_level', 'craft-opportunities: lowest level (0)'),
  numberQuery('max_level', 'craft-opportunities: highest level (200)'),
  numberQuery('job_id', "craft-opportunities: the game's own id of a job"),
  numberQuery('min_roi', 'craft-opportunities: percent'),
  textQuery('search', 'craft-opportunities: part of the name'),
  ApiQuery({ name: 'sort_by', enum: BANK_CRAFT_ORDERS, required: false, description: 'craft-opportunities' }),
  numberQuery('recipe_id', 'craft-ingredients: needed'),
];

export const UserRead = () =>
  applyDecorators(
    ...resourceQuery(READ_MODES),
    ...craftQueries(),
    ApiExtraModels(CompatBankCraftDto, CompatBankIngredientDto),
    ApiExtraModels(CompatProfileDto, CompatListDto, CompatMessageDto, CompatCountDto, CompatBankDto),
    ApiQuery({ name: 'range', enum: RANGES, required: false }),
    textQuery(
      'profileId',
      'favorites: whose; lists: whose private ones; messages: of this author; bank: whose',
    ),
    textQuery('id', 'lists: this one'),
    textQuery('server', 'lists: prices of this server (Draconiros); bank: needed'),
    textQuery('readerProfileId', 'messages: who reads; needed by mode=unread-count'),
    numberQuery('limit', 'messages, craft-opportunities (50)'),
    numberQuery('offset', 'messages, craft-opportunities (0)'),
    ApiOkResponse({
      schema: {
        oneOf: [
          listOf(CompatProfileDto),
          { type: 'array', items: { type: 'string' } },
          listOf(CompatListDto),
          listOf(CompatMessageDto),
          one(CompatCountDto),
          one(CompatBankDto),
          listOf(CompatBankCraftDto),
          listOf(CompatBankIngredientDto),
        ],
      },
    }),
    MISSING,
  );
export const UserCreate = () =>
  applyDecorators(
    ...resourceQuery(),
    ApiExtraModels(CompatListDto, CompatMarkedDto, CompatProfileDto, CompatMessageDto, CompatBankSyncDto),
    bodyOf({ ...ANY_BODY, ...READING, ...SYNC }),
    ApiOkResponse({ schema: { oneOf: [one(CompatListDto), one(CompatMarkedDto)] } }),
    ApiCreatedResponse({
      description: 'A profile, a message, a synced bank',
      schema: { oneOf: [one(CompatProfileDto), one(CompatMessageDto), one(CompatBankSyncDto)] },
    }),
    MISSING,
    UNKNOWN,
    CONFLICT,
  );
export const UserChange = () =>
  applyDecorators(
    ...resourceQuery(),
    ApiExtraModels(CompatListRowDto, CompatMessageTextDto, CompatMessageDto),
    bodyOf({ ...ANY_BODY, id: { ...TEXT, description: 'lists, messages' } }),
    ApiOkResponse({
      schema: { oneOf: [one(CompatListRowDto), one(CompatMessageTextDto), one(CompatMessageDto)] },
    }),
    MISSING,
    NOT_YOURS,
    UNKNOWN,
  );
export const UserRemove = () =>
  applyDecorators(
    ...resourceQuery(),
    textQuery('id', 'profiles, lists, messages'),
    textQuery('profileId', 'messages: the author'),
    textQuery('listId', 'lists, mode=items'),
    numberQuery('itemId', 'lists, mode=items'),
    ApiExtraModels(CompatStatusDto, CompatMessageTextDto, CompatBankClearedDto),
    bodyOf({ profileId: PROFILE_ID, itemName: TEXT, server: TEXT }),
    ApiOkResponse({
      schema: { oneOf: [one(CompatStatusDto), one(CompatMessageTextDto), one(CompatBankClearedDto)] },
    }),
    MISSING,
    NOT_YOURS,
    UNKNOWN,
  );
