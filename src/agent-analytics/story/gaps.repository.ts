import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { inRange, rangeValues } from '../figures/figure-sql.js';
import type { Range } from '../figures/range.js';
import type { TraceGapKind } from '../figures/trace-gaps.js';

export interface GapRow {
  kind: TraceGapKind;
  count: number;
  traceCount: number;
  lastAt: Date;
  traceIds: string[];
}

export interface GapAgentRow {
  kind: TraceGapKind;
  agent: string;
  count: number;
}

export interface UnseenRow {
  name: string;
  lastSeenAt: Date;
  runCount: number;
}

const MOST_EXAMPLES = 5;
const MOST_AGENTS = 500;

/** Runs of the agent `n` up to the end of a range: $2 to, $3 environment. */
const RAN_BEFORE = `r.project_id = $1 AND r.name = n.name AND ($2::timestamptz IS NULL OR r.at < $2)
  AND ($3::text IS NULL OR r.environment = $3)`;

/** What instrumentation has left out, from rows that are there only where something is missing. */
@Injectable()
export class GapsRepository {
  gapsStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.gaps.list',
      isPlannedAnew: true,
      text: `SELECT kind, sum(count)::int AS count, count(*)::int AS "traceCount", max(at) AS "lastAt",
               (array_agg(trace_id ORDER BY at DESC, trace_id COLLATE "C"))[1:${MOST_EXAMPLES}] AS "traceIds"
             FROM (
               SELECT g.kind, g.trace_id, g.at, sum(g.count) AS count FROM agent_analytics.trace_gap g
               WHERE ${inRange('g', 'at')} GROUP BY 1, 2, 3
             ) g GROUP BY kind`,
      values: rangeValues(projectId, range),
    };
  }

  agentsStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.gaps.list-agents',
      isPlannedAnew: true,
      text: `SELECT g.kind, g.agent, sum(g.count)::int AS count FROM agent_analytics.trace_gap g
             WHERE ${inRange('g', 'at')} GROUP BY 1, 2 ORDER BY count DESC, g.agent COLLATE "C" LIMIT ${MOST_AGENTS}`,
      values: rangeValues(projectId, range),
    };
  }

  totalsStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.gaps.totals',
      isPlannedAnew: true,
      text: `SELECT
               (SELECT count(*)::int FROM agent_analytics.trace_figure t WHERE ${inRange('t', 'at')}) AS "traceCount",
               (SELECT count(*)::int FROM agent_analytics.observation o
                WHERE ${inRange('o', 'at')} AND o.trace_id IS NULL AND o.removed_at IS NULL) AS "tracelessCount"`,
      values: rangeValues(projectId, range),
    };
  }

  /**
   * Agents that have run before the end of the range; those of others that ran so much later say that it was not for want of plays. Reads the last run of
   * each agent, whose names the sums of days have, and all runs of those alone that are unseen.
   */
  unseenStatement(projectId: string, { to, environment }: Range, unseenForH: number): Statement {
    return {
      name: 'agents.gaps.list-unseen',
      isPlannedAnew: true,
      text: `WITH a AS (
               SELECT n.name, l.at AS last FROM (SELECT DISTINCT name FROM agent_analytics.agent_day WHERE project_id = $1) n
               CROSS JOIN LATERAL (
                 SELECT r.at FROM agent_analytics.agent_run r WHERE ${RAN_BEFORE} ORDER BY r.at DESC, r.observation_id DESC LIMIT 1) l
             )
             SELECT n.name, n.last AS "lastSeenAt",
               (SELECT count(*)::int FROM agent_analytics.agent_run r WHERE ${RAN_BEFORE}) AS "runCount"
             FROM a n WHERE n.last < (SELECT max(last) FROM a) - make_interval(hours => $4)
             ORDER BY n.last, n.name COLLATE "C" LIMIT ${MOST_AGENTS}`,
      values: [projectId, to, environment, unseenForH],
    };
  }
}
