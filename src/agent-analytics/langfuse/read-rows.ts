import type {
  Instant,
  Json,
  ObservationRow,
  ScoreRow,
  ScoreSubject,
  SessionRow,
  TraceContext,
  TraceRow,
} from './canonical-rows.js';
import { parsePayload } from './exact-json.js';
import { isObject, LooseFields } from './loose-fields.js';
import { hasContent } from './trace-context.js';

// One reader per kind of row. The legacy API, observations v2 and exports spell some fields differently and agree on what they
// mean, so a reader looks for all spellings; what truly differs is said by `Dialect`.

/**
 * How a row came: `legacy` (API v1, values as they are), `v2` (observations v2: input, output and values of metadata are JSON in text,
 * the trace's context is part of the row), `export` (JSON lines of a blob export: snake_case, else as v2, but traces are rows too).
 */
export type Dialect = 'legacy' | 'v2' | 'export';

export interface Refusal {
  /** null where not even that could be read. */
  readonly key: string | null;
  readonly reason: 'not an object' | 'no id' | 'no time' | 'no value';
}

export type Reading<Row> =
  { readonly row: Row; readonly refusal?: never } | { readonly row?: never; readonly refusal: Refusal };

export interface ReadContext {
  readonly dialect: Dialect;
  /** As our settings call it. */
  readonly projectId: string;
}

const DEFAULT_ENVIRONMENT = 'default';
/** Of 9,999 years. */
const LONGEST_SECONDS = 315_537_897_600;

export function readSession(raw: Json, context: ReadContext): Reading<SessionRow> {
  return read(raw, context, ['createdAt'], (fields, own, createdAt) => ({
    ...own,
    createdAt,
    isClamped: fields.isClamped,
  }));
}

export function readTrace(raw: Json, context: ReadContext): Reading<TraceRow> {
  const payload = payloadReader(context.dialect);
  return read(raw, context, ['timestamp'], (fields, own, timestamp) => ({
    ...own,
    sessionId: fields.name('sessionId'),
    timestamp,
    name: fields.name('name'),
    userId: fields.name('userId'),
    release: fields.name('release'),
    version: fields.name('version'),
    tags: fields.names('tags'),
    metadata: payload.object(fields.json('metadata')),
    input: payload.whole(fields.json('input')),
    output: payload.whole(fields.json('output')),
    latencySeconds: secondsOf(measured(fields.number('latency'))),
    totalCost: measured(fields.number('totalCost')),
    createdAt: fields.instant('createdAt'),
    updatedAt: fields.instant('updatedAt'),
    isClamped: fields.isClamped,
  }));
}

export function readObservation(raw: Json, context: ReadContext): Reading<ObservationRow> {
  const payload = payloadReader(context.dialect);
  return read(raw, context, ['startTime'], (fields, own, startTime) => {
    const traceId = fields.name('traceId');
    const parentId = fields.name('parentObservationId', 'parentSpanId');
    const endTime = fields.instant('endTime');
    const isTrace = context.dialect !== 'legacy' && traceId !== null && own.id === `t-${traceId}`;
    const tokens = tokensOf(fields);
    // Spelled out: this is the row that comes by the million, and spreading takes half of its time.
    return {
      id: own.id,
      projectId: own.projectId,
      environment: own.environment,
      standsFor: isTrace ? 'trace' : 'observation',
      traceId,
      parentId: parentId === `t-${traceId}` ? null : parentId,
      type: fields.name('type') ?? 'SPAN',
      name: fields.name('name'),
      startTime,
      endTime,
      level: fields.name('level') ?? 'DEFAULT',
      statusMessage: fields.text('statusMessage'),
      model: fields.name('providedModelName', 'model'),
      input: payload.whole(fields.json('input')),
      output: payload.whole(fields.json('output')),
      metadata: payload.object(fields.json('metadata')),
      promptTokens: tokens.promptTokens,
      completionTokens: tokens.completionTokens,
      totalTokens: tokens.totalTokens,
      cost: costOf(fields),
      latencySeconds: secondsBetween(startTime, endTime),
      promptName: fields.name('promptName'),
      promptVersion: fields.count('promptVersion'),
      version: fields.name('version'),
      createdAt: fields.instant('createdAt'),
      updatedAt: fields.instant('updatedAt'),
      traceContext: traceContextOf(fields, context.dialect),
      isClamped: fields.isClamped,
    };
  });
}

export function readScore(raw: Json, context: ReadContext): Reading<ScoreRow> {
  return read(raw, context, ['timestamp'], (fields, own, timestamp) => {
    const dataType = fields.name('dataType') ?? 'NUMERIC';
    const value = scoreValue(fields, dataType);
    if (value === null) return null;
    return {
      ...own,
      name: fields.name('name') ?? '',
      dataType,
      value,
      source: fields.name('source') ?? 'API',
      timestamp,
      comment: fields.text('comment'),
      metadata: payloadReader(context.dialect).object(fields.json('metadata')),
      subject: subjectOf(fields),
      createdAt: fields.instant('createdAt'),
      updatedAt: fields.instant('updatedAt'),
      isClamped: fields.isClamped,
    };
  });
}

type Own = Pick<SessionRow, 'id' | 'projectId' | 'environment'>;

/** What all rows share. @param make null = the row has no value */
function read<Row>(
  raw: Json,
  { dialect, projectId }: ReadContext,
  [time]: readonly [string],
  make: (fields: LooseFields, own: Own, at: Instant) => Row | null,
): Reading<Row> {
  if (!isObject(raw)) return { refusal: { key: null, reason: 'not an object' } };
  const fields = new LooseFields(dialect === 'export' ? camelCased(raw) : raw);
  const id = fields.id('id', 'spanId');
  if (id === null) return { refusal: { key: null, reason: 'no id' } };
  const at = fields.instant(time);
  if (at === null) return { refusal: { key: id, reason: 'no time' } };
  const own = {
    id,
    projectId,
    environment: fields.name('environment') ?? DEFAULT_ENVIRONMENT,
  };
  const row = make(fields, own, at);
  return row === null ? { refusal: { key: id, reason: 'no value' } } : { row };
}

interface PayloadReader {
  whole(value: Json): Json;
  /** Each value by itself. */
  object(value: Json): Json;
}

const AS_IT_IS: PayloadReader = { whole: (value) => value, object: (value) => value };
const FROM_TEXT: PayloadReader = {
  whole: parsePayload,
  object: (value) => {
    const parsed = parsePayload(value);
    if (!isObject(parsed)) return parsed;
    return Object.fromEntries(Object.entries(parsed).map(([key, one]) => [key, parsePayload(one)]));
  },
};

function payloadReader(dialect: Dialect): PayloadReader {
  return dialect === 'legacy' ? AS_IT_IS : FROM_TEXT;
}

/** -1 is what v1 writes where it was not asked for the figure. */
function measured(figure: number | null): number | null {
  return figure === -1 ? null : figure;
}

/** Nothing lasts longer than from the first to the last of all times that are kept. */
function secondsOf(figure: number | null): number | null {
  return figure === null ? null : Math.min(figure, LONGEST_SECONDS);
}

/**
 * Langfuse's own reduction of usage: `input` and everything that begins so (such as `input_cached_tokens`) is input, likewise
 * output. Rows from before `usageDetails` have the figures as fields.
 */
function tokensOf(
  fields: LooseFields,
): Pick<ObservationRow, 'promptTokens' | 'completionTokens' | 'totalTokens'> {
  const details = Object.entries(fields.object('usageDetails'));
  const sum = (prefix: string): number =>
    details
      .filter(([kind]) => kind.startsWith(prefix))
      .reduce((total, [, count]) => fields.countOf(total + (fields.countOf(count) ?? 0)) ?? 0, 0);
  if (details.length > 0) {
    const [promptTokens, completionTokens] = [sum('input'), sum('output')];
    const total = fields.countOf(details.find(([kind]) => kind === 'total')?.[1] ?? null);
    return {
      promptTokens,
      completionTokens,
      totalTokens: total ?? fields.countOf(promptTokens + completionTokens) ?? 0,
    };
  }
  const promptTokens = fields.count('promptTokens') ?? 0;
  const completionTokens = fields.count('completionTokens') ?? 0;
  const totalTokens = fields.count('totalTokens') ?? fields.countOf(promptTokens + completionTokens) ?? 0;
  return { promptTokens, completionTokens, totalTokens };
}

/** null while it runs, and for clocks that run backwards. */
function secondsBetween(start: Instant, end: Instant | null): number | null {
  const ms = end === null ? -1 : end.at.getTime() - start.at.getTime();
  return ms < 0 ? null : ms / 1_000;
}

function costOf(fields: LooseFields): number | null {
  const cost = fields.number('totalCost', 'calculatedTotalCost');
  return cost ?? fields.numberOf(fields.object('costDetails')['total'] ?? null);
}

/** null = nothing is told of the trace: legacy rows do not, and exports of their tables have the fields of a context and nothing in them. */
function traceContextOf(fields: LooseFields, dialect: Dialect): TraceContext | null {
  if (dialect === 'legacy') return null;
  const context = {
    sessionId: fields.name('sessionId'),
    userId: fields.name('userId'),
    traceName: fields.name('traceName'),
    release: fields.name('release'),
    tags: fields.names('tags', 'traceTags'),
  };
  return dialect === 'export' && !hasContent(context) ? null : context;
}

/** Exports write the value of a category beside a number. */
function scoreValue(fields: LooseFields, dataType: string): ScoreRow['value'] | null {
  const isText = dataType !== 'NUMERIC' && dataType !== 'BOOLEAN';
  if (isText) return fields.text('stringValue', 'value');
  const value = fields.json('value');
  if (dataType === 'BOOLEAN') {
    if (typeof value === 'boolean') return value;
    const number = fields.number('value');
    return number === null ? null : number !== 0;
  }
  return fields.number('value');
}

function subjectOf(fields: LooseFields): ScoreSubject | null {
  const subject = new LooseFields(fields.object('subject'));
  const [kind, id] = [subject.name('kind'), subject.name('id')];
  if (kind !== null && id !== null) return { kind, id, traceId: subject.name('traceId') };
  const traceId = fields.name('traceId');
  const candidates = [
    ['observation', fields.name('observationId')],
    ['trace', traceId],
    ['session', fields.name('sessionId')],
    ['experiment', fields.name('datasetRunId')],
  ] as const;
  const [found, foundId] = candidates.find(([, one]) => one !== null) ?? [];
  return found === undefined || foundId == null
    ? null
    : { kind: found, id: foundId, traceId: found === 'observation' ? traceId : null };
}

function camelCased(raw: { readonly [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
