import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Statement, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type ItemRow, ItemsRepository } from '../catalog/items.repository.js';
import { EARLIEST_MS } from '../ingest/observation.js';
import { hoursTooLong, unknownItem } from '../market.errors.js';
import type { SeriesDto } from './prices.dto.js';
import { toSeriesObservationDto } from './prices.mapper.js';
import { DEFAULT_FROM_MS, DEFAULT_TO_MS, type SeriesQuery } from './prices-query.js';
import { PricesRepository, type SeriesRow } from './prices.repository.js';
import {
  type Bucket,
  type BucketQuantiles,
  bucketStart,
  foldWeeks,
  MAX_HOUR_SPAN_DAYS,
  nextBucketStart,
  QUANTILE_FIELDS,
  quantilesOf,
} from './series-bucket.js';
import type { BucketedSeriesDto, SeriesBucketDto } from './series.dto.js';
import { toSeriesBucketDto } from './series.mapper.js';
import { type BucketRow, type BucketSpan, SeriesRepository } from './series.repository.js';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** Whose series, and when it was asked. */
export interface SeriesPlace {
  game: string;
  server: string;
  itemId: number;
  now: Date;
}

@Injectable()
export class SeriesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly prices: PricesRepository,
    private readonly buckets: SeriesRepository,
    private readonly items: ItemsRepository,
  ) {}

  /** @throws DomainError for an item that the game has not, and for hours of more than 31 days */
  read(principal: Principal, place: SeriesPlace, query: SeriesQuery): Promise<SeriesDto | BucketedSeriesDto> {
    const { bucket } = query;
    return bucket === 'raw'
      ? this.readRaw(principal, place, query)
      : this.readBuckets(principal, place, query, bucket);
  }

  private async readRaw(principal: Principal, place: SeriesPlace, query: SeriesQuery): Promise<SeriesDto> {
    const server = await this.directory.server(place.game, place.server);
    const span = {
      fromMs: query.from ?? DEFAULT_FROM_MS,
      toMs: query.to ?? DEFAULT_TO_MS,
      limit: query.limit + 1,
      after: query.cursor === undefined ? undefined : decodePoint(query.cursor),
    };
    const statement = this.prices.seriesStatement(server.id, place.itemId, span);
    const rows = await this.uow.read<SeriesRow>(principal, statement);
    if (rows.length === 0) await this.checkItem(principal, server.gameId, place.itemId);
    return toPage(
      rows,
      query.limit,
      (row) => [row.capturedAtUs, String(row.price), row.id],
      toSeriesObservationDto,
    );
  }

  private async readBuckets(
    principal: Principal,
    place: SeriesPlace,
    query: SeriesQuery,
    bucket: Bucket,
  ): Promise<BucketedSeriesDto> {
    const server = await this.directory.server(place.game, place.server);
    const span = spanOf(query, bucket, place.now);
    const rows = await this.uow.read<BucketRow>(
      principal,
      this.statementOf(bucket, server.id, place.itemId, span),
    );
    if (rows.length === 0) await this.checkItem(principal, server.gameId, place.itemId);
    const shown = bucket === 'week' ? foldWeeks(rows) : rows;
    const found = await this.quantiles(
      principal,
      { bucket, serverId: server.id, itemId: place.itemId },
      query,
      shown,
    );
    const toDto = (row: BucketRow): SeriesBucketDto =>
      toSeriesBucketDto(row, quantilesOf(row, found), query.fields);
    return { bucket, ...toPage(shown, query.limit, (row) => [row.startMs], toDto) };
  }

  /** Asked only where there is nothing to show: rows prove the item. */
  private async checkItem(principal: Principal, gameId: number, itemId: number): Promise<void> {
    const [item] = await this.uow.read<ItemRow>(principal, this.items.itemStatement(gameId, itemId));
    if (!item) throw unknownItem();
  }

  /** Of the buckets that are shown, by their beginning; none where nobody asks for them. */
  private async quantiles(
    principal: Principal,
    { bucket, serverId, itemId }: { bucket: Bucket; serverId: number; itemId: number },
    { fields, limit }: SeriesQuery,
    shown: readonly BucketRow[],
  ): Promise<Map<number, BucketQuantiles>> {
    const [first, last] = [shown[0], shown.slice(0, limit).at(-1)];
    if (!first || !last || !fields.some((field) => QUANTILE_FIELDS.includes(field))) return new Map();
    const span = { fromMs: first.startMs, endMs: nextBucketStart(bucket, last.startMs) };
    const statement = this.buckets.quantilesStatement(bucket, serverId, itemId, span);
    const rows = await this.uow.read<BucketQuantiles>(principal, statement);
    return new Map(rows.map((row) => [row.startMs, row]));
  }

  private statementOf(bucket: Bucket, serverId: number, itemId: number, span: BucketSpan): Statement {
    if (bucket === 'hour') return this.buckets.hoursStatement(serverId, itemId, span);
    // As many days as these weeks can have at most: only the one week more, which is not shown, may lack some of its days.
    const limit = bucket === 'week' ? span.limit * WEEK_DAYS : span.limit;
    return this.buckets.daysStatement(serverId, itemId, { ...span, limit });
  }
}

function decodePoint(cursor: string): [atUs: number, price: number, id: number] {
  const [atUs, price, id] = decodeCursor(cursor, ['number', 'string', 'number'] as const);
  return [atUs, Number(price), id];
}

/** The buckets that contain `from` and `to`, and what lies between; on later pages, those after the last one shown. */
function spanOf(query: SeriesQuery, bucket: Bucket, now: Date): BucketSpan {
  const isHour = bucket === 'hour';
  const toMs = query.to ?? (isHour ? now.getTime() : DEFAULT_TO_MS);
  const fromMs = query.from ?? (isHour ? toMs - MAX_HOUR_SPAN_DAYS * DAY_MS : DEFAULT_FROM_MS);
  if (isHour && toMs - fromMs > MAX_HOUR_SPAN_DAYS * DAY_MS) throw hoursTooLong();
  const [lastMs] = query.cursor === undefined ? [undefined] : decodeCursor(query.cursor, ['number'] as const);
  const firstMs = bucketStart(bucket, withinReach(fromMs));
  return {
    fromMs: lastMs === undefined ? firstMs : Math.max(firstMs, nextBucketStart(bucket, withinReach(lastMs))),
    endMs: nextBucketStart(bucket, withinReach(toMs)),
    limit: query.limit + 1,
  };
}

/** PostgreSQL's timestamps end before the far ends that a client may name. */
function withinReach(ms: number): number {
  return Math.min(DEFAULT_TO_MS, Math.max(EARLIEST_MS, ms));
}
