import type { StoredObservation, StoredScore, StoredSession, StoredTrace } from './langfuse-rows.js';
import type { LangfuseWorld } from './langfuse-world.js';

// Rows as the APIs put them into words. Answers are put together as text, so that a number in a payload leaves as it was stored,
// however long it is.

export const TRACE_FIELDS = ['core', 'io', 'scores', 'observations', 'metrics'] as const;
export type TraceField = (typeof TRACE_FIELDS)[number];
export const OBSERVATION_FIELDS = [
  'core',
  'basic',
  'time',
  'io',
  'metadata',
  'model',
  'usage',
  'prompt',
  'metrics',
  'trace_context',
] as const;
export type ObservationField = (typeof OBSERVATION_FIELDS)[number];
export const SCORE_FIELDS = ['details', 'subject', 'annotation'] as const;
export type ScoreField = (typeof SCORE_FIELDS)[number];

/** v2 cuts values of metadata unless their key is to be expanded. */
const LONGEST_METADATA = 200;

export function sessionWire(projectId: string, { id, createdAtMs, environment }: StoredSession): string {
  return JSON.stringify({ id, createdAt: iso(createdAtMs), projectId, environment });
}

export function traceWire(
  world: LangfuseWorld,
  row: StoredTrace,
  fields: readonly TraceField[],
  nowMs: number,
): string {
  const has = (field: TraceField): boolean => fields.includes(field);
  const figures = has('metrics') || has('observations') ? world.figuresOf(row.id, nowMs) : undefined;
  const core = {
    id: row.id,
    projectId: world.projectId,
    name: row.name,
    timestamp: iso(row.timestampMs),
    environment: row.environment,
    tags: row.tags,
    bookmarked: false,
    release: row.release,
    version: row.version,
    userId: row.userId,
    sessionId: row.sessionId,
    public: false,
    createdAt: iso(row.createdAtMs),
    updatedAt: iso(row.updatedAtMs),
    observations: has('observations') ? figures!.observationIds : [],
    scores: [],
    totalCost: has('metrics') ? figures!.costUsd : -1,
    latency: has('metrics') ? figures!.latencyS : -1,
    htmlPath: `/project/${world.projectId}/traces/${row.id}`,
    externalId: null,
  };
  if (!has('io')) return JSON.stringify(core);
  return withRaw(core, {
    input: parsed(row.input),
    output: parsed(row.output),
    metadata: parsedMetadata(row.metadata),
  });
}

export function observationV1Wire(world: LangfuseWorld, row: StoredObservation): string {
  const [input, output] = [usageOf(row, 'input'), usageOf(row, 'output')];
  const total = row.usage['total'] ?? input + output;
  return withRaw(
    {
      id: row.id,
      traceId: row.traceId,
      projectId: world.projectId,
      type: row.type,
      name: row.name,
      parentObservationId: row.parentId,
      startTime: iso(row.startMs),
      endTime: isoOrNull(row.endMs),
      completionStartTime: null,
      model: row.model,
      modelParameters: null,
      version: row.version,
      level: row.level,
      statusMessage: row.statusMessage,
      environment: row.environment,
      usageDetails: row.usage,
      costDetails: row.cost,
      usage: { unit: 'TOKENS', input, output, total },
      unit: 'TOKENS',
      promptTokens: input,
      completionTokens: output,
      totalTokens: total,
      promptId: null,
      promptName: row.promptName,
      promptVersion: row.promptVersion,
      modelId: null,
      inputPrice: null,
      outputPrice: null,
      totalPrice: null,
      calculatedInputCost: row.cost['input'] ?? null,
      calculatedOutputCost: row.cost['output'] ?? null,
      calculatedTotalCost: row.cost['total'] ?? null,
      latency: latencyOf(row),
      timeToFirstToken: null,
      createdAt: iso(row.createdAtMs),
      updatedAt: iso(row.updatedAtMs),
      usagePricingTierName: null,
      usagePricingTierId: null,
    },
    { input: parsed(row.input), output: parsed(row.output), metadata: parsedMetadata(row.metadata) },
  );
}

export function observationV2Wire(
  world: LangfuseWorld,
  row: StoredObservation,
  fields: readonly ObservationField[],
  expanded: readonly string[],
  nowMs: number,
): string {
  const trace = row.traceId === null ? undefined : world.traces.rowOf(row.traceId, nowMs);
  const groups: Record<ObservationField, () => object> = {
    core: () => ({
      id: row.id,
      traceId: row.traceId,
      startTime: iso(row.startMs),
      endTime: isoOrNull(row.endMs),
      projectId: world.projectId,
      parentObservationId: row.parentId,
      type: row.type,
      modelId: null,
      inputPrice: null,
      outputPrice: null,
      totalPrice: null,
    }),
    basic: () => ({
      name: row.name,
      level: row.level,
      statusMessage: row.statusMessage,
      version: row.version,
      environment: row.environment,
      bookmarked: false,
      public: false,
      userId: trace?.userId ?? null,
      sessionId: trace?.sessionId ?? null,
      isRootObservation: row.parentId === null,
    }),
    time: () => ({
      completionStartTime: null,
      createdAt: iso(row.createdAtMs),
      updatedAt: iso(row.updatedAtMs),
    }),
    io: () => ({ input: row.input, output: row.output }),
    // Langfuse mixes the trace's metadata in when it copies rows to its events.
    metadata: () => ({ metadata: cutMetadata({ ...trace?.metadata, ...row.metadata }, expanded) }),
    model: () => ({ providedModelName: row.model, internalModelId: null, modelParameters: null }),
    usage: () => ({
      usageDetails: row.usage,
      costDetails: row.cost,
      totalCost: row.cost['total'] ?? null,
      usagePricingTierName: null,
    }),
    prompt: () => ({ promptId: null, promptName: row.promptName, promptVersion: row.promptVersion }),
    metrics: () => ({ latency: latencyOf(row), timeToFirstToken: null }),
    trace_context: () => ({
      tags: trace?.tags ?? [],
      release: trace?.release ?? null,
      traceName: trace?.name ?? null,
    }),
  };
  // Groups have no key in common; one small object each is far quicker than one large one.
  const asked = OBSERVATION_FIELDS.filter((field) => field === 'core' || fields.includes(field));
  return `{${asked.map((field) => JSON.stringify(groups[field]()).slice(1, -1)).join(',')}}`;
}

export function scoreWire(projectId: string, row: StoredScore, fields: readonly ScoreField[]): string {
  return JSON.stringify({
    id: row.id,
    projectId,
    name: row.name,
    value: row.value,
    dataType: row.dataType,
    source: row.source,
    timestamp: iso(row.timestampMs),
    environment: row.environment,
    createdAt: iso(row.createdAtMs),
    updatedAt: iso(row.updatedAtMs),
    ...(fields.includes('details') ? { comment: row.comment, configId: null, metadata: {} } : {}),
    ...(fields.includes('subject') ? { subject: row.subject } : {}),
    ...(fields.includes('annotation') ? { authorUserId: null, queueId: null } : {}),
  });
}

/** `{"data":[...],"meta":...}` of rows that are text already. */
export function listWire(rows: readonly string[], meta: object, more: object = {}): string {
  const rest = Object.entries({ meta, ...more }).map(
    ([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  return `{"data":[${rows.join(',')}]${rest.join('')}}`;
}

/** An object with some values that are JSON text already. */
export function withRaw(object: object, raw: Readonly<Record<string, string>>): string {
  const rest = Object.entries(raw).map(([key, text]) => `,${JSON.stringify(key)}:${text}`);
  return `${JSON.stringify(object).slice(0, -1)}${rest.join('')}}`;
}

/** Stored text as the JSON text that the legacy API makes of it. */
function parsed(text: string | null): string {
  if (text === null) return 'null';
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

function parsedMetadata(metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries(metadata).map(([key, text]) => `${JSON.stringify(key)}:${parsed(text)}`);
  return `{${entries.join(',')}}`;
}

function cutMetadata(metadata: Record<string, string>, expanded: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, text]) => [
      key,
      expanded.includes(key) ? text : text.slice(0, LONGEST_METADATA),
    ]),
  );
}

/** Langfuse's reduction: all kinds that begin so. */
function usageOf({ usage }: StoredObservation, prefix: string): number {
  return Object.entries(usage).reduce(
    (sum, [kind, count]) => (kind.startsWith(prefix) ? sum + count : sum),
    0,
  );
}

function latencyOf({ startMs, endMs }: StoredObservation): number | null {
  return endMs === null ? null : (endMs - startMs) / 1_000;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
