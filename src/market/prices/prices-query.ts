import { z } from 'zod';
import { EARLIEST_MS } from '../ingest/observation.js';
import { BUCKET_FIELDS, type BucketField, BUCKETS, DEFAULT_FIELDS } from './series-bucket.js';

// Queries of the two hottest reads. They are checked by zod, a tenth of what class-validator costs on such a route.

export const MAX_PRICE_IDS = 500;
const MAX_INT4 = 2_147_483_647;

const idList = z
  .string()
  .regex(/^\d{1,10}(,\d{1,10})*$/, 'takes ids separated by commas')
  .transform((text) => text.split(',').map(Number))
  .refine((ids) => ids.length <= MAX_PRICE_IDS, `takes at most ${MAX_PRICE_IDS} ids`)
  .refine((ids) => ids.every((id) => id <= MAX_INT4), 'holds an id that is too large');

/** A day stands for its end. */
export interface AsOf {
  /** Unix time in milliseconds: the instant, or the day's beginning. */
  ms: number;
  isWholeDay: boolean;
}

const asOf = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text): AsOf => ({ ms: Date.parse(text), isWholeDay: text.length === 'YYYY-MM-DD'.length }))
  .refine(({ ms }) => ms >= EARLIEST_MS, 'lies before all observations');

/** `ids` are ours, `externalIds` the game's; exactly one of them. */
export const pricesQuerySchema = z
  .strictObject({
    ids: idList.optional(),
    externalIds: idList.optional(),
    /** `full` adds what speaks for a price. */
    detail: z.enum(['basic', 'full']).default('basic'),
    asOf: asOf.optional(),
  })
  .refine((query) => (query.ids === undefined) !== (query.externalIds === undefined), {
    message: 'takes either ids or externalIds',
    path: ['ids'],
  });
export type PricesQuery = z.infer<typeof pricesQuerySchema>;

const MAX_SERVERS = 100;

/** The same over the servers of a game, all of them unless some are named. */
export const gamePricesQuerySchema = z
  .strictObject({
    itemIds: idList.optional(),
    externalIds: idList.optional(),
    servers: z
      .string()
      .max(10_000)
      .transform((text) => text.split(','))
      .refine((keys) => keys.length <= MAX_SERVERS, `takes at most ${MAX_SERVERS} servers`)
      .optional(),
    asOf: asOf.optional(),
  })
  .refine((query) => (query.itemIds === undefined) !== (query.externalIds === undefined), {
    message: 'takes either itemIds or externalIds',
    path: ['itemIds'],
  })
  .transform(({ itemIds, ...query }) => ({ ...query, ids: itemIds }));
export type GamePricesQuery = z.infer<typeof gamePricesQuerySchema>;

const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => Date.parse(text));

const FIELD = `(?:${BUCKET_FIELDS.join('|')})`;
export const FIELDS_PATTERN = `^${FIELD}(?:,${FIELD}){0,${BUCKET_FIELDS.length - 1}}$`;

export const seriesQuerySchema = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    limit: z
      .string()
      .regex(/^\d{1,4}$/, 'takes a whole number')
      .transform(Number)
      .pipe(z.number().min(1).max(1_000))
      .default(200),
    cursor: z.string().max(200).optional(),
    bucket: z.enum(BUCKETS).default('raw'),
    /** Of buckets, in the order in which they are named. */
    fields: z
      .string()
      .regex(new RegExp(FIELDS_PATTERN), `takes some of ${BUCKET_FIELDS.join()}, separated by commas`)
      .transform((text) => [...new Set(text.split(',') as BucketField[])])
      .optional(),
    format: z.enum(['json', 'csv']).optional(),
  })
  .refine(({ from = -Infinity, to = Infinity }) => from <= to, { message: 'lies before from', path: ['to'] })
  .refine(({ bucket, fields }) => bucket !== 'raw' || fields === undefined, {
    message: 'are those of hours, days and weeks',
    path: ['fields'],
  })
  .transform(({ fields = DEFAULT_FIELDS, ...query }) => ({ ...query, fields }));
export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

export const DEFAULT_FROM_MS = EARLIEST_MS;
/** PostgreSQL's timestamps reach much further; this is past any observation. */
export const DEFAULT_TO_MS = Date.UTC(2100, 0, 1);
