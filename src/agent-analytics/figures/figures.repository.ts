import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Instant } from '../langfuse/canonical-rows.js';
import { rowsOf } from './rows-of.js';
import type { GapFigure, RawObservationRow, RawTraceRow, RunFigure, TraceFigure } from './trace-figures.js';

/** Reads raw rows and writes those that derive from traces, of one project and always in a transaction of a rebuild. */
@Injectable()
export class FiguresRepository {
  /**
   * One rebuild of a project at a time: a worker that has lost its run may still be at it. Within a long rebuild tables grow that the
   * planner takes for empty, and would read as a whole for every portion.
   */
  async begin(tx: Tx, projectId: string): Promise<void> {
    await tx.query({
      name: 'agents.figures.use-indexes',
      text: "SELECT set_config('enable_seqscan', 'off', true)",
      values: [],
    });
    await tx.query({
      name: 'agents.figures.lock',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [ADVISORY_LOCK.agentFigures, projectId],
    });
  }

  /** In a transaction of any role; waits for nobody, for each has a mark of its own. */
  async insertDirtyProject(tx: Tx, projectId: string): Promise<void> {
    await tx.query({
      name: 'agents.figures.insert-dirty-project',
      text: 'INSERT INTO agent_analytics.dirty_project (project_id) VALUES ($1)',
      values: [projectId],
    });
  }

  /** @returns whether everything was to be made anew */
  async takeDirtyProject(tx: Tx, projectId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'agents.figures.take-dirty-project',
      text: 'DELETE FROM agent_analytics.dirty_project WHERE project_id = $1 RETURNING project_id',
      values: [projectId],
    });
    return rows.length > 0;
  }

  /** Everything that there is or was. */
  async markAll(tx: Tx, projectId: string): Promise<void> {
    await tx.query({
      name: 'agents.figures.mark-all-traces',
      text: `INSERT INTO agent_analytics.dirty_trace (project_id, trace_id)
             SELECT $1, id FROM agent_analytics.trace WHERE project_id = $1
             UNION SELECT $1, trace_id FROM agent_analytics.observation WHERE project_id = $1 AND trace_id IS NOT NULL
             UNION SELECT $1, trace_id FROM agent_analytics.trace_figure WHERE project_id = $1
             UNION SELECT $1, trace_id FROM agent_analytics.agent_run WHERE project_id = $1
             UNION SELECT $1, trace_id FROM agent_analytics.trace_gap WHERE project_id = $1`,
      values: [projectId],
    });
    await tx.query({
      name: 'agents.figures.mark-all-sessions',
      text: `INSERT INTO agent_analytics.dirty_session (project_id, session_id)
             SELECT $1, id FROM agent_analytics.session WHERE project_id = $1
             UNION SELECT $1, session_id FROM agent_analytics.session_figure WHERE project_id = $1`,
      values: [projectId],
    });
  }

  /** With all marks of theirs that are seen; what is read after this has what those marks tell of. */
  async takeDirtyTraces(tx: Tx, projectId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.figures.take-dirty-traces',
      text: `WITH gone AS (
               DELETE FROM agent_analytics.dirty_trace WHERE project_id = $1 AND trace_id IN
                 (SELECT DISTINCT trace_id FROM agent_analytics.dirty_trace WHERE project_id = $1 ORDER BY trace_id LIMIT $2)
               RETURNING trace_id)
             SELECT DISTINCT trace_id AS id FROM gone`,
      values: [projectId, limit],
    });
    return rows.map(({ id }) => id);
  }

  async listRawTraces(tx: Tx, projectId: string, ids: readonly string[]): Promise<RawTraceRow[]> {
    const rows = await tx.query<RawTraceColumns>({
      name: 'agents.figures.list-raw-traces',
      text: `SELECT id, environment, session_id AS "sessionId", at, at_text AS "atText", name, player_id AS "userId", release, version, tags,
               facts AS metadata, latency_s AS "latencySeconds", cost_usd AS "totalCost", created_at AS "createdAt",
               created_text AS "createdText", (extract(epoch FROM requested_at) * 1000)::float8 AS "requestedMs"
             FROM agent_analytics.trace WHERE project_id = $1 AND id = ANY ($2::text[]) AND removed_at IS NULL`,
      values: [projectId, ids],
    });
    return rows.map(({ at, atText, createdAt, createdText, ...row }) => ({
      ...row,
      timestamp: { at, text: atText },
      createdAt: instant(createdAt, createdText),
    }));
  }

  async listRawObservations(
    tx: Tx,
    projectId: string,
    traceIds: readonly string[],
  ): Promise<RawObservationRow[]> {
    const rows = await tx.query<RawObservationColumns>({
      name: 'agents.figures.list-raw-observations',
      text: `SELECT id, project_id AS "projectId", environment, is_clamped AS "isClamped", stands_for AS "standsFor", trace_id AS "traceId",
               parent_id AS "parentId", type, name, at, at_text AS "atText", end_at AS "endAt", end_text AS "endText", level,
               status_message AS "statusMessage", model, facts AS metadata, prompt_tokens AS "promptTokens",
               completion_tokens AS "completionTokens", total_tokens AS "totalTokens", cost_usd AS cost, prompt_name AS "promptName",
               prompt_version AS "promptVersion", version, trace_context AS "traceContext", created_at AS "createdAt",
               created_text AS "createdText", (extract(epoch FROM requested_at) * 1000)::float8 AS "requestedMs"
             FROM agent_analytics.observation WHERE project_id = $1 AND trace_id = ANY ($2::text[]) AND removed_at IS NULL`,
      values: [projectId, traceIds],
    });
    return rows.map(({ at, atText, endAt, endText, createdAt, createdText, ...row }) => ({
      ...row,
      startTime: { at, text: atText },
      endTime: instant(endAt, endText),
      latencySeconds: endAt === null ? null : (endAt.getTime() - at.getTime()) / 1_000,
      createdAt: instant(createdAt, createdText),
      updatedAt: null,
    }));
  }

  async takeDirtyDays(tx: Tx, projectId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ day: string }>({
      name: 'agents.figures.take-dirty-days',
      text: `DELETE FROM agent_analytics.dirty_day WHERE project_id = $1 AND on_date IN
               (SELECT on_date FROM agent_analytics.dirty_day WHERE project_id = $1 ORDER BY on_date LIMIT $2)
             RETURNING on_date::text AS day`,
      values: [projectId, limit],
    });
    return rows.map(({ day }) => day).sort();
  }

  /** @returns what changes with each portion of a rebuild, and whether there are days that a portion has left for the last one */
  async findState(tx: Tx, projectId: string): Promise<{ version: string | null; hasDirtyDays: boolean }> {
    const [row] = await tx.query<{ version: string | null; hasDirtyDays: boolean }>({
      name: 'agents.figures.find-state',
      text: `SELECT (SELECT version::text FROM agent_analytics.figure_version WHERE project_id = $1) AS version,
               EXISTS (SELECT FROM agent_analytics.dirty_day WHERE project_id = $1) AS "hasDirtyDays"`,
      values: [projectId],
    });
    return row!;
  }

  /** Whoever holds answers of before shall ask again. */
  async renewVersion(tx: Tx, projectId: string): Promise<void> {
    await tx.query({
      name: 'agents.figures.renew-version',
      text: `INSERT INTO agent_analytics.figure_version (project_id, version) VALUES ($1, gen_random_uuid())
             ON CONFLICT (project_id) DO UPDATE SET version = excluded.version`,
      values: [projectId],
    });
  }

  /** Traces, sessions and days that are out of date; more than none where all of the project is. */
  async countDirty(tx: Tx, projectId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'agents.figures.count-dirty',
      text: `SELECT ((SELECT count(*) FROM (SELECT DISTINCT trace_id FROM agent_analytics.dirty_trace WHERE project_id = $1) t)
                   + (SELECT count(*) FROM (SELECT DISTINCT session_id FROM agent_analytics.dirty_session WHERE project_id = $1) s)
                   + (SELECT count(*) FROM agent_analytics.dirty_day WHERE project_id = $1)
                   + (SELECT count(*) FROM agent_analytics.dirty_project WHERE project_id = $1))::int AS count`,
      values: [projectId],
    });
    return row!.count;
  }

  /** Puts these rows in the place of all that the traces had; their sessions and days become dirty. */
  async replaceTraces(
    tx: Tx,
    projectId: string,
    traceIds: readonly string[],
    figures: readonly TraceFigure[],
    runs: readonly RunFigure[],
    gaps: readonly GapFigure[],
  ): Promise<void> {
    const values = [projectId, traceIds];
    const days = [
      await tx.query<{ day: string }>({ name: 'agents.figures.delete-traces', text: DELETE_TRACES, values }),
      await tx.query<{ day: string }>({ name: 'agents.figures.delete-runs', text: DELETE_RUNS, values }),
      await tx.query<{ day: string }>({
        name: 'agents.figures.insert-traces',
        text: INSERT_TRACES,
        values: [projectId, JSON.stringify(figures.map(traceColumns))],
      }),
      await tx.query<{ day: string }>({
        name: 'agents.figures.insert-runs',
        text: INSERT_RUNS,
        values: [projectId, JSON.stringify(runs.map(runColumns))],
      }),
    ];
    await tx.query({ name: 'agents.figures.delete-gaps', text: DELETE_GAPS, values });
    await tx.query({
      name: 'agents.figures.insert-gaps',
      text: INSERT_GAPS,
      values: [projectId, JSON.stringify(gaps.map(({ at, ...gap }) => ({ ...gap, at: at.at })))],
    });
    await tx.query({
      name: 'agents.figures.mark-days',
      text: `INSERT INTO agent_analytics.dirty_day (project_id, on_date)
             SELECT DISTINCT $1, day FROM unnest($2::date[]) d(day) ON CONFLICT DO NOTHING`,
      values: [projectId, days.flat().map(({ day }) => day)],
    });
  }

  /** Sums of days of UTC, made anew. Added up in the order of time, so that the same rows always make the same sums. */
  async rebuildDays(tx: Tx, projectId: string, days: readonly string[]): Promise<void> {
    const values = [projectId, days];
    for (const [name, text] of [
      ['agents.figures.delete-chapter-days', DELETE_CHAPTER_DAYS],
      ['agents.figures.insert-chapter-days', INSERT_CHAPTER_DAYS],
      ['agents.figures.delete-agent-days', DELETE_AGENT_DAYS],
      ['agents.figures.insert-agent-days', INSERT_AGENT_DAYS],
    ] as const)
      await tx.query({ name, text, values });
  }
}

type Cut<Row, Keys extends PropertyKey> = Omit<Row, Keys> & {
  at: Date;
  atText: string;
  createdAt: Date | null;
  createdText: string | null;
};
type RawTraceColumns = Cut<RawTraceRow, 'timestamp' | 'createdAt'>;
type RawObservationColumns = Cut<
  RawObservationRow,
  'startTime' | 'endTime' | 'createdAt' | 'updatedAt' | 'latencySeconds'
> & { endAt: Date | null; endText: string | null };
function instant(at: Date | null, text: string | null): Instant | null {
  return at === null || text === null ? null : { at, text };
}

function traceColumns(trace: TraceFigure): object {
  const { at, createdAt, ...rest } = trace;
  return { ...rest, at: at.at, atText: at.text, createdAt: createdAt?.at, createdText: createdAt?.text };
}

function runColumns({ at, ...run }: RunFigure): object {
  return { ...run, at: at.at, atText: at.text };
}

const DAY = (column: string): string => `(${column} AT TIME ZONE 'UTC')::date`;

const DELETE_TRACES = `
  WITH gone AS (
    DELETE FROM agent_analytics.trace_figure WHERE ${rowsOf('trace_figure', 'trace_id')} RETURNING session_id, at
  ), marked AS (
    INSERT INTO agent_analytics.dirty_session (project_id, session_id)
    SELECT DISTINCT $1, session_id FROM gone WHERE session_id IS NOT NULL
  )
  SELECT DISTINCT ${DAY('at')}::text AS day FROM gone`;

const DELETE_RUNS = `
  WITH gone AS (DELETE FROM agent_analytics.agent_run WHERE ${rowsOf('agent_run', 'trace_id')} RETURNING at)
  SELECT DISTINCT ${DAY('at')}::text AS day FROM gone`;

const INSERT_TRACES = `
  WITH made AS (
    INSERT INTO agent_analytics.trace_figure (project_id, trace_id, session_id, environment, release, at, at_text, created_at, created_text,
      chapter, chapter_number, mortal, match, compatibility, player_id, latency_s, cost_usd, total_tokens, is_error, has_end, models)
    SELECT $1, "traceId", "sessionId", environment, release, at, "atText", "createdAt", "createdText", chapter, "chapterNumber", mortal,
      match, compatibility, "playerId", "latencyS", "costUsd", "totalTokens", "isError", "hasEnd", models
    FROM json_to_recordset($2::json) AS t("traceId" text, "sessionId" text, environment text, release text, at timestamptz, "atText" text,
      "createdAt" timestamptz, "createdText" text, chapter text, "chapterNumber" int, mortal text, match text, compatibility float8, "playerId" text,
      "latencyS" float8, "costUsd" float8, "totalTokens" float8, "isError" boolean, "hasEnd" boolean, models jsonb)
    RETURNING session_id, at
  ), marked AS (
    INSERT INTO agent_analytics.dirty_session (project_id, session_id)
    SELECT DISTINCT $1, session_id FROM made WHERE session_id IS NOT NULL
  )
  SELECT DISTINCT ${DAY('at')}::text AS day FROM made`;

const INSERT_RUNS = `
  WITH made AS (
    INSERT INTO agent_analytics.agent_run (project_id, observation_id, trace_id, name, environment, model, at, at_text, latency_ms, cost_usd,
      total_tokens, is_error, error_type, models)
    SELECT $1, id, "traceId", name, environment, model, at, "atText", "latencyMs", "costUsd", "totalTokens", "isError", "errorType", models
    FROM json_to_recordset($2::json) AS r(id text, "traceId" text, name text, environment text, model text, at timestamptz, "atText" text,
      "latencyMs" float8, "costUsd" float8, "totalTokens" float8, "isError" boolean, "errorType" text, models jsonb)
    RETURNING at
  )
  SELECT DISTINCT ${DAY('at')}::text AS day FROM made`;

const DELETE_GAPS = `DELETE FROM agent_analytics.trace_gap WHERE ${rowsOf('trace_gap', 'trace_id')}`;

const INSERT_GAPS = `
  INSERT INTO agent_analytics.trace_gap (project_id, trace_id, kind, agent, environment, at, count)
  SELECT $1, "traceId", kind, agent, environment, at, count FROM json_to_recordset($2::json)
    AS g("traceId" text, kind text, agent text, environment text, at timestamptz, count int)`;

/** Rows that began on one of the days in $2. */
const ON_DAYS = `JOIN unnest($2::date[]) AS d(day)
    ON t.at >= d.day::timestamp AT TIME ZONE 'UTC' AND t.at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'`;

const DELETE_CHAPTER_DAYS = `DELETE FROM agent_analytics.chapter_day WHERE project_id = $1 AND on_date = ANY ($2::date[])`;

const INSERT_CHAPTER_DAYS = `
  INSERT INTO agent_analytics.chapter_day (project_id, on_date, chapter, trace_count, cost_usd, total_tokens, latency_sum_s, latency_count,
    error_count)
  SELECT $1, d.day, coalesce(t.chapter, ''), count(*), sum(t.cost_usd ORDER BY t.at, t.trace_id),
    sum(t.total_tokens ORDER BY t.at, t.trace_id), coalesce(sum(t.latency_s ORDER BY t.at, t.trace_id), 0), count(t.latency_s),
    count(*) FILTER (WHERE t.is_error)
  FROM agent_analytics.trace_figure t ${ON_DAYS} WHERE t.project_id = $1 GROUP BY 2, 3`;

const DELETE_AGENT_DAYS = `DELETE FROM agent_analytics.agent_day WHERE project_id = $1 AND on_date = ANY ($2::date[])`;

const INSERT_AGENT_DAYS = `
  WITH run AS (
    SELECT t.*, d.day, extract(hour FROM t.at AT TIME ZONE 'UTC')::int AS hour FROM agent_analytics.agent_run t ${ON_DAYS}
    WHERE t.project_id = $1
  ), hours AS (
    SELECT day, name, array_agg(count ORDER BY hour) AS counts FROM (
      SELECT n.day, n.name, h.hour, count(r.hour)::int AS count
      FROM (SELECT DISTINCT day, name FROM run) n CROSS JOIN generate_series(0, 23) h(hour)
      LEFT JOIN run r ON (r.day, r.name, r.hour) = (n.day, n.name, h.hour) GROUP BY 1, 2, 3
    ) c GROUP BY 1, 2
  )
  INSERT INTO agent_analytics.agent_day (project_id, on_date, name, run_count, error_count, latency_sum_ms, latency_count, cost_usd,
    total_tokens, hour_counts)
  SELECT $1, r.day, r.name, count(*), count(*) FILTER (WHERE r.is_error),
    coalesce(sum(r.latency_ms ORDER BY r.at, r.observation_id), 0), count(r.latency_ms),
    sum(r.cost_usd ORDER BY r.at, r.observation_id), sum(r.total_tokens ORDER BY r.at, r.observation_id), min(h.counts)
  FROM run r JOIN hours h USING (day, name) GROUP BY 2, 3`;
