import { z } from 'zod';
import { CATALYST_SORTS } from './catalyst-list.js';
import { CATALYST_STATES } from './judge-catalyst.js';
import { ACTIVITIES } from './objective-kind.js';
import { ELEMENTS, SLOTS, WEAPON_TYPES } from './weapon-terms.js';

// The query of the catalyst list, by zod: class-validator would take as long as a tenth of the whole answer. `CatalystsQueryDto` says the same
// to readers of the API; a test holds the two together.

/** Several values of one field mean any of them, separated by commas. */
const words = <const Words extends readonly [string, ...string[]]>(known: Words) =>
  z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(known)));

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^-?\d{1,10}$/, 'takes a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));

const pct = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,15})?$/, 'takes a number')
  .transform(Number)
  .pipe(z.number().min(0).max(100));

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Seasons are counted up; there is no hundredth for a long time. */
export const MOST_SEASON = 1_000;
export const STATE_FILTERS = [...CATALYST_STATES, 'incomplete', 'missing'] as const;

export const catalystsQuerySchema = z
  .strictObject({
    limit: integer(1, 200).default(200),
    cursor: z.string().max(2_000).optional(),
    state: words(STATE_FILTERS).optional(),
    weaponType: words(WEAPON_TYPES).optional(),
    element: words(ELEMENTS).optional(),
    slot: words(SLOTS).optional(),
    activity: words(ACTIVITIES).optional(),
    minPct: pct.optional(),
    maxPct: pct.optional(),
    season: integer(1, MOST_SEASON).optional(),
    isNearCompletion: flag.optional(),
    isTracked: flag.optional(),
    q: z.string().max(100).optional(),
    sort: z.enum(CATALYST_SORTS).default('pct'),
  })
  .refine(({ minPct = -Infinity, maxPct = Infinity }) => minPct <= maxPct, {
    message: 'must not be below minPct: nothing would ever match',
    path: ['maxPct'],
  });
export type CatalystsQuery = z.output<typeof catalystsQuerySchema>;
