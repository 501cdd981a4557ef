import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { RouteShapes } from './route-shapes.service.js';
import { RoutesRepository, type UsedRouteRow } from './routes.repository.js';
import { type RouteTimeRow, RunRoutesRepository } from './run-routes.repository.js';
import type { LibraryRoute } from './suggestion-legs.js';

/** Routes that a search looks at, the most used: more would make whoever asks wait, and are hardly ever run. */
const MOST_ROUTES = 100;

/** A library as the search for a way takes it: ways, loops and the runner's own times. */
@Injectable()
export class RouteLibrary {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly shapes: RouteShapes,
    private readonly runRoutes: RunRoutesRepository,
  ) {}

  /** @returns the rows besides, by id */
  async load(
    tx: Tx,
    userId: string,
  ): Promise<{ library: LibraryRoute[]; rows: ReadonlyMap<string, UsedRouteRow> }> {
    const rows = await tx.query<UsedRouteRow>(this.routes.mostUsedStatement(userId, MOST_ROUTES));
    const refs = rows.map(({ id, shapeVersion }) => ({ routeId: id, shapeVersion }));
    const shapes = await this.shapes.many((statement) => tx.query(statement), userId, refs);
    const times = await tx.query<RouteTimeRow>(
      this.runRoutes.timesStatement(
        userId,
        rows.map(({ id }) => id),
      ),
    );
    const timesOf = new Map<string, number[]>();
    for (const { routeId, timeS } of times) timesOf.set(routeId, [...(timesOf.get(routeId) ?? []), timeS]);
    const library = rows.flatMap((row): LibraryRoute[] => {
      const shape = shapes.get(row.id);
      if (shape === undefined) return [];
      const { id: routeId, distanceM, climbM, descentM, forwardLevelM, backwardLevelM, loops } = row;
      const { kind, lapCount, lapDistanceM, retraced } = row;
      return [
        {
          routeId,
          shape,
          figures: { distanceM, climbM, descentM, forwardLevelM, backwardLevelM },
          form: { kind, lapCount, lapDistanceM, retraced },
          loops,
          ownTimesS: timesOf.get(routeId) ?? [],
        },
      ];
    });
    return { library, rows: new Map(rows.map((row) => [row.id, row])) };
  }
}
