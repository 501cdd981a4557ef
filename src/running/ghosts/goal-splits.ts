import {
  FASTEST_S_PER_KM,
  type GoalSplit,
  LEAST_GOAL_M,
  MOST_GOAL_M,
  SLOWEST_S_PER_KM,
} from './ghost-kinds.js';

// What somebody means by a goal. Three forms, of which exactly one is given: splits, by distance alone or on a route of the library; a
// distance with a time or a pace; a course with a time or a pace, whose distance is the course's own.

export interface GoalWish {
  readonly distanceM?: number;
  readonly durationS?: number;
  readonly paceSPerKm?: number;
  readonly splits?: readonly GoalSplit[];
  readonly courseRunId?: string;
  readonly routeId?: string;
}

export type Goal =
  | {
      readonly kind: 'splits';
      readonly splits: readonly GoalSplit[];
      /** Null = anywhere. */
      readonly routeId: string | null;
      readonly distanceM: number;
      readonly durationS: number;
    }
  /** Over a course: `durationOf` its length. */
  | { readonly kind: 'course'; readonly courseRunId: string; durationOf(distanceM: number): number };

export interface GoalFault {
  readonly field: keyof GoalWish;
  readonly detail: string;
}

const M_PER_KM = 1_000;

export function readGoal(wish: GoalWish): Goal | GoalFault {
  const { splits, courseRunId } = wish;
  if (splits !== undefined) return readSplits(wish, splits);
  const { distanceM, durationS, paceSPerKm, routeId } = wish;
  if (routeId !== undefined) return { field: 'routeId', detail: 'belongs to splits' };
  if ((durationS === undefined) === (paceSPerKm === undefined))
    return { field: 'paceSPerKm', detail: 'takes the place of durationS: one of the two' };
  if (courseRunId !== undefined) {
    if (distanceM !== undefined) return { field: 'distanceM', detail: 'is that of the course' };
    return {
      kind: 'course',
      courseRunId,
      durationOf: (lengthM) => durationS ?? (lengthM / M_PER_KM) * paceSPerKm!,
    };
  }
  if (distanceM === undefined) return { field: 'distanceM', detail: 'is missing: how far it is' };
  const pace = paceSPerKm ?? (durationS! / distanceM) * M_PER_KM;
  if (pace < FASTEST_S_PER_KM || pace > SLOWEST_S_PER_KM)
    return { field: 'durationS', detail: 'is faster or slower than anybody runs' };
  return {
    kind: 'splits',
    splits: [{ distanceM, paceSPerKm: pace }],
    routeId: null,
    distanceM,
    durationS: (distanceM / M_PER_KM) * pace,
  };
}

function readSplits(wish: GoalWish, splits: readonly GoalSplit[]): Goal | GoalFault {
  const surplus = (['distanceM', 'durationS', 'paceSPerKm', 'courseRunId'] as const).find(
    (field) => wish[field] !== undefined,
  );
  if (surplus !== undefined) return { field: surplus, detail: 'follows from the splits' };
  const distanceM = splits.reduce((sum, split) => sum + split.distanceM, 0);
  if (distanceM < LEAST_GOAL_M || distanceM > MOST_GOAL_M)
    return { field: 'splits', detail: `are ${LEAST_GOAL_M} to ${MOST_GOAL_M} metres together` };
  const durationS = splits.reduce((sum, split) => sum + (split.distanceM / M_PER_KM) * split.paceSPerKm, 0);
  return {
    kind: 'splits',
    splits: splits.map((split) => ({ distanceM: split.distanceM, paceSPerKm: split.paceSPerKm })),
    routeId: wish.routeId ?? null,
    distanceM,
    durationS,
  };
}
