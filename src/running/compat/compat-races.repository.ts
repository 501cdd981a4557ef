import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { GhostType } from '../ghosts/ghost-kinds.js';
import type { ResultStatus } from '../races/race-kinds.js';
import type { HistorySummary } from '../races/race-results.repository.js';

/** A result among others. */
export interface PastRaceRow {
  readonly id: string;
  readonly runId: string;
  readonly title: string | null;
  readonly startedAt: Date;
  readonly distanceM: number | null;
  readonly ghostId: string;
  readonly ghostName: string;
  readonly ghostType: GhostType;
  readonly status: ResultStatus;
  readonly timeDifferenceS: number | null;
  /** Of the finished race before with the same ghost. */
  readonly differenceBeforeS: number | null;
  /** Of the whole list. */
  readonly total: number;
}

/** A ghost that a run was entered against and not judged by yet. */
export interface WaitingRow {
  readonly ghostId: string;
  readonly ghostName: string;
  readonly ghostType: GhostType;
  readonly enteredAt: Date;
  /** False where the run has no places to be judged by, and none wait to be read. */
  readonly hasWay: boolean;
}

export type RaceSums = HistorySummary & { readonly count: number };

/** Results as the original lists them, in the scope of their runner but for what is said. */
@Injectable()
export class CompatRacesRepository {
  /** The newest runs first. @param ghostId null for any @param statuses null for all */
  listHistory(
    userId: string,
    ghostId: string | null,
    statuses: readonly ResultStatus[] | null,
    limit: number,
    offset: number,
  ): Statement {
    return {
      name: 'running.compat-races.list-history',
      text: `SELECT h.*, b.time_difference_s AS "differenceBeforeS" FROM (
               SELECT x.id, x.run_id AS "runId", r.title, r.started_at AS "startedAt", r.distance_m AS "distanceM",
                 x.ghost_id AS "ghostId", x.ghost_name AS "ghostName", x.ghost_type AS "ghostType", x.status,
                 x.time_difference_s AS "timeDifferenceS", count(*) OVER ()::int AS total
               FROM running.race_result x JOIN running.run r ON r.id = x.run_id AND r.user_id = x.user_id
               WHERE x.user_id = $1 AND ($2::uuid IS NULL OR x.ghost_id = $2) AND ($3::text[] IS NULL OR x.status = ANY ($3))
               ORDER BY r.started_at DESC, x.id DESC LIMIT $4 OFFSET $5) h
             LEFT JOIN LATERAL (
               SELECT y.time_difference_s FROM running.race_result y JOIN running.run q ON q.id = y.run_id AND q.user_id = y.user_id
               WHERE y.user_id = $1 AND y.ghost_id = h."ghostId" AND y.status IN ('won', 'lost') AND q.started_at < h."startedAt"
               ORDER BY q.started_at DESC LIMIT 1) b ON true
             ORDER BY h."startedAt" DESC, h.id DESC`,
      values: [userId, ghostId, statuses, limit, offset],
      isPlannedAnew: true,
    };
  }

  /** @param ghostId null for any */
  sum(userId: string, ghostId: string | null): Statement {
    return {
      name: 'running.compat-races.sum',
      text: `SELECT count(*)::int AS count, count(*) FILTER (WHERE status = 'won')::int AS wins,
               count(*) FILTER (WHERE status = 'lost')::int AS losses,
               count(*) FILTER (WHERE status IN ('abandoned', 'not_started'))::int AS abandoned,
               avg(time_difference_s) FILTER (WHERE status IN ('won', 'lost')) AS "averageDifferenceS"
             FROM running.race_result WHERE user_id = $1 AND ($2::uuid IS NULL OR ghost_id = $2)`,
      values: [userId, ghostId],
    };
  }

  /**
   * For the platform's role: of a run of this runner. The race may be somebody else's, whose ghosts row-level security would hide; a ghost that
   * is gone is not waited for.
   */
  listWaiting(userId: string, runId: string): Statement {
    return {
      name: 'running.compat-races.list-waiting',
      text: `SELECT g.ghost_id AS "ghostId", g.name AS "ghostName", g.type AS "ghostType", p.joined_at AS "enteredAt",
               (r.has_track OR r.status = 'recording'
                OR EXISTS (SELECT FROM running.fix f WHERE f.user_id = r.user_id AND f.run_id = r.id)) AS "hasWay"
             FROM running.race_participant p
             JOIN running.run r ON r.id = p.run_id AND r.user_id = p.user_id
             JOIN running.race_ghost g ON g.race_id = p.race_id
             WHERE p.user_id = $1 AND p.run_id = $2
               AND EXISTS (SELECT FROM running.ghost o WHERE o.id = g.origin_ghost_id)
               AND NOT EXISTS (SELECT FROM running.race_result x WHERE x.run_id = p.run_id AND x.ghost_id = g.ghost_id)
             ORDER BY g.position`,
      values: [userId, runId],
    };
  }
}
