import { z } from 'zod';
import { isStorable } from '../../platform/http/storable.js';
import {
  DISTANCE_RANGES,
  type DistanceRange,
  FASTEST_S_PER_KM,
  LEAST_GOAL_M,
  MOST_GOAL_M,
  MOST_GOAL_SPLITS,
  SLOWEST_S_PER_KM,
} from '../ghosts/ghost-kinds.js';
import { pageQuery } from './compat-bodies.js';
import { GHOST_KINDS, RESULT_KINDS } from './compat-kinds.js';

// Bodies and queries of the original's clients about ghosts and races. Unknown keys are passed over, as there.

const text = (most: number) =>
  z.string().min(1).max(most).refine(isStorable, 'must be text that can be seen and stored');
const id = z.guid().toLowerCase();
const distance = z.number().min(LEAST_GOAL_M).max(MOST_GOAL_M);
const pace = z.number().min(FASTEST_S_PER_KM).max(SLOWEST_S_PER_KM);
const level = z.int().min(1).max(5);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const goal = {
  target_distance: distance.nullish(),
  target_duration: z.number().min(1).max(2_000_000).nullish(),
  target_pace: pace.nullish(),
  /** Each says where it ends, metres from the start, and seconds per kilometre. */
  custom_splits: z
    .array(z.object({ distance: z.number().min(1).max(MOST_GOAL_M), target_pace: pace }))
    .max(MOST_GOAL_SPLITS)
    .nullish(),
};
export type GoalBody = z.output<z.ZodObject<typeof goal>>;

export const newGhostBody = z.object({
  ghost_type: z.enum(GHOST_KINDS),
  name: text(100).optional(),
  description: text(2_000).or(z.literal('')).nullish(),
  based_on_run_id: id.nullish(),
  difficulty_level: level.nullish(),
  is_active: z.boolean().optional(),
  is_public: z.boolean().optional(),
  ...goal,
});
export type NewGhostBody = z.output<typeof newGhostBody>;

export const ghostChangeBody = z.object({
  name: text(100).optional(),
  description: text(2_000).or(z.literal('')).nullish(),
  difficulty_level: level.nullish(),
  is_active: z.boolean().optional(),
  is_public: z.boolean().optional(),
  ...goal,
});

export const ghostsQuery = z.object({
  ghost_type: z.enum(GHOST_KINDS).optional(),
  is_active: flag.default(true),
});

/** The original's words for the distances of races. */
const RANGE_OF = {
  '5k': '5k',
  '10k': '10k',
  half_marathon: 'half',
  marathon: 'marathon',
} as const satisfies Record<string, DistanceRange>;
const RANGES = Object.keys(RANGE_OF) as (keyof typeof RANGE_OF)[];

const digits = (most: number, least = 1) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const publicGhostsQuery = z.object({
  ghost_type: z.enum(GHOST_KINDS).optional(),
  difficulty_level: digits(5).optional(),
  distance_range: z.enum(RANGES).optional(),
  limit: digits(100).default(50),
  /** What the page before said as `next_cursor`. */
  cursor: id.optional(),
});
export const rangeOf = (range: keyof typeof RANGE_OF): readonly [number, number] =>
  DISTANCE_RANGES[RANGE_OF[range]];

/** What the client says of the result is not believed: it is worked out from the run. */
export const raceBody = z.object({ run_id: id, ghost_id: id });

export const historyQuery = z.object({
  page: pageQuery.shape.page,
  limit: digits(200).default(50),
  ghost_id: id.optional(),
  result_status: z.enum(RESULT_KINDS).optional(),
});
