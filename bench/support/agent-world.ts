// What the processes of the benchmarks of agent analytics agree on.

export const LANGFUSE_KEYS = { publicKey: 'pk-lf-benchmark', secretKey: 'sk-lf-benchmark' } as const;

/** Rows of an upstream by kind. */
export interface UpstreamRows {
  sessions: number;
  traces: number;
  observations: number;
  scores: number;
}

export interface UpstreamWorld {
  seed: number;
  /** Plays begin evenly spread from here to there. */
  fromMs: number;
  untilMs: number;
  observations: number;
}

/** `add`: a few plays more that have just been played, so many observations at least. */
export type UpstreamRequest =
  | { kind: 'open'; world: UpstreamWorld; generation: 'legacy' | 'events-only' }
  | { kind: 'add'; observations: number; atMs: number };

export interface Upstream {
  url: string;
  rows: UpstreamRows;
}

/** Another name is another copy of the same upstream. */
export interface CopiedProject {
  name: string;
  baseUrl: string;
  sinceMs: number;
}

export type EngineRequest =
  | { kind: 'open'; databaseUrl: string; projects: CopiedProject[] }
  | { kind: 'sync'; project: string }
  | { kind: 'budget'; databaseUrl: string; world: UpstreamWorld };

export interface SyncFigures {
  /** From the start of the run to its end, derived rows included; rests between pages are not taken. */
  ms: number;
  fetchMs: number;
  storeMs: number;
  pages: number;
  inserted: number;
  updated: number;
}

export interface BudgetFigures {
  calls: number;
  refused: number;
  /** Calls that the limiter permits in the time that the run took. */
  permitted: number;
  minutes: number;
  inserted: number;
}
