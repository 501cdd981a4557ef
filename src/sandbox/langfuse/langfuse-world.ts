import type {
  Kind,
  StoredObservation,
  StoredRows,
  StoredScore,
  StoredSession,
  StoredTrace,
} from './langfuse-rows.js';
import { type Entry, LangfuseTable, tieOf } from './langfuse-table.js';

/** Something that happens upstream at an instant of the virtual clock. */
interface Change {
  readonly atMs: number;
  readonly apply: (world: LangfuseWorld) => void;
}

/** What the legacy API says of a trace beside its row. */
export interface TraceFigures {
  /** null = no observations. */
  readonly latencyS: number | null;
  readonly costUsd: number;
  readonly observationIds: readonly string[];
}

/**
 * The rows of one project. Rows have an instant from which they can be seen, so that late arrivals and rows that come before their
 * trace are a matter of two numbers; what changes later is scheduled.
 */
export class LangfuseWorld {
  readonly sessions = new LangfuseTable<StoredSession>();
  readonly traces = new LangfuseTable<StoredTrace>();
  readonly observations = new LangfuseTable<StoredObservation>();
  readonly scores = new LangfuseTable<StoredScore>();
  private readonly idsByTrace = new Map<string, string[]>();
  private changes: Change[] = [];

  constructor(readonly projectId: string) {}

  /** Inserts a row or replaces it whole. @param visibleFromMs its creation unless said otherwise */
  put<K extends Kind>(kind: K, row: StoredRows[K], visibleFromMs = row.createdAtMs): void {
    this.tableOf(kind).put(entryOf(kind, row, visibleFromMs));
    if (kind === 'observations') this.noteTrace(row as StoredObservation);
  }

  /** Changes some fields of a row that is there; Langfuse sets `updatedAt` itself. */
  change<K extends Kind>(kind: K, id: string, fields: Partial<StoredRows[K]>): void {
    const entry = this.tableOf(kind).entryOf(id);
    if (entry === undefined) throw new Error(`There is no row ${id} of ${kind}`);
    const row = typeof entry.read === 'function' ? entry.read() : entry.read;
    this.put(kind, { ...row, ...fields }, entry.visibleFromMs);
  }

  /** @returns whether it was there */
  remove(kind: Kind, id: string): boolean {
    return this.tableOf(kind).remove(id);
  }

  schedule(atMs: number, apply: (world: LangfuseWorld) => void): void {
    this.changes.push({ atMs, apply });
    this.changes.sort((a, b) => a.atMs - b.atMs);
  }

  /** Lets happen what was scheduled until now. */
  advanceTo(nowMs: number): void {
    while (this.changes.length > 0 && this.changes[0]!.atMs <= nowMs) this.changes.shift()!.apply(this);
  }

  /** Fills an empty world with very many rows, each made when it is read. */
  fill<K extends Kind>(kind: K, entries: Iterable<Entry<StoredRows[K]>>): void {
    this.tableOf(kind).fill(entries);
  }

  /** Tells which observations of a filled world belong together. */
  noteTraceOf(traceId: string, observationIds: readonly string[]): void {
    const known = this.idsByTrace.get(traceId) ?? [];
    this.idsByTrace.set(traceId, [...known, ...observationIds.filter((id) => !known.includes(id))]);
  }

  observationsOf(traceId: string, nowMs: number): StoredObservation[] {
    const rows: StoredObservation[] = [];
    for (const id of this.idsByTrace.get(traceId) ?? []) {
      const row = this.observations.rowOf(id, nowMs);
      if (row?.traceId === traceId) rows.push(row);
    }
    return rows;
  }

  figuresOf(traceId: string, nowMs: number): TraceFigures {
    const rows = this.observationsOf(traceId, nowMs);
    const times = rows.flatMap(({ startMs, endMs }) => (endMs === null ? [startMs] : [startMs, endMs]));
    const span = times.reduce(([from, to], ms) => [Math.min(from, ms), Math.max(to, ms)] as const, [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as const);
    return {
      latencyS: rows.length === 0 ? null : (span[1] - span[0]) / 1_000,
      costUsd: rows.reduce((sum, { cost }) => sum + (cost['total'] ?? 0), 0),
      observationIds: rows.map(({ id }) => id),
    };
  }

  private noteTrace({ id, traceId }: StoredObservation): void {
    if (traceId !== null) this.noteTraceOf(traceId, [id]);
  }

  private tableOf<K extends Kind>(kind: K): LangfuseTable<StoredRows[K]> {
    return this[kind] as unknown as LangfuseTable<StoredRows[K]>;
  }
}

/** Where a row stands in its table's order. */
export function entryOf<K extends Kind>(
  kind: K,
  row: StoredRows[K],
  visibleFromMs: number,
): Entry<StoredRows[K]> {
  const rows = row as StoredSession & StoredTrace & StoredObservation & StoredScore;
  const atMs = {
    sessions: rows.createdAtMs,
    traces: rows.timestampMs,
    observations: rows.startMs,
    scores: rows.timestampMs,
  }[kind];
  const tie = kind === 'observations' ? tieOf(rows.traceId) : 0;
  return { atMs, tie, id: row.id, visibleFromMs, read: row };
}
