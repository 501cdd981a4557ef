import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RouteShapeEntity } from './route-shape.entity.js';

/** A route's current shape by its version. */
export interface ShapeRef {
  readonly routeId: string;
  readonly shapeVersion: number;
}

export type RouteVersionRow = Omit<RouteShapeEntity, 'places' | 'userId'>;

/** Ways of routes and the squares that they touch, in the scope of their owner or of the platform. */
@Injectable()
export class RouteShapesRepository {
  async insertShape(
    tx: Tx,
    shape: Omit<RouteShapeEntity, 'createdAt'>,
    cells: readonly number[],
  ): Promise<void> {
    await tx.query({
      name: 'running.route-shapes.insert-shape',
      text: `INSERT INTO running.route_shape (route_id, version, user_id, run_id, distance_m, places) VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [shape.routeId, shape.version, shape.userId, shape.runId, shape.distanceM, shape.places],
    });
    await tx.query({
      name: 'running.route-shapes.delete-cells',
      text: 'DELETE FROM running.route_cell WHERE user_id = $1 AND route_id = $2',
      values: [shape.userId, shape.routeId],
    });
    await tx.query({
      name: 'running.route-shapes.insert-cells',
      text: 'INSERT INTO running.route_cell (user_id, cell, route_id) SELECT $1, c, $2 FROM unnest($3::bigint[]) c',
      values: [shape.userId, shape.routeId, cells],
    });
  }

  /** Routes that touch most of the squares first. @param alsoId one that is listed whatever it touches; null = none */
  candidatesStatement(
    userId: string,
    cells: readonly number[],
    leastShared: number,
    limit: number,
    alsoId: string | null,
  ): Statement {
    return {
      name: 'running.route-shapes.list-candidates',
      text: `SELECT r.id AS "routeId", r.shape_version AS "shapeVersion"
             FROM (SELECT route_id, count(*) AS shared FROM running.route_cell WHERE user_id = $1 AND cell = ANY($2::bigint[])
                   GROUP BY route_id HAVING count(*) >= $3 ORDER BY shared DESC, route_id LIMIT $4) c
             FULL JOIN (SELECT $5::uuid AS route_id WHERE $5 IS NOT NULL) also ON also.route_id = c.route_id
             JOIN running.route r ON r.user_id = $1 AND r.id = coalesce(c.route_id, also.route_id)
             ORDER BY c.shared DESC NULLS LAST, r.id`,
      values: [userId, cells, leastShared, limit, alsoId],
    };
  }

  placesStatement(userId: string, refs: readonly ShapeRef[]): Statement {
    return {
      name: 'running.route-shapes.list-places',
      text: `SELECT route_id AS "routeId", version AS "shapeVersion", places FROM running.route_shape
             WHERE user_id = $1 AND (route_id, version) IN (SELECT * FROM unnest($2::uuid[], $3::int[]))`,
      values: [userId, refs.map(({ routeId }) => routeId), refs.map(({ shapeVersion }) => shapeVersion)],
    };
  }

  /** Newest first. */
  versionsStatement(userId: string, routeId: string): Statement {
    return {
      name: 'running.route-shapes.list-versions',
      text: `SELECT route_id AS "routeId", version, run_id AS "runId", distance_m AS "distanceM", created_at AS "createdAt"
             FROM running.route_shape WHERE user_id = $1 AND route_id = $2 ORDER BY version DESC LIMIT 200`,
      values: [userId, routeId],
    };
  }

  /** Routes whose current way is that of a run. */
  async listDrawnBy(tx: Tx, userId: string, runId: string): Promise<ShapeRef[]> {
    return tx.query<ShapeRef>({
      name: 'running.route-shapes.list-drawn-by',
      text: `SELECT r.id AS "routeId", r.shape_version AS "shapeVersion" FROM running.route_shape s
             JOIN running.route r ON r.user_id = s.user_id AND r.id = s.route_id AND r.shape_version = s.version
             WHERE s.user_id = $1 AND s.run_id = $2 ORDER BY r.id`,
      values: [userId, runId],
    });
  }
}
