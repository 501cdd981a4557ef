import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import type { StoredTrack } from '../runs/run-tracks.service.js';
import { drawRoute } from './draw-route.js';
import type { Candidate } from './route-candidates.service.js';
import { cellsOf } from './route-cells.js';
import type { WayShape } from './route-shape.js';
import { decodeShape, encodeShape } from './route-shape-codec.js';
import { RouteShapesRepository } from './route-shapes.repository.js';
import { MATCH_ROUTE } from './routes.jobs.js';
import { RoutesRepository } from './routes.repository.js';
import { RunRoutesRepository } from './run-routes.repository.js';

/** Makes routes of the ways of runs, and other ways of routes. Whoever calls holds the lock on the library. */
@Injectable()
export class RouteDrawer {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly shapes: RouteShapesRepository,
    private readonly runRoutes: RunRoutesRepository,
    private readonly jobs: Jobs,
    private readonly profiler: Profiler,
  ) {}

  /** A run over no known way makes a route, or redraws the one that it alone has made, as when its last fixes came late. */
  async drawRun(tx: Tx, { userId, runId }: StoredTrack, way: WayShape): Promise<Candidate> {
    const own = await this.soleRoute(tx, userId, runId);
    if (own !== null) return this.redraw(tx, userId, own, runId, way);
    const { shape, figures } = this.drawn(way);
    const routeId = uuidv7();
    await this.routes.insertRoute(tx, { ...figures, id: routeId, userId });
    return this.store(tx, userId, runId, { routeId, shapeVersion: 1, shape });
  }

  /** The way of a run in place of the one that a route has. */
  async redraw(tx: Tx, userId: string, routeId: string, runId: string, way: WayShape): Promise<Candidate> {
    const { shape, figures } = this.drawn(way);
    const shapeVersion = await this.routes.updateFigures(tx, routeId, figures);
    return this.store(tx, userId, runId, { routeId, shapeVersion, shape });
  }

  /** As it will be read: matching it now and later says the same. */
  private drawn(way: WayShape): { shape: WayShape; figures: ReturnType<typeof drawRoute> } {
    const shape = decodeShape(encodeShape(way));
    return { shape, figures: this.profiler.time('running.draw-route', () => drawRoute(shape)) };
  }

  private async store(tx: Tx, userId: string, runId: string, drawn: Candidate): Promise<Candidate> {
    const { routeId, shapeVersion: version, shape } = drawn;
    const row = { routeId, version, userId, runId, distanceM: shape.distanceM, places: encodeShape(shape) };
    await this.shapes.insertShape(tx, row, cellsOf(shape));
    await this.jobs.enqueueShared(tx, MATCH_ROUTE, [{ routeId }]);
    return drawn;
  }

  private async soleRoute(tx: Tx, userId: string, runId: string): Promise<string | null> {
    for (const { routeId } of await this.shapes.listDrawnBy(tx, userId, runId))
      if (!(await this.runRoutes.hasOtherRuns(tx, userId, routeId, runId))) return routeId;
    return null;
  }
}
