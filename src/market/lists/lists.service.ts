import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { assertSeen, tooMuchKept, unknownItem, unknownList } from '../market.errors.js';
import { ItemUsesRepository } from '../profiles/item-uses.repository.js';
import { Owners } from '../profiles/owners.service.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import type { ListScope } from './list.entity.js';
import { type ListFilter, type ListRow, ListsRepository } from './lists.repository.js';

export const MAX_LISTS = 500;
export const MAX_LIST_ITEMS = 1_000;

/** What a list is to be. */
export interface ListWish {
  name: string;
  scope: ListScope;
  /** Null: of the account as a whole. */
  profileId: string | null;
}

/** A list as clients name it, and the version of it that they have seen; undefined for any. */
export interface ListPlace {
  game: string;
  listId: string;
  version?: number | undefined;
}

/** An item on a list. */
export interface ListItemPlace extends ListPlace {
  itemId: number;
}

/** Lists are written by their owner only: to all others a public one is there to be read and nothing else. */
@Injectable()
export class ListsService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly profiles: ProfilesService,
    private readonly lists: ListsRepository,
    private readonly uses: ItemUsesRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** Newest first. @throws DomainError unknown game */
  async list(
    caller: Principal,
    game: string,
    filter: Omit<ListFilter, 'id'>,
    before: string | null,
    limit: number,
  ): Promise<ListRow[]> {
    const { id: gameId } = await this.directory.game(game);
    if ([filter.profileId, before].some((id) => id !== null && !isUuid(id))) return [];
    const statement = this.lists.listsStatement(
      this.owners.idOf(caller),
      gameId,
      { ...filter, id: null },
      before,
      limit,
    );
    return this.owners.read<ListRow>(caller, statement);
  }

  /** @throws DomainError unknown game or profile, too many lists */
  async create<T>(
    caller: Principal,
    game: string,
    wish: ListWish,
    request: IdempotentRequest | undefined,
    map: (row: ListRow) => T,
  ): Promise<Outcome<T>> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, (tx, owner) =>
      this.idempotency.once(tx, owner, request, 201, async () => {
        await this.owners.lock(tx, owner);
        if ((await this.lists.countLists(tx, owner.id)) >= MAX_LISTS)
          throw tooMuchKept(MAX_LISTS, 'lists of an account');
        if (wish.profileId !== null) await this.profiles.hold(tx, gameId, wish.profileId);
        const list = { ...wish, name: wish.name.trim(), id: uuidv7(), userId: owner.id, gameId };
        const row = await this.lists.insertList(tx, list);
        await this.record(tx, caller, owner, { what: 'list-created', id: row.id, after: stateOf(row) });
        return map(row);
      }),
    );
  }

  /** Changes what is given. @throws DomainError unknown game, list or profile, another version */
  async change(caller: Principal, place: ListPlace, wish: Partial<ListWish>): Promise<ListRow> {
    const [{ id: gameId }, { listId: id }] = [await this.directory.game(place.game), place];
    return this.owners.run(caller, async (tx, owner) => {
      const before = await this.own(tx, owner, gameId, place);
      if (typeof wish.profileId === 'string') await this.profiles.hold(tx, gameId, wish.profileId);
      const after = await this.lists.updateList(tx, owner.id, id, {
        name: wish.name?.trim() ?? before.name,
        scope: wish.scope ?? before.scope,
        profileId: wish.profileId === undefined ? before.profileId : wish.profileId,
      });
      const change = { before: stateOf(before), after: stateOf(after) };
      await this.record(tx, caller, owner, { what: 'list-changed', id, ...change });
      return after;
    });
  }

  /** @throws DomainError unknown game or list, another version */
  async remove(caller: Principal, place: ListPlace): Promise<void> {
    const [{ id: gameId }, { listId: id }] = [await this.directory.game(place.game), place];
    await this.owners.run(caller, async (tx, owner) => {
      const before = await this.own(tx, owner, gameId, place);
      await this.lists.deleteList(tx, owner.id, id);
      const state = { ...stateOf(before), itemCount: before.itemCount };
      await this.record(tx, caller, owner, { what: 'list-deleted', id, before: state });
    });
  }

  /**
   * Puts an item on a list, or gives it another quantity there.
   * @param only what is new to the list, or what is on it already; the rest is left as it is
   * @returns how many there were before; null when it was not there
   * @throws DomainError unknown game, list or item; another version, too many items
   */
  async putItem(
    caller: Principal,
    place: ListItemPlace,
    quantity: number,
    only?: 'new' | 'known',
  ): Promise<number | null> {
    const [{ id: gameId }, { listId, itemId }] = [await this.directory.game(place.game), place];
    return this.owners.run(caller, async (tx, owner) => {
      // The item before the list, in the order of whoever deletes an item that is on it.
      const held = await this.uses.holdItem(tx, gameId, { id: itemId });
      const list = await this.own(tx, owner, gameId, place);
      if (held === null) throw unknownItem();
      const before = await this.lists.findQuantity(tx, listId, itemId);
      if (only === (before === null ? 'known' : 'new')) return before;
      if (before === null && list.itemCount >= MAX_LIST_ITEMS)
        throw tooMuchKept(MAX_LIST_ITEMS, 'items on a list');
      await this.lists.upsertItem(tx, { userId: owner.id, listId, itemId, scope: list.scope, quantity });
      await this.lists.bumpVersion(tx, owner.id, listId);
      const change = {
        before: before === null ? null : { itemId, quantity: before },
        after: { itemId, quantity },
      };
      await this.record(tx, caller, owner, { what: 'list-item-put', id: listId, ...change });
      return before;
    });
  }

  /** @returns how many there were; null when it was not there @throws DomainError unknown game or list, another version */
  async removeItem(caller: Principal, place: ListItemPlace): Promise<number | null> {
    const [{ id: gameId }, { listId, itemId }] = [await this.directory.game(place.game), place];
    return this.owners.run(caller, async (tx, owner) => {
      await this.own(tx, owner, gameId, place);
      const quantity = await this.lists.findQuantity(tx, listId, itemId);
      if (quantity === null) return null;
      await this.lists.deleteItem(tx, listId, itemId);
      await this.lists.bumpVersion(tx, owner.id, listId);
      const before = { itemId, quantity };
      await this.record(tx, caller, owner, { what: 'list-item-removed', id: listId, before });
      return quantity;
    });
  }

  /** Locked until the end of the transaction, so that its items can be counted. */
  private async own(tx: Tx, owner: Scope, gameId: number, { listId, version }: ListPlace): Promise<ListRow> {
    const row = isUuid(listId) ? await this.lists.findOwn(tx, owner.id, gameId, listId) : null;
    if (row === null) throw unknownList();
    assertSeen(version, row.version, 'list');
    return row;
  }

  private async record(
    tx: Tx,
    caller: Principal,
    owner: Scope,
    change: { what: string; id: string; before?: object | null; after?: object },
  ): Promise<void> {
    const { what, id, ...states } = change;
    await this.audit.record(tx, caller, {
      action: `market.${what}`,
      object: { type: 'market.list', id },
      subjectId: owner.id,
      ...states,
    });
  }
}

function stateOf({ name, scope, profileId }: ListRow): ListWish {
  return { name, scope, profileId };
}
