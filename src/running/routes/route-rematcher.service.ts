import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { type Candidate, RouteCandidates } from './route-candidates.service.js';
import { type Reader, RouteShapes } from './route-shapes.service.js';
import { compareShapes } from './route-similarity.js';
import { RoutesRepository } from './routes.repository.js';
import { isTelling } from './run-match.js';
import { compareAll, toRow } from './run-matcher.service.js';
import { pathOf } from './run-path.js';
import { RunRoutesRepository } from './run-routes.repository.js';

/** Earlier runs that are looked at, the newest. */
const MOST_RUNS = 1_000;
/** Runs of one transaction, during which nobody else matches runs of this runner: a fifth of a second. */
const PORTION = 25;

/** Says of earlier runs what they are to a route that is new or drawn anew. */
@Injectable()
export class RouteRematcher {
  constructor(
    private readonly uow: SystemUnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly runRoutes: RunRoutesRepository,
    private readonly shapes: RouteShapes,
    private readonly candidates: RouteCandidates,
    private readonly tracks: RunTracks,
  ) {}

  /** @param signal ends it between portions; a second time does all of it again */
  async rematch(routeId: string, signal: AbortSignal): Promise<void> {
    const runIds = await this.uow.run(SYSTEM_SCOPE, (tx) => this.runsToLookAt(tx, routeId));
    for (let from = 0; from < runIds.length; from += PORTION) {
      signal.throwIfAborted();
      const portion = runIds.slice(from, from + PORTION);
      await this.uow.run(SYSTEM_SCOPE, (tx) => this.rematchPortion(tx, routeId, portion));
    }
  }

  /** Runs of this route, and of routes whose way has something of it: what those are to it, their runs may be too. */
  private async runsToLookAt(tx: Tx, routeId: string): Promise<string[]> {
    const userId = await this.routes.findOwner(tx, routeId);
    const route = userId === null ? null : await this.routes.findRoute(tx, userId, routeId);
    if (userId === null || route === null) return [];
    const read: Reader = (statement) => tx.query(statement);
    const shape = await this.shapes.one(read, userId, { routeId, shapeVersion: route.shapeVersion });
    const near = await this.candidates.find(read, userId, shape, routeId);
    const related = near.filter(
      (other) => other.routeId === routeId || isTelling(compareShapes(other.shape, shape)),
    );
    return this.runRoutes.listRunsOfRoutes(
      tx,
      userId,
      related.map((one) => one.routeId),
      MOST_RUNS,
    );
  }

  private async rematchPortion(tx: Tx, routeId: string, runIds: readonly string[]): Promise<void> {
    const userId = await this.routes.findOwner(tx, routeId);
    if (userId === null) return;
    await this.routes.lockLibrary(tx, userId);
    const route = await this.routes.findRoute(tx, userId, routeId);
    if (route === null) return;
    const { shapeVersion } = route;
    const shape = await this.shapes.one((statement) => tx.query(statement), userId, {
      routeId,
      shapeVersion,
    });
    for (const runId of runIds) await this.rematchRun(tx, userId, runId, { routeId, shapeVersion, shape });
  }

  private async rematchRun(tx: Tx, userId: string, runId: string, route: Candidate): Promise<void> {
    const stored = await this.tracks.find(tx, runId);
    const path = stored === null ? null : pathOf(stored.track, stored.pauses);
    if (stored === null || path === null) return;
    const [match] = compareAll(path, [route]);
    const known = (await this.runRoutes.listOfRun(tx, userId, runId)).find(
      ({ routeId }) => routeId === route.routeId,
    );
    const { isMain, isPinned } = known ?? { isMain: false, isPinned: false };
    if (isMain || isTelling(match!.similarity))
      await this.runRoutes.upsertRow(tx, toRow(stored, match!, { isMain, isPinned }));
    else await this.runRoutes.deleteRow(tx, userId, runId, route.routeId);
  }
}
