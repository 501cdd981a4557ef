import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { inRange, isAbandoned, isActive, rangeValues } from '../figures/figure-sql.js';
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
  /** Of the picks, those whose story is complete or abandoned. */
  settledCount: number;
  completeCount: number;
}

export interface RoundRow {
  /** How many choices the story had offered, with this one. */
  round: number;
  offerCount: number;
  unpickedCount: number;
}

export interface RoundChoiceRow extends ChoiceRow {
  round: number;
  /** Of the picks, those after whose answer the player of an abandoned story did not come back. */
  stoppedCount: number;
  /** Turns that followed a pick, with its own; null where it was never picked. */
  meanTurnsAfter: number | null;
}

export interface ChapterWaitRow {
  chapter: string | null;
  turnCount: number;
  lostCount: number;
  quantilesMs: number[];
}

export interface BandRow {
  /** 0-based. */
  band: number;
  turnCount: number;
  lostCount: number;
}

/** A story has some seven; what a mistyped tag says does not make a list of a million. */
const MOST_CHAPTER = 99;

/** Of one story after the other; what comes later is of stories that never end. */
const MOST_ROUND = 200;

/** Each offer of the range, with its place among those of its story, and how many turns there were in all. */
const OFFERS = `
  SELECT t.*, f.is_complete, ${isActive('f', '$5')} AS is_active
  FROM (
    SELECT t.*, (count(*) FILTER (WHERE t.offered <> '[]') OVER (PARTITION BY t.session_id ORDER BY t.ordinal))::int AS round,
      max(t.ordinal) OVER (PARTITION BY t.session_id) AS turns
    FROM agent_analytics.turn t WHERE t.project_id = $1 AND t.session_id IN
      (SELECT t.session_id FROM agent_analytics.turn t WHERE ${inRange('t', 'at')} AND t.offered <> '[]')
  ) t JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
  WHERE ${inRange('t', 'at')} AND t.offered <> '[]' AND t.round <= ${MOST_ROUND}`;

/** Letters of an offer; one that is offered twice at once is offered once. */
const LETTERS = `CROSS JOIN LATERAL (SELECT DISTINCT o ->> 'key' AS key FROM jsonb_array_elements(t.offered) o) c`;
const PICKED = 't.picked_key = c.key';

/** Nobody has come back, and nobody will: the story is abandoned. */
const IS_LOST = `t.rest_ms IS NULL AND ${isAbandoned('f', '$5')}`;

/** How stories go; sessions are those that began in the range. */
@Injectable()
export class StoryRepository {
  countStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.count-sessions',
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure f WHERE ${inRange('f', 'first_at')} AND f.first_at IS NOT NULL`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
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
               WHERE ${inRange('f', 'first_at')}
             )
             SELECT n AS chapter, count(*)::int AS "sessionCount",
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.at - t.first_at)) AS "medianSeconds",
               avg(t.cost_before) AS "meanCostUsd"
             FROM t, generate_series(coalesce(t.before, -1) + 1, least(t.reached, ${MOST_CHAPTER})) AS n
             GROUP BY n ORDER BY n`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
    };
  }

  choicesStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.choices',
      text: `SELECT c.key, count(*)::int AS "offeredCount", count(t.picked_key)::int AS "decidedCount",
               (count(*) FILTER (WHERE ${PICKED}))::int AS "pickedCount",
               (count(*) FILTER (WHERE ${PICKED} AND NOT ${isActive('f', '$5')}))::int AS "settledCount",
               (count(*) FILTER (WHERE ${PICKED} AND f.is_complete))::int AS "completeCount"
             FROM agent_analytics.turn t ${LETTERS}
             JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
             WHERE ${inRange('t', 'at')} GROUP BY 1 ORDER BY 1`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  offersStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.offers',
      text: `SELECT count(*)::int AS "offerCount", (count(*) FILTER (WHERE t.picked_key IS NULL))::int AS "unpickedCount"
             FROM agent_analytics.turn t WHERE ${inRange('t', 'at')} AND t.offered <> '[]'`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
    };
  }

  roundsStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.rounds',
      text: `SELECT t.round, count(*)::int AS "offerCount", (count(*) FILTER (WHERE t.picked_key IS NULL))::int AS "unpickedCount"
             FROM (${OFFERS}) t GROUP BY 1 ORDER BY 1`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  /** Likewise by letter. */
  roundChoicesStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.round-choices',
      text: `SELECT t.round, c.key, count(*)::int AS "offeredCount", count(t.picked_key)::int AS "decidedCount",
               (count(*) FILTER (WHERE ${PICKED}))::int AS "pickedCount",
               (count(*) FILTER (WHERE ${PICKED} AND NOT t.is_active))::int AS "settledCount",
               (count(*) FILTER (WHERE ${PICKED} AND t.is_complete))::int AS "completeCount",
               (count(*) FILTER (WHERE ${PICKED} AND t.turns = t.ordinal + 1 AND NOT t.is_complete AND NOT t.is_active))::int AS "stoppedCount",
               (avg(t.turns - t.ordinal) FILTER (WHERE ${PICKED}))::float8 AS "meanTurnsAfter"
             FROM (${OFFERS}) t
             ${LETTERS} GROUP BY 1, 2 ORDER BY 1, 2`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  /** @param bands lower bounds in ascending order, seconds */
  bandsStatement(projectId: string, range: Range, settledBefore: Date, bands: readonly number[]): Statement {
    return {
      name: 'agents.story.latency-bands',
      text: `SELECT width_bucket(t.latency_ms / 1000, $6::float8[]) - 1 AS band, count(*)::int AS "turnCount",
               (count(*) FILTER (WHERE ${IS_LOST}))::int AS "lostCount"
             FROM agent_analytics.turn t
             JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
             WHERE ${inRange('t', 'at')} GROUP BY 1`,
      values: [...rangeValues(projectId, range), settledBefore, bands],
      isPlannedAnew: true,
    };
  }

  chapterWaitsStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.chapter-waits',
      text: `SELECT t.chapter, count(*)::int AS "turnCount", (count(*) FILTER (WHERE ${IS_LOST}))::int AS "lostCount",
               percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY t.latency_ms) AS "quantilesMs"
             FROM agent_analytics.turn t
             JOIN agent_analytics.session_figure f ON f.project_id = t.project_id AND f.session_id = t.session_id
             WHERE ${inRange('t', 'at')} GROUP BY 1 ORDER BY "turnCount" DESC, t.chapter COLLATE "C" LIMIT ${MOST_CHAPTER}`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  /** p50, p90, p95 and p99; null where there is no turn. */
  quantilesStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.latency-quantiles',
      text: `SELECT percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY t.latency_ms) AS "quantilesMs"
             FROM agent_analytics.turn t WHERE ${inRange('t', 'at')}`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
    };
  }
}
