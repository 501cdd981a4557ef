import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { assertSeen, invalidMerge, noWayInIt, unknownRoute } from '../running.errors.js';
import { RouteDrawer } from './route-drawer.service.js';
import { LEAST_ROUTE_M } from './route-shape.js';
import { MATCH_ROUTE } from './routes.jobs.js';
import { RoutesRepository, type UsedRouteRow } from './routes.repository.js';
import { pathOf } from './run-path.js';
import { RunRoutesRepository } from './run-routes.repository.js';

/** What a runner knows better than matching: that two routes are one, and which run shows best where a route goes. */
@Injectable()
export class RouteEdits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly runRoutes: RunRoutesRepository,
    private readonly drawer: RouteDrawer,
    private readonly tracks: RunTracks,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /**
   * Runs of another route become this one's and stay it, whatever matching says; the other route is deleted. A second time finds no other
   * route. @throws DomainError unknown route, the same route, stale
   */
  merge(caller: Principal, id: string, otherId: string, seen: number | undefined): Promise<UsedRouteRow> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      if (otherId === id) throw invalidMerge('is the route itself');
      const other = await this.routes.findRoute(tx, caller.id, otherId);
      if (other === null) throw invalidMerge('is no route of yours');
      await this.runRoutes.moveRuns(tx, caller.id, otherId, id);
      await this.routes.deleteRoute(tx, otherId);
      await this.jobs.enqueueShared(tx, MATCH_ROUTE, [{ routeId: id }]);
      await this.audit.record(tx, caller, {
        action: 'running.route-merged',
        object: { type: 'running.route', id },
        before: { runCount: before.runCount, otherId, otherName: other.name, otherRunCount: other.runCount },
        after: { runCount: before.runCount + other.runCount },
      });
      return (await this.routes.findRoute(tx, caller.id, id))!;
    });
  }

  /** @throws DomainError unknown route, stale, a run that is not the caller's or has no way */
  redraw(caller: Principal, id: string, runId: string, seen: number | undefined): Promise<UsedRouteRow> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      const stored = await this.tracks.find(tx, runId);
      const path = stored === null ? null : pathOf(stored.track, stored.pauses);
      if (path === null || path.shape.distanceM < LEAST_ROUTE_M) throw noWayInIt('runId');
      const drawn = await this.drawer.redraw(tx, caller.id, id, runId, path.shape);
      await this.audit.record(tx, caller, {
        action: 'running.route-redrawn',
        object: { type: 'running.route', id },
        before: { shapeVersion: before.shapeVersion, distanceM: before.distanceM },
        after: { shapeVersion: drawn.shapeVersion, distanceM: drawn.shape.distanceM, runId },
      });
      return (await this.routes.findRoute(tx, caller.id, id))!;
    });
  }

  private async lock(tx: Tx, caller: Principal, id: string, seen: number | undefined): Promise<UsedRouteRow> {
    await this.routes.lockLibrary(tx, caller.id);
    const row = isUuid(id) ? await this.routes.findRoute(tx, caller.id, id) : null;
    if (row === null) throw unknownRoute();
    assertSeen(seen, row.version, 'route');
    return row;
  }
}
