import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRoute } from '../running.errors.js';
import { OwnRoutes } from './own-routes.service.js';
import { progressOf, type RouteProgress } from './route-progress.js';
import { RouteShapes } from './route-shapes.service.js';
import { type RouteVersionRow, RouteShapesRepository } from './route-shapes.repository.js';
import type { WayShape } from './route-shape.js';
import { type RouteFilter, RoutesRepository, type UsedRouteRow } from './routes.repository.js';
import { type RouteRunRow, type RouteTimeRow, RunRoutesRepository } from './run-routes.repository.js';

/** Place in a list that is sorted by an instant and an id. */
export type InstantKey = readonly [at: string, id: string];

/** Routes of an account, what was run on them, and their names. A stranger's is as unknown here as one that never was. */
@Injectable()
export class RoutesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly own: OwnRoutes,
    private readonly runRoutes: RunRoutesRepository,
    private readonly shapesRepository: RouteShapesRepository,
    private readonly shapes: RouteShapes,
    private readonly audit: Audit,
  ) {}

  /** Those run last first. */
  list(
    caller: Principal,
    filter: RouteFilter,
    after: InstantKey | null,
    limit: number,
  ): Promise<UsedRouteRow[]> {
    return this.uow.read<UsedRouteRow>(caller, this.routes.listStatement(caller.id, filter, after, limit));
  }

  /** @throws DomainError unknown route */
  async find(caller: Principal, id: string): Promise<UsedRouteRow> {
    const [row] = isUuid(id)
      ? await this.uow.read<UsedRouteRow>(caller, this.routes.findStatement(caller.id, id))
      : [];
    if (row === undefined) throw unknownRoute();
    return row;
  }

  /** With its way. @throws DomainError unknown route */
  async findWithShape(caller: Principal, id: string): Promise<{ row: UsedRouteRow; shape: WayShape }> {
    const row = await this.find(caller, id);
    const { shapeVersion } = row;
    const shape = await this.shapes.one((statement) => this.uow.read(caller, statement), caller.id, {
      routeId: id,
      shapeVersion,
    });
    return { row, shape };
  }

  /** Ways that it has had, newest first. @throws DomainError unknown route */
  async versions(caller: Principal, id: string): Promise<RouteVersionRow[]> {
    await this.find(caller, id);
    return this.uow.read<RouteVersionRow>(caller, this.shapesRepository.versionsStatement(caller.id, id));
  }

  /** Newest first. @throws DomainError unknown route */
  async runs(
    caller: Principal,
    id: string,
    isWhole: boolean,
    after: InstantKey | null,
    limit: number,
  ): Promise<RouteRunRow[]> {
    await this.find(caller, id);
    return this.uow.read<RouteRunRow>(
      caller,
      this.runRoutes.runsStatement(caller.id, id, isWhole, after, limit),
    );
  }

  /** @throws DomainError unknown route */
  async progress(caller: Principal, id: string): Promise<RouteProgress> {
    await this.find(caller, id);
    const rows = await this.uow.read<RouteTimeRow>(caller, this.runRoutes.timesStatement(caller.id, [id]));
    return progressOf(
      rows.map(({ runId, timeS, startedAt }) => ({ runId, timeS, atMs: startedAt.getTime() })),
    );
  }

  /** Without a name, a route that has no run goes when the library is next looked through. @throws DomainError unknown, stale */
  rename(
    caller: Principal,
    id: string,
    seen: number | undefined,
    name: string | null,
  ): Promise<UsedRouteRow> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.own.lock(tx, caller, id, seen);
      await this.routes.updateName(tx, id, name);
      await this.audit.record(tx, caller, {
        action: 'running.route-renamed',
        object: { type: 'running.route', id },
        before: { name: before.name },
        after: { name },
      });
      return (await this.routes.findRoute(tx, caller.id, id))!;
    });
  }

  /** Its runs stay; the next one over the same way makes it anew. @throws DomainError unknown, stale */
  async delete(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const { name, distanceM, runCount } = await this.own.lock(tx, caller, id, seen);
      await this.routes.deleteRoute(tx, id);
      await this.audit.record(tx, caller, {
        action: 'running.route-deleted',
        object: { type: 'running.route', id },
        before: { name, distanceM, runCount },
      });
    });
  }
}
