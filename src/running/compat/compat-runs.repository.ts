import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Split } from '../analysis/splits.js';
import { RUN_COLUMN } from '../runs/run-columns.js';
import { NATIVE_SOURCES, type RunSource } from '../runs/run-terms.js';
import type { RunRow } from '../runs/runs.repository.js';
import type { BuiltRunsQuery, BuiltSort, RunSort } from './compat-bodies.js';

/** A run that is over and has its figures: what the original calls a run at all. */
export interface CompatRunRow extends RunRow {
  distanceM: number;
  movingTimeS: number;
  elapsedTimeS: number;
  splits: Split[] | null;
  hasGhostRace: boolean;
  /** Of the whole list. */
  total: number;
}

export interface VisibleSums {
  count: number;
  distanceM: number;
  movingTimeS: number;
}

const R_FIELDS = Object.entries(RUN_COLUMN)
  .map(([property, column]) => `r.${column} AS "${property}"`)
  .join(', ');
const DONE = `r.status = 'finished' AND r.distance_m > 0 AND r.moving_time_s > 0`;
const SELECT = `SELECT ${R_FIELDS}, a.splits_km AS splits,
    EXISTS (SELECT FROM running.race_result x WHERE x.run_id = r.id AND x.user_id = r.user_id) AS "hasGhostRace",
    count(*) OVER ()::int AS total
  FROM running.run r LEFT JOIN running.run_analysis a ON a.run_id = r.id AND a.user_id = r.user_id`;
const SHOWN = `r.visibility = 'public' AND r.source = ANY ($2)`;

const ORDER: Readonly<Record<RunSort, string>> = {
  date_desc: 'r.started_at DESC, r.id DESC',
  date_asc: 'r.started_at, r.id',
  distance_desc: 'r.distance_m DESC, r.id DESC',
  distance_asc: 'r.distance_m, r.id',
};
const BUILT_COLUMN: Readonly<Record<BuiltSort, string>> = {
  started_at: 'r.started_at',
  created_at: 'r.created_at',
  distance: 'r.distance_m',
  moving_time: 'r.moving_time_s',
  elapsed_time: 'r.elapsed_time_s',
};

/**
 * Runs page by page as the original counts them, with what its lists show of other rooms.
 */
@Injectable()
export class CompatRunsRepository {
  listOwn(userId: string, sort: RunSort, source: RunSource | null, limit: number, offset: number): Statement {
    return {
      name: `running.compat-runs.list-own-${sort.replace('_', '-')}`,
      text: `${SELECT} WHERE r.user_id = $1 AND ${DONE} AND ($2::text IS NULL OR r.source = $2)
             ORDER BY ${ORDER[sort]} LIMIT $3 OFFSET $4`,
      values: [userId, source, limit, offset],
      isPlannedAnew: true,
    };
  }

  /** As the built route asks. */
  listBuilt(userId: string, query: BuiltRunsQuery): Statement {
    const { sort_by, sort_order, data_source, date_from, date_to, search, limit, offset } = query;
    return {
      name: `running.compat-runs.list-built-${sort_by.replace('_', '-')}-${sort_order}`,
      text: `${SELECT} WHERE r.user_id = $1 AND ${DONE} AND ($2::text IS NULL OR r.source = $2)
               AND ($3::timestamptz IS NULL OR r.started_at >= $3) AND ($4::timestamptz IS NULL OR r.started_at <= $4)
               AND ($5::text IS NULL OR strpos(lower(r.title), lower($5)) > 0 OR strpos(lower(r.description), lower($5)) > 0)
             ORDER BY ${BUILT_COLUMN[sort_by]} ${sort_order === 'asc' ? 'ASC' : 'DESC'}, r.id LIMIT $6 OFFSET $7`,
      values: [
        userId,
        data_source ?? null,
        date_from ?? null,
        date_to ?? null,
        search ?? null,
        limit,
        offset,
      ],
      isPlannedAnew: true,
    };
  }

  /** For the platform's role: what a runner shows to everybody, newest first. */
  listPublic(userId: string, limit: number, offset: number): Statement {
    return {
      name: 'running.compat-runs.list-public',
      text: `${SELECT} WHERE r.user_id = $1 AND ${DONE} AND ${SHOWN} ORDER BY ${ORDER.date_desc} LIMIT $3 OFFSET $4`,
      values: [userId, [...NATIVE_SOURCES], limit, offset],
    };
  }

  /** For the platform's role: a run of one's own, or one that is shown to everybody. */
  findVisible(id: string, viewerId: string): Statement {
    return {
      name: 'running.compat-runs.find-visible',
      text: `${SELECT} WHERE r.id = $1 AND ${DONE} AND (r.user_id = $3 OR (${SHOWN}))`,
      values: [id, [...NATIVE_SOURCES], viewerId],
    };
  }

  /** For the platform's role: of the runs that a runner shows to everybody. */
  sumPublic(userId: string): Statement {
    return {
      name: 'running.compat-runs.sum-public',
      text: `SELECT count(*)::int AS count, coalesce(sum(r.distance_m), 0) AS "distanceM", coalesce(sum(r.moving_time_s), 0) AS "movingTimeS"
             FROM running.run r WHERE r.user_id = $1 AND ${DONE} AND ${SHOWN}`,
      values: [userId, [...NATIVE_SOURCES]],
    };
  }

  /** Seconds per kilometre of the fastest run of a kilometre and more. */
  bestPace(userId: string): Statement {
    return {
      name: 'running.compat-runs.best-pace',
      text: `SELECT min(r.moving_time_s * 1000 / r.distance_m) AS "paceSPerKm"
             FROM running.run r WHERE r.user_id = $1 AND ${DONE} AND r.distance_m >= 1000`,
      values: [userId],
    };
  }

  /** Of the runs since an instant; null for all. */
  sumSince(userId: string, since: Date | null): Statement {
    return {
      name: 'running.compat-runs.sum-since',
      text: `SELECT count(*)::int AS count, coalesce(sum(r.distance_m), 0) AS "distanceM", coalesce(sum(r.moving_time_s), 0) AS "movingTimeS",
               coalesce(sum(r.calories_kcal), 0) AS "caloriesKcal", coalesce(sum(r.elevation_gain_m), 0) AS "elevationGainM"
             FROM running.run r WHERE r.user_id = $1 AND ${DONE} AND ($2::timestamptz IS NULL OR r.started_at >= $2)`,
      values: [userId, since],
    };
  }
}
