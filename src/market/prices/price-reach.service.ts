import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { addDays, utcDayOf } from '../analytics/utc-day.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { asOfAhead } from '../market.errors.js';
import {
  PriceFiguresRepository,
  type PriceFiguresQuestion,
  type PriceFiguresRow,
} from './price-figures.repository.js';
import type { DetailedPricesDto, GamePricesDto } from './price-reach.dto.js';
import { toDetailedPriceDto, toItemPricesDtos } from './price-reach.mapper.js';
import type { AsOf, GamePricesQuery, PricesQuery } from './prices-query.js';

/** Up to its last microsecond. */
const TO_END_OF_DAY_MS = 86_400_000 - 0.001;

/**
 * Prices over servers and back in time, with what speaks for them. A past moment knows what had been seen by then: the prices up to
 * it, and whole days before it, so that nothing which came later has a part in a figure.
 */
@Injectable()
export class PriceReachService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly figures: PriceFiguresRepository,
  ) {}

  /** @throws DomainError unknown game or server, a moment that has not come */
  async ofGame(
    principal: Principal,
    gameKey: string,
    query: GamePricesQuery,
    now: Date,
  ): Promise<GamePricesDto> {
    const moment = momentOf(query.asOf, now.getTime());
    const game = await this.directory.game(gameKey);
    const servers =
      query.servers === undefined
        ? await this.directory.listServers(gameKey)
        : await Promise.all(query.servers.map((key) => this.directory.server(gameKey, key)));
    const rows = await this.list(principal, game.id, servers, query, moment);
    const keys = new Map(servers.map(({ id, key }) => [id, key]));
    return {
      game: game.key,
      asOf: new Date(moment.ms).toISOString(),
      items: toItemPricesDtos(rows, keys, moment.ms),
    };
  }

  /** @throws DomainError unknown game or server, a moment that has not come */
  async ofServer(
    principal: Principal,
    place: { game: string; server: string },
    query: PricesQuery,
    now: Date,
  ): Promise<DetailedPricesDto> {
    const moment = momentOf(query.asOf, now.getTime());
    const server = await this.directory.server(place.game, place.server);
    const rows = await this.list(principal, server.gameId, [server], query, moment);
    return {
      server: server.key,
      asOf: new Date(moment.ms).toISOString(),
      items: rows.map((row) => toDetailedPriceDto(row, moment.ms)),
    };
  }

  private list(
    principal: Principal,
    gameId: number,
    servers: readonly ServerRow[],
    query: { ids?: readonly number[] | undefined; externalIds?: readonly number[] | undefined },
    moment: Moment,
  ): Promise<PriceFiguresRow[]> {
    const serverIds = [...new Set(servers.map(({ id }) => id))];
    const ids = query.ids ? { itemIds: query.ids } : { externalIds: query.externalIds ?? [] };
    const { lastDay, asOf } = moment;
    const statement = this.figures.figuresStatement({ gameId, serverIds, ids, lastDay, asOf });
    // Hundreds of items on a dozen servers are no short read.
    return this.uow.run(principal, (tx) => tx.query<PriceFiguresRow>(statement));
  }
}

type Moment = { ms: number } & Pick<PriceFiguresQuestion, 'lastDay' | 'asOf'>;

/** A day means its end; of the day in which another moment lies, nothing but the prices up to it is known. */
function momentOf(asOf: AsOf | undefined, nowMs: number): Moment {
  if (asOf === undefined) return { ms: nowMs, lastDay: utcDayOf(nowMs), asOf: undefined };
  if (asOf.ms > nowMs) throw asOfAhead();
  const day = utcDayOf(asOf.ms);
  const endMs = asOf.isWholeDay ? Math.min(nowMs, asOf.ms + TO_END_OF_DAY_MS) : asOf.ms;
  return {
    ms: Math.floor(endMs),
    lastDay: asOf.isWholeDay ? day : addDays(day, -1),
    asOf: { ms: endMs },
  };
}
