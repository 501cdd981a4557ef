import type { Instant, Json, ObservationRow, TraceRow } from '../langfuse/canonical-rows.js';
import { deriveTrace } from '../langfuse/derive-traces.js';
import { hasContent } from '../langfuse/trace-context.js';
import { type AgentRun, agentRunsOf, type Step, usedSteps, WORKAROUND } from './agent-runs.js';
import { chapterOf } from './chapters.js';
import { errorTypeOf } from './error-types.js';
import { type ModelCost, modelCosts } from './model-costs.js';
import type { StoryNames } from './story-names.js';
import { type TraceGap, traceGapsOf } from './trace-gaps.js';

// What is known of one trace, whichever API its rows came by. The legacy API has a row of the trace itself; by observations v2 it is what
// its observations say. Where there are both, whichever was asked for later is believed.

export type RawTraceRow = Omit<TraceRow, 'input' | 'output' | 'projectId' | 'isClamped' | 'updatedAt'> & {
  readonly requestedMs: number;
};

/** `metadata` are the facts that are kept of them; texts are left out. */
export type RawObservationRow = Omit<ObservationRow, 'input' | 'output'> & { readonly requestedMs: number };

export interface TraceFigure {
  readonly traceId: string;
  readonly sessionId: string | null;
  readonly environment: string;
  readonly release: string | null;
  readonly at: Instant;
  readonly createdAt: Instant | null;
  readonly chapter: string | null;
  readonly chapterNumber: number | null;
  readonly mortal: string | null;
  readonly match: string | null;
  /** What the game says of the two, 0 to 100 with the game's own agents. */
  readonly compatibility: number | null;
  readonly playerId: string | null;
  readonly latencyS: number | null;
  readonly costUsd: number;
  readonly totalTokens: number;
  readonly isError: boolean;
  readonly hasEnd: boolean;
  /** Of all its steps. */
  readonly models: readonly ModelCost[];
}

export interface RunFigure extends Omit<AgentRun, 'errorIds'> {
  /** See `errorTypeOf`; null = it has not failed. */
  readonly errorType: string | null;
  readonly traceId: string;
  readonly environment: string;
  readonly at: Instant;
}

export interface TraceAndRuns {
  /** null = its own row has not come yet, and nothing else says what it is. */
  readonly trace: TraceFigure | null;
  readonly runs: readonly RunFigure[];
  readonly gaps: readonly GapFigure[];
}

export interface GapFigure extends TraceGap {
  readonly traceId: string;
  readonly environment: string;
  readonly at: Instant;
}

/** @param rows observations of the trace in any order: they are told, and added up, in that of time and ids */
export function traceFigures(
  traceId: string,
  raw: RawTraceRow | null,
  rows: readonly RawObservationRow[],
  names: StoryNames,
): TraceAndRuns {
  const observations = [...rows].sort(byTime);
  const trace = traceOf(traceId, raw, observations);
  const steps = observations.filter(({ standsFor }) => standsFor === 'observation');
  const byId = new Map(steps.map((row) => [row.id, row]));
  const hasMark = isMarked(trace?.metadata ?? null);
  const runs = agentRunsOf(steps.map(stepOf), hasMark, names).map(({ errorIds, ...run }) => {
    const { environment, startTime } = byId.get(run.id)!;
    // The last to fail began deepest, and says why the others did.
    const said = errorIds.map((id) => byId.get(id)!.statusMessage).findLast((message) => message !== null);
    return {
      ...run,
      traceId,
      environment,
      at: startTime,
      errorType: run.isError ? errorTypeOf(said ?? null) : null,
    };
  });
  const chapter = trace === null ? null : chapterOf(trace.tags, names);
  const [earliest] = steps;
  const place = trace && { sessionId: trace.sessionId, chapter: chapter?.tag ?? null };
  const gaps = traceGapsOf(place, steps.map(stepOf), hasMark, names).map((gap) => ({
    ...gap,
    traceId,
    environment: trace?.environment ?? earliest!.environment,
    at: trace?.timestamp ?? earliest!.startTime,
  }));
  if (trace === null) return { trace: null, runs, gaps };
  const used = usedSteps(steps.map(stepOf), hasMark);
  const whole = {
    costUsd: trace.totalCost ?? steps.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    totalTokens: used.reduce((sum, { totalTokens }) => sum + totalTokens, 0),
  };
  return {
    runs,
    gaps,
    trace: {
      traceId,
      sessionId: trace.sessionId,
      environment: trace.environment,
      release: trace.release,
      at: trace.timestamp,
      createdAt: trace.createdAt,
      chapter: chapter?.tag ?? null,
      chapterNumber: chapter?.number ?? null,
      mortal: textOf(trace.metadata, 'mortal'),
      match: textOf(trace.metadata, 'match'),
      compatibility: numberOf(trace.metadata, 'compatibility'),
      playerId: trace.userId,
      latencyS: trace.latencySeconds,
      ...whole,
      isError: steps.some(({ level }) => level === 'ERROR'),
      hasEnd: runs.some(({ name }) => name === names.endAgent),
      models: modelCosts(steps.map(stepOf), used, whole),
    },
  };
}

function byTime(a: RawObservationRow, b: RawObservationRow): number {
  return a.startTime.at.getTime() - b.startTime.at.getTime() || (a.id < b.id ? -1 : 1);
}

/** The mark that usage was lost and written down once more, of a trace or of a step. */
export function isMarked(metadata: Json): boolean {
  return textOf(metadata, 'workaround') === WORKAROUND;
}

type KnownTrace = Omit<RawTraceRow, 'requestedMs'>;

function traceOf(
  traceId: string,
  raw: RawTraceRow | null,
  observations: readonly RawObservationRow[],
): KnownTrace | null {
  const telling = observations.filter(({ traceContext }) => traceContext !== null);
  const toldMs = telling
    .filter(({ traceContext }) => hasContent(traceContext))
    .reduce((latest, { requestedMs }) => Math.max(latest, requestedMs), -Infinity);
  if (raw !== null && raw.requestedMs >= toldMs) return raw;
  if (telling.length === 0) return null;
  return deriveTrace(
    traceId,
    observations.map((row) => ({ ...row, input: null, output: null })),
  );
}

function stepOf(row: RawObservationRow): Step {
  return {
    id: row.id,
    parentId: row.parentId,
    type: row.type,
    name: row.name,
    startMs: row.startTime.at.getTime(),
    endMs: row.endTime?.at.getTime() ?? null,
    level: row.level,
    model: row.model,
    totalTokens: row.totalTokens,
    costUsd: row.cost,
    isStandIn: isMarked(row.metadata),
  };
}

function textOf(metadata: Json, key: string): string | null {
  const value = valueOf(metadata, key);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** As a number, or as the text of one: Langfuse keeps metadata as text. */
function numberOf(metadata: Json, key: string): number | null {
  const value = valueOf(metadata, key);
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : null;
}

function valueOf(metadata: Json, key: string): Json {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return null;
  return (metadata as Readonly<Record<string, Json>>)[key] ?? null;
}
