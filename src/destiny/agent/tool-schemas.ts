import { z } from 'zod';
import { CATALYST_STATES } from '../catalysts/judge-catalyst.js';
import { ACTIVITIES } from '../catalysts/objective-kind.js';
import { ELEMENTS, SLOTS, WEAPON_TYPES } from '../catalysts/weapon-terms.js';
import { PAGE } from './bounded-page.js';

// What tools take. Strict: an argument that a schema does not know, such as somebody's id, is refused and not passed over.

const words = (most: number) => z.string().trim().min(1).max(most);
const limit = z.int().min(1).max(PAGE).default(PAGE);

export const WEAPON_NAME = words(100).describe('Name of a weapon, in any spelling');

export const CATALYST_FILTER = z.strictObject({
  state: z.enum(CATALYST_STATES).optional(),
  weaponType: z.enum(WEAPON_TYPES).optional(),
  element: z.enum(ELEMENTS).optional(),
  slot: z.enum(SLOTS).optional(),
  minPercent: z.number().min(0).max(100).optional(),
  sort: z.enum(['name', 'percent']).default('name').describe('percent: the furthest first'),
  limit,
});
export const CATALYST_NAME = z.strictObject({ weapon: WEAPON_NAME });
export const NOTHING = z.strictObject({});
export const PLAN_WISH = z.strictObject({
  activity: z.enum(ACTIVITIES).optional(),
  minutes: z.int().min(1).max(1_440).optional().describe('Time at hand'),
  limit: z.int().min(1).max(PAGE).default(5),
});
export const HISTORY_WISH = z.strictObject({
  weapon: WEAPON_NAME,
  days: z.int().min(1).max(730).default(30),
});
const WEAPON_WISH = {
  name: words(100).optional(),
  weaponType: z.enum(WEAPON_TYPES).optional(),
  element: z.enum(ELEMENTS).optional(),
  slot: z.enum(SLOTS).optional(),
  perk: words(100).optional(),
  location: z.enum(['equipped', 'inventory', 'vault', 'postmaster']).optional(),
};
export const WEAPON_FILTER = z.strictObject({ ...WEAPON_WISH, limit });
export const WEAPON_COUNT = z.strictObject({
  ...WEAPON_WISH,
  groupBy: z.enum(['weaponType', 'element', 'slot', 'location', 'name']).optional(),
});
export const ROLL_WISH = z.strictObject({
  weapon: WEAPON_NAME.describe('Name of a weapon that the player owns'),
});
export const MANIFEST_WISH = z.strictObject({
  words: words(100),
  limit: z.int().min(1).max(PAGE).default(5),
});
export const SHEET_WISH = z.strictObject({
  sheet: words(100).optional().describe('Key of a sheet; the first without it'),
  tab: words(100).optional().describe('Without it and without words: the list of tabs'),
  words: words(100).optional().describe('Rows that hold them'),
  limit,
});
