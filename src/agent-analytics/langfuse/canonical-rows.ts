// What is kept of Langfuse, whichever way it came: by the legacy API, by observations v2, or as a file of a blob export. Readers
// fill these rows and nobody else; what they cannot fill is null. Text holds neither NUL nor lone surrogates (PostgreSQL takes
// neither), JSON holds integers beyond 2^53 as text, and where a column's number had to be clamped the row says so.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An instant as Langfuse wrote it, and which one that is. */
export interface Instant {
  /** Shown as it is by the original's contract. */
  readonly text: string;
  readonly at: Date;
}

interface Row {
  /** Langfuse's own id, unique within the project. */
  readonly id: string;
  /** The project's name in our settings, whatever Langfuse calls it. */
  readonly projectId: string;
  readonly environment: string;
  /** A number did not fit and was clamped or left out; the payload holds what came. */
  readonly isClamped: boolean;
}

/** Legacy API only; with observations v2 a session is what its observations say (`derive-traces.ts`). */
export interface SessionRow extends Row {
  /** When Langfuse first heard of it: 6 to 430 s after its first trace, in real data. */
  readonly createdAt: Instant;
}

/** Legacy API only; with observations v2 a trace is what its observations say (`derive-traces.ts`). */
export interface TraceRow extends Row {
  readonly sessionId: string | null;
  readonly timestamp: Instant;
  readonly name: string | null;
  readonly userId: string | null;
  readonly release: string | null;
  readonly version: string | null;
  readonly tags: readonly string[];
  readonly metadata: Json;
  readonly input: Json;
  readonly output: Json;
  /** From the first start to the last end of its observations. */
  readonly latencySeconds: number | null;
  /** USD. */
  readonly totalCost: number | null;
  /** In 70 of 129 real rows later than `updatedAt`: their order means nothing. */
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
}

/** What an observation of v2 says of the trace that it belongs to. */
export interface TraceContext {
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly traceName: string | null;
  readonly release: string | null;
  readonly tags: readonly string[];
}

export const OBSERVATION_TYPES = [
  'GENERATION',
  'SPAN',
  'EVENT',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EVALUATOR',
  'EMBEDDING',
  'GUARDRAIL',
] as const;

export interface ObservationRow extends Row {
  /**
   * `trace`: v2 only. Traces of v3 that Langfuse copied to v4 came along as a span `t-<trace id>` above the others. It is the trace, with
   * its name, input, output and metadata, and no step of an agent: figures leave it out.
   */
  readonly standsFor: 'observation' | 'trace';
  readonly traceId: string | null;
  /** null = a root; what hangs below a row that stands for the trace is one too. */
  readonly parentId: string | null;
  /** One of OBSERVATION_TYPES so far; a new one of Langfuse's is kept as it is. */
  readonly type: string;
  readonly name: string | null;
  readonly startTime: Instant;
  readonly endTime: Instant | null;
  /** DEBUG, DEFAULT, WARNING or ERROR so far. */
  readonly level: string;
  readonly statusMessage: string | null;
  readonly model: string | null;
  readonly input: Json;
  readonly output: Json;
  /** v2 mixes the keys of the trace's metadata in, and cuts values beyond 200 characters but for METADATA_KEPT_WHOLE. */
  readonly metadata: Json;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  /** USD; null = Langfuse does not know a price. */
  readonly cost: number | null;
  readonly latencySeconds: number | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly version: string | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
  /** v2 and exports of v2; null with the legacy API, where the trace is a row of its own. */
  readonly traceContext: TraceContext | null;
}

/** Keys of metadata that figures are made of; v2 is asked for them whole. */
export const METADATA_KEPT_WHOLE = ['mortal', 'match', 'compatibility', 'workaround'] as const;

export interface ScoreRow extends Row {
  readonly name: string;
  /** NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION so far. */
  readonly dataType: string;
  readonly value: number | boolean | string;
  /** API, EVAL or ANNOTATION so far. */
  readonly source: string;
  readonly timestamp: Instant;
  readonly comment: string | null;
  readonly metadata: Json;
  /** What it judges; an id of a trace for `observation` comes along. */
  readonly subject: ScoreSubject | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
}

export interface ScoreSubject {
  /** trace, observation, session or experiment so far. */
  readonly kind: string;
  readonly id: string;
  readonly traceId: string | null;
}
