import type { ItemLocation, ItemSnapshot, SocketSnapshot } from '../bungie/profile-snapshot.js';
import { columnsOf } from './plug-category.js';
import { ELEMENT_OF_DAMAGE_TYPE, SLOT_OF_BUCKET } from './read-weapon-definition.js';
import {
  type PlugCategory,
  type PlugDefinition,
  RARITIES,
  type Rarity,
  type SocketCategory,
  type WeaponDefinition,
  type WeaponDefinitions,
} from './weapon-definition.js';
import { type Ammo, type Element, type Slot } from '../catalysts/weapon-terms.js';
import { WEAPON_STATS } from './weapon-stats.js';

// A copy of a weapon as its owner sees it: what the snapshot holds of it, told in the words of the definitions. What is plugged in now
// (selected) and what this copy could have instead (selectable) are told apart. A hash without a definition stays visible as the
// number it is, its name null: the manifest may be older than the profile, or not there at all.

export interface PerkView {
  readonly plugHash: number;
  readonly name: string | null;
  readonly icon: string | null;
  /** The trait that this one enhances; of everything else its own hash. */
  readonly baseHash: number;
  readonly isEnhanced: boolean;
}

export interface WeaponColumn {
  readonly category: SocketCategory;
  /** Position among the item's sockets. */
  readonly socketIndex: number;
  readonly selected: PerkView | null;
  /** The selected one first, then the others in Bungie's order. */
  readonly selectable: readonly PerkView[];
}

export interface WeaponStat {
  readonly statHash: number;
  readonly name: string | null;
  readonly value: number;
}

export interface WeaponView {
  readonly itemInstanceId: string;
  readonly itemHash: number;
  readonly name: string | null;
  readonly icon: string | null;
  readonly weaponType: string | null;
  readonly element: Element | null;
  readonly slot: Slot | null;
  readonly ammo: Ammo | null;
  readonly rarity: Rarity | null;
  readonly power: number | null;
  readonly location: ItemLocation;
  readonly isEquipped: boolean;
  /** Null in the vault. */
  readonly characterId: string | null;
  readonly isLocked: boolean;
  readonly isMasterwork: boolean;
  readonly isCrafted: boolean;
  readonly isAdept: boolean;
  readonly categoryHashes: readonly number[];
  readonly stats: readonly WeaponStat[];
  /** Of sockets that hold something or could; in the order of the sockets. */
  readonly columns: readonly WeaponColumn[];
}

const STATE = { locked: 1, masterwork: 4, crafted: 8 } as const;
/** In the vault and at the postmaster's an item does not say which slot it is for. */
const STORAGE_BUCKETS: ReadonlySet<number> = new Set([138_197_802, 215_593_132]);
const LOWEST_TIER = 2;

/** @returns null where the item is no weapon, or nothing tells that it is one */
export function toWeaponView(item: ItemSnapshot, definitions: WeaponDefinitions): WeaponView | null {
  const definition = definitions.weapon(item.itemHash);
  if (definition === null && !looksLikeWeapon(item)) return null;
  const has = (bit: number): boolean => (item.state & bit) !== 0;
  return {
    itemInstanceId: item.itemInstanceId,
    itemHash: item.itemHash,
    name: definition?.name || null,
    icon: definition?.icon ?? null,
    weaponType: definition?.weaponType || null,
    element: elementOf(item, definition),
    slot: definition?.slot ?? SLOT_OF_BUCKET[item.bucketHash] ?? null,
    ammo: definition?.ammo ?? null,
    rarity: definition === null ? null : (RARITIES[definition.tierType - LOWEST_TIER] ?? null),
    power: item.power,
    location: item.location,
    isEquipped: item.location === 'equipped',
    characterId: item.characterId,
    isLocked: has(STATE.locked),
    isMasterwork: has(STATE.masterwork),
    isCrafted: has(STATE.crafted),
    isAdept: definition?.isAdept ?? false,
    categoryHashes: definition?.categoryHashes ?? [],
    stats: item.stats.map(({ statHash, value }) => ({
      statHash,
      name: WEAPON_STATS.get(statHash) ?? null,
      value,
    })),
    columns: toColumns(item.sockets, definition, definitions),
  };
}

/** The copy's own element, which some weapons change; else the definition's. */
function elementOf({ damageType }: ItemSnapshot, definition: WeaponDefinition | null): Element | null {
  const own = damageType === null ? undefined : ELEMENT_OF_DAMAGE_TYPE[damageType];
  return own ?? definition?.element ?? null;
}

/** Where the definitions know nothing of it: armour deals no damage, and subclasses have a bucket of their own. */
function looksLikeWeapon({ bucketHash, damageType }: ItemSnapshot): boolean {
  if (SLOT_OF_BUCKET[bucketHash] !== undefined) return true;
  return STORAGE_BUCKETS.has(bucketHash) && damageType !== null;
}

function toColumns(
  sockets: readonly SocketSnapshot[],
  definition: WeaponDefinition | null,
  definitions: WeaponDefinitions,
): WeaponColumn[] {
  const columns = categoriesOf(sockets, definition, definitions);
  return sockets.flatMap(({ plugHash, choices }, socketIndex) => {
    const hashes = [...new Set([...(plugHash === null ? [] : [plugHash]), ...choices])];
    if (hashes.length === 0) return [];
    const selectable = hashes.map((hash) => toPerkView(hash, definitions.plug(hash)));
    const selected = plugHash === null ? null : (selectable[0] ?? null);
    return [{ category: columns[socketIndex] ?? 'other', socketIndex, selected, selectable }];
  });
}

/**
 * As the weapon's definition says, which alone numbers the traits then; of a socket that it does not explain, and of a weapon without a
 * definition, as what is plugged in does.
 */
function categoriesOf(
  sockets: readonly SocketSnapshot[],
  definition: WeaponDefinition | null,
  definitions: WeaponDefinitions,
): SocketCategory[] {
  const defined = definition?.sockets.map(({ category }) => category) ?? [];
  const isDefined = defined.some((category) => category !== 'other');
  const byPlugs = sockets.map(({ plugHash, choices }): PlugCategory => {
    const hash = plugHash ?? choices[0];
    const category = hash === undefined ? 'other' : (definitions.plug(hash)?.category ?? 'other');
    return isDefined && category === 'trait' ? 'other' : category;
  });
  return columnsOf(byPlugs).map((category, index) => {
    const own = defined[index] ?? 'other';
    return own === 'other' ? category : own;
  });
}

export function toPerkView(plugHash: number, plug: PlugDefinition | null): PerkView {
  return {
    plugHash,
    name: plug?.name || null,
    icon: plug?.icon ?? null,
    baseHash: plug?.baseHash ?? plugHash,
    isEnhanced: plug?.baseHash != null,
  };
}
