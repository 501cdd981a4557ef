import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Statement, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CatalogRepository, type CategoryRow } from '../catalog/catalog.repository.js';
import { type ItemEffectRow, ItemEffectsRepository } from '../catalog/item-effects.repository.js';
import { type ItemRow, ItemsRepository } from '../catalog/items.repository.js';
import { invalidMode, itemNotFound, missingItemName, missingServer } from './compat.errors.js';
import type {
  CompatCategoryDto,
  CompatItemDetailsDto,
  CompatItemMatchDto,
  CompatItemOnServerDto,
  CompatMarketPageDto,
} from './compat-data.dto.js';
import { COMPAT_GAME } from './compat-game.js';
import { toItemDetailsDto, toItemMatchDto, toItemOnServerDto } from './compat-items.mapper.js';
import { CompatItemsRepository, type ItemOnServerRow, type LateRow } from './compat-items.repository.js';
import { type CompatCall, CompatResources, replyOf } from './compat-resources.service.js';
import {
  isOpenFilter,
  matchesQuery,
  pageQuery,
  type RowFilter,
  type RowsQuery,
  rowsQuery,
  textOf,
} from './compat-query.js';
import { spansOf } from './every-server.js';

/** More rows of a server than this are not a short read either. */
const SHORT_READ_ROWS = 200;

export type CompatDataDto =
  | CompatItemOnServerDto[]
  | CompatMarketPageDto
  | CompatItemMatchDto[]
  | CompatItemDetailsDto
  | CompatCategoryDto[]
  | string[];

type Answer = (call: CompatCall) => Promise<CompatDataDto>;

/** Items and categories of the original's `/api/data`; what is asked for of items stands in `mode`. */
@Injectable()
export class CompatDataService implements OnModuleInit {
  private readonly modes = new Map<string, Answer>([
    ['', (call) => this.list(call)],
    ['market', (call) => this.market(call)],
    ['search', (call) => this.search(call)],
    ['details', (call) => this.details(call)],
    ['servers', (call) => this.servers(call)],
  ]);

  /** Items with a price, by server, and the version of its prices at which they were counted. */
  private readonly counts = new Map<number, { version: number; count: number }>();

  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly catalog: CatalogRepository,
    private readonly itemRows: ItemsRepository,
    private readonly effects: ItemEffectsRepository,
    private readonly rows: CompatItemsRepository,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'items', { GET: async (call) => replyOf(await this.items(call)) });
    this.resources.register('data', 'categories', {
      GET: async (call) => replyOf(await this.categories(call)),
    });
  }

  private async items(call: CompatCall): Promise<CompatDataDto> {
    const answer = this.modes.get(textOf(call.query, 'mode'));
    if (!answer) throw invalidMode();
    return answer(call);
  }

  private async categories({ principal }: CompatCall): Promise<CompatCategoryDto[]> {
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<CategoryRow>(principal, this.catalog.categoriesStatement(game.id));
    return rows.map(({ id, name }) => ({ id, name }));
  }

  private async list(call: CompatCall): Promise<CompatItemOnServerDto[]> {
    const { principal, origin } = call;
    const query = rowsQuery(call.query);
    const { filter, order } = query;
    if (filter.server !== '') {
      const server = await this.directory.serverByName(COMPAT_GAME, filter.server);
      if (!server) return [];
      const statement = this.rows.pageStatement({ serverId: server.id }, filter, order, query);
      return this.read(call, statement, query.limit);
    }
    const { id: gameId } = await this.directory.game(COMPAT_GAME);
    const isWhole = filter.search === '' && filter.category === null && order === 'name-asc';
    // All servers at once are no short read: it gets a connection of its own.
    const rows = await this.uow.run(principal, async (tx) => {
      const statement = isWhole
        ? await this.wholeListStatement(tx, gameId, query)
        : this.rows.pageStatement({ gameId }, filter, order, query);
      return tx.query<ItemOnServerRow>(statement);
    });
    return rows.map((row) => toItemOnServerDto(row, origin));
  }

  /** The list without filters, by name, in whose first 200 rows every server is to be seen. */
  private async wholeListStatement(tx: Tx, gameId: number, query: RowsQuery): Promise<Statement> {
    const late = await tx.query<LateRow>(this.rows.lateStatement(gameId));
    if (late.length === 0) return this.rows.pageStatement({ gameId }, query.filter, query.order, query);
    const spans = spansOf(query, late[0]!.serverCount, late.length);
    return this.rows.pageWithLateStatement(gameId, late, late.slice(spans.lateFrom, spans.lateTo), spans);
  }

  private async market(call: CompatCall): Promise<CompatMarketPageDto> {
    const query = pageQuery(call.query);
    if (query.filter.server === '') throw missingServer();
    const server = await this.directory.serverByName(COMPAT_GAME, query.filter.server);
    const [items, totalCount] = server
      ? await Promise.all([
          this.read(
            call,
            this.rows.pageStatement({ serverId: server.id }, query.filter, query.order, query),
            query.limit,
          ),
          this.count(call.principal, server.id, query.filter),
        ])
      : [[], 0];
    return {
      items,
      totalCount,
      page: query.page,
      pageSize: query.limit,
      totalPages: Math.ceil(totalCount / query.limit),
    };
  }

  private async search({ principal, query, origin }: CompatCall): Promise<CompatItemMatchDto[]> {
    const { search, limit } = matchesQuery(query);
    if (search === '') return [];
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<ItemRow>(
      principal,
      this.itemRows.searchStatement(game.id, search, limit),
    );
    return rows.map((row) => toItemMatchDto(row, origin));
  }

  private async details({ principal, query, origin }: CompatCall): Promise<CompatItemDetailsDto> {
    const label = textOf(query, 'item_name');
    if (label === '') throw missingItemName();
    const game = await this.directory.game(COMPAT_GAME);
    const [row] = await this.uow.read<ItemRow & { categoryId: number | null }>(
      principal,
      this.itemRows.itemByLabelStatement(game.id, label),
    );
    if (!row) throw itemNotFound();
    const effects = await this.uow.read<ItemEffectRow>(
      principal,
      this.effects.effectsStatement(game.id, row.id),
    );
    return toItemDetailsDto(row, effects, origin);
  }

  private async servers({ principal }: CompatCall): Promise<string[]> {
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<{ name: string }>(principal, this.rows.seenServersStatement(game.id));
    return rows.map((row) => row.name);
  }

  private async read(
    { principal, origin }: CompatCall,
    statement: Statement,
    limit: number,
  ): Promise<CompatItemOnServerDto[]> {
    const rows =
      limit <= SHORT_READ_ROWS
        ? await this.uow.read<ItemOnServerRow>(principal, statement)
        : await this.uow.run(principal, (tx) => tx.query<ItemOnServerRow>(statement));
    return rows.map((row) => toItemOnServerDto(row, origin));
  }

  private async count(principal: Principal, serverId: number, filter: RowFilter): Promise<number> {
    if (!isOpenFilter(filter)) {
      const statement = this.rows.countStatement(serverId, filter);
      const [row] = await this.uow.read<{ count: number }>(principal, statement);
      return row!.count;
    }
    const known = this.counts.get(serverId);
    const statement = this.rows.countAllStatement(serverId, known?.version ?? null);
    const [row] = await this.uow.read<{ version: number; count: number | null }>(principal, statement);
    const { version, count } = row!;
    if (count === null) return known!.count;
    this.counts.set(serverId, { version, count });
    return count;
  }
}
