import { z } from 'zod';
import { OBSERVATION_FIELDS, SCORE_FIELDS, TRACE_FIELDS } from './langfuse-wire.js';

// Query strings, as strict as Langfuse is about them; what it knows and the stand-in does not (`filter`, `orderBy`) is refused rather than ignored.

const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();
const listOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(names)))
    .optional();
const page = z.coerce.number().int().min(1).default(1);
const limitTo = (most: number) => z.coerce.number().int().min(1).max(most).default(50);
const text = z.string().optional();

export const SESSIONS_QUERY = z.strictObject({
  page,
  limit: limitTo(100),
  fromTimestamp: instant,
  toTimestamp: instant,
  environment: text,
});

export const TRACES_QUERY = z.strictObject({
  page,
  limit: limitTo(100),
  fromTimestamp: instant,
  toTimestamp: instant,
  sessionId: text,
  userId: text,
  name: text,
  version: text,
  release: text,
  environment: text,
  fields: listOf(TRACE_FIELDS),
});

export const TRACE_QUERY = z.strictObject({ fields: listOf(TRACE_FIELDS) });

export const OBSERVATIONS_QUERY = z.strictObject({
  page,
  limit: limitTo(100),
  fromStartTime: instant,
  toStartTime: instant,
  traceId: text,
  name: text,
  type: text,
  level: text,
  version: text,
  environment: text,
  parentObservationId: text,
});

export const OBSERVATIONS_V2_QUERY = z.strictObject({
  limit: limitTo(1_000),
  cursor: text,
  fields: listOf(OBSERVATION_FIELDS),
  expandMetadata: z
    .string()
    .transform((keys) => keys.split(','))
    .optional(),
  parseIoAsJson: z.literal('false', 'Input and output are always text').optional(),
  fromStartTime: instant,
  toStartTime: instant,
  traceId: text,
  sessionId: text,
  name: text,
  type: text,
  level: text,
  version: text,
  environment: text,
});

export const SCORES_QUERY = z.strictObject({
  limit: limitTo(100),
  cursor: text,
  fields: listOf(SCORE_FIELDS),
  fromTimestamp: instant,
  toTimestamp: instant,
  name: text,
  traceId: text,
  sessionId: text,
});

/** Counting is all that the stand-in can do. */
export const METRICS_QUERY = z.strictObject({
  query: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(
      z.object({
        view: z.literal('observations'),
        metrics: z.tuple([z.object({ measure: z.literal('count'), aggregation: z.literal('count') })]),
        filters: z.array(z.never()),
        fromTimestamp: z.iso.datetime().transform((text) => Date.parse(text)),
        toTimestamp: z.iso.datetime().transform((text) => Date.parse(text)),
      }),
    ),
});

const cursorSchema = z.object({
  lastStartTimeTo: z.iso.datetime(),
  lastTraceId: z.string(),
  lastId: z.string(),
});

/** The place behind which the next page begins. */
export function encodeCursor(atMs: number, traceId: string, id: string): string {
  const cursor = { lastStartTimeTo: new Date(atMs).toISOString(), lastTraceId: traceId, lastId: id };
  return Buffer.from(JSON.stringify(cursor)).toString('base64');
}

/** @throws Error for what is no cursor of ours */
export function decodeCursor(text: string): { atMs: number; traceId: string; id: string } {
  const cursor = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
  return { atMs: Date.parse(cursor.lastStartTimeTo), traceId: cursor.lastTraceId, id: cursor.lastId };
}
