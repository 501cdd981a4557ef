import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { WasteGroup } from '../figures/cost-groups.js';
import { inRange, isActive, pairOf, rangeValues } from '../figures/figure-sql.js';
import type { Range } from '../figures/range.js';

export interface PairRow {
  mortal: string | null;
  match: string | null;
  sessionCount: number;
  toldCount: number;
  evaluatedCount: number;
  activeCount: number;
  saidCount: number;
  meanCompatibility: number | null;
  minCompatibility: number | null;
  maxCompatibility: number | null;
  meanCostUsd: number;
  medianCompleteS: number | null;
}

export interface EndingRow {
  mortal: string | null;
  match: string | null;
  ending: string;
  sessionCount: number;
}

export interface WasteRow {
  /** A number of a chapter as text, -1 = none; a pair; a release. */
  key: string | null;
  sessionCount: number;
  completeCount: number;
  activeCount: number;
  costUsd: number;
  activeCostUsd: number;
  wastedUsd: number;
}

const MOST_GROUPS = 500;

/** $5 = what has ended by then and is not complete is abandoned. */
const STORIES = `
  SELECT f.*, ${isActive('f', '$5')} AS is_active FROM agent_analytics.session_figure f WHERE ${inRange('f', 'first_at')} AND f.first_at IS NOT NULL`;

const KEYS: Readonly<Record<WasteGroup, string>> = {
  chapter: 'max_chapter::text',
  pair: pairOf('s'),
  release: 'release',
};

/** $6 its name. */
const NAMES_ENDING = `c.name = $6 AND c.data_type = 'CATEGORICAL' AND c.text_value IS NOT NULL AND c.removed_at IS NULL`;

const WASTED = 'coalesce(sum(cost_usd) FILTER (WHERE NOT is_complete AND NOT is_active), 0)';
const WASTE_COLUMNS = `count(*)::int AS "sessionCount", (count(*) FILTER (WHERE is_complete))::int AS "completeCount",
  (count(*) FILTER (WHERE is_active))::int AS "activeCount", coalesce(sum(cost_usd), 0) AS "costUsd",
  coalesce(sum(cost_usd) FILTER (WHERE is_active), 0) AS "activeCostUsd", ${WASTED} AS "wastedUsd"`;

/** How stories ended that began in a range, and what those cost that did not. */
@Injectable()
export class OutcomesRepository {
  pairsStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.pairs',
      text: `SELECT mortal, match, count(*)::int AS "sessionCount", (count(*) FILTER (WHERE has_end))::int AS "toldCount",
               (count(*) FILTER (WHERE is_complete AND NOT has_end))::int AS "evaluatedCount",
               (count(*) FILTER (WHERE is_active))::int AS "activeCount", count(compatibility)::int AS "saidCount",
               avg(compatibility) AS "meanCompatibility", min(compatibility) AS "minCompatibility",
               max(compatibility) AS "maxCompatibility", avg(cost_usd) AS "meanCostUsd",
               percentile_cont(0.5) WITHIN GROUP (ORDER BY wall_s) FILTER (WHERE is_complete) AS "medianCompleteS"
             FROM (${STORIES}) s GROUP BY mortal, match
             ORDER BY "sessionCount" DESC, mortal COLLATE "C", match COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  countStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.count-outcomes',
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure f WHERE ${inRange('f', 'first_at')} AND f.first_at IS NOT NULL`,
      values: rangeValues(projectId, range),
      isPlannedAnew: true,
    };
  }

  /** Of each session the ending that was scored last, on the session itself or on anything in it. */
  endingsStatement(projectId: string, range: Range, settledBefore: Date, scoreName: string): Statement {
    return {
      name: 'agents.story.endings',
      text: `WITH s AS MATERIALIZED (${STORIES}), told AS (
               SELECT s.session_id, c.text_value, c.at, c.id
               FROM s JOIN agent_analytics.score c ON c.project_id = $1 AND c.subject_kind = 'session' AND c.subject_id = s.session_id
               WHERE ${NAMES_ENDING}
               UNION ALL
               SELECT s.session_id, c.text_value, c.at, c.id
               FROM s JOIN agent_analytics.trace_figure t ON t.project_id = $1 AND t.session_id = s.session_id
               JOIN agent_analytics.score c ON c.project_id = $1 AND c.trace_id = t.trace_id AND c.subject_kind IS DISTINCT FROM 'session'
               WHERE ${NAMES_ENDING}
             ), last AS (
               SELECT DISTINCT ON (session_id) session_id, text_value FROM told ORDER BY session_id, at DESC, id COLLATE "C" DESC
             )
             SELECT s.mortal, s.match, l.text_value AS ending, count(*)::int AS "sessionCount"
             FROM s JOIN last l ON l.session_id = s.session_id GROUP BY 1, 2, 3 ORDER BY "sessionCount" DESC, l.text_value COLLATE "C"`,
      values: [...rangeValues(projectId, range), settledBefore, scoreName],
      isPlannedAnew: true,
    };
  }

  wasteTotalStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.waste-total',
      text: `SELECT ${WASTE_COLUMNS} FROM (${STORIES}) s`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }

  wasteStatement(projectId: string, range: Range, settledBefore: Date, group: WasteGroup): Statement {
    return {
      name: `agents.story.waste-by-${group}`,
      text: `SELECT * FROM (SELECT ${KEYS[group]} AS key, ${WASTE_COLUMNS} FROM (${STORIES}) s GROUP BY 1) w
             ORDER BY "wastedUsd" DESC, key COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: [...rangeValues(projectId, range), settledBefore],
      isPlannedAnew: true,
    };
  }
}
