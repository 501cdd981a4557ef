import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { SessionState } from '../figures/session-state.js';
import type { Range } from '../figures/range.js';

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

export interface SessionFilter extends Range {
  state: SessionState | null;
  /** Whatever has ended before counts as abandoned. */
  abandonedBefore: Date;
  character: string | null;
  search: string | null;
  minCostUsd: number | null;
  maxCostUsd: number | null;
  before: { createdAt: Date; id: string } | null;
  limit: number;
}

const COLUMNS = `session_id AS id, environment, release, created_at AS "createdAt", mortal, match, max_chapter AS "maxChapter",
  has_end AS "hasEnd", is_complete AS "isComplete", trace_count AS "traceCount", error_count AS "errorCount", cost_usd AS "costUsd",
  total_tokens AS "totalTokens", latency_sum_s AS "latencySumS", latency_count AS "latencyCount", first_at AS "firstAt",
  last_at AS "lastAt", ended_at AS "endedAt", duration_s AS "durationS", wall_s AS "wallS", engaged_s AS "engagedS"`;

@Injectable()
export class SessionsRepository {
  pageStatement(projectId: string, filter: SessionFilter): Statement {
    const { from, to, environment, state, abandonedBefore, character, search, before } = filter;
    return {
      name: 'agents.sessions.list',
      text: `SELECT ${COLUMNS} FROM agent_analytics.session_figure
             WHERE project_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2) AND ($3::timestamptz IS NULL OR created_at < $3)
               AND ($4::text IS NULL OR environment = $4)
               AND CASE $5::text WHEN 'complete' THEN is_complete
                 WHEN 'active' THEN NOT is_complete AND coalesce(ended_at, created_at) > $6::timestamptz
                 WHEN 'abandoned' THEN NOT is_complete AND coalesce(ended_at, created_at) <= $6::timestamptz ELSE true END
               AND ($7::text IS NULL OR lower(mortal) = lower($7) OR lower(match) = lower($7))
               AND ($8::text IS NULL OR session_id ILIKE $8 OR mortal ILIKE $8 OR match ILIKE $8)
               AND ($9::float8 IS NULL OR cost_usd >= $9) AND ($10::float8 IS NULL OR cost_usd <= $10)
               AND ($11::timestamptz IS NULL OR (created_at, session_id) < ($11, $12::text))
             ORDER BY created_at DESC, session_id DESC LIMIT $13`,
      values: [
        ...[projectId, from, to, environment, state, abandonedBefore, character],
        search === null ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`,
        ...[
          filter.minCostUsd,
          filter.maxCostUsd,
          before?.createdAt ?? null,
          before?.id ?? null,
          filter.limit,
        ],
      ],
    };
  }

  findStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.sessions.find',
      text: `SELECT ${COLUMNS} FROM agent_analytics.session_figure WHERE project_id = $1 AND session_id = $2`,
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
