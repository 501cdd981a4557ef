import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AT_START_M, beginAt, type Loop, loopShape, type LoopStart } from './route-loops.js';
import type { WayShape } from './route-shape.js';
import { RoutesService } from './routes.service.js';
import { RunnerTimes } from './runner-times.service.js';
import type { EffortLevel, PredictedTime } from './time-model.js';

export interface RouteLoop {
  /** Its number among the loops of the route. */
  readonly index: number;
  readonly loop: Loop;
  /** Begun at the place that was asked for, or where the route closes it. */
  readonly shape: WayShape;
  readonly forward: PredictedTime;
  readonly backward: PredictedTime;
}

/** Loops that a route is made of, as ways of their own. */
@Injectable()
export class RouteLoops {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routes: RoutesService,
    private readonly times: RunnerTimes,
  ) {}

  /** @param start those alone that pass it, begun there; null = all of them @throws DomainError unknown route */
  async list(
    caller: Principal,
    id: string,
    start: LoopStart | null,
    effort: EffortLevel,
    now = new Date(),
  ): Promise<RouteLoop[]> {
    const { row, shape: route } = await this.routes.findWithShape(caller, id);
    const predict = await this.uow.run(caller, (tx) => this.times.model(tx, caller.id, effort, now));
    return row.loops.flatMap((loop, index): RouteLoop[] => {
      const way = loopShape(route, loop.spans);
      const shape = way === null || start === null ? way : beginAt(way, start, AT_START_M);
      if (shape === null) return [];
      const [forward, backward] = [predict(loop.forwardLevelM), predict(loop.backwardLevelM)];
      return [{ index, loop, shape, forward, backward }];
    });
  }
}
