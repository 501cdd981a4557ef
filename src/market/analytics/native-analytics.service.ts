import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { VersionedBody } from '../../platform/http/conditional.js';
import { toPage } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type ItemRow, ItemsRepository } from '../catalog/items.repository.js';
import { unknownItem } from '../market.errors.js';
import { afterOf, AnalyticsDesk, type AnalyticsPlace, idsOf } from './analytics-desk.service.js';
import type {
  IndexDto,
  IndexQueryDto,
  ItemStatsDto,
  MoversDto,
  MoversQueryDto,
  SpanQueryDto,
} from './analytics.dto.js';
import { toIndexDto, toItemStatsDto, toMoverDto } from './analytics.mapper.js';
import type { MoverRow, MoversQuestion } from './analytics.repository.js';
import { MarketIndexes } from './market-indexes.service.js';
import { AnalyticsService, type AnalyticsState } from './analytics.service.js';

/** The figures as the native API gives them. */
@Injectable()
export class NativeAnalyticsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly desk: AnalyticsDesk,
    private readonly items: ItemsRepository,
    private readonly analytics: AnalyticsService,
    private readonly indexes: MarketIndexes,
  ) {}

  /**
   * What an answer depends on besides the query: the rollups and the day.
   * @throws DomainError for a query that would be refused, so that nobody is told that a refusal has not changed
   */
  async version(principal: Principal, place: AnalyticsPlace, query: SpanQueryDto): Promise<string> {
    const { state } = await this.desk.open(principal, place, query);
    if ('cursor' in query) afterOf((query as MoversQueryDto).cursor);
    return versionOf(state);
  }

  /** The same for the figures of one item. @throws DomainError unknown item */
  async itemVersion(
    principal: Principal,
    place: AnalyticsPlace,
    itemId: number,
    query: SpanQueryDto,
  ): Promise<string> {
    const { gameId } = await this.directory.server(place.game, place.server);
    await this.checkItem(principal, gameId, itemId);
    return this.version(principal, place, query);
  }

  async index(
    principal: Principal,
    place: AnalyticsPlace,
    query: IndexQueryDto,
  ): Promise<VersionedBody<IndexDto, string>> {
    const { state, asked } = await this.desk.open(principal, place, query);
    const itemIds = idsOf(query.itemIds);
    const [row, chain] = await Promise.all([
      this.analytics.index(principal, state, asked, query.method, itemIds),
      query.method === 'robust' ? this.indexes.chain(principal, state, asked, itemIds) : null,
    ]);
    return { version: versionOf(state), body: toIndexDto(row, chain, query.method, asked) };
  }

  async movers(
    principal: Principal,
    place: AnalyticsPlace,
    query: MoversQueryDto,
  ): Promise<VersionedBody<MoversDto, string>> {
    const { state, server, asked } = await this.desk.open(principal, place, query);
    const rows = await this.analytics.movers(principal, state, asked, questionOf(query));
    const page = toPage(
      rows,
      query.limit,
      (row: MoverRow) => [String(row.sortKey), row.itemId],
      (row) => toMoverDto(row, query.method, asked),
    );
    const { from, to } = asked;
    return {
      version: versionOf(state),
      body: { server: server.key, from, to, method: query.method, ...page },
    };
  }

  /** @throws DomainError unknown item */
  async itemStats(
    principal: Principal,
    place: AnalyticsPlace,
    itemId: number,
    query: SpanQueryDto,
  ): Promise<VersionedBody<ItemStatsDto, string>> {
    const { state, server, asked } = await this.desk.open(principal, place, query);
    const [rows] = await Promise.all([
      this.analytics.days(principal, server.id, itemId, asked),
      this.checkItem(principal, server.gameId, itemId),
    ]);
    return { version: versionOf(state), body: toItemStatsDto(rows, itemId, asked) };
  }

  private async checkItem(principal: Principal, gameId: number, itemId: number): Promise<void> {
    const [item] = await this.uow.read<ItemRow>(principal, this.items.itemStatement(gameId, itemId));
    if (!item) throw unknownItem();
  }
}

function versionOf({ rollup, today }: AnalyticsState): string {
  const { version = 0, asOf = 'none', figuresVersion } = rollup ?? {};
  return `${version}.${asOf}.${figuresVersion ?? 0}.${today}`;
}

function questionOf(query: MoversQueryDto): MoversQuestion {
  return {
    method: query.method,
    order: query.order,
    limit: query.limit + 1,
    minPrice: query.minPrice ?? null,
    maxPrice: query.maxPrice ?? null,
    itemIds: idsOf(query.itemIds),
    minN: query.minN,
    after: afterOf(query.cursor),
  };
}
