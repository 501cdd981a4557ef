import type { ItemLocation } from '../bungie/profile-snapshot.js';
import { foldName, isNameLike } from './name-likeness.js';
import type { Rarity } from './weapon-definition.js';
import type { Element, Slot } from '../catalysts/weapon-terms.js';
import type { PerkView, WeaponView } from './weapon-view.js';

// Which of one's weapons to look at, in which order, and how many there are of what. A filter with several values takes any of them;
// several filters take what passes all. Names are compared without accents, and like a player types them.

export interface WeaponFilter {
  readonly types?: readonly string[];
  readonly elements?: readonly Element[];
  readonly slots?: readonly Slot[];
  readonly rarities?: readonly Rarity[];
  readonly locations?: readonly ItemLocation[];
  readonly characterIds?: readonly string[];
  /** All of them; each is a hash or the name of a perk, and an enhanced one passes for its base. */
  readonly perks?: readonly string[];
  /** Perks count only where they are plugged in. */
  readonly isPerkSelected?: boolean;
  /** Like the weapon's name. */
  readonly q?: string;
  readonly isMasterwork?: boolean;
  readonly isCrafted?: boolean;
  readonly isLocked?: boolean;
}

export function filterWeapons(weapons: readonly WeaponView[], filter: WeaponFilter): WeaponView[] {
  const types = filter.types?.map(foldName);
  const perks = filter.perks?.map(foldName) ?? [];
  const typed = foldName(filter.q ?? '');
  return weapons.filter(
    (weapon) =>
      isAmong(types, weapon.weaponType === null ? null : foldName(weapon.weaponType)) &&
      isAmong(filter.elements, weapon.element) &&
      isAmong(filter.slots, weapon.slot) &&
      isAmong(filter.rarities, weapon.rarity) &&
      isAmong(filter.locations, weapon.location) &&
      isAmong(filter.characterIds, weapon.characterId) &&
      isSame(filter.isMasterwork, weapon.isMasterwork) &&
      isSame(filter.isCrafted, weapon.isCrafted) &&
      isSame(filter.isLocked, weapon.isLocked) &&
      perks.every((perk) => hasPerk(weapon, perk, filter.isPerkSelected ?? false)) &&
      (typed === '' || isNameLike(foldName(weapon.name ?? String(weapon.itemHash)), typed)),
  );
}

function isAmong<T>(wanted: readonly T[] | undefined, value: T | null): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value));
}

function isSame(wanted: boolean | undefined, value: boolean): boolean {
  return wanted === undefined || wanted === value;
}

function hasPerk(weapon: WeaponView, perk: string, isSelected: boolean): boolean {
  return weapon.columns.some(({ selected, selectable }) =>
    isSelected ? selected !== null && isPerk(selected, perk) : selectable.some((one) => isPerk(one, perk)),
  );
}

/** @param perk a hash or a name, folded */
function isPerk({ plugHash, baseHash, name }: PerkView, perk: string): boolean {
  if (perk === String(plugHash) || perk === String(baseHash)) return true;
  return name !== null && perk !== '' && withoutEnhanced(foldName(name)) === withoutEnhanced(perk);
}

const ENHANCED = /^enhanced | enhanced$/;

/** The folded name of the trait that an enhanced one is called after, in English. */
export function withoutEnhanced(folded: string): string {
  return folded.replace(ENHANCED, '');
}

export const WEAPON_SORTS = ['name', 'type', 'element', 'slot', 'rarity', 'power'] as const;
export type WeaponSort = (typeof WEAPON_SORTS)[number];

const SORT_KEYS: Readonly<Record<WeaponSort, (weapon: WeaponView) => string | number | null>> = {
  name: ({ name }) => (name === null ? null : foldName(name)),
  type: ({ weaponType }) => weaponType,
  element: ({ element }) => element,
  slot: ({ slot }) => slot,
  rarity: ({ rarity }) => rarity,
  power: ({ power }) => power,
};

/** What has no such key comes last, whichever the direction; what has the same goes by name, then by instance. */
export function sortWeapons(
  weapons: readonly WeaponView[],
  sort: WeaponSort,
  direction: 'asc' | 'desc' = 'asc',
): WeaponView[] {
  const keyed = weapons.map((weapon) => ({
    weapon,
    key: SORT_KEYS[sort](weapon),
    name: SORT_KEYS.name(weapon),
  }));
  const sign = direction === 'asc' ? 1 : -1;
  keyed.sort(
    (a, b) =>
      compareKeys(a.key, b.key, sign) ||
      compareKeys(a.name, b.name, 1) ||
      compareKeys(a.weapon.itemInstanceId, b.weapon.itemInstanceId, 1),
  );
  return keyed.map(({ weapon }) => weapon);
}

function compareKeys(a: string | number | null, b: string | number | null, sign: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}

export const WEAPON_GROUPS = [
  'type',
  'element',
  'slot',
  'ammo',
  'rarity',
  'location',
  'character',
  'name',
  'perk',
] as const;
export type WeaponGroup = (typeof WEAPON_GROUPS)[number];

/** A null key is what has none: of unknown type, in the vault. */
export interface WeaponCount {
  readonly key: string | null;
  readonly count: number;
}

/** How many there are of each; the most first. A weapon counts once for each of the perks it could have. */
export function aggregate(weapons: readonly WeaponView[], groupBy: WeaponGroup): WeaponCount[] {
  const counts = new Map<string | null, number>();
  for (const weapon of weapons)
    for (const key of groupsOf(weapon, groupBy)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || compareKeys(a.key, b.key, 1));
}

function groupsOf(weapon: WeaponView, groupBy: WeaponGroup): Iterable<string | null> {
  switch (groupBy) {
    case 'type':
      return [weapon.weaponType];
    case 'character':
      return [weapon.characterId];
    case 'name':
      return [weapon.name ?? String(weapon.itemHash)];
    case 'perk':
      return perkNamesOf(weapon);
    default:
      return [weapon[groupBy]];
  }
}

const PERK_COLUMNS: ReadonlySet<string> = new Set(['barrel', 'magazine', 'trait1', 'trait2', 'origin']);

function perkNamesOf({ columns }: WeaponView): Set<string> {
  return new Set(
    columns
      .filter(({ category }) => PERK_COLUMNS.has(category))
      .flatMap(({ selectable }) => selectable.map(({ name, plugHash }) => name ?? String(plugHash))),
  );
}
