import { recordedWorld } from '../../src/sandbox/langfuse/recorded-world.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { AgentsTrial, NEVER, recordedFolder, recordedRows } from './agents-trial.js';
import { openLangfuse } from './langfuse-trial.js';
import type { TestUnits } from './units.js';

// Plays of a project as plain lists, for figures told naively.

export interface PlainTrace {
  traceId: string;
  sessionId: string | null;
  environment: string;
  release: string | null;
  chapter: string | null;
  atMs: number;
  latencyS: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

export interface PlainRun {
  traceId: string;
  observationId: string;
  name: string;
  environment: string;
  model: string | null;
  atMs: number;
  latencyMs: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
  errorType: string | null;
}

export interface PlainGeneration {
  traceId: string;
  model: string | null;
  costUsd: number;
  totalTokens: number;
}

export interface PlainStory {
  sessionId: string;
  environment: string;
  release: string | null;
  playerId: string | null;
  mortal: string | null;
  match: string | null;
  compatibility: number | null;
  maxChapter: number;
  hasEnd: boolean;
  isComplete: boolean;
  costUsd: number;
  wallS: number | null;
  /** First trace; null = none. */
  atMs: number | null;
  endedMs: number;
}

export interface PlainTurn {
  sessionId: string;
  ordinal: number;
  environment: string;
  chapter: string | null;
  atMs: number;
  latencyMs: number;
  restMs: number | null;
  offered: { key: string }[];
  pickedKey: string | null;
}

export interface PlainGap {
  traceId: string;
  kind: string;
  agent: string;
  environment: string;
  atMs: number;
  count: number;
}

export interface PlainScore {
  sessionId: string | null;
  ending: string;
  atMs: number;
  id: string;
}

export interface PlainWorld {
  projectId: string;
  traces: PlainTrace[];
  runs: PlainRun[];
  generations: PlainGeneration[];
  stories: PlainStory[];
  turns: PlainTurn[];
  gaps: PlainGap[];
  endings: PlainScore[];
}

/** Projects that worlds are copied into: two of random plays, and the recorded one where its rows are at hand. */
export const WORLDS = ['seed-3', 'seed-8', ...(recordedFolder === undefined ? [] : ['recorded'])];

/** Copies a world, with some of what instrumentation leaves out left out. */
export async function copyWorld(units: TestUnits, projectId: string): Promise<PlainWorld> {
  const seed = Number(projectId.split('-')[1]);
  const fromMs = Date.UTC(2026, 2, 27);
  const world =
    projectId === 'recorded'
      ? recordedWorld('p', recordedRows())
      : storyWorld({ projectId: 'p', seed, fromMs, untilMs: fromMs + 12 * 86_400_000, observations: 900 });
  const trial = new AgentsTrial(units);
  const langfuse = await openLangfuse(units, world);
  await trial.copy(langfuse, projectId);
  await langfuse.close();
  if (projectId !== 'recorded') await leaveOut(units, projectId);
  await trial.figures.rebuildAll(projectId, NEVER);
  return plainWorld(units, projectId);
}

async function leaveOut(units: TestUnits, projectId: string): Promise<void> {
  for (const sql of [
    `UPDATE agent_analytics.trace SET session_id = NULL WHERE project_id = $1 AND id LIKE '%3'`,
    `UPDATE agent_analytics.trace SET tags = '{}' WHERE project_id = $1 AND id LIKE '%5'`,
    `UPDATE agent_analytics.trace SET player_id = 'player-' || length(replace(session_id, '1', '')) || right(session_id, 1)
     WHERE project_id = $1 AND session_id IS NOT NULL`,
    `UPDATE agent_analytics.trace SET player_id = NULL WHERE project_id = $1 AND session_id LIKE '%4'`,
    `UPDATE agent_analytics.observation SET parent_id = 'gone' WHERE project_id = $1 AND type = 'GENERATION' AND id LIKE '%7'`,
    `UPDATE agent_analytics.observation SET cost_usd = NULL WHERE project_id = $1 AND id LIKE '%a'`,
    `UPDATE agent_analytics.observation SET trace_id = NULL WHERE project_id = $1 AND id LIKE '%00'`,
    `UPDATE agent_analytics.observation SET status_message = 'HTTP 503' WHERE project_id = $1 AND level = 'ERROR' AND id LIKE '%5'`,
  ])
    await units.owner(sql, [projectId]);
}

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

async function plainWorld(units: TestUnits, projectId: string): Promise<PlainWorld> {
  const list = <Row extends object>(columns: string, table: string): Promise<Row[]> =>
    units.owner<Row>(`SELECT ${columns} FROM agent_analytics.${table} WHERE project_id = $1`, [projectId]);
  return {
    projectId,
    traces: await list<PlainTrace>(
      `trace_id AS "traceId", session_id AS "sessionId", environment, release, chapter, ${MS('at')} AS "atMs",
       latency_s AS "latencyS", cost_usd AS "costUsd", total_tokens AS "totalTokens", is_error AS "isError"`,
      'trace_figure',
    ),
    runs: await list<PlainRun>(
      `trace_id AS "traceId", observation_id AS "observationId", name, environment, model, ${MS('at')} AS "atMs",
       latency_ms AS "latencyMs", cost_usd AS "costUsd", total_tokens AS "totalTokens", is_error AS "isError",
       error_type AS "errorType"`,
      'agent_run',
    ),
    generations: await units.owner<PlainGeneration>(
      `SELECT trace_id AS "traceId", model, coalesce(cost_usd, 0) AS "costUsd", total_tokens AS "totalTokens"
       FROM agent_analytics.observation WHERE project_id = $1 AND type = 'GENERATION' AND removed_at IS NULL`,
      [projectId],
    ),
    stories: await list<PlainStory>(
      `session_id AS "sessionId", environment, release, player_id AS "playerId", mortal, match, compatibility,
       max_chapter AS "maxChapter", has_end AS "hasEnd", is_complete AS "isComplete", cost_usd AS "costUsd",
       wall_s AS "wallS", ${MS('first_at')} AS "atMs", ${MS('coalesce(ended_at, created_at)')} AS "endedMs"`,
      'session_figure',
    ),
    turns: await list<PlainTurn>(
      `session_id AS "sessionId", ordinal, environment, chapter, ${MS('at')} AS "atMs", latency_ms AS "latencyMs",
       rest_ms AS "restMs", offered, picked_key AS "pickedKey"`,
      'turn',
    ),
    gaps: await list<PlainGap>(
      `trace_id AS "traceId", kind, agent, environment, ${MS('at')} AS "atMs", count`,
      'trace_gap',
    ),
    endings: await units.owner<PlainScore>(
      `SELECT CASE c.subject_kind WHEN 'session' THEN c.subject_id ELSE t.session_id END AS "sessionId", c.text_value AS ending,
         ${MS('c.at')} AS "atMs", c.id
       FROM agent_analytics.score c LEFT JOIN agent_analytics.trace_figure t
         ON t.project_id = $1 AND t.trace_id IN (c.trace_id, c.subject_id)
       WHERE c.project_id = $1 AND c.name = 'ending'`,
      [projectId],
    ),
  };
}

/** As percentile_cont: between two values, as far as the place lies. */
export function quantileOf(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

export const sumOf = <Row>(rows: readonly Row[], read: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + read(row), 0);

export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sumOf(values, (value) => value) / values.length;

export const isKnown = (value: number | null): value is number => value !== null;
