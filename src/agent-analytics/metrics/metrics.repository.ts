import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { CostGroup } from '../figures/cost-groups.js';
import { inRange, isActive, modelsOf, pairOf, rangeValues } from '../figures/figure-sql.js';
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

/** Rows of `f` by which a cost is told, and what they are counted and summed by. */
interface GroupSql {
  readonly from: string;
  readonly key: string;
  readonly sums: string;
}

const SUMS = 'count(*)::int AS count, sum(f.cost_usd) AS "costUsd", sum(f.total_tokens) AS "totalTokens"';
const TRACES = 'agent_analytics.trace_figure f';

const GROUPS: Readonly<Record<CostGroup, GroupSql>> = {
  chapter: { from: TRACES, key: 'f.chapter', sums: SUMS },
  // What a play cost before its pair was found is the pair's, too, so that it is the session's and not the trace's.
  pair: {
    from: `${TRACES} LEFT JOIN agent_analytics.session_figure s ON s.project_id = f.project_id AND s.session_id = f.session_id`,
    key: pairOf('s'),
    sums: SUMS,
  },
  release: { from: TRACES, key: 'f.release', sums: SUMS },
  agent: { from: 'agent_analytics.agent_run f', key: 'f.name', sums: SUMS },
  model: {
    from: `${TRACES} CROSS JOIN LATERAL ${modelsOf('f')}`,
    key: 'm.model',
    sums: 'sum(m.count)::int AS count, sum(m."costUsd") AS "costUsd", sum(m."totalTokens") AS "totalTokens"',
  },
};

@Injectable()
export class MetricsRepository {
  dashboardStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.metrics.dashboard',
      text: `WITH t AS (
               SELECT f.session_id, f.is_error, f.cost_usd, f.total_tokens, f.latency_s
               FROM agent_analytics.trace_figure f WHERE ${inRange('f', 'at')}
             ), s AS (
               SELECT f.is_complete, ${isActive('f', '$5')} AS is_active FROM agent_analytics.session_figure f WHERE f.project_id = $1 AND f.session_id IN (SELECT session_id FROM t)
             )
             SELECT s.*, t.* FROM (
               SELECT count(*)::int AS "sessionCount", (count(*) FILTER (WHERE is_complete))::int AS "completeCount",
                 (count(*) FILTER (WHERE is_active))::int AS "activeCount" FROM s
             ) s, (
               SELECT count(*)::int AS "traceCount", (count(*) FILTER (WHERE is_error))::int AS "errorCount",
                 coalesce(sum(cost_usd), 0) AS "costUsd", coalesce(sum(total_tokens), 0) AS "totalTokens", avg(latency_s) AS "meanLatencyS"
               FROM t
             ) t`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  /** @param starts Unix milliseconds, see bucket-starts.ts */
  seriesStatement(
    projectId: string,
    span: Span,
    environment: string | null,
    starts: readonly number[],
  ): Statement {
    return {
      name: 'agents.metrics.series',
      text: `WITH t AS (
               SELECT width_bucket(f.at, $5::timestamptz[]) AS n, count(DISTINCT session_id)::int AS sessions, count(*)::int AS traces,
                 (count(*) FILTER (WHERE is_error))::int AS errors, sum(cost_usd) AS cost, sum(total_tokens) AS tokens,
                 avg(latency_s) AS latency
               FROM agent_analytics.trace_figure f WHERE ${inRange('f', 'at')} GROUP BY 1
             )
             SELECT b.start AS "from", coalesce(t.sessions, 0) AS "sessionCount", coalesce(t.traces, 0) AS "traceCount",
               coalesce(t.errors, 0) AS "errorCount", coalesce(t.cost, 0) AS "costUsd", coalesce(t.tokens, 0) AS "totalTokens",
               t.latency AS "meanLatencyS"
             FROM unnest($5::timestamptz[]) WITH ORDINALITY AS b(start, n) LEFT JOIN t ON t.n = b.n ORDER BY b.n`,
      values: [...rangeValues(projectId, { ...span, environment }), starts.map((start) => new Date(start))],
      isPlannedAnew: true,
    };
  }

  costsStatement(projectId: string, range: Range, group: CostGroup): Statement {
    const { from, key, sums } = GROUPS[group];
    return {
      name: `agents.metrics.costs-by-${group}`,
      text: `SELECT * FROM (
               SELECT ${key} AS key, ${sums} FROM ${from} WHERE ${inRange('f', 'at')} GROUP BY 1
             ) c ORDER BY "costUsd" DESC, key COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
    };
  }
}
