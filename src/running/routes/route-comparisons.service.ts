import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { noWayInIt } from '../running.errors.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { drawnWay } from './drawn-way.js';
import { type Candidate, RouteCandidates } from './route-candidates.service.js';
import { LEAST_ROUTE_M, type WayShape } from './route-shape.js';
import { compareShapes, type Similarity } from './route-similarity.js';
import { RoutesRepository, type UsedRouteRow } from './routes.repository.js';
import { mainRoute, matchRun } from './run-match.js';
import { pathOf, type RunPath } from './run-path.js';

export interface ComparisonWish {
  readonly runId: string | undefined;
  readonly polyline: string | undefined;
}

export interface ComparedRoute {
  readonly route: UsedRouteRow;
  readonly similarity: Similarity;
  /** Of the run that was asked for, on the whole route; null where there is none. */
  readonly timeS: number | null;
}

export interface Comparison {
  readonly distanceM: number;
  /** The route that it would belong to; null = a new one. */
  readonly mainRouteId: string | null;
  /** What has most in common first. */
  readonly items: readonly ComparedRoute[];
}

/** What a run or a line that somebody has drawn is to the routes of a library. Nothing is kept of it. */
@Injectable()
export class RouteComparisons {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly tracks: RunTracks,
    private readonly candidates: RouteCandidates,
    private readonly routes: RoutesRepository,
    private readonly profiler: Profiler,
  ) {}

  /**
   * @param wish an own run, or an encoded polyline: one of the two
   * @throws DomainError where neither or both are there, or no way is in it
   */
  compare(caller: Principal, { runId, polyline }: ComparisonWish): Promise<Comparison> {
    if ((runId === undefined) === (polyline === undefined)) throw noWayInIt('runId');
    if (runId !== undefined) return this.compareRun(caller, runId);
    const way = drawnWay(polyline!);
    if (way === null || way.distanceM < LEAST_ROUTE_M) throw noWayInIt('polyline');
    return this.uow.run(caller, (tx) => this.compareWay(tx, caller, way, null));
  }

  private compareRun(caller: Principal, runId: string): Promise<Comparison> {
    return this.uow.run(caller, async (tx) => {
      const stored = await this.tracks.find(tx, runId);
      const path = stored === null ? null : pathOf(stored.track, stored.pauses);
      if (path === null || path.shape.distanceM < LEAST_ROUTE_M) throw noWayInIt('runId');
      return this.compareWay(tx, caller, path.shape, path);
    });
  }

  private async compareWay(
    tx: Tx,
    caller: Principal,
    way: WayShape,
    path: RunPath | null,
  ): Promise<Comparison> {
    const found = await this.candidates.find((statement) => tx.query(statement), caller.id, way);
    const compared = this.profiler.time('running.compare-way', () =>
      found
        .map((candidate) => ({ routeId: candidate.routeId, ...compareOne(way, path, candidate) }))
        .filter(({ similarity }) => similarity.relation !== 'different')
        .sort((a, b) => weightOf(b.similarity) - weightOf(a.similarity)),
    );
    const rows = new Map<string, UsedRouteRow>();
    const ids = compared.map(({ routeId }) => routeId);
    for (const row of await this.routes.listByIds(tx, caller.id, ids)) rows.set(row.id, row);
    return {
      distanceM: way.distanceM,
      mainRouteId: mainRoute(compared, null),
      items: compared.flatMap(({ routeId, similarity, timeS }) => {
        const route = rows.get(routeId);
        return route === undefined ? [] : [{ route, similarity, timeS }];
      }),
    };
  }
}

function compareOne(
  way: WayShape,
  path: RunPath | null,
  { shape }: Candidate,
): Pick<ComparedRoute, 'similarity' | 'timeS'> {
  if (path === null) return { similarity: compareShapes(way, shape), timeS: null };
  const { similarity, timeS } = matchRun(path, shape);
  return { similarity, timeS };
}

const RANK = { same: 4, reversed: 3, contained: 2, contains: 2, overlapping: 1, different: 0 } as const;

function weightOf({ relation, ordered, otherOrdered }: Similarity): number {
  return RANK[relation] + Math.min(ordered, otherOrdered) / 2;
}
