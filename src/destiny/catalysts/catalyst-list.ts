// A player's catalysts as a list: filters, orders and totals. All of it works on the facts and the statuses of one player in memory,
// since there are not two hundred.
import type { CatalystFacts } from './catalog.js';
import { byWeaponName } from './catalog.js';
import type { CatalystState, CatalystStatus } from './judge-catalyst.js';
import type { Activity } from './objective-kind.js';
import { objectiveKind } from './objective-kind.js';
import { foldText } from './weapon-name.js';
import type { Element, Slot } from './weapon-terms.js';

export interface CatalystEntry {
  readonly facts: CatalystFacts;
  readonly status: CatalystStatus;
}

/** `incomplete` is found and not done, as DIM says; `missing` is what has not been found. */
export type StateFilter = CatalystState | 'incomplete' | 'missing';

export const CATALYST_SORTS = ['pct', 'name', 'remaining', 'season'] as const;
export type CatalystSort = (typeof CATALYST_SORTS)[number];

/** What is not given does not filter; several values of one field mean any of them. */
export interface CatalystFilter {
  readonly states?: readonly StateFilter[] | undefined;
  /** In any spelling: "Hand Cannon", "hand_cannon". */
  readonly weaponTypes?: readonly string[] | undefined;
  readonly elements?: readonly Element[] | undefined;
  readonly slots?: readonly Slot[] | undefined;
  readonly activities?: readonly Activity[] | undefined;
  /** 0..100, inclusive. */
  readonly minPct?: number | undefined;
  readonly maxPct?: number | undefined;
  readonly season?: number | undefined;
  /** In progress and at `NEAR_PCT` or above. */
  readonly isNearCompletion?: boolean | undefined;
  /** Words that all have to occur in the names, accents and case aside. */
  readonly q?: string | undefined;
}

const MOST_NEAREST = 3;
/** From here on a catalyst in progress counts as near completion, per cent. */
export const NEAR_PCT = 75;

const INCOMPLETE: ReadonlySet<CatalystState> = new Set<CatalystState>(['in_progress']);
const FOUND: ReadonlySet<CatalystState> = new Set<CatalystState>(['complete', 'in_progress']);

export function filterCatalysts<Entry extends CatalystEntry>(
  entries: readonly Entry[],
  filter: CatalystFilter,
): Entry[] {
  const types = filter.weaponTypes && new Set(filter.weaponTypes.map(foldText));
  const words = foldText(filter.q ?? '')
    .split(' ')
    .filter((word) => word !== '');
  return entries.filter(
    ({ facts, status }) =>
      isOneOf(filter.states, (wanted) => matchesState(status.state, wanted)) &&
      (types === undefined || (facts.weaponType !== null && types.has(foldText(facts.weaponType)))) &&
      isOneOf(filter.elements, (wanted) => wanted === facts.element) &&
      isOneOf(filter.slots, (wanted) => wanted === facts.slot) &&
      isOneOf(filter.activities, (wanted) => hasActivity(facts, wanted)) &&
      (filter.minPct === undefined || (isJudged(status) && status.pct >= filter.minPct)) &&
      (filter.maxPct === undefined || (isJudged(status) && status.pct <= filter.maxPct)) &&
      (filter.season === undefined || facts.season === filter.season) &&
      (filter.isNearCompletion === undefined || isNear(status) === filter.isNearCompletion) &&
      hasWords(facts, words),
  );
}

/**
 * A new list. `pct`: furthest first; `remaining`: least left first, what is complete or unknown last; `season`: newest first; `name`:
 * ascending. Equal ones follow by name.
 */
export function sortCatalysts<Entry extends CatalystEntry>(
  entries: readonly Entry[],
  sort: CatalystSort,
): Entry[] {
  const rank = (entry: Entry): number => RANKS[sort](entry);
  return entries
    .map((entry) => [rank(entry), entry] as const)
    .sort(([a, one], [b, other]) => (a === b ? byWeaponName(one.facts, other.facts) : a < b ? -1 : 1))
    .map(([, entry]) => entry);
}

const RANKS: Record<CatalystSort, (entry: CatalystEntry) => number> = {
  name: () => 0,
  pct: ({ status }) => (isJudged(status) ? -status.pct : 1),
  remaining: (entry) => remainingOf(entry) ?? Number.POSITIVE_INFINITY,
  season: ({ facts }) => -(facts.season ?? 0),
};

/**
 * What is left to do, in units of the objectives (nearly always kills); the step of inserting the catalyst is none. Null where the
 * catalyst is complete or where neither record nor catalog tell how much it takes.
 */
export function remainingOf({ facts, status }: CatalystEntry): number | null {
  if (status.state === 'complete') return null;
  let left = 0;
  let known = 0;
  const steps =
    status.objectives.length > 0
      ? status.objectives.filter(({ isVisible }) => isVisible)
      : facts.objectives.map(({ text, target }) => ({ text, target, progress: 0, isComplete: false }));
  for (const { text, target, progress, isComplete } of steps) {
    if (target === null && !isComplete) return null;
    known += 1;
    if (isComplete || (text !== null && objectiveKind(text) === 'insert')) continue;
    left += Math.max(0, target! - Math.max(0, progress ?? 0));
  }
  return known === 0 ? null : left;
}

/** Those in progress that are furthest, three at most. */
export function nearestOf<Entry extends CatalystEntry>(entries: readonly Entry[]): Entry[] {
  const open = entries.filter(({ status }) => status.state === 'in_progress');
  return sortCatalysts(open, 'pct').slice(0, MOST_NEAREST);
}

export interface CatalystCounts {
  readonly total: number;
  /** Complete or in progress. */
  readonly found: number;
  readonly complete: number;
}

export interface CatalystSummary extends CatalystCounts {
  readonly inProgress: number;
  readonly notFound: number;
  readonly unavailable: number;
  readonly hidden: number;
  readonly unknown: number;
  readonly nearCompletion: number;
  /** Mean of all that are judged, 0..100 in tenths; null where none is. */
  readonly meanPct: number | null;
  /** By slot, element and weapon type; `unknown` where no source knew. Keys ascend. */
  readonly bySlot: Readonly<Record<string, CatalystCounts>>;
  readonly byElement: Readonly<Record<string, CatalystCounts>>;
  readonly byWeaponType: Readonly<Record<string, CatalystCounts>>;
}

export function summarize(entries: readonly CatalystEntry[]): CatalystSummary {
  const count = (state: CatalystState): number =>
    entries.filter(({ status }) => status.state === state).length;
  const judged = entries.filter(({ status }) => isJudged(status));
  const sum = judged.reduce((total, { status }) => total + status.pct, 0);
  return {
    ...countsOf(entries),
    inProgress: count('in_progress'),
    notFound: count('not_found'),
    unavailable: count('unavailable'),
    hidden: count('hidden'),
    unknown: count('unknown'),
    nearCompletion: entries.filter(({ status }) => isNear(status)).length,
    meanPct: judged.length === 0 ? null : Math.round((sum / judged.length) * 10) / 10,
    bySlot: groupCounts(entries, ({ facts }) => facts.slot),
    byElement: groupCounts(entries, ({ facts }) => facts.element),
    byWeaponType: groupCounts(entries, ({ facts }) => facts.weaponType),
  };
}

function groupCounts(
  entries: readonly CatalystEntry[],
  keyOf: (entry: CatalystEntry) => string | null,
): Record<string, CatalystCounts> {
  const groups = new Map<string, CatalystEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry) ?? 'unknown';
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, group]) => [key, countsOf(group)]));
}

function countsOf(entries: readonly CatalystEntry[]): CatalystCounts {
  return {
    total: entries.length,
    found: entries.filter(({ status }) => FOUND.has(status.state)).length,
    complete: entries.filter(({ status }) => status.state === 'complete').length,
  };
}

function isOneOf<T>(wanted: readonly T[] | undefined, matches: (value: T) => boolean): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.some(matches);
}

function matchesState(state: CatalystState, wanted: StateFilter): boolean {
  if (wanted === 'incomplete') return INCOMPLETE.has(state);
  return wanted === 'missing' ? state === 'not_found' : state === wanted;
}

/** MIDA Multi-Tool belongs to the Crucible and to precision: its objective says the one, its place the other. */
function hasActivity(facts: CatalystFacts, wanted: Activity): boolean {
  if (facts.activity === wanted) return true;
  return (
    wanted === 'precision' && facts.objectives.some(({ text }) => objectiveKind(text) === 'precision_kills')
  );
}

function isJudged({ state }: CatalystStatus): boolean {
  return state !== 'unknown';
}

function isNear({ state, pct }: CatalystStatus): boolean {
  return state === 'in_progress' && pct >= NEAR_PCT;
}

function hasWords({ weaponName, name }: CatalystFacts, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${foldText(weaponName)} ${foldText(name)}`;
  return words.every((word) => text.includes(word));
}
