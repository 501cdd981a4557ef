import type { z } from 'zod';
import type { StoredObservation, StoredScore, StoredTrace } from './langfuse-rows.js';
import type { LangfuseRoute } from './langfuse-faults.js';
import {
  decodeCursor,
  encodeCursor,
  METRICS_QUERY,
  OBSERVATIONS_QUERY,
  OBSERVATIONS_V2_QUERY,
  SCORES_QUERY,
  SESSIONS_QUERY,
  TRACE_QUERY,
  TRACES_QUERY,
} from './langfuse-queries.js';
import { tieOf, type Window } from './langfuse-table.js';
import {
  listWire,
  observationV1Wire,
  observationV2Wire,
  scoreWire,
  sessionWire,
  TRACE_FIELDS,
  traceWire,
  withRaw,
} from './langfuse-wire.js';
import type { LangfuseWorld } from './langfuse-world.js';

// The right answers of each route. A body is text; what goes wrong with it on the way is `langfuse-faults.ts`'s.

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Rows in it. */
  readonly rows?: number;
}

export interface Question {
  readonly route: LangfuseRoute;
  /** Of a route with one. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly world: LangfuseWorld;
  readonly nowMs: number;
  /** Legacy answers say what replaces them. */
  readonly isDeprecated: boolean;
}

const EVER = [-8.64e15, 8.64e15] as const;
const DEPRECATION = {
  message: 'This endpoint is deprecated and will be removed from Langfuse Cloud.',
  replacement: 'GET /api/public/v2/observations',
  docsUrl: 'https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4',
  sunsetAt: '2026-11-16',
};

export function answer(question: Question): Answer {
  switch (question.route) {
    case 'health':
      return { status: 200, body: JSON.stringify({ status: 'OK', version: '3.170.0' }) };
    case 'sessions':
      return asked(SESSIONS_QUERY, question, (query) => sessions(question, query));
    case 'session':
      return session(question);
    case 'traces':
      return asked(TRACES_QUERY, question, (query) => traces(question, query));
    case 'trace':
      return asked(TRACE_QUERY, question, (query) => trace(question, query));
    case 'observations':
      return asked(OBSERVATIONS_QUERY, question, (query) => observations(question, query));
    case 'v2-observations':
      return asked(OBSERVATIONS_V2_QUERY, question, (query) => observationsV2(question, query));
    case 'v2-metrics':
      return asked(METRICS_QUERY, question, (query) => metrics(question, query));
    case 'v3-scores':
      return asked(SCORES_QUERY, question, (query) => scores(question, query));
  }
}

export function problem(status: number, message: string, error: unknown): Answer {
  return { status, body: JSON.stringify({ message, error }) };
}

function asked<Schema extends z.ZodType>(
  schema: Schema,
  { query }: Question,
  then: (query: z.output<Schema>) => Answer,
): Answer {
  const parsed = schema.safeParse(query);
  return parsed.success ? then(parsed.data) : problem(400, 'Invalid request data', parsed.error.issues);
}

function sessions(question: Question, query: z.output<typeof SESSIONS_QUERY>): Answer {
  const { world, nowMs } = question;
  const { fromTimestamp = EVER[0], toTimestamp = EVER[1] } = query;
  const isWanted = wanted(query, ['environment']);
  const window = world.sessions.window(fromTimestamp, toTimestamp, nowMs, isWanted);
  return numbered(question, query, window, (row) => sessionWire(world.projectId, row));
}

function traces(question: Question, query: z.output<typeof TRACES_QUERY>): Answer {
  const { world, nowMs } = question;
  const { fromTimestamp = EVER[0], toTimestamp = EVER[1], fields = TRACE_FIELDS } = query;
  const isWanted = wanted<StoredTrace>(query, [
    'sessionId',
    'userId',
    'name',
    'version',
    'release',
    'environment',
  ]);
  const window = world.traces.window(fromTimestamp, toTimestamp, nowMs, isWanted);
  return numbered(question, query, window, (row) => traceWire(world, row, fields, nowMs));
}

function observations(question: Question, query: z.output<typeof OBSERVATIONS_QUERY>): Answer {
  const { world, nowMs } = question;
  const { fromStartTime = EVER[0], toStartTime = EVER[1], parentObservationId } = query;
  const isWanted = wanted<StoredObservation>({ ...query, parentId: parentObservationId }, [
    'traceId',
    'name',
    'type',
    'level',
    'version',
    'environment',
    'parentId',
  ]);
  const window = world.observations.window(fromStartTime, toStartTime, nowMs, isWanted);
  return numbered(question, query, window, (row) => observationV1Wire(world, row));
}

function session({ id, world, nowMs, isDeprecated }: Question): Answer {
  const row = world.sessions.rowOf(id, nowMs);
  if (row === undefined) return problem(404, 'Session not found', 'LangfuseNotFoundError');
  const all = world.traces.window(...EVER, nowMs, ({ sessionId }) => sessionId === id);
  const wires = all.slice(0, all.total).map((one) => traceWire(world, one, ['core', 'io'], nowMs));
  const own = JSON.parse(sessionWire(world.projectId, row)) as object;
  const body = withRaw({ ...own, ...deprecation(isDeprecated) }, { traces: `[${wires.join(',')}]` });
  return { status: 200, body, rows: wires.length };
}

function trace({ id, world, nowMs, isDeprecated }: Question, query: z.output<typeof TRACE_QUERY>): Answer {
  const row = world.traces.rowOf(id, nowMs);
  if (row === undefined) return problem(404, 'Trace not found', 'LangfuseNotFoundError');
  const fields = query.fields ?? TRACE_FIELDS;
  const steps = fields.includes('observations')
    ? world.observationsOf(id, nowMs).map((step) => observationV1Wire(world, step))
    : [];
  const own = JSON.parse(traceWire(world, row, fields, nowMs)) as object;
  const body = withRaw(
    { ...own, scores: [], ...deprecation(isDeprecated) },
    { observations: `[${steps.join(',')}]` },
  );
  return { status: 200, body, rows: 1 };
}

function observationsV2({ world, nowMs }: Question, query: z.output<typeof OBSERVATIONS_V2_QUERY>): Answer {
  const { fromStartTime = EVER[0], toStartTime = EVER[1], limit, sessionId } = query;
  const own = wanted<StoredObservation>(query, [
    'traceId',
    'name',
    'type',
    'level',
    'version',
    'environment',
  ]);
  const isOfSession = ({ traceId }: StoredObservation): boolean =>
    traceId !== null && world.traces.rowOf(traceId, nowMs)?.sessionId === sessionId;
  const isWanted =
    sessionId === undefined ? own : (row: StoredObservation) => (own?.(row) ?? true) && isOfSession(row);
  const after = placeOf(query.cursor, (traceId) => tieOf(traceId));
  if (after === undefined) return problem(400, 'Invalid cursor', 'InvalidRequestError');
  const found = world.observations.after(after, [fromStartTime, toStartTime], limit + 1, nowMs, isWanted);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  const fields = query.fields ?? ['core', 'basic'];
  const expanded = query.expandMetadata ?? [];
  const wires = rows.map((row) => observationV2Wire(world, row, fields, expanded, nowMs));
  const meta = hasMore ? { cursor: encodeCursor(last.startMs, last.traceId ?? '', last.id) } : {};
  return { status: 200, body: listWire(wires, meta), rows: rows.length };
}

/** Counts come as text, and no row stands for none. */
function metrics({ world, nowMs }: Question, { query }: z.output<typeof METRICS_QUERY>): Answer {
  const { total } = world.observations.window(query.fromTimestamp, query.toTimestamp, nowMs);
  return { status: 200, body: JSON.stringify({ data: total === 0 ? [] : [{ count_count: String(total) }] }) };
}

function scores({ world, nowMs }: Question, query: z.output<typeof SCORES_QUERY>): Answer {
  const { fromTimestamp = EVER[0], toTimestamp = EVER[1], limit, fields = [], traceId, sessionId } = query;
  const isWanted = (row: StoredScore): boolean =>
    (query.name === undefined || query.name.split(',').includes(row.name)) &&
    (traceId === undefined || [row.subject.traceId, row.subject.id].includes(traceId)) &&
    (sessionId === undefined || row.subject.id === sessionId);
  const after = placeOf(query.cursor, () => 0);
  if (after === undefined) return problem(400, 'Invalid cursor', 'InvalidRequestError');
  const found = world.scores.after(after, [fromTimestamp, toTimestamp], limit + 1, nowMs, isWanted);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  const meta = { limit, ...(hasMore ? { cursor: encodeCursor(last.timestampMs, '', last.id) } : {}) };
  const wires = rows.map((row) => scoreWire(world.projectId, row, fields));
  return { status: 200, body: listWire(wires, meta), rows: rows.length };
}

function numbered<Row>(
  { isDeprecated }: Question,
  { page, limit }: { page: number; limit: number },
  window: Window<Row>,
  wireOf: (row: Row) => string,
): Answer {
  const rows = window.slice((page - 1) * limit, limit);
  const meta = { page, limit, totalItems: window.total, totalPages: Math.ceil(window.total / limit) };
  return {
    status: 200,
    body: listWire(rows.map(wireOf), meta, deprecation(isDeprecated)),
    rows: rows.length,
  };
}

function deprecation(isDeprecated: boolean): object {
  return isDeprecated ? { _deprecation: DEPRECATION } : {};
}

/** @returns null for the beginning, undefined for a cursor that is none */
function placeOf(cursor: string | undefined, tie: (traceId: string) => number) {
  if (cursor === undefined) return null;
  try {
    const { atMs, traceId, id } = decodeCursor(cursor);
    return { atMs, tie: tie(traceId), id };
  } catch {
    return undefined;
  }
}

/** Rows whose fields are as the query says; undefined where it says nothing. */
function wanted<Row extends object>(
  query: Readonly<Record<string, unknown>>,
  names: readonly string[],
): ((row: Row) => boolean) | undefined {
  const given = names.filter((name) => query[name] !== undefined);
  if (given.length === 0) return undefined;
  return (row) => given.every((name) => (row as Record<string, unknown>)[name] === query[name]);
}
