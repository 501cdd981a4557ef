import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** The part of a run that is a record. */
export interface RecordRun {
  readonly runId: string;
  readonly durationS: number;
  /** Metres of that part. */
  readonly distanceM: number;
  /** Milliseconds since the run's start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Within so much of a distance that records are kept of, it is that distance. */
const SAME_M = 1;

/** The fastest runs of an account, in its scope. What was ridden is nobody's record. */
@Injectable()
export class RecordRunsRepository {
  /** Null where records of this distance are not kept, or none was run. Of equal times the first one is the record. */
  async findByDistance(tx: Tx, userId: string, distanceM: number): Promise<RecordRun | null> {
    const [row] = await tx.query<RecordRun>({
      name: 'running.record-runs.find-by-distance',
      text: `SELECT e.run_id AS "runId", e.elapsed_time_s AS "durationS", e.distance_m AS "distanceM",
               e.start_s * 1000 AS "fromMs", (e.start_s + e.elapsed_time_s) * 1000 AS "toMs"
             FROM running.best_effort e JOIN running.run r ON r.id = e.run_id AND r.user_id = e.user_id
             WHERE e.user_id = $1 AND e.distance_m BETWEEN $2::float8 - $3 AND $2::float8 + $3 AND r.status = 'finished' AND r.sport = 'run'
             ORDER BY e.elapsed_time_s, r.started_at LIMIT 1`,
      values: [userId, distanceM, SAME_M],
    });
    return row ?? null;
  }

  /**
   * The fastest passage of a route of the library, whole and forwards, by whichever run: one that came from elsewhere or went on is a record
   * by the part of it that is on the route, as the route's best time is. Of equal times the first one is the record.
   */
  async findByRoute(tx: Tx, userId: string, routeId: string): Promise<RecordRun | null> {
    const [row] = await tx.query<RecordRun>({
      name: 'running.record-runs.find-by-route',
      text: `SELECT x.run_id AS "runId", x.time_s AS "durationS", t.distance_m AS "distanceM", x.from_ms AS "fromMs", x.to_ms AS "toMs"
             FROM running.run_route x JOIN running.run r ON r.id = x.run_id AND r.user_id = x.user_id
             JOIN running.route t ON t.id = x.route_id AND t.user_id = x.user_id
             WHERE x.user_id = $1 AND x.route_id = $2 AND x.time_s IS NOT NULL AND r.status = 'finished' AND r.sport IN ('run', 'walk', 'hike') AND r.has_track
             ORDER BY x.time_s, r.started_at, r.id LIMIT 1`,
      values: [userId, routeId],
    });
    return row ?? null;
  }

  /** The fastest first: on its way the composite runs. */
  async listRunsOnRoute(tx: Tx, userId: string, routeId: string, most: number): Promise<string[]> {
    const rows = await tx.query<{ runId: string }>({
      name: 'running.record-runs.list-runs-on-route',
      text: `SELECT x.run_id AS "runId" FROM running.run_route x JOIN running.run r ON r.id = x.run_id AND r.user_id = x.user_id
             WHERE x.user_id = $1 AND x.route_id = $2 AND x.relation = 'same' AND r.status = 'finished' AND r.sport IN ('run', 'walk', 'hike') AND r.has_track
             ORDER BY x.time_s NULLS LAST, r.started_at LIMIT $3`,
      values: [userId, routeId, most],
    });
    return rows.map(({ runId }) => runId);
  }
}
