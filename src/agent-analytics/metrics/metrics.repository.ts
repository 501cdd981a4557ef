import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { CostGroup } from '../figures/cost-groups.js';
import type { Span } from '../figures/time-buckets.js';
import type { Range } from '../figures/range.js';

export interface DashboardRow {
  sessionCount: number;
  activeCount: number;
  completeCount: number;
  traceCount: number;
  errorCount: number;
  costUsd: number;
  totalTokens: number;
  meanLatencyS: number | null;
}

export interface CostRow {
  key: string | null;
  count: number;
  costUsd: number;
  totalTokens: number;
}

export interface PointRow {
  from: Date;
  sessionCount: number;
  traceCount: number;
  errorCount: number;
  costUsd: number;
  totalTokens: number;
  meanLatencyS: number | null;
}

const MOST_GROUPS = 500;

/** $1 project, $2 from, $3 to, $4 environment. */
const IN_RANGE = `project_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
  AND ($4::text IS NULL OR environment = $4)`;

/** What a play cost before its pair was found is the pair's, too, so that it is the session's and not the trace's. */
const PAIR = `(SELECT s.mortal || ' & ' || s.match FROM agent_analytics.session_figure s
  WHERE s.project_id = f.project_id AND s.session_id = f.session_id)`;

const GROUPS: Readonly<Record<CostGroup, { readonly table: string; readonly key: string }>> = {
  chapter: { table: 'trace_figure', key: 'chapter' },
  pair: { table: 'trace_figure', key: PAIR },
  release: { table: 'trace_figure', key: 'release' },
  agent: { table: 'agent_run', key: 'name' },
  model: { table: 'agent_run', key: 'model' },
};

@Injectable()
export class MetricsRepository {
  /** @param activeAfter whatever has ended since and is not complete counts as active */
  dashboardStatement(projectId: string, { from, to, environment }: Range, activeAfter: Date): Statement {
    return {
      name: 'agents.metrics.dashboard',
      isPlannedAnew: true,
      text: `WITH t AS (SELECT * FROM agent_analytics.trace_figure WHERE ${IN_RANGE}),
             s AS (
               SELECT f.is_complete, coalesce(f.ended_at, f.created_at) > $5::timestamptz AS is_recent
               FROM agent_analytics.session_figure f WHERE f.project_id = $1 AND f.session_id IN (SELECT session_id FROM t)
             )
             SELECT s.*, t.* FROM (
               SELECT count(*)::int AS "sessionCount", (count(*) FILTER (WHERE is_complete))::int AS "completeCount",
                 (count(*) FILTER (WHERE NOT is_complete AND is_recent))::int AS "activeCount" FROM s
             ) s, (
               SELECT count(*)::int AS "traceCount", (count(*) FILTER (WHERE is_error))::int AS "errorCount",
                 coalesce(sum(cost_usd), 0) AS "costUsd", coalesce(sum(total_tokens), 0) AS "totalTokens", avg(latency_s) AS "meanLatencyS"
               FROM t
             ) t`,
      values: [projectId, from, to, environment, activeAfter],
    };
  }

  /** @param starts Unix milliseconds, see bucket-starts.ts */
  seriesStatement(
    projectId: string,
    { from, to }: Span,
    environment: string | null,
    starts: readonly number[],
  ): Statement {
    return {
      name: 'agents.metrics.series',
      isPlannedAnew: true,
      text: `WITH t AS (
               SELECT width_bucket(at, $5::timestamptz[]) AS n, count(DISTINCT session_id)::int AS sessions, count(*)::int AS traces,
                 (count(*) FILTER (WHERE is_error))::int AS errors, sum(cost_usd) AS cost, sum(total_tokens) AS tokens,
                 avg(latency_s) AS latency
               FROM agent_analytics.trace_figure WHERE ${IN_RANGE} GROUP BY 1
             )
             SELECT b.start AS "from", coalesce(t.sessions, 0) AS "sessionCount", coalesce(t.traces, 0) AS "traceCount",
               coalesce(t.errors, 0) AS "errorCount", coalesce(t.cost, 0) AS "costUsd", coalesce(t.tokens, 0) AS "totalTokens",
               t.latency AS "meanLatencyS"
             FROM unnest($5::timestamptz[]) WITH ORDINALITY AS b(start, n) LEFT JOIN t ON t.n = b.n ORDER BY b.n`,
      values: [projectId, from, to, environment, starts.map((start) => new Date(start))],
    };
  }

  costsStatement(projectId: string, { from, to, environment }: Range, group: CostGroup): Statement {
    const { table, key } = GROUPS[group];
    return {
      name: `agents.metrics.costs-by-${group}`,
      isPlannedAnew: true,
      text: `SELECT * FROM (
               SELECT ${key} AS key, count(*)::int AS count, sum(cost_usd) AS "costUsd", sum(total_tokens) AS "totalTokens"
             FROM agent_analytics.${table} f WHERE ${IN_RANGE} GROUP BY 1
             ) c ORDER BY "costUsd" DESC, key COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: [projectId, from, to, environment],
    };
  }
}
