import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { isUuid } from '../../platform/database/uuid.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { unknownList } from '../market.errors.js';
import { Owners } from '../profiles/owners.service.js';
import { type ListRange, rangeStartMs } from './list-range.js';
import {
  type ListFilter,
  type ListItemRow,
  type ListRow,
  ListsRepository,
  type PriceView,
} from './lists.repository.js';

export interface PricedList {
  list: ListRow;
  items: ListItemRow[];
}

/** Lists with what their items cost. */
@Injectable()
export class PricedListsService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly lists: ListsRepository,
  ) {}

  /** @param limit of lists @throws DomainError unknown game */
  async list(
    caller: Principal,
    game: string,
    filter: ListFilter,
    view: PriceView,
    limit: number,
  ): Promise<PricedList[]> {
    const { id: gameId } = await this.directory.game(game);
    if (filter.id !== null && !isUuid(filter.id)) return [];
    const profileId = filter.profileId !== null && isUuid(filter.profileId) ? filter.profileId : null;
    return this.owners.run(caller, async (tx, owner) => {
      const statement = this.lists.listsStatement(owner.id, gameId, { ...filter, profileId }, null, limit);
      const lists = await tx.query<ListRow>(statement);
      const ids = lists.map(({ id }) => id);
      const items = ids.length === 0 ? [] : await tx.query<ListItemRow>(this.lists.itemsStatement(ids, view));
      const byList = new Map(ids.map((id) => [id, [] as ListItemRow[]]));
      for (const item of items) byList.get(item.listId)!.push(item);
      return lists.map((list) => ({ list, items: byList.get(list.id)! }));
    });
  }

  /** @param server key; undefined for any @throws DomainError unknown game, server or list */
  async find(
    caller: Principal,
    game: string,
    id: string,
    { server, range }: { server?: string; range: ListRange },
  ): Promise<PricedList> {
    const serverId = server === undefined ? null : (await this.directory.server(game, server)).id;
    const view = { serverId, preferredServerId: null, sinceMs: rangeStartMs(range, Date.now()) };
    const filter = { id, kind: 'visible', profileId: null } as const;
    const [found] = await this.list(caller, game, filter, view, 1);
    if (!found) throw unknownList();
    return found;
  }
}
