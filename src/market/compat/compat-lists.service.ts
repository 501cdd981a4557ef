import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { rangeOf, rangeStartMs } from '../lists/list-range.js';
import type { ListScope } from '../lists/list.entity.js';
import type { PriceView } from '../lists/lists.repository.js';
import { ListsService, type ListWish } from '../lists/lists.service.js';
import { PricedListsService } from '../lists/priced-lists.service.js';
import { MARKET_ERROR } from '../market.errors.js';
import { insteadOf, invalidInput, itemNotFound, passOver } from './compat.errors.js';
import { bodyOf, idIn, integer, type RawBody, textIn } from './compat-body.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import {
  type CompatHandler,
  type CompatReply,
  type CompatRequest,
  CompatResources,
  replyOf,
} from './compat-resources.service.js';
import { toCompatListDto, toCompatListRowDto } from './compat-user.mapper.js';

/** Where the original looks for prices when it is not told a server. */
const PREFERRED_SERVER = 'Draconiros';
/** The original knows no pages of lists. */
const MAX_LISTS_SHOWN = 1_000;
const MAX_NAME = 100;
const MAX_ID = 100;

/**
 * Lists of the original's `/api/user`. Unlike there, a list is written by its owner only, also where it is public: to all others it
 * is like one that never was. All callers without a token are one owner.
 */
@Injectable()
export class CompatListsService implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly directory: CatalogDirectory,
    private readonly lists: ListsService,
    private readonly priced: PricedListsService,
  ) {}

  onModuleInit(): void {
    const either =
      (list: CompatHandler, item: CompatHandler): CompatHandler =>
      (request) =>
        textOf(request.query, 'mode') === 'items' ? item(request) : list(request);
    this.resources.register('user', 'lists', {
      GET: (request) => this.list(request),
      POST: either(
        (request) => this.create(request),
        (request) => this.addItem(request),
      ),
      PUT: either(
        (request) => this.change(request),
        (request) => this.changeItem(request),
      ),
      DELETE: either(
        (request) => this.remove(request),
        (request) => this.removeItem(request),
      ),
    });
  }

  private async list({ principal, query, origin, now }: CompatRequest): Promise<CompatReply> {
    const [id, profileId] = [textOf(query, 'id') || null, textOf(query, 'profileId') || null];
    const view = await this.viewOf(textOf(query, 'server'), textOf(query, 'range'), now);
    const filter = { id, kind: id === null ? 'public-and-profile' : 'visible', profileId } as const;
    const lists = await this.priced.list(principal, COMPAT_GAME, filter, view, MAX_LISTS_SHOWN);
    return replyOf(lists.map((list) => toCompatListDto(list, origin)));
  }

  /** @param server its display name; one that nobody has seen has no prices */
  private async viewOf(server: string, range: string, now: Date): Promise<PriceView> {
    const sinceMs = rangeStartMs(rangeOf(range), now.getTime());
    const row = await this.directory.serverByName(COMPAT_GAME, server || PREFERRED_SERVER);
    if (server !== '') return { serverId: row?.id ?? 0, preferredServerId: null, sinceMs };
    return { serverId: null, preferredServerId: row?.id ?? null, sinceMs };
  }

  private async create({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const name = textIn(body, 'name', MAX_NAME);
    const scope = scopeIn(body);
    const profileId = textIn(body, 'profileId', MAX_ID);
    if (name === null || scope === null) throw invalidInput('name and scope are required');
    if (scope === 'private' && profileId === null)
      throw invalidInput('profileId is required for private lists');
    const made = await this.lists.create(
      principal,
      COMPAT_GAME,
      { name, scope, profileId },
      undefined,
      toCompatListRowDto,
    );
    return replyOf({ ...made.body, list_items: [] });
  }

  /** A public list has no profile; without one a list does not become private. */
  private async change({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const id = textIn(body, 'id', MAX_ID);
    if (id === null) throw invalidInput('id is required');
    const name = textIn(body, 'name', MAX_NAME);
    const profileId = textIn(body, 'profileId', MAX_ID);
    const wish: Partial<ListWish> = name === null ? {} : { name };
    const scope = scopeIn(body);
    if (scope === 'public') Object.assign(wish, { scope, profileId: null });
    if (scope === 'private' && profileId !== null) Object.assign(wish, { scope, profileId });
    return replyOf(
      toCompatListRowDto(await this.lists.change(principal, { game: COMPAT_GAME, listId: id }, wish)),
    );
  }

  private async remove({ principal, query }: CompatRequest): Promise<CompatReply> {
    const id = textOf(query, 'id');
    if (id === '') throw invalidInput('id is required');
    await this.lists
      .remove(principal, { game: COMPAT_GAME, listId: id })
      .catch(passOver(MARKET_ERROR.unknownList));
    return replyOf({ message: 'List deleted' });
  }

  private async addItem({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const place = placeIn(body);
    const quantity = integer(body['quantity'] || 1, 1);
    if (quantity === null) throw invalidInput('quantity must be a whole number above 0');
    const before = await this.lists
      .putItem(principal, place, quantity, 'new')
      .catch(insteadOf(MARKET_ERROR.unknownItem, itemNotFound));
    return replyOf({ message: before === null ? 'Item added to list' : 'Item already in list' });
  }

  private async changeItem({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    const body = bodyOf(raw);
    const place = placeIn(body);
    if (body['quantity'] === undefined) throw invalidInput('listId, itemId and quantity are required');
    const quantity = integer(body['quantity'], 1);
    if (quantity === null) throw invalidInput('quantity must be a whole number above 0');
    await this.lists
      .putItem(principal, place, quantity, 'known')
      .catch(insteadOf(MARKET_ERROR.unknownItem, itemNotFound));
    return replyOf({ message: 'Item updated in list' });
  }

  private async removeItem({ principal, query }: CompatRequest): Promise<CompatReply> {
    const place = placeIn({ listId: textOf(query, 'listId'), itemId: textOf(query, 'itemId') });
    await this.lists.removeItem(principal, place).catch(passOver(MARKET_ERROR.unknownList));
    return replyOf({ message: 'Item removed from list' });
  }
}

function scopeIn(body: RawBody): ListScope | null {
  const scope = textIn(body, 'scope', MAX_NAME);
  return scope === 'public' || scope === 'private' ? scope : null;
}

function placeIn(body: RawBody): { game: string; listId: string; itemId: number } {
  const [listId, itemId] = [textIn(body, 'listId', MAX_ID), idIn(body, 'itemId')];
  if (listId === null || itemId === null) throw invalidInput('listId and itemId are required');
  return { game: COMPAT_GAME, listId, itemId };
}
