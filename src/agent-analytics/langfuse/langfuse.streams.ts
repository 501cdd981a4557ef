import type { RefusedRow, SyncPage, SyncStream, SyncWindow } from '../../platform/sync/sync-source.js';
import { SyncFault } from '../../platform/sync/sync-fault.js';
import type { Instant, Json, ObservationRow, ScoreRow, SessionRow, TraceRow } from './canonical-rows.js';
import { METADATA_KEPT_WHOLE } from './canonical-rows.js';
import type { LangfuseAnswer, LangfuseClient, LangfuseQuery } from './langfuse.client.js';
import { isObject } from './loose-fields.js';
import { type Reading, readObservation, readScore, readSession, readTrace } from './read-rows.js';

// The streams that a Langfuse has. The legacy API has three with numbered pages and totals; observations v2 one with cursors, from which
// traces and sessions follow; scores have one in both. What is done with rows is the store's.

/** A stream without its tables. */
export type StreamPages<Row> = Omit<SyncStream<Row>, 'store' | 'stored'>;

const HOUR_MS = 3_600_000;
/**
 * Langfuse queues what it is sent: 15 s at most, 10 minutes by some ways, and clients that were offline bring older rows. In real data
 * a quarter of all traces came after one with a later timestamp, by up to 244 s, and changed for up to 432 s. Clients date rows by clocks of
 * their own: what is dated up to two days ahead is read at once, what is dated later when its day comes near.
 */
const TIMES = {
  overlapMs: HOUR_MS,
  lagMs: 60_000,
  aheadMs: 48 * HOUR_MS,
  reachMs: 7 * 24 * HOUR_MS,
} as const;
const LEGACY_LIMIT = { most: 100, least: 1 } as const;
const V2_LIMIT = { most: 1_000, least: 1 } as const;
const SCORES_LIMIT = { most: 100, least: 1 } as const;
/** Without lists of ids of observations and scores, which nobody reads here. */
const TRACE_FIELDS = 'core,io,metrics';
const V2_FIELDS = 'basic,time,io,metadata,model,usage,prompt,trace_context';

export function legacySessions(client: LangfuseClient): StreamPages<SessionRow> {
  return legacyStream(client, {
    name: 'sessions',
    names: ['fromTimestamp', 'toTimestamp'],
    read: (raw) => readSession(raw, { dialect: 'legacy', projectId: client.project.name }),
    timeOf: ({ createdAt }) => createdAt,
  });
}

export function legacyTraces(client: LangfuseClient): StreamPages<TraceRow> {
  return legacyStream(client, {
    name: 'traces',
    names: ['fromTimestamp', 'toTimestamp'],
    more: { fields: TRACE_FIELDS },
    read: (raw) => readTrace(raw, { dialect: 'legacy', projectId: client.project.name }),
    timeOf: ({ timestamp }) => timestamp,
  });
}

export function legacyObservations(client: LangfuseClient): StreamPages<ObservationRow> {
  return legacyStream(client, {
    name: 'observations',
    names: ['fromStartTime', 'toStartTime'],
    read: (raw) => readObservation(raw, { dialect: 'legacy', projectId: client.project.name }),
    timeOf: ({ startTime }) => startTime,
  });
}

export function observationsV2(client: LangfuseClient): StreamPages<ObservationRow> {
  return cursorStream(client, {
    name: 'observations-v2',
    path: 'v2/observations',
    names: ['fromStartTime', 'toStartTime'],
    more: { fields: V2_FIELDS, expandMetadata: METADATA_KEPT_WHOLE.join(',') },
    pageLimit: V2_LIMIT,
    read: (raw) => readObservation(raw, { dialect: 'v2', projectId: client.project.name }),
    timeOf: ({ startTime }) => startTime,
    countUpstream: (window, signal) => countV2(client, window, signal),
  });
}

export function scores(client: LangfuseClient): StreamPages<ScoreRow> {
  return cursorStream(client, {
    name: 'scores',
    path: 'v3/scores',
    names: ['fromTimestamp', 'toTimestamp'],
    more: { fields: 'details,subject' },
    pageLimit: SCORES_LIMIT,
    read: (raw) => readScore(raw, { dialect: 'legacy', projectId: client.project.name }),
    timeOf: ({ timestamp }) => timestamp,
    countUpstream: null,
  });
}

interface Kind<Row> {
  readonly name: string;
  /** Of the parameters of the window. */
  readonly names: readonly [from: string, to: string];
  readonly more?: LangfuseQuery;
  readonly read: (raw: Json) => Reading<Row>;
  readonly timeOf: (row: Row) => Instant;
}

interface CursorKind<Row> extends Kind<Row> {
  readonly path: string;
  readonly pageLimit: SyncStream['pageLimit'];
  readonly countUpstream: SyncStream['countUpstream'];
}

function legacyStream<Row extends { readonly id: string }>(
  client: LangfuseClient,
  kind: Kind<Row>,
): StreamPages<Row> {
  const { name, more = {} } = kind;
  return {
    name,
    paging: 'numbered',
    pageLimit: LEGACY_LIMIT,
    ...TIMES,
    keyOf: ({ id }) => id,
    timeOf: (row) => kind.timeOf(row).at,
    fetchPage: async ({ window, cursor, limit, signal }) => {
      const page = Number(cursor ?? 1);
      const query = { ...windowQuery(kind, window), page, limit, ...more };
      const answer = await client.get('legacy', name, query, signal);
      const [total, pages] = [countIn(answer, 'totalItems'), countIn(answer, 'totalPages')];
      const { rows, refused, isEmpty } = readPage(answer, kind);
      // Rows that were deleted meanwhile leave pages empty that were announced.
      return { rows, refused, total, next: page < pages && !isEmpty ? String(page + 1) : null };
    },
    countUpstream: async (window, signal) => {
      const query = {
        ...windowQuery(kind, window),
        page: 1,
        limit: 1,
        ...(more['fields'] === undefined ? {} : { fields: 'core' }),
      };
      return countIn(await client.get('legacy', name, query, signal), 'totalItems');
    },
  };
}

function cursorStream<Row extends { readonly id: string }>(
  client: LangfuseClient,
  kind: CursorKind<Row>,
): StreamPages<Row> {
  const { name, path, pageLimit, countUpstream, more = {} } = kind;
  return {
    name,
    paging: 'cursor',
    pageLimit,
    ...TIMES,
    keyOf: ({ id }) => id,
    timeOf: (row) => kind.timeOf(row).at,
    countUpstream,
    fetchPage: async ({ window, cursor, limit, signal }) => {
      const query = { ...windowQuery(kind, window), limit, ...more, cursor: cursor ?? undefined };
      const answer = await client.get('api', path, query, signal);
      const { rows, refused } = readPage(answer, kind);
      const { cursor: next } = metaOf(answer);
      if (next !== undefined && next !== null && typeof next !== 'string') throw shapeless();
      if (next !== null && next === cursor)
        throw new SyncFault('malformed', 'Langfuse leads in circles: a cursor led to itself.');
      return { rows, refused, total: null, next: next === '' ? null : (next ?? null) };
    },
  };
}

/** v2 has no totals of its own; its metrics can count. */
async function countV2(
  client: LangfuseClient,
  { from, to }: SyncWindow,
  signal: AbortSignal,
): Promise<number> {
  const query = {
    view: 'observations',
    metrics: [{ measure: 'count', aggregation: 'count' }],
    filters: [],
    fromTimestamp: from.toISOString(),
    toTimestamp: to.toISOString(),
  };
  const { json } = await client.get('metrics', 'v2/metrics', { query: JSON.stringify(query) }, signal);
  const [row] = Array.isArray(json['data']) ? (json['data'] as readonly Json[]) : [];
  // No rows at all come back as no row.
  if (row === undefined && Array.isArray(json['data'])) return 0;
  const count = isObject(row) ? Number(row['count_count']) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0) throw shapeless();
  return count;
}

function windowQuery({ names: [from, to] }: Pick<Kind<never>, 'names'>, window: SyncWindow): LangfuseQuery {
  return { [from]: window.from, [to]: window.to };
}

function readPage<Row>(
  { json }: LangfuseAnswer,
  { read }: Kind<Row>,
): Pick<SyncPage<Row>, 'rows' | 'refused'> & { isEmpty: boolean } {
  const { data } = json;
  if (!Array.isArray(data)) throw shapeless();
  const rows: Row[] = [];
  const refused: RefusedRow[] = [];
  for (const raw of data as readonly Json[]) {
    const reading = read(raw);
    if (reading.refusal === undefined) rows.push(reading.row);
    else refused.push(reading.refusal);
  }
  return { rows, refused, isEmpty: data.length === 0 };
}

function metaOf({ json }: LangfuseAnswer): { readonly [key: string]: Json } {
  const { meta } = json;
  if (!isObject(meta)) throw shapeless();
  return meta;
}

function countIn(answer: LangfuseAnswer, name: string): number {
  const count = metaOf(answer)[name];
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) throw shapeless();
  return count;
}

function shapeless(): SyncFault {
  return new SyncFault('malformed', 'Langfuse answered JSON of another shape than it should.');
}
