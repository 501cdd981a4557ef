import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { TextLine } from '../figures/session-text.js';
import type { SessionFilter } from '../sessions/session-filter.js';
import { FILTERED, filterValues, SESSION_COLUMNS, type SessionRow } from '../sessions/sessions.repository.js';

export interface HitRow extends SessionRow {
  rank: number;
  lines: TextLine[];
}

/** Of a millionth each: ranks are compared and travel in cursors as integers. */
const RANK = `(ts_rank('{0.1, 0.2, 0.5, 1}', t.words, $12::tsquery, 1) * 1e6)::int`;

@Injectable()
export class SearchRepository {
  /** @param tsquery made of folded words @param before rank and id of the last session of the page before */
  pageStatement(
    projectId: string,
    tsquery: string,
    filter: SessionFilter,
    before: readonly [rank: number, id: string] | null,
    limit: number,
  ): Statement {
    return {
      name: 'agents.search.list',
      isPlannedAnew: true,
      text: `WITH found AS MATERIALIZED (
               SELECT s.session_id, ${RANK} AS rank
               FROM agent_analytics.session_text t JOIN agent_analytics.session_figure s USING (project_id, session_id)
               WHERE t.words @@ $12::tsquery AND ${FILTERED}
             ), page AS (
               SELECT * FROM found WHERE $13::int IS NULL OR (rank, session_id) < ($13, $14::text)
               ORDER BY rank DESC, session_id DESC LIMIT $15
             )
             SELECT ${SESSION_COLUMNS}, p.rank, t.lines
             FROM page p JOIN agent_analytics.session_figure s ON s.project_id = $1 AND s.session_id = p.session_id
             JOIN agent_analytics.session_text t ON t.project_id = $1 AND t.session_id = p.session_id
             ORDER BY p.rank DESC, s.session_id DESC`,
      values: [...filterValues(projectId, filter), tsquery, before?.[0] ?? null, before?.[1] ?? null, limit],
    };
  }
}
