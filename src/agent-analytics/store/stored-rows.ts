import { payloadMs } from '../figures/payload-time.js';
import { choicesIn } from '../figures/spoken-choices.js';
import {
  type Instant,
  type Json,
  METADATA_KEPT_WHOLE,
  type ObservationRow,
  type ScoreRow,
  type SessionRow,
  type TraceRow,
} from '../langfuse/canonical-rows.js';

// Rows of Langfuse as the columns of their tables. Of metadata the keys that figures are made of become `facts`, of inputs and outputs what
// was offered and picked becomes `choices`, so that figures outlive the texts.

type Columns = { readonly id: string; readonly [column: string]: unknown };

export function storedSession(row: SessionRow): Columns {
  const { id, environment, createdAt } = row;
  return {
    id,
    environment,
    created_at: iso(createdAt),
    created_text: createdAt.text,
    is_clamped: row.isClamped,
  };
}

export function storedTrace(row: TraceRow): Columns {
  return {
    id: row.id,
    environment: row.environment,
    session_id: row.sessionId,
    at: iso(row.timestamp),
    at_text: row.timestamp.text,
    name: row.name,
    player_id: row.userId,
    release: row.release,
    version: row.version,
    tags: row.tags,
    facts: factsOf(row.metadata),
    latency_s: row.latencySeconds,
    cost_usd: row.totalCost,
    created_at: isoOrNull(row.createdAt),
    created_text: row.createdAt?.text ?? null,
    updated_at: isoOrNull(row.updatedAt),
    is_clamped: row.isClamped,
    ...payloadOf(row, row.timestamp),
  };
}

export function storedObservation(row: ObservationRow): Columns {
  return {
    id: row.id,
    environment: row.environment,
    stands_for: row.standsFor,
    trace_id: row.traceId,
    parent_id: row.parentId,
    type: row.type,
    name: row.name,
    at: iso(row.startTime),
    at_text: row.startTime.text,
    end_at: isoOrNull(row.endTime),
    end_text: row.endTime?.text ?? null,
    level: row.level,
    status_message: row.statusMessage,
    model: row.model,
    facts: factsOf(row.metadata),
    choices: row.type === 'GENERATION' ? choicesIn(row.input, row.output) : null,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    total_tokens: row.totalTokens,
    cost_usd: row.cost,
    prompt_name: row.promptName,
    prompt_version: row.promptVersion,
    version: row.version,
    trace_context: row.traceContext,
    created_at: isoOrNull(row.createdAt),
    created_text: row.createdAt?.text ?? null,
    updated_at: isoOrNull(row.updatedAt),
    is_clamped: row.isClamped,
    ...payloadOf(row, row.startTime),
  };
}

export function storedScore(row: ScoreRow): Columns {
  const { value, subject } = row;
  return {
    id: row.id,
    environment: row.environment,
    name: row.name,
    data_type: row.dataType,
    number_value: typeof value === 'string' ? null : Number(value),
    text_value: typeof value === 'string' ? value : null,
    source: row.source,
    at: iso(row.timestamp),
    at_text: row.timestamp.text,
    comment: row.comment,
    subject_kind: subject?.kind ?? null,
    subject_id: subject?.id ?? null,
    trace_id: subject?.kind === 'trace' ? subject.id : (subject?.traceId ?? null),
    updated_at: isoOrNull(row.updatedAt),
    is_clamped: row.isClamped,
  };
}

/** First days of the months that the texts of these rows lie in. */
export function payloadMonths(rows: readonly Columns[]): string[] {
  return [...new Set(rows.map((row) => `${String(row['payload_at']).slice(0, 7)}-01`))];
}

/** A text is kept as JSON's null only where Langfuse has one inside of something else. */
function payloadOf(
  { input, output, metadata }: { input: Json; output: Json; metadata: Json },
  { at }: Instant,
): Record<string, unknown> {
  return { input, output, metadata, payload_at: new Date(payloadMs(at.getTime())).toISOString() };
}

function factsOf(metadata: Json): Record<string, Json> {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return {};
  const given = metadata as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    METADATA_KEPT_WHOLE.filter((key) => given[key] != null).map((key) => [key, given[key]!]),
  );
}

/** With a sign where the year needs one, which PostgreSQL does not read: such instants are not in any window that is asked for. */
function iso({ at }: Instant): string {
  return at.toISOString();
}

function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : iso(instant);
}
