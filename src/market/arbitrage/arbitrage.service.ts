import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { AnswerCache } from '../analytics/answer-cache.js';
import { utcDayOf } from '../analytics/utc-day.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { badCursor } from '../market.errors.js';
import { netOfSale } from '../terms/trade-terms.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import type { ArbitrageQueryDto, ArbitragesDto } from './arbitrage.dto.js';
import { toArbitrageDto } from './arbitrage.mapper.js';
import { ArbitrageRepository, type ArbitrageRow, type TradePlace } from './arbitrage.repository.js';

const HOUR_MS = 3_600_000;
const MAX_INT4 = 2_147_483_647;
/** All newest prices of a game are some hundred thousand rows, so an answer serves for so long. */
const SLOT_MS = 10_000;
/** A full page has 201 rows of 12 values. */
const CACHED_ANSWERS = 64;
const CACHED_VALUES = 100_000;

/** Buying on one server and selling on another, after what selling costs there. Answers are at most ten seconds old. */
@Injectable()
export class ArbitrageService {
  private readonly cache = new AnswerCache(CACHED_ANSWERS, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly terms: TradeTermsService,
    private readonly arbitrage: ArbitrageRepository,
  ) {}

  /** @throws DomainError unknown game or server, a cursor of another list */
  async list(
    principal: Principal,
    gameKey: string,
    query: ArbitrageQueryDto,
    now: Date,
  ): Promise<ArbitragesDto> {
    const after = afterOf(query);
    const servers = await this.directory.listServers(gameKey);
    const game = await this.directory.game(gameKey);
    const slot = Math.floor(now.getTime() / SLOT_MS);
    const statement = this.arbitrage.bestStatement({
      places: await this.placesOf(gameKey, game.id, servers, query),
      today: utcDayOf(now.getTime()),
      sinceMs: slot * SLOT_MS - query.maxAgeH * HOUR_MS,
      minProfit: query.minProfit,
      minMarginPct: query.minMarginPct,
      minConfidence: query.minConfidence,
      itemIds: query.itemIds === undefined ? null : query.itemIds.split(',').map(Number),
      order: query.order,
      limit: query.limit + 1,
      after,
    });
    const rows = await this.cache.get(JSON.stringify([slot, statement.name, statement.values]), () =>
      this.uow.run(principal, (tx) => tx.query<ArbitrageRow>(statement)),
    );
    const keys = new Map(servers.map(({ id, key }) => [id, key]));
    const page = toPage(
      rows,
      query.limit,
      (row) => [String(row.sortKey), row.itemId],
      (row) => toArbitrageDto(row, keys),
    );
    return { game: game.key, ...page };
  }

  private async placesOf(
    gameKey: string,
    gameId: number,
    servers: readonly ServerRow[],
    { buyOn, sellOn }: ArbitrageQueryDto,
  ): Promise<TradePlace[]> {
    const [toBuy, toSell, terms] = await Promise.all([
      this.idsOf(gameKey, buyOn),
      this.idsOf(gameKey, sellOn),
      this.terms.ofGame(gameId),
    ]);
    return servers
      .map(({ id }) => ({
        serverId: id,
        keptShare: netOfSale(1, terms.own.get(id) ?? terms.common),
        isToBuy: toBuy?.has(id) ?? true,
        isToSell: toSell?.has(id) ?? true,
      }))
      .filter(({ isToBuy, isToSell }) => isToBuy || isToSell);
  }

  /** @param keys comma-separated @returns undefined for any server */
  private async idsOf(gameKey: string, keys: string | undefined): Promise<Set<number> | undefined> {
    if (keys === undefined) return undefined;
    const servers = await Promise.all(keys.split(',').map((key) => this.directory.server(gameKey, key)));
    return new Set(servers.map(({ id }) => id));
  }
}

function afterOf({ cursor }: ArbitrageQueryDto): [sortKey: number, itemId: number] | null {
  if (cursor === undefined) return null;
  const [text, itemId] = decodeCursor(cursor, ['string', 'number'] as const);
  const sortKey = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(sortKey) || Math.abs(itemId) > MAX_INT4) throw badCursor();
  return [sortKey, itemId];
}
