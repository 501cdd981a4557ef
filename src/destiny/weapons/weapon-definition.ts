// What this house uses of Bungie's definitions of weapons and plugs, in a compact form that a cache can hold by the thousand. Hashes are
// unsigned 32-bit numbers. read-weapon-definition.ts makes them of the manifest's JSON.
import type { Ammo, Element, Slot } from '../catalysts/weapon-terms.js';

export const RARITIES = ['basic', 'common', 'rare', 'legendary', 'exotic'] as const;
export type Rarity = (typeof RARITIES)[number];

/** What a plug is by itself; which of the two columns a trait sits in is the socket's to say. */
export type PlugCategory =
  'intrinsic' | 'barrel' | 'magazine' | 'trait' | 'origin' | 'masterwork' | 'mod' | 'shader' | 'other';

export const SOCKET_CATEGORIES = [
  'intrinsic',
  'barrel',
  'magazine',
  'trait1',
  'trait2',
  'origin',
  'masterwork',
  'mod',
  'shader',
  'other',
] as const;
export type SocketCategory = (typeof SOCKET_CATEGORIES)[number];

export interface SocketDefinition {
  readonly category: SocketCategory;
}

export interface WeaponDefinition {
  readonly itemHash: number;
  /** Empty where Bungie hides it. */
  readonly name: string;
  /** Path below https://www.bungie.net; null where there is none. */
  readonly icon: string | null;
  /** English: "Hand Cannon"; of a kind that is new to us, what the manifest's language calls it. */
  readonly weaponType: string;
  readonly element: Element | null;
  readonly slot: Slot | null;
  readonly ammo: Ammo | null;
  /** Bungie's TierType: 2 basic, 3 common, 4 rare, 5 legendary, 6 exotic. */
  readonly tierType: number;
  readonly isAdept: boolean;
  /** Item categories; a wish list may name one of them instead of an item. */
  readonly categoryHashes: readonly number[];
  /** In the order of the item's sockets. */
  readonly sockets: readonly SocketDefinition[];
}

export interface PlugDefinition {
  readonly plugHash: number;
  readonly name: string;
  readonly icon: string | null;
  readonly category: PlugCategory;
  /** Of an enhanced trait, the trait that it enhances; null for everything else. */
  readonly baseHash: number | null;
}

/** A DestinySocketTypeDefinition reduced to what fits into such a socket. */
export interface SocketTypeDefinition {
  readonly plugCategories: readonly PlugCategory[];
}

/** How pure rules look definitions up; what is not known is null. */
export interface WeaponDefinitions {
  weapon(itemHash: number): WeaponDefinition | null;
  plug(plugHash: number): PlugDefinition | null;
}
