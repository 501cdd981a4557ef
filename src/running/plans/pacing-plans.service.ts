import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { costOfGrade } from '../analysis/grade-cost.js';
import { FASTEST_S_PER_KM, MOST_GOAL_SPLITS, SLOWEST_S_PER_KM } from '../ghosts/ghost-kinds.js';
import type { GhostDto } from '../ghosts/ghosts.dto.js';
import { GhostsService } from '../ghosts/ghosts.service.js';
import { loopShape } from '../routes/route-loops.js';
import { reverseShape, type WayShape } from '../routes/route-shape.js';
import type { UsedRouteRow } from '../routes/routes.repository.js';
import { RoutesService } from '../routes/routes.service.js';
import { invalidPlan } from '../running.errors.js';
import { courseOf, levelCourse } from './course.js';
import { type Course, type PacingPlan, planPacing } from './pacing-plan.js';
import type { PacingGhostWishDto, PacingWishDto } from './pacing-plans.dto.js';
import { goalOf } from './plan-goal.js';

export interface PlannedCourse {
  readonly plan: PacingPlan;
  /** Null = level ground of a length. */
  readonly route: UsedRouteRow | null;
  readonly isHillAware: boolean;
}

/** How to run a route, or a distance, in a wanted time; and that as somebody to race against. */
@Injectable()
export class PacingPlans {
  constructor(
    private readonly routes: RoutesService,
    private readonly ghosts: GhostsService,
  ) {}

  /** @throws DomainError a course or a time is missing, surplus or not the caller's */
  async plan(caller: Principal, wish: PacingWishDto): Promise<PlannedCourse> {
    const { route, course } = await this.courseOf(caller, wish);
    const distanceM = course.distanceM.at(-1)!;
    const plan = planPacing(course, {
      targetTimeS: targetOf(wish, distanceM),
      negativeSplitPct: wish.negativeSplitPct,
      splitDistanceM: wish.splitDistanceM,
      costOfGrade: (grade) => costOfGrade(grade, wish.gradeModel),
    });
    return { plan, route, isHillAware: course.altitudeM !== null };
  }

  /**
   * The plan as a ghost: raced by place where a whole route is planned in its direction and somebody has run it so, else by distance.
   * @throws DomainError likewise; too many ghosts
   */
  async createGhost(
    caller: Principal,
    wish: PacingGhostWishDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<GhostDto>> {
    const { plan, route } = await this.plan(caller, wish);
    const isOnRoute = route?.bestRunId != null && wish.loopIndex === undefined && !wish.isBackward;
    const name = wish.name ?? route?.name ?? undefined;
    const goal = {
      splits: goalOf(plan, MOST_GOAL_SPLITS),
      ...(isOnRoute && { routeId: route.id }),
    };
    const ghost = { type: 'custom_goal', isActive: true, isPublic: false, goal } as const;
    return this.ghosts.create(caller, { ...ghost, ...(name !== undefined && { name }) }, request);
  }

  private async courseOf(
    caller: Principal,
    { routeId, distanceM, loopIndex, isBackward }: PacingWishDto,
  ): Promise<{ route: UsedRouteRow | null; course: Course }> {
    if ((routeId === undefined) === (distanceM === undefined))
      throw invalidPlan('distanceM', 'takes the place of routeId: one of the two');
    if (routeId === undefined) {
      if (loopIndex !== undefined) throw invalidPlan('loopIndex', 'is one of a route');
      return { route: null, course: levelCourse(distanceM!) };
    }
    const { row, shape } = await this.routes.findWithShape(caller, routeId);
    const way = loopIndex === undefined ? shape : loopOf(row, shape, loopIndex);
    return { route: row, course: courseOf(isBackward ? reverseShape(way) : way) };
  }
}

function loopOf({ loops }: UsedRouteRow, shape: WayShape, index: number): WayShape {
  const loop = loops[index];
  const way = loop === undefined ? null : loopShape(shape, loop.spans);
  if (way === null) throw invalidPlan('loopIndex', 'is no loop of the route');
  return way;
}

/** Seconds for all of it. */
function targetOf({ targetTimeS, paceSPerKm }: PacingWishDto, distanceM: number): number {
  if ((targetTimeS === undefined) === (paceSPerKm === undefined))
    throw invalidPlan('paceSPerKm', 'takes the place of targetTimeS: one of the two');
  if (targetTimeS === undefined) return (paceSPerKm! * distanceM) / 1_000;
  const pace = (targetTimeS / distanceM) * 1_000;
  if (pace < FASTEST_S_PER_KM || pace > SLOWEST_S_PER_KM)
    throw invalidPlan('targetTimeS', 'is faster or slower than anybody runs');
  return targetTimeS;
}
