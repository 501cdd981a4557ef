// What kinds of ghosts there are and what one may be asked for. A ghost is a curve of places or distances over time that somebody races
// against; what it is made of decides who may ever see it (ghosts.repository.ts).

/**
 * `personal_record`: the owner's fastest run over a distance or a route; `past_run`: one run of the owner's; `custom_goal`: a plan;
 * `shared`: somebody else's ghost, taken over by their leave; `composite`: the best sections of several runs on one route.
 */
export const GHOST_TYPES = ['personal_record', 'past_run', 'custom_goal', 'shared', 'composite'] as const;
export type GhostType = (typeof GHOST_TYPES)[number];

export const GHOST_CATEGORIES = ['speed', 'endurance', 'interval', 'recovery'] as const;
export type GhostCategory = (typeof GHOST_CATEGORIES)[number];

/** Whether it is raced by place on its route, or by distance run, wherever that is. */
export const GHOST_BASES = ['route', 'distance'] as const;
export type GhostBasis = (typeof GHOST_BASES)[number];

/** `waiting` for the job that makes its curve; `failed` when there is none to be made. */
export const CURVE_STATES = ['waiting', 'ready', 'failed'] as const;
export type CurveState = (typeof CURVE_STATES)[number];

/** A stretch of a custom goal. */
export interface GoalSplit {
  /** Metres of this stretch alone. */
  readonly distanceM: number;
  /** Seconds per kilometre. */
  readonly paceSPerKm: number;
}

/** By which a list is narrowed, metres: a tenth to both sides of what races call by this name, and nothing beyond a marathon's. */
export const DISTANCE_RANGES = {
  '5k': [4_500, 5_500],
  '10k': [9_000, 11_000],
  half: [19_000, 23_200],
  marathon: [38_000, 46_400],
} as const satisfies Record<string, readonly [number, number]>;
export type DistanceRange = keyof typeof DISTANCE_RANGES;

/** Ghosts of one account. */
export const MOST_GHOSTS = 200;
/** Runs that a composite is made of. */
export const MOST_COMPOSED_RUNS = 30;
export const MOST_GOAL_SPLITS = 200;
/** A goal's length, metres, and pace, seconds per kilometre: from a sprinter's to a walker's. */
export const LEAST_GOAL_M = 100;
export const MOST_GOAL_M = 500_000;
export const FASTEST_S_PER_KM = 90;
export const SLOWEST_S_PER_KM = 3_600;

/** How long a link may be valid, in seconds. */
export const LEAST_LINK_S = 3_600;
export const MOST_LINK_S = 365 * 86_400;
export const USUAL_LINK_S = 30 * 86_400;
