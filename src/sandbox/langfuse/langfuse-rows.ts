// What a Langfuse has in its tables, before any API has put it into words. Input, output and values of metadata are text there,
// as in ClickHouse: the legacy API parses them, v2 hands them out as they are.

export interface StoredSession {
  readonly id: string;
  readonly createdAtMs: number;
  readonly environment: string;
}

export interface StoredTrace {
  readonly id: string;
  readonly sessionId: string | null;
  readonly timestampMs: number;
  readonly name: string | null;
  readonly userId: string | null;
  readonly release: string | null;
  readonly version: string | null;
  readonly environment: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly input: string | null;
  readonly output: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface StoredObservation {
  readonly id: string;
  readonly traceId: string | null;
  readonly parentId: string | null;
  readonly type: string;
  readonly name: string | null;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly model: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly usage: Readonly<Record<string, number>>;
  /** USD by kind, with `total`; empty where no price is known. */
  readonly cost: Readonly<Record<string, number>>;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly version: string | null;
  readonly environment: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface StoredScore {
  readonly id: string;
  readonly name: string;
  readonly dataType: 'NUMERIC' | 'BOOLEAN' | 'CATEGORICAL' | 'TEXT' | 'CORRECTION';
  readonly value: number | boolean | string;
  readonly source: 'API' | 'EVAL' | 'ANNOTATION';
  readonly timestampMs: number;
  readonly environment: string;
  readonly comment: string | null;
  readonly subject: { readonly kind: string; readonly id: string; readonly traceId?: string };
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface StoredRows {
  sessions: StoredSession;
  traces: StoredTrace;
  observations: StoredObservation;
  scores: StoredScore;
}

export type Kind = keyof StoredRows;
export const KINDS = ['sessions', 'traces', 'observations', 'scores'] as const satisfies readonly Kind[];
