import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { noWish } from '../running.errors.js';
import { RouteLibrary } from './route-library.service.js';
import { suggestRoutes, type Suggestion, type Wish } from './route-suggestions.js';
import { RunnerTimes } from './runner-times.service.js';
import type { EffortLevel } from './time-model.js';

export interface NamedSuggestion extends Suggestion {
  /** Of its legs' routes, in their order; null where a route has none. */
  readonly names: readonly (string | null)[];
}

/** Which of a runner's ways fit what they want to run. */
@Injectable()
export class SuggestedRoutes {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly library: RouteLibrary,
    private readonly times: RunnerTimes,
    private readonly profiler: Profiler,
  ) {}

  /** Best first. @throws DomainError where nothing is wished for */
  suggest(
    caller: Principal,
    wish: Wish,
    effort: EffortLevel,
    limit: number,
    now = new Date(),
  ): Promise<NamedSuggestion[]> {
    const { distanceM, climbM, timeS } = wish;
    if (distanceM === undefined && climbM === undefined && timeS === undefined) throw noWish();
    return this.uow.run(caller, async (tx) => {
      const { library, rows } = await this.library.load(tx, caller.id);
      const predict = await this.times.model(tx, caller.id, effort, now);
      const found = this.profiler.time('running.suggest-routes', () =>
        suggestRoutes(library, wish, predict, limit),
      );
      return found.map((suggestion) => ({
        ...suggestion,
        names: suggestion.legs.map(({ routeId }) => rows.get(routeId)?.name ?? null),
      }));
    });
  }
}
