import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { decodeCursor } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { badCursor, badSpan } from '../market.errors.js';
import { resolveSpan } from './analytics-span.js';
import { AnalyticsService, type AnalyticsState } from './analytics.service.js';
import type { FigureSpan } from './figure-table.js';
import { type UtcDay, utcDayOf } from './utc-day.js';

const MAX_INT4 = 2_147_483_647;

/** Which server of which game, and when it was asked. */
export interface AnalyticsPlace {
  game: string;
  server: string;
  now: Date;
}

/** The span that was asked for, of which server, and the day on which it was asked. */
export interface Asked extends FigureSpan {
  server: string;
  today: UtcDay;
}

export interface SpanQuery {
  window?: number | undefined;
  asOf?: UtcDay | undefined;
  from?: UtcDay | undefined;
  to?: UtcDay | undefined;
}

/** What every native question about figures begins with. */
@Injectable()
export class AnalyticsDesk {
  constructor(
    private readonly directory: CatalogDirectory,
    private readonly analytics: AnalyticsService,
  ) {}

  /** @throws DomainError unknown game or server, or a span that is none */
  async open(
    principal: Principal,
    place: AnalyticsPlace,
    query: SpanQuery,
  ): Promise<{ server: ServerRow; state: AnalyticsState; asked: Asked }> {
    const server = await this.directory.server(place.game, place.server);
    const today = utcDayOf(place.now.getTime());
    const state = await this.analytics.state(principal, server.id, today);
    const span = resolveSpan(query, today);
    if (typeof span === 'string') throw badSpan(span);
    const endOn = span.to < today ? span.to : today;
    return { server, state, asked: { ...span, endOn, server: server.key, today } };
  }
}

/** @throws DomainError for a cursor of another list */
export function afterOf(cursor: string | undefined): [sortKey: number, itemId: number] | null {
  if (cursor === undefined) return null;
  const [text, itemId] = decodeCursor(cursor, ['string', 'number'] as const);
  const sortKey = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(sortKey) || Math.abs(itemId) > MAX_INT4) throw badCursor();
  return [sortKey, itemId];
}

/** Of a list that the query's check has let pass. */
export function idsOf(itemIds: string | undefined): number[] | null {
  return itemIds === undefined ? null : itemIds.split(',').map(Number);
}
