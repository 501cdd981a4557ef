import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { invalidMerge } from '../running.errors.js';
import { OwnRoutes } from './own-routes.service.js';
import { MATCH_ROUTE } from './routes.jobs.js';
import type { RouteDto } from './routes.dto.js';
import { toRouteDto } from './routes.mapper.js';
import { RoutesRepository } from './routes.repository.js';
import { RunRoutesRepository } from './run-routes.repository.js';

/** That two routes are one: a runner knows it better than matching. */
@Injectable()
export class RouteMerges {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly own: OwnRoutes,
    private readonly runRoutes: RunRoutesRepository,
    private readonly jobs: Jobs,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /**
   * Runs of another route become this one's and stay it, whatever matching says; the other route is deleted. Without a key a second time
   * finds no other route. @throws DomainError unknown route, the same route, stale
   */
  merge(
    caller: Principal,
    id: string,
    otherId: string,
    seen: number | undefined,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<RouteDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 200, () => this.mergeOnce(tx, caller, id, otherId, seen)),
    );
  }

  private async mergeOnce(
    tx: Tx,
    caller: Principal,
    id: string,
    otherId: string,
    seen: number | undefined,
  ): Promise<RouteDto> {
    const before = await this.own.lock(tx, caller, id, seen);
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
    return toRouteDto((await this.routes.findRoute(tx, caller.id, id))!);
  }
}
