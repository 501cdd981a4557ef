import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Range } from '../figures/range.js';

export interface FunnelRow {
  chapter: number;
  sessionCount: number;
  medianSeconds: number;
  meanCostUsd: number;
}

export interface ChoiceRow {
  key: string;
  offeredCount: number;
  /** Of those, the times that anything was picked. */
  decidedCount: number;
  pickedCount: number;
  completeCount: number;
}

export interface BandRow {
  /** 0-based. */
  band: number;
  turnCount: number;
  lostCount: number;
}

/** A story has some seven; what a mistyped tag says does not make a list of a million. */
const MOST_CHAPTER = 99;

/** $1 project, $2 from, $3 to, $4 environment. */
const IN_RANGE = (alias: string, column: string): string =>
  `${alias}.project_id = $1 AND ($2::timestamptz IS NULL OR ${alias}.${column} >= $2)
   AND ($3::timestamptz IS NULL OR ${alias}.${column} < $3) AND ($4::text IS NULL OR ${alias}.environment = $4)`;

/** How stories go; sessions are those that began in the range. */
@Injectable()
export class StoryRepository {
  countStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.count-sessions',
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure f WHERE ${IN_RANGE('f', 'first_at')} AND f.first_at IS NOT NULL`,
      values: valuesOf(projectId, range),
    };
  }

  /** A chapter is reached with the first trace of it or of a later one. */
  funnelStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.funnel',
      text: `WITH t AS (
               SELECT t.session_id, t.at, f.first_at,
                 max(t.chapter_number) OVER (PARTITION BY t.session_id ORDER BY t.at, t.trace_id) AS reached,
                 max(t.chapter_number) OVER (PARTITION BY t.session_id ORDER BY t.at, t.trace_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
                 coalesce(sum(t.cost_usd) OVER (PARTITION BY t.session_id ORDER BY t.at, t.trace_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS cost_before
               FROM agent_analytics.session_figure f
               JOIN agent_analytics.trace_figure t ON t.project_id = f.project_id AND t.session_id = f.session_id
               WHERE ${IN_RANGE('f', 'first_at')}
             )
             SELECT n AS chapter, count(*)::int AS "sessionCount",
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.at - t.first_at)) AS "medianSeconds",
               avg(t.cost_before) AS "meanCostUsd"
             FROM t, generate_series(coalesce(t.before, -1) + 1, least(t.reached, ${MOST_CHAPTER})) AS n
             GROUP BY n ORDER BY n`,
      values: valuesOf(projectId, range),
    };
  }

  choicesStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.choices',
      text: `SELECT c.choice ->> 'key' AS key, count(*)::int AS "offeredCount", count(t.picked_key)::int AS "decidedCount",
               (count(*) FILTER (WHERE t.picked_key = c.choice ->> 'key'))::int AS "pickedCount",
               (count(*) FILTER (WHERE t.picked_key = c.choice ->> 'key' AND f.is_complete))::int AS "completeCount"
             FROM agent_analytics.turn t CROSS JOIN jsonb_array_elements(t.offered) AS c(choice)
             JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
             WHERE ${IN_RANGE('t', 'at')} GROUP BY 1 ORDER BY 1`,
      values: valuesOf(projectId, range),
    };
  }

  offersStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.offers',
      text: `SELECT count(*)::int AS "offerCount", (count(*) FILTER (WHERE t.picked_key IS NULL))::int AS "unpickedCount"
             FROM agent_analytics.turn t WHERE ${IN_RANGE('t', 'at')} AND t.offered <> '[]'`,
      values: valuesOf(projectId, range),
    };
  }

  /** @param bands lower bounds in ascending order, seconds */
  bandsStatement(projectId: string, range: Range, bands: readonly number[]): Statement {
    return {
      name: 'agents.story.latency-bands',
      text: `SELECT width_bucket(t.latency_ms / 1000, $5::float8[]) - 1 AS band, count(*)::int AS "turnCount",
               (count(*) FILTER (WHERE t.rest_ms IS NULL AND NOT f.is_complete))::int AS "lostCount"
             FROM agent_analytics.turn t
             JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
             WHERE ${IN_RANGE('t', 'at')} GROUP BY 1`,
      values: [...valuesOf(projectId, range), bands],
    };
  }

  /** p50, p90, p95 and p99; null where there is no turn. */
  quantilesStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.latency-quantiles',
      text: `SELECT percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY t.latency_ms) AS "quantilesMs"
             FROM agent_analytics.turn t WHERE ${IN_RANGE('t', 'at')}`,
      values: valuesOf(projectId, range),
    };
  }
}

function valuesOf(projectId: string, { from, to, environment }: Range): unknown[] {
  return [projectId, from, to, environment];
}
