import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Split } from '../analysis/splits.js';

/** A run as a ghost shows it. */
export interface GhostRunHead {
  readonly id: string;
  readonly title: string | null;
  readonly startedAt: Date;
  readonly splits: Split[] | null;
}

export interface GhostRaces {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  readonly bestDifferenceS: number | null;
  readonly lastRacedAt: Date | null;
}

export interface Creator {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string | null;
}

/** What the original's ghosts show of other rooms. */
@Injectable()
export class CompatGhostsRepository {
  /** Of the caller's runs these, with their splits. */
  listRuns(userId: string, ids: readonly string[]): Statement {
    return {
      name: 'running.compat-ghosts.list-runs',
      text: `SELECT r.id, r.title, r.started_at AS "startedAt", a.splits_km AS splits
             FROM running.run r LEFT JOIN running.run_analysis a ON a.run_id = r.id AND a.user_id = r.user_id
             WHERE r.user_id = $1 AND r.id = ANY ($2::uuid[])`,
      values: [userId, ids],
    };
  }

  /** How the caller fared against a ghost. */
  sumRaces(userId: string, ghostId: string): Statement {
    return {
      name: 'running.compat-ghosts.sum-races',
      text: `SELECT count(*)::int AS count, count(*) FILTER (WHERE x.status = 'won')::int AS wins,
               count(*) FILTER (WHERE x.status = 'lost')::int AS losses,
               min(x.time_difference_s) FILTER (WHERE x.status IN ('won', 'lost')) AS "bestDifferenceS",
               max(coalesce(x.started_at, r.started_at)) AS "lastRacedAt"
             FROM running.race_result x JOIN running.run r ON r.id = x.run_id AND r.user_id = x.user_id
             WHERE x.user_id = $1 AND x.ghost_id = $2`,
      values: [userId, ghostId],
    };
  }

  /** For the platform's role: those of them who show their profile to everybody, and the caller. */
  listCreators(viewerId: string, ids: readonly string[]): Statement {
    return {
      name: 'running.compat-ghosts.list-creators',
      text: `SELECT p.user_id AS "userId", p.username, p.display_name AS "displayName" FROM running.profile p
             WHERE p.user_id = ANY ($2::uuid[]) AND (p.user_id = $1 OR EXISTS (
               SELECT FROM running.preference r WHERE r.user_id = p.user_id AND r.privacy_profile = 'public'))`,
      values: [viewerId, ids],
    };
  }

  /** The distances over which a run of the caller's is the record, as ghosts of records find it; the longest first. */
  listRecordDistances(userId: string, runId: string): Statement {
    return {
      name: 'running.compat-ghosts.list-record-distances',
      text: `SELECT b.distance_m AS "distanceM" FROM (
               SELECT DISTINCT ON (e.distance_m) e.distance_m, e.run_id
               FROM running.best_effort e JOIN running.run r ON r.id = e.run_id AND r.user_id = e.user_id
               WHERE e.user_id = $1 AND r.status = 'finished'
               ORDER BY e.distance_m, e.elapsed_time_s, r.started_at) b
             WHERE b.run_id = $2 ORDER BY b.distance_m DESC`,
      values: [userId, runId],
    };
  }
}
