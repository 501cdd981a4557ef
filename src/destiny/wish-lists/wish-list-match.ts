import type { WeaponView } from '../weapons/weapon-view.js';
import type { WishRoll } from './wish-list.js';

// Which rolls of wish lists a weapon is. A roll matches where every perk that it names is there, in any of the weapon's columns; what the
// copy could have counts as there (whether it is plugged in is told beside it), and an enhanced trait is there for its base and the other
// way round. A weapon that is no match still gets a score: the share of its four columns of perks that the nearest good roll names.

/** What is compared of a weapon. */
export interface RolledWeapon {
  readonly itemHash: number;
  readonly categoryHashes: readonly number[];
  /** Every column of it. */
  readonly columns: readonly RolledColumn[];
}

export interface RolledColumn {
  /** One of the four that make a roll: barrel, magazine, two traits. */
  readonly isScored: boolean;
  /** What is plugged in; null = nothing, or not known. */
  readonly selected: number | null;
  /** What could be, the selected one included. */
  readonly selectable: readonly number[];
}

/** The trait of each enhanced one. */
export type BaseTraits = ReadonlyMap<number, number>;

export interface WishMatch<Roll extends WishRoll = WishRoll> {
  readonly roll: Roll;
  /** All of its perks are plugged in. */
  readonly isSelected: boolean;
}

export const SCORED_COLUMNS = 4;

export interface WishScore<Roll extends WishRoll = WishRoll> {
  /** 0 to 1: matched columns of four; 1 where a good roll matches. */
  readonly score: number;
  /** 0 to 4, of the best good roll. */
  readonly matchedColumns: number;
  /** The good rolls that match, those with the most perks first. */
  readonly hits: readonly WishMatch<Roll>[];
  /** The rolls to throw away that match. */
  readonly trash: readonly WishMatch<Roll>[];
}

/** Whether a roll speaks of this item at all. */
export function isRollOf(
  { itemHash }: WishRoll,
  weapon: Pick<RolledWeapon, 'itemHash' | 'categoryHashes'>,
): boolean {
  return itemHash === null || itemHash === weapon.itemHash || weapon.categoryHashes.includes(itemHash);
}

/** @returns null where it does not match */
export function matchRoll<Roll extends WishRoll>(
  roll: Roll,
  weapon: RolledWeapon,
  baseOf: BaseTraits,
): WishMatch<Roll> | null {
  return isRollOf(roll, weapon) ? matchPerks(roll, presentOf(weapon, baseOf), baseOf) : null;
}

/** @param rolls of any items; those of others do not count */
export function scoreByWishes<Roll extends WishRoll>(
  rolls: Iterable<Roll>,
  weapon: RolledWeapon,
  baseOf: BaseTraits,
): WishScore<Roll> {
  const present = presentOf(weapon, baseOf);
  const columns = weapon.columns
    .filter(({ isScored }) => isScored)
    .map(({ selectable }) => new Set(selectable.map((hash) => baseOf.get(hash) ?? hash)));
  const hits: WishMatch<Roll>[] = [];
  const trash: WishMatch<Roll>[] = [];
  let matchedColumns = 0;
  for (const roll of rolls) {
    if (!isRollOf(roll, weapon)) continue;
    const match = matchPerks(roll, present, baseOf);
    if (match !== null) (roll.isTrash ? trash : hits).push(match);
    if (!roll.isTrash) matchedColumns = Math.max(matchedColumns, countColumns(roll, columns, baseOf));
  }
  const byPerks = (a: WishMatch<Roll>, b: WishMatch<Roll>): number =>
    b.roll.perks.length - a.roll.perks.length;
  hits.sort(byPerks);
  trash.sort(byPerks);
  return { score: hits.length > 0 ? 1 : matchedColumns / SCORED_COLUMNS, matchedColumns, hits, trash };
}

interface Present {
  readonly selected: ReadonlySet<number>;
  readonly selectable: ReadonlySet<number>;
}

function presentOf({ columns }: RolledWeapon, baseOf: BaseTraits): Present {
  const selected = new Set<number>();
  const selectable = new Set<number>();
  for (const column of columns) {
    if (column.selected !== null) selected.add(baseOf.get(column.selected) ?? column.selected);
    for (const hash of column.selectable) selectable.add(baseOf.get(hash) ?? hash);
  }
  return { selected, selectable };
}

function matchPerks<Roll extends WishRoll>(
  roll: Roll,
  { selected, selectable }: Present,
  baseOf: BaseTraits,
): WishMatch<Roll> | null {
  const isIn = (there: ReadonlySet<number>) =>
    roll.perks.every((perk) => there.has(baseOf.get(perk) ?? perk));
  return isIn(selectable) ? { roll, isSelected: isIn(selected) } : null;
}

function countColumns(
  { perks }: WishRoll,
  columns: readonly ReadonlySet<number>[],
  baseOf: BaseTraits,
): number {
  const matched = columns.filter((column) => perks.some((perk) => column.has(baseOf.get(perk) ?? perk)));
  return Math.min(matched.length, SCORED_COLUMNS);
}

const SCORED: ReadonlySet<string> = new Set(['barrel', 'magazine', 'trait1', 'trait2']);

/** What is compared of a weapon as its owner sees it. */
export function rolledWeaponOf({ itemHash, categoryHashes, columns }: WeaponView): RolledWeapon {
  return {
    itemHash,
    categoryHashes,
    columns: columns.map(({ category, selected, selectable }) => ({
      isScored: SCORED.has(category),
      selected: selected?.plugHash ?? null,
      selectable: selectable.map(({ plugHash }) => plugHash),
    })),
  };
}

/** All hashes that count as the same as one: a trait and what enhances it. For comparisons that know of no bases, as in SQL. */
export function traitForms(baseOf: BaseTraits): (hash: number) => readonly number[] {
  const forms = new Map<number, number[]>();
  for (const [enhanced, base] of baseOf) forms.set(base, [...(forms.get(base) ?? [base]), enhanced]);
  return (hash) => forms.get(baseOf.get(hash) ?? hash) ?? [hash];
}
