import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { WasteGroup } from '../figures/cost-groups.js';
import type { Range } from '../figures/range.js';
import { IN_RANGE, valuesOf } from './story.repository.js';

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
  SELECT f.*, NOT f.is_complete AND coalesce(f.ended_at, f.created_at) > $5::timestamptz AS is_active
  FROM agent_analytics.session_figure f WHERE ${IN_RANGE('f', 'first_at')} AND f.first_at IS NOT NULL`;

const KEYS: Readonly<Record<WasteGroup, string>> = {
  chapter: 'max_chapter::text',
  pair: "mortal || ' & ' || match",
  release: 'release',
};

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
      isPlannedAnew: true,
      text: `SELECT mortal, match, count(*)::int AS "sessionCount", (count(*) FILTER (WHERE has_end))::int AS "toldCount",
               (count(*) FILTER (WHERE is_complete AND NOT has_end))::int AS "evaluatedCount",
               (count(*) FILTER (WHERE is_active))::int AS "activeCount", count(compatibility)::int AS "saidCount",
               avg(compatibility) AS "meanCompatibility", min(compatibility) AS "minCompatibility",
               max(compatibility) AS "maxCompatibility", avg(cost_usd) AS "meanCostUsd",
               percentile_cont(0.5) WITHIN GROUP (ORDER BY wall_s) FILTER (WHERE is_complete) AS "medianCompleteS"
             FROM (${STORIES}) s GROUP BY mortal, match
             ORDER BY "sessionCount" DESC, mortal COLLATE "C", match COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: [...valuesOf(projectId, range), settledBefore],
    };
  }

  countStatement(projectId: string, range: Range): Statement {
    return {
      name: 'agents.story.count-outcomes',
      isPlannedAnew: true,
      text: `SELECT count(*)::int AS count FROM agent_analytics.session_figure f WHERE ${IN_RANGE('f', 'first_at')} AND f.first_at IS NOT NULL`,
      values: valuesOf(projectId, range),
    };
  }

  /** Of each session the ending that was scored last, on the session itself or on anything in it. */
  endingsStatement(projectId: string, range: Range, settledBefore: Date, scoreName: string): Statement {
    return {
      name: 'agents.story.endings',
      isPlannedAnew: true,
      text: `WITH s AS (${STORIES}), told AS (
               SELECT CASE c.subject_kind WHEN 'session' THEN c.subject_id ELSE t.session_id END AS session_id, c.text_value, c.at, c.id
               FROM agent_analytics.score c
               LEFT JOIN agent_analytics.trace_figure t ON t.project_id = c.project_id
                 AND t.trace_id = CASE c.subject_kind WHEN 'trace' THEN c.subject_id ELSE c.trace_id END
               WHERE c.project_id = $1 AND c.name = $6 AND c.data_type = 'CATEGORICAL' AND c.text_value IS NOT NULL
                 AND c.removed_at IS NULL
             ), last AS (
               SELECT DISTINCT ON (session_id) session_id, text_value FROM told ORDER BY session_id, at DESC, id COLLATE "C" DESC
             )
             SELECT s.mortal, s.match, l.text_value AS ending, count(*)::int AS "sessionCount"
             FROM s JOIN last l ON l.session_id = s.session_id GROUP BY 1, 2, 3 ORDER BY "sessionCount" DESC, l.text_value COLLATE "C"`,
      values: [...valuesOf(projectId, range), settledBefore, scoreName],
    };
  }

  wasteTotalStatement(projectId: string, range: Range, settledBefore: Date): Statement {
    return {
      name: 'agents.story.waste-total',
      isPlannedAnew: true,
      text: `SELECT ${WASTE_COLUMNS} FROM (${STORIES}) s`,
      values: [...valuesOf(projectId, range), settledBefore],
    };
  }

  wasteStatement(projectId: string, range: Range, settledBefore: Date, group: WasteGroup): Statement {
    return {
      name: `agents.story.waste-by-${group}`,
      isPlannedAnew: true,
      text: `SELECT * FROM (SELECT ${KEYS[group]} AS key, ${WASTE_COLUMNS} FROM (${STORIES}) s GROUP BY 1) w
             ORDER BY "wastedUsd" DESC, key COLLATE "C" LIMIT ${MOST_GROUPS}`,
      values: [...valuesOf(projectId, range), settledBefore],
    };
  }
}
