import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { CohortGroup, CohortReturn, CohortStart } from '../figures/cohorts.js';
import { pairOf } from '../figures/figure-sql.js';
import type { Span } from '../figures/time-buckets.js';

export type CohortStartRow = CohortStart;
export type CohortReturnRow = CohortReturn;

export interface CohortQuestion {
  readonly projectId: string;
  readonly environment: string | null;
  /** Of first plays. */
  readonly span: Span;
  readonly group: CohortGroup;
  /** Where weeks begin, Unix milliseconds, until now. */
  readonly weekStarts: readonly number[];
}

const KEYS: Readonly<Record<CohortGroup, string>> = {
  week: 'NULL::text',
  pair: pairOf('session_figure'),
  release: 'release',
};

/** Of each player who is known the first play of all, where it lies in the span. */
const FIRST = (group: CohortGroup): string => `
  SELECT * FROM (
    SELECT DISTINCT ON (player_id) player_id, first_at, ${KEYS[group]} AS key FROM agent_analytics.session_figure
    WHERE project_id = $1 AND ($2::text IS NULL OR environment = $2) AND player_id IS NOT NULL AND first_at IS NOT NULL
    ORDER BY player_id, first_at, session_id
  ) f WHERE first_at >= $3::timestamptz AND first_at < $4::timestamptz`;

/** 0-based. */
const WEEK = (column: string): string => `width_bucket(${column}, $5::timestamptz[]) - 1`;

@Injectable()
export class RetentionRepository {
  startsStatement(question: CohortQuestion): Statement {
    const { group } = question;
    return {
      name: `agents.retention.starts-by-${group}`,
      isPlannedAnew: true,
      text: `SELECT ${keyOf(group, 'f')} AS key, ${WEEK('f.first_at')} AS week, count(*)::int AS "playerCount"
             FROM (${FIRST(group)}) f GROUP BY 1, 2`,
      values: valuesOf(question),
    };
  }

  returnsStatement(question: CohortQuestion): Statement {
    const { group } = question;
    return {
      name: `agents.retention.returns-by-${group}`,
      isPlannedAnew: true,
      text: `SELECT ${keyOf(group, 'f')} AS key, ${WEEK('s.first_at')} - (${WEEK('f.first_at')}) AS week,
               count(DISTINCT f.player_id)::int AS "playerCount"
             FROM (${FIRST(group)}) f
             JOIN agent_analytics.session_figure s ON s.project_id = $1 AND s.player_id = f.player_id AND s.first_at IS NOT NULL
               AND ($2::text IS NULL OR s.environment = $2) AND s.first_at >= f.first_at
             GROUP BY 1, 2`,
      values: valuesOf(question),
    };
  }

  playerlessStatement({ projectId, environment, span }: CohortQuestion): Statement {
    return {
      name: 'agents.retention.count-playerless',
      isPlannedAnew: true,
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure
             WHERE project_id = $1 AND ($2::text IS NULL OR environment = $2) AND player_id IS NULL
               AND first_at >= $3::timestamptz AND first_at < $4::timestamptz`,
      values: [projectId, environment, span.from, span.to],
    };
  }
}

/** Weeks are told by their place, which is the key and the week at once. */
function keyOf(group: CohortGroup, alias: string): string {
  return group === 'week' ? `(${WEEK(`${alias}.first_at`)})::text` : `${alias}.key`;
}

function valuesOf({ projectId, environment, span, weekStarts }: CohortQuestion): unknown[] {
  return [projectId, environment, span.from, span.to, weekStarts.map((start) => new Date(start))];
}
