import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import type { StoredTrack } from '../runs/run-tracks.service.js';
import { type Candidate, RouteCandidates } from './route-candidates.service.js';
import { RouteDrawer } from './route-drawer.service.js';
import { LEAST_ROUTE_M } from './route-shape.js';
import type { Reader } from './route-shapes.service.js';
import type { ShapeRef } from './route-shapes.repository.js';
import { RoutesRepository } from './routes.repository.js';
import { isTelling, mainRoute, type Match, matchRun } from './run-match.js';
import { pathOf, type RunPath } from './run-path.js';
import { type RunRouteRow, RunRoutesRepository } from './run-routes.repository.js';

/**
 * Puts a run to its route. All that it stores follows from the run's track and the library, so that a second time changes nothing; the
 * lock on the library makes one route of two runs over one new way.
 */
@Injectable()
export class RunMatcher {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly runRoutes: RunRoutesRepository,
    private readonly candidates: RouteCandidates,
    private readonly drawer: RouteDrawer,
    private readonly profiler: Profiler,
  ) {}

  /** @param stored null = the run has no track (any more) */
  async match(tx: Tx, userId: string, runId: string, stored: StoredTrack | null): Promise<void> {
    await this.routes.lockLibrary(tx, userId);
    const path = stored === null ? null : pathOf(stored.track, stored.pauses);
    if (stored === null || path === null || path.shape.distanceM < LEAST_ROUTE_M) {
      await this.runRoutes.replaceOfRun(tx, userId, runId, []);
      await this.routes.deleteForsaken(tx, userId);
      return;
    }
    const before = await this.runRoutes.listOfRun(tx, userId, runId);
    const main = before.find(({ isMain }) => isMain) ?? null;
    const pinnedId = main?.isPinned === true ? main.routeId : null;
    const read: Reader = (statement) => tx.query(statement);
    const found = await this.candidates.find(read, userId, path.shape, pinnedId);
    const matches = this.profiler.time('running.match-run', () => compareAll(path, found));
    const routeId = pinnedId ?? mainRoute(matches, main?.routeId ?? null);
    const drawn = routeId === null ? await this.drawer.drawRun(tx, stored, path.shape) : null;
    const mainId = routeId ?? drawn!.routeId;
    const told = [
      // What was said of the way that a redrawn route had is over.
      ...matches.filter((one) => one.routeId !== drawn?.routeId),
      ...(drawn === null ? [] : compareAll(path, [drawn])),
    ];
    const rows = told
      .filter((one) => one.routeId === mainId || isTelling(one.similarity))
      .map((one) =>
        toRow(stored, one, { isMain: one.routeId === mainId, isPinned: one.routeId === pinnedId }),
      );
    await this.runRoutes.replaceOfRun(tx, userId, runId, rows);
    await this.routes.deleteForsaken(tx, userId);
  }
}

export type RouteMatch = ShapeRef & Match;

export function compareAll(path: RunPath, found: readonly Candidate[]): RouteMatch[] {
  return found.map(({ routeId, shapeVersion, shape }) => ({
    routeId,
    shapeVersion,
    ...matchRun(path, shape),
  }));
}

/** A row of what was compared; a pinned run may be anything to its route. */
export function toRow(
  { userId, runId, version }: StoredTrack,
  { routeId, shapeVersion, similarity, ...times }: RouteMatch,
  { isMain, isPinned }: Pick<RunRouteRow, 'isMain' | 'isPinned'>,
): RunRouteRow {
  const { relation, direction, coverage, otherCoverage, rotationM } = similarity;
  return {
    runId,
    routeId,
    userId,
    relation,
    direction: direction ?? 'forward',
    isMain,
    isPinned,
    coverage,
    routeCoverage: otherCoverage,
    rotationM,
    passageCount: times.passageCount,
    timeS: times.timeS,
    movingTimeS: times.movingTimeS,
    fromMs: times.fromMs,
    toMs: times.toMs,
    trackVersion: version,
    shapeVersion,
  };
}
