import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { isAbandoned, isActive, likePattern } from '../figures/figure-sql.js';
import type { SessionFilter, SessionPlace, SessionSort, SortOrder } from './session-filter.js';

export interface SessionRow {
  id: string;
  environment: string;
  release: string | null;
  createdAt: Date;
  mortal: string | null;
  match: string | null;
  maxChapter: number;
  hasEnd: boolean;
  isComplete: boolean;
  traceCount: number;
  errorCount: number;
  costUsd: number;
  totalTokens: number;
  latencySumS: number;
  latencyCount: number;
  firstAt: Date | null;
  lastAt: Date | null;
  endedAt: Date | null;
  durationS: number | null;
  wallS: number | null;
  engagedS: number | null;
}

export interface TraceRow {
  id: string;
  at: Date;
  chapter: string | null;
  latencyS: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

/** A row of a list, with what it is sorted by. */
export interface SortedRow extends SessionRow {
  sortKey: number;
}

/** Of `session_figure s`. */
export const SESSION_COLUMNS = `s.session_id AS id, s.environment, s.release, s.created_at AS "createdAt", s.mortal, s.match,
  s.max_chapter AS "maxChapter", s.has_end AS "hasEnd", s.is_complete AS "isComplete", s.trace_count AS "traceCount",
  s.error_count AS "errorCount", s.cost_usd AS "costUsd", s.total_tokens AS "totalTokens", s.latency_sum_s AS "latencySumS",
  s.latency_count AS "latencyCount", s.first_at AS "firstAt", s.last_at AS "lastAt", s.ended_at AS "endedAt", s.duration_s AS "durationS",
  s.wall_s AS "wallS", s.engaged_s AS "engagedS"`;

const MEAN_LATENCY = 's.latency_sum_s / nullif(s.latency_count, 0)';

/** $1 project, $2 to $11 as `filterValues` gives them. */
export const FILTERED = `s.project_id = $1 AND ($2::timestamptz IS NULL OR s.created_at >= $2)
  AND ($3::timestamptz IS NULL OR s.created_at < $3) AND ($4::text IS NULL OR s.environment = $4)
  AND CASE $5::text WHEN 'complete' THEN s.is_complete
    WHEN 'active' THEN ${isActive('s', '$6')} WHEN 'abandoned' THEN ${isAbandoned('s', '$6')} ELSE true END
  AND ($7::text IS NULL OR lower(s.mortal) = lower($7) OR lower(s.match) = lower($7))
  AND ($8::float8 IS NULL OR s.cost_usd >= $8) AND ($9::float8 IS NULL OR s.cost_usd <= $9)
  AND ($10::float8 IS NULL OR ${MEAN_LATENCY} >= $10) AND ($11::float8 IS NULL OR ${MEAN_LATENCY} <= $11)`;

export function filterValues(projectId: string, filter: SessionFilter): unknown[] {
  const { from, to, environment, state, settledBefore, character } = filter;
  const { minCostUsd, maxCostUsd, minLatencyS, maxLatencyS } = filter;
  return [
    ...[projectId, from, to, environment, state, settledBefore, character],
    ...[minCostUsd, maxCostUsd, minLatencyS, maxLatencyS],
  ];
}

/** What is sorted by, as a number or an instant. */
const SORT_COLUMNS: Readonly<Record<SessionSort, { readonly sql: string; readonly isInstant?: true }>> = {
  createdAt: { sql: 's.created_at', isInstant: true },
  lastTraceAt: { sql: "coalesce(s.last_at, 'epoch')", isInstant: true },
  costUsd: { sql: 's.cost_usd' },
  totalTokens: { sql: 's.total_tokens' },
  traceCount: { sql: 's.trace_count' },
  meanLatencyS: { sql: `coalesce(${MEAN_LATENCY}, -1)` },
  durationS: { sql: 'coalesce(s.duration_s, -1)' },
};

@Injectable()
export class SessionsRepository {
  /** @param search part of an id or a name @param after last session of the page before */
  pageStatement(
    projectId: string,
    filter: SessionFilter,
    search: string | null,
    [sort, order]: readonly [SessionSort, SortOrder],
    after: SessionPlace | null,
    limit: number,
  ): Statement {
    const { sql, isInstant } = SORT_COLUMNS[sort];
    const [key, place] = isInstant
      ? [`extract(epoch FROM ${sql}) * 1e6`, "'epoch'::timestamptz + $13::float8 * interval '1 microsecond'"]
      : [sql, '$13::float8'];
    const [than, direction] = order === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
    return {
      name: `agents.sessions.list-by-${sort}-${order}`,
      isPlannedAnew: true,
      text: `SELECT ${SESSION_COLUMNS}, (${key})::float8 AS "sortKey" FROM agent_analytics.session_figure s
             WHERE ${FILTERED} AND ($12::text IS NULL OR s.session_id ILIKE $12 OR s.mortal ILIKE $12 OR s.match ILIKE $12)
               AND ($13::float8 IS NULL OR (${sql}, s.session_id) ${than} (${place}, $14::text))
             ORDER BY ${sql} ${direction}, s.session_id ${direction} LIMIT $15`,
      values: [
        ...filterValues(projectId, filter),
        search === null ? null : likePattern(search),
        after?.key ?? null,
        after?.id ?? null,
        limit,
      ],
    };
  }

  findStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.sessions.find',
      text: `SELECT ${SESSION_COLUMNS} FROM agent_analytics.session_figure s WHERE s.project_id = $1 AND s.session_id = $2`,
      values: [projectId, id],
    };
  }

  tracesStatement(projectId: string, id: string, limit: number): Statement {
    return {
      name: 'agents.sessions.list-traces',
      text: `SELECT trace_id AS id, at, chapter, latency_s AS "latencyS", cost_usd AS "costUsd", total_tokens AS "totalTokens",
               is_error AS "isError"
             FROM agent_analytics.trace_figure WHERE project_id = $1 AND session_id = $2 ORDER BY at, trace_id LIMIT $3`,
      values: [projectId, id, limit],
    };
  }
}
