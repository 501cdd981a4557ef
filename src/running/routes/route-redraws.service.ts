import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { noWayInIt } from '../running.errors.js';
import { OwnRoutes } from './own-routes.service.js';
import { RouteDrawer } from './route-drawer.service.js';
import { LEAST_ROUTE_M } from './route-shape.js';
import { RoutesRepository, type UsedRouteRow } from './routes.repository.js';
import { pathOf } from './run-path.js';

/** Which run shows best where a route goes: its runner knows better than matching. */
@Injectable()
export class RouteRedraws {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly own: OwnRoutes,
    private readonly drawer: RouteDrawer,
    private readonly tracks: RunTracks,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown route, stale, a run that is not the caller's or has no way */
  redraw(caller: Principal, id: string, runId: string, seen: number | undefined): Promise<UsedRouteRow> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.own.lock(tx, caller, id, seen);
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
}
