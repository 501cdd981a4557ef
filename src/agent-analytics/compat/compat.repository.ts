import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { likePattern } from '../figures/figure-sql.js';
import type { StatusFilter } from './compat-query.js';

export interface SessionRow {
  id: string;
  createdText: string;
  traceCount: number;
  costUsd: number;
  latencySumS: number;
  latencyCount: number;
  mortal: string | null;
  match: string | null;
  maxChapter: number;
  isComplete: boolean;
  firstText: string | null;
  lastText: string | null;
  durationS: number | null;
}

export interface SessionSums {
  count: number;
  costUsd: number;
  completeCount: number;
  latencySumS: number;
  latencyCount: number;
  durationSumS: number;
  durationCount: number;
}

export interface ChapterSum {
  /** '' = none. */
  chapter: string;
  traceCount: number;
  costUsd: number;
  latencySumS: number;
  latencyCount: number;
}

export interface AgentSum {
  name: string;
  runCount: number;
  errorCount: number;
  latencySumMs: number;
  latencyCount: number;
  costUsd: number;
  totalTokens: number;
}

export interface AgentRunRow {
  traceId: string;
  atText: string;
  latencyMs: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

export interface SessionFilter {
  /** Inclusive; null = from the beginning. */
  from: Date | null;
  status: StatusFilter;
  search: string | null;
}

const SESSION_COLUMNS = `session_id AS id, created_text AS "createdText", trace_count AS "traceCount", cost_usd AS "costUsd",
  latency_sum_s AS "latencySumS", latency_count AS "latencyCount", mortal, match, max_chapter AS "maxChapter",
  is_complete AS "isComplete", first_text AS "firstText", last_text AS "lastText", duration_s AS "durationS"`;

/** $1 project, $2 from, $3 status, $4 pattern. */
const FILTER = `project_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)
  AND ($3 = 'all' OR is_complete = ($3 = 'complete'))
  AND ($4::text IS NULL OR session_id ILIKE $4 OR mortal ILIKE $4 OR match ILIKE $4)`;

/** Derived rows as the original's answers need them. */
@Injectable()
export class CompatRepository {
  pageStatement(projectId: string, filter: SessionFilter, offset: number, limit: number): Statement {
    return {
      name: 'agents.compat.list-sessions',
      isPlannedAnew: true,
      text: `SELECT ${SESSION_COLUMNS} FROM agent_analytics.session_figure WHERE ${FILTER}
             ORDER BY created_at DESC, session_id DESC OFFSET $5 LIMIT $6`,
      values: [...filterValues(projectId, filter), offset, limit],
    };
  }

  countStatement(projectId: string, filter: SessionFilter): Statement {
    return {
      name: 'agents.compat.count-sessions',
      isPlannedAnew: true,
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure WHERE ${FILTER}`,
      values: filterValues(projectId, filter),
    };
  }

  sessionStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.compat.find-session',
      text: `SELECT ${SESSION_COLUMNS} FROM agent_analytics.session_figure WHERE project_id = $1 AND session_id = $2`,
      values: [projectId, id],
    };
  }

  sumsStatement(projectId: string, from: Date | null): Statement {
    return {
      name: 'agents.compat.sum-sessions',
      isPlannedAnew: true,
      text: `SELECT count(*)::int AS count, coalesce(sum(cost_usd), 0) AS "costUsd", (count(*) FILTER (WHERE is_complete))::int AS "completeCount",
               coalesce(sum(latency_sum_s), 0) AS "latencySumS", coalesce(sum(latency_count), 0)::int AS "latencyCount",
               coalesce(sum(duration_s), 0) AS "durationSumS", count(duration_s)::int AS "durationCount"
             FROM agent_analytics.session_figure WHERE project_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)`,
      values: [projectId, from],
    };
  }

  /** Traces from an instant on: what is left of its day from the traces themselves, whole days from their sums. */
  chaptersStatement(projectId: string, from: Date | null): Statement {
    return {
      name: 'agents.compat.sum-chapters',
      isPlannedAnew: true,
      text: `WITH edge AS (SELECT ($2::timestamptz AT TIME ZONE 'UTC')::date AS day)
             SELECT chapter, sum(count)::int AS "traceCount", sum(cost) AS "costUsd", sum(latency) AS "latencySumS",
               sum(timed)::int AS "latencyCount"
             FROM (
               SELECT c.chapter, c.trace_count AS count, c.cost_usd AS cost, c.latency_sum_s AS latency, c.latency_count AS timed
               FROM agent_analytics.chapter_day c, edge e WHERE c.project_id = $1 AND (e.day IS NULL OR c.on_date > e.day)
               UNION ALL
               SELECT coalesce(t.chapter, ''), count(*), sum(t.cost_usd), coalesce(sum(t.latency_s), 0), count(t.latency_s)
               FROM agent_analytics.trace_figure t, edge e
               WHERE t.project_id = $1 AND t.at >= $2 AND t.at < (e.day + 1)::timestamp AT TIME ZONE 'UTC' GROUP BY 1
             ) s GROUP BY chapter`,
      values: [projectId, from],
    };
  }

  /** Sessions that had a trace from an instant on. */
  playedStatement(projectId: string, from: Date | null): Statement {
    return {
      name: 'agents.compat.count-played',
      isPlannedAnew: true,
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure
             WHERE project_id = $1 AND last_at IS NOT NULL AND ($2::timestamptz IS NULL OR last_at >= $2)`,
      values: [projectId, from],
    };
  }

  /** Traces per day of UTC, of the last days that lead up to the last one with any. */
  daysStatement(projectId: string, days: number): Statement {
    return {
      name: 'agents.compat.list-days',
      text: `WITH counted AS (
               SELECT on_date, sum(trace_count)::int AS count FROM agent_analytics.chapter_day WHERE project_id = $1 GROUP BY 1
             ), span AS (
               SELECT min(on_date) AS first, max(on_date) AS last FROM counted
               WHERE on_date > (SELECT max(on_date) FROM counted) - $2::int
             )
             SELECT d::date::text AS date, coalesce(c.count, 0) AS count
             FROM span s, generate_series(s.first, s.last, interval '1 day') d LEFT JOIN counted c ON c.on_date = d::date ORDER BY d`,
      values: [projectId, days],
    };
  }

  /** @param name null = all agents */
  agentsStatement(projectId: string, name: string | null): Statement {
    return {
      name: 'agents.compat.sum-agents',
      isPlannedAnew: true,
      text: `SELECT name, sum(run_count)::int AS "runCount", sum(error_count)::int AS "errorCount", sum(latency_sum_ms) AS "latencySumMs",
               sum(latency_count)::int AS "latencyCount", sum(cost_usd) AS "costUsd", sum(total_tokens) AS "totalTokens"
             FROM agent_analytics.agent_day WHERE project_id = $1 AND ($2::text IS NULL OR name = $2)
             GROUP BY name ORDER BY "runCount" DESC, name COLLATE "C"`,
      values: [projectId, name],
    };
  }

  runsStatement(projectId: string, name: string, isTimedOnly: boolean, limit: number): Statement {
    return {
      name: 'agents.compat.list-runs',
      text: `SELECT trace_id AS "traceId", at_text AS "atText", latency_ms AS "latencyMs", cost_usd AS "costUsd",
               total_tokens AS "totalTokens", is_error AS "isError"
             FROM agent_analytics.agent_run WHERE project_id = $1 AND name = $2 AND (NOT $3 OR latency_ms IS NOT NULL)
             ORDER BY at DESC, observation_id DESC LIMIT $4`,
      values: [projectId, name, isTimedOnly, limit],
    };
  }

  hoursStatement(projectId: string, name: string): Statement {
    return {
      name: 'agents.compat.list-hours',
      text: `SELECT (h.ordinality - 1)::int AS hour, sum(h.count)::int AS count
             FROM agent_analytics.agent_day d, unnest(d.hour_counts) WITH ORDINALITY AS h(count, ordinality)
             WHERE d.project_id = $1 AND d.name = $2 GROUP BY 1`,
      values: [projectId, name],
    };
  }
}

function filterValues(projectId: string, { from, status, search }: SessionFilter): unknown[] {
  return [projectId, from, status, search === null ? null : likePattern(search)];
}
