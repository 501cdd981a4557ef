import {
  type Instant,
  type Json,
  METADATA_KEPT_WHOLE,
  type ObservationRow,
  type SessionRow,
  type TraceRow,
} from './canonical-rows.js';
import { clampedNumber, isObject } from './loose-fields.js';

// Observations v2 knows neither traces nor sessions: a trace is what its observations say of it, a session what its traces say. The
// legacy API works both out the same way, so the same world gives the same figures whichever way it came.

/** Traces of the observations, in the order in which they first occur. What belongs to no trace is left out. */
export function deriveTraces(observations: Iterable<ObservationRow>): TraceRow[] {
  return [...groupedBy(observations, ({ traceId }) => traceId)].map(([id, rows]) => deriveTrace(id, rows));
}

/** @param rows all observations of one trace, at least one, in any order */
export function deriveTrace(id: string, rows: readonly ObservationRow[]): TraceRow {
  const ranked = [...rows].sort(byWordOnTheTrace);
  const steps = ranked.filter(({ standsFor }) => standsFor === 'observation');
  const [first] = ranked;
  const own = first!.standsFor === 'trace' ? first! : undefined;
  const said = <T>(read: (row: ObservationRow) => T | null | undefined): T | null =>
    ranked.map(read).find((value) => value !== null && value !== undefined) ?? null;
  const totalCost = clampedNumber(steps.reduce((sum, { cost }) => sum + (cost ?? 0), 0));
  return {
    id,
    projectId: first!.projectId,
    environment: first!.environment,
    sessionId: said(({ traceContext }) => traceContext?.sessionId),
    timestamp: earliest(ranked.map(({ startTime }) => startTime))!,
    name: said(({ traceContext }) => traceContext?.traceName) ?? first!.name,
    userId: said(({ traceContext }) => traceContext?.userId),
    release: said(({ traceContext }) => traceContext?.release),
    version: said(({ version }) => version),
    tags: said(({ traceContext }) => (traceContext?.tags.length ? traceContext.tags : null)) ?? [],
    metadata: metadataOf(ranked),
    input: own?.input ?? null,
    output: own?.output ?? null,
    latencySeconds: latencyOf(steps),
    totalCost,
    createdAt: earliest(ranked.map(({ createdAt }) => createdAt)),
    updatedAt: latest(ranked.map(({ updatedAt }) => updatedAt)),
    // A cost that was clamped clamps the sum.
    isClamped: Math.abs(totalCost) === Number.MAX_SAFE_INTEGER,
  };
}

/** Sessions of the traces. `createdAt` is when Langfuse first heard of any of them, as it is in the legacy API. */
export function deriveSessions(traces: Iterable<TraceRow>): SessionRow[] {
  return [...groupedBy(traces, ({ sessionId }) => sessionId)].map(([id, rows]) => {
    const [first] = [...rows].sort(
      (a, b) => a.timestamp.at.getTime() - b.timestamp.at.getTime() || (a.id < b.id ? -1 : 1),
    );
    const { projectId, environment, timestamp } = first!;
    const createdAt = earliest(rows.map((row) => row.createdAt)) ?? timestamp;
    return { id, projectId, environment, createdAt, isClamped: false };
  });
}

/** Who knows the trace best: its own row, then roots, then whoever began first. */
function byWordOnTheTrace(a: ObservationRow, b: ObservationRow): number {
  const rank = (row: ObservationRow): number =>
    row.standsFor === 'trace' ? 0 : row.parentId === null ? 1 : 2;
  return (
    rank(a) - rank(b) ||
    a.startTime.at.getTime() - b.startTime.at.getTime() ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** What the best-knowing row has, and of the keys that figures are made of whatever any row has. */
function metadataOf(ranked: readonly ObservationRow[]): Json {
  const [base, ...others] = ranked.map(({ metadata }) => metadata).filter(isObject);
  if (base === undefined) return null;
  const merged: Record<string, Json> = { ...base };
  for (const key of METADATA_KEPT_WHOLE)
    merged[key] ??= others.map((metadata) => metadata[key]).find((value) => value != null) ?? null;
  for (const key of METADATA_KEPT_WHOLE) if (merged[key] === null) delete merged[key];
  return merged;
}

/** Seconds from the first to the last thing that is known of the steps; what still runs counts with its start. */
function latencyOf(steps: readonly ObservationRow[]): number | null {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { startTime, endTime } of steps) {
    for (const { at } of endTime === null ? [startTime] : [startTime, endTime]) {
      from = Math.min(from, at.getTime());
      to = Math.max(to, at.getTime());
    }
  }
  return to < from ? null : (to - from) / 1_000;
}

function earliest(instants: readonly (Instant | null)[]): Instant | null {
  return pick(instants, (one, other) => one < other);
}

function latest(instants: readonly (Instant | null)[]): Instant | null {
  return pick(instants, (one, other) => one > other);
}

function pick(
  instants: readonly (Instant | null)[],
  isBetter: (one: number, other: number) => boolean,
): Instant | null {
  let best: Instant | null = null;
  for (const instant of instants)
    if (instant !== null && (best === null || isBetter(instant.at.getTime(), best.at.getTime())))
      best = instant;
  return best;
}

function groupedBy<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string | null): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
