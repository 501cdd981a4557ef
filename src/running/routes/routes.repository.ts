import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RouteEntity } from './route.entity.js';

export type RouteRow = RouteEntity;
/** What whoever inserts or redraws a route says of its way. */
export type RouteFigures = Omit<
  RouteRow,
  'id' | 'userId' | 'name' | 'shapeVersion' | 'version' | 'createdAt' | 'updatedAt'
>;

/** What its runs say of a route. */
export interface RouteUse {
  runCount: number;
  /** Elapsed seconds of the fastest passage of any run; null where none went over it whole. */
  bestTimeS: number | null;
  bestRunId: string | null;
  lastRunAt: Date | null;
}

export type UsedRouteRow = RouteRow & RouteUse;

export interface RouteFilter {
  readonly kind: string | null;
  readonly minDistanceM: number | null;
  readonly maxDistanceM: number | null;
}

const FIELDS = `r.id, r.user_id AS "userId", r.name, r.shape_version AS "shapeVersion", r.kind, r.lap_count AS "lapCount",
  r.lap_distance_m AS "lapDistanceM", r.retraced, r.distance_m AS "distanceM", r.climb_m AS "climbM", r.descent_m AS "descentM",
  r.forward_level_m AS "forwardLevelM", r.backward_level_m AS "backwardLevelM", r.south_deg AS "southDeg", r.west_deg AS "westDeg",
  r.north_deg AS "northDeg", r.east_deg AS "eastDeg", r.loops, r.version, r.created_at AS "createdAt", r.updated_at AS "updatedAt"`;

/** Runs of a route are those whose main route it is; its best time may be of any that went over it whole, on foot. */
const USED = `
  SELECT ${FIELDS}, u."runCount", b.time_s AS "bestTimeS", b.run_id AS "bestRunId", u."lastRunAt"
  FROM running.route r
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "runCount", max(n.started_at) AS "lastRunAt"
    FROM running.run_route x JOIN running.run n ON n.user_id = x.user_id AND n.id = x.run_id
    WHERE x.user_id = r.user_id AND x.route_id = r.id AND x.is_main) u
  LEFT JOIN LATERAL (
    SELECT x.run_id, x.time_s FROM running.run_route x JOIN running.run n ON n.user_id = x.user_id AND n.id = x.run_id
    WHERE x.user_id = r.user_id AND x.route_id = r.id AND x.time_s IS NOT NULL AND n.sport IN ('run', 'walk', 'hike')
    ORDER BY x.time_s, n.started_at, n.id LIMIT 1) b ON true`;

const FIGURES = {
  kind: 'kind',
  lapCount: 'lap_count',
  lapDistanceM: 'lap_distance_m',
  retraced: 'retraced',
  distanceM: 'distance_m',
  climbM: 'climb_m',
  descentM: 'descent_m',
  forwardLevelM: 'forward_level_m',
  backwardLevelM: 'backward_level_m',
  southDeg: 'south_deg',
  westDeg: 'west_deg',
  northDeg: 'north_deg',
  eastDeg: 'east_deg',
  loops: 'loops',
} as const satisfies Record<keyof RouteFigures, string>;
const FIGURE_NAMES = Object.keys(FIGURES) as (keyof RouteFigures)[];
const valuesOf = (figures: RouteFigures): unknown[] =>
  FIGURE_NAMES.map((name) => (name === 'loops' ? JSON.stringify(figures.loops) : figures[name]));

/** Routes of a library, in the scope of their owner or of the platform. */
@Injectable()
export class RoutesRepository {
  /** Until the end of the transaction nobody else adds to or takes from the library: two runs over a new way make one route. */
  async lockLibrary(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'running.routes.lock-library',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.runningRoutes}, hashtext($1))`,
      values: [userId],
    });
  }

  findStatement(userId: string, id: string): Statement {
    return {
      name: 'running.routes.find-route',
      text: `${USED} WHERE r.user_id = $1 AND r.id = $2`,
      values: [userId, id],
    };
  }

  async findRoute(tx: Tx, userId: string, id: string): Promise<UsedRouteRow | null> {
    const [row] = await tx.query<UsedRouteRow>(this.findStatement(userId, id));
    return row ?? null;
  }

  /** For the platform's role, whosoever it is. */
  async findOwner(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.query<{ userId: string }>({
      name: 'running.routes.find-owner',
      text: `SELECT user_id AS "userId" FROM running.route WHERE id = $1`,
      values: [id],
    });
    return row?.userId ?? null;
  }

  /** Those run last first, then by id. @param after the last run of the page's predecessor and its id */
  listStatement(
    userId: string,
    filter: RouteFilter,
    after: readonly [lastRunAt: string, id: string] | null,
    limit: number,
  ): Statement {
    return {
      name: 'running.routes.list-routes',
      text: `SELECT * FROM (${USED}
               WHERE r.user_id = $1 AND ($2::text IS NULL OR r.kind = $2) AND r.distance_m >= coalesce($3::float8, 0)
                 AND r.distance_m <= coalesce($4::float8, 'infinity')) q
             WHERE $5::timestamptz IS NULL OR (coalesce(q."lastRunAt", date_trunc('milliseconds', q."createdAt")), q.id) < ($5, $6::uuid)
             ORDER BY coalesce(q."lastRunAt", date_trunc('milliseconds', q."createdAt")) DESC, q.id DESC LIMIT $7`,
      values: [
        userId,
        filter.kind,
        filter.minDistanceM,
        filter.maxDistanceM,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
      isPlannedAnew: true,
    };
  }

  listByIds(tx: Tx, userId: string, ids: readonly string[]): Promise<UsedRouteRow[]> {
    return tx.query<UsedRouteRow>({
      name: 'running.routes.list-by-ids',
      text: `${USED} WHERE r.user_id = $1 AND r.id = ANY($2::uuid[])`,
      values: [userId, ids],
    });
  }

  /** Those with most runs first, up to so many. */
  mostUsedStatement(userId: string, limit: number): Statement {
    return {
      name: 'running.routes.list-most-used',
      text: `${USED} WHERE r.user_id = $1 ORDER BY u."runCount" DESC, r.id DESC LIMIT $2`,
      values: [userId, limit],
    };
  }

  async insertRoute(tx: Tx, route: RouteFigures & Pick<RouteRow, 'id' | 'userId'>): Promise<void> {
    const columns = FIGURE_NAMES.map((name) => FIGURES[name]);
    await tx.query({
      name: 'running.routes.insert-route',
      text: `INSERT INTO running.route (id, user_id, ${columns.join(', ')})
             VALUES ($1, $2, ${columns.map((_, index) => `$${index + 3}`).join(', ')})`,
      values: [route.id, route.userId, ...valuesOf(route)],
    });
  }

  /** Another way. @returns the version of its shape from now on */
  async updateFigures(tx: Tx, id: string, figures: RouteFigures): Promise<number> {
    const sets = FIGURE_NAMES.map((name, index) => `${FIGURES[name]} = $${index + 2}`).join(', ');
    const [row] = await tx.query<{ shapeVersion: number }>({
      name: 'running.routes.update-figures',
      text: `UPDATE running.route SET ${sets}, shape_version = shape_version + 1, version = version + 1, updated_at = now()
             WHERE id = $1 RETURNING shape_version AS "shapeVersion"`,
      values: [id, ...valuesOf(figures)],
    });
    return row!.shapeVersion;
  }

  async updateName(tx: Tx, id: string, name: string | null): Promise<void> {
    await tx.query({
      name: 'running.routes.update-name',
      text: 'UPDATE running.route SET name = $2, version = version + 1, updated_at = now() WHERE id = $1',
      values: [id, name],
    });
  }

  async deleteRoute(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.routes.delete-route',
      text: 'DELETE FROM running.route WHERE id = $1',
      values: [id],
    });
  }

  /** Routes that nobody has named and whose last run is gone: where it went is not kept longer than the run. */
  async deleteForsaken(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'running.routes.delete-forsaken',
      text: `DELETE FROM running.route r WHERE r.user_id = $1 AND r.name IS NULL AND NOT EXISTS (
               SELECT FROM running.run_route x WHERE x.user_id = r.user_id AND x.route_id = r.id AND x.is_main)`,
      values: [userId],
    });
  }
}
