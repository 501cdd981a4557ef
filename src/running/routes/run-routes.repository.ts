import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RunRouteEntity } from './run-route.entity.js';

export type RunRouteRow = Omit<RunRouteEntity, 'matchedAt'>;

/** A run on a route, with what a list of them shows. */
export interface RouteRunRow extends RunRouteRow {
  title: string | null;
  startedAt: Date;
  timeZone: string | null;
  distanceM: number | null;
}

const COLUMN = {
  runId: 'run_id',
  routeId: 'route_id',
  userId: 'user_id',
  relation: 'relation',
  direction: 'direction',
  isMain: 'is_main',
  isPinned: 'is_pinned',
  coverage: 'coverage',
  routeCoverage: 'route_coverage',
  rotationM: 'rotation_m',
  passageCount: 'passage_count',
  timeS: 'time_s',
  movingTimeS: 'moving_time_s',
  fromMs: 'from_ms',
  toMs: 'to_ms',
  trackVersion: 'track_version',
  shapeVersion: 'shape_version',
} as const satisfies Record<keyof RunRouteRow, string>;
const NAMES = Object.keys(COLUMN) as (keyof RunRouteRow)[];
const FIELDS = NAMES.map((name) => `x.${COLUMN[name]} AS "${name}"`).join(', ');
const KEY = ['runId', 'routeId', 'userId'];

/** What runs are to routes, in the scope of their owner or of the platform. */
@Injectable()
export class RunRoutesRepository {
  listOfRunStatement(userId: string, runId: string): Statement {
    return {
      name: 'running.run-routes.list-of-run',
      text: `SELECT ${FIELDS} FROM running.run_route x WHERE x.user_id = $1 AND x.run_id = $2 ORDER BY x.is_main DESC, x.route_id`,
      values: [userId, runId],
    };
  }

  async listOfRun(tx: Tx, userId: string, runId: string): Promise<RunRouteRow[]> {
    return tx.query<RunRouteRow>(this.listOfRunStatement(userId, runId));
  }

  /** In place of all that was known of a run. */
  async replaceOfRun(tx: Tx, userId: string, runId: string, rows: readonly RunRouteRow[]): Promise<void> {
    await tx.query({
      name: 'running.run-routes.delete-of-run',
      text: 'DELETE FROM running.run_route WHERE user_id = $1 AND run_id = $2',
      values: [userId, runId],
    });
    for (const row of rows) await this.upsertRow(tx, row);
  }

  async upsertRow(tx: Tx, row: RunRouteRow): Promise<void> {
    const sets = NAMES.filter((name) => !KEY.includes(name)).map(
      (name) => `${COLUMN[name]} = excluded.${COLUMN[name]}`,
    );
    await tx.query({
      name: 'running.run-routes.upsert-row',
      text: `INSERT INTO running.run_route (${NAMES.map((name) => COLUMN[name]).join(', ')})
             VALUES (${NAMES.map((_, index) => `$${index + 1}`).join(', ')})
             ON CONFLICT (run_id, route_id) DO UPDATE SET ${sets.join(', ')}, matched_at = now()`,
      values: NAMES.map((name) => row[name]),
    });
  }

  /** Of other runs than the route's own: what they were to its way is not said of another one. */
  async deleteRow(tx: Tx, userId: string, runId: string, routeId: string): Promise<void> {
    await tx.query({
      name: 'running.run-routes.delete-row',
      text: 'DELETE FROM running.run_route WHERE user_id = $1 AND run_id = $2 AND route_id = $3 AND NOT is_main',
      values: [userId, runId, routeId],
    });
  }

  /** Runs of other routes become this one's for good. What matching has said of them is dropped: it is said anew. */
  async moveRuns(tx: Tx, userId: string, fromRouteId: string, toRouteId: string): Promise<void> {
    await tx.query({
      name: 'running.run-routes.drop-before-move',
      text: `DELETE FROM running.run_route x WHERE x.user_id = $1 AND x.route_id = $3 AND EXISTS (
               SELECT FROM running.run_route m WHERE m.user_id = $1 AND m.run_id = x.run_id AND m.route_id = $2 AND m.is_main)`,
      values: [userId, fromRouteId, toRouteId],
    });
    await tx.query({
      name: 'running.run-routes.move-runs',
      text: `UPDATE running.run_route SET route_id = $3, is_pinned = true WHERE user_id = $1 AND route_id = $2 AND is_main`,
      values: [userId, fromRouteId, toRouteId],
    });
  }

  /** Runs, newest first, whose main route is one of these: for matching them with a route that is new. */
  async listRunsOfRoutes(
    tx: Tx,
    userId: string,
    routeIds: readonly string[],
    limit: number,
  ): Promise<string[]> {
    const rows = await tx.query<{ runId: string }>({
      name: 'running.run-routes.list-runs-of-routes',
      text: `SELECT x.run_id AS "runId" FROM running.run_route x JOIN running.run n ON n.user_id = x.user_id AND n.id = x.run_id
             WHERE x.user_id = $1 AND x.route_id = ANY($2::uuid[]) AND x.is_main ORDER BY n.started_at DESC, n.id DESC LIMIT $3`,
      values: [userId, routeIds, limit],
    });
    return rows.map(({ runId }) => runId);
  }

  /** Whether a route has a run of its own besides this one. */
  async hasOtherRuns(tx: Tx, userId: string, routeId: string, runId: string): Promise<boolean> {
    const [row] = await tx.query<{ has: boolean }>({
      name: 'running.run-routes.has-other-runs',
      text: `SELECT EXISTS (SELECT FROM running.run_route WHERE user_id = $1 AND route_id = $2 AND run_id <> $3 AND is_main) AS has`,
      values: [userId, routeId, runId],
    });
    return row!.has;
  }

  /** Newest first. @param onlyTimed only runs that went over the whole route @param after start and id of the page's predecessor */
  runsStatement(
    userId: string,
    routeId: string,
    onlyTimed: boolean,
    after: readonly [startedAt: string, runId: string] | null,
    limit: number,
  ): Statement {
    return {
      name: 'running.run-routes.list-runs',
      text: `SELECT ${FIELDS}, n.title, n.started_at AS "startedAt", n.time_zone AS "timeZone", n.distance_m AS "distanceM"
             FROM running.run_route x JOIN running.run n ON n.user_id = x.user_id AND n.id = x.run_id
             WHERE x.user_id = $1 AND x.route_id = $2 AND (NOT $3 OR x.time_s IS NOT NULL)
               AND ($4::timestamptz IS NULL OR (n.started_at, n.id) < ($4, $5::uuid))
             ORDER BY n.started_at DESC, n.id DESC LIMIT $6`,
      values: [userId, routeId, onlyTimed, after?.[0] ?? null, after?.[1] ?? null, limit],
      isPlannedAnew: true,
    };
  }

  /** Elapsed times on routes by whole forward passages, oldest first. */
  timesStatement(userId: string, routeIds: readonly string[]): Statement {
    return {
      name: 'running.run-routes.list-times',
      text: `SELECT x.route_id AS "routeId", x.run_id AS "runId", x.time_s AS "timeS", x.moving_time_s AS "movingTimeS",
               n.started_at AS "startedAt"
             FROM running.run_route x JOIN running.run n ON n.user_id = x.user_id AND n.id = x.run_id
             WHERE x.user_id = $1 AND x.route_id = ANY($2::uuid[]) AND x.time_s IS NOT NULL ORDER BY n.started_at, n.id`,
      values: [userId, routeIds],
    };
  }
}

export interface RouteTimeRow {
  routeId: string;
  runId: string;
  timeS: number;
  movingTimeS: number;
  startedAt: Date;
}
