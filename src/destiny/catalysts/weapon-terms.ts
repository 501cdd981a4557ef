// The words by which weapons are told apart, and what Bungie's numbers mean by them. Names on screen come in every language; the
// numbers do not, so whatever comes from a manifest is read by number. A number that Bungie added since is null, never a guess.

export const ELEMENTS = ['kinetic', 'arc', 'solar', 'void', 'stasis', 'strand'] as const;
export type Element = (typeof ELEMENTS)[number];

export const SLOTS = ['kinetic', 'energy', 'power'] as const;
export type Slot = (typeof SLOTS)[number];

export const AMMO = ['primary', 'special', 'heavy'] as const;
export type Ammo = (typeof AMMO)[number];

/** English, as the game shows them. */
export const WEAPON_TYPES = [
  'Auto Rifle',
  'Combat Bow',
  'Fusion Rifle',
  'Glaive',
  'Grenade Launcher',
  'Hand Cannon',
  'Linear Fusion Rifle',
  'Machine Gun',
  'Pulse Rifle',
  'Rocket Launcher',
  'Scout Rifle',
  'Shotgun',
  'Sidearm',
  'Sniper Rifle',
  'Submachine Gun',
  'Sword',
  'Trace Rifle',
] as const;
export type WeaponType = (typeof WEAPON_TYPES)[number];

/** Destiny.DestinyItemSubType. */
const TYPE_OF_SUB_TYPE: ReadonlyMap<number, WeaponType> = new Map([
  [6, 'Auto Rifle'],
  [7, 'Shotgun'],
  [8, 'Machine Gun'],
  [9, 'Hand Cannon'],
  [10, 'Rocket Launcher'],
  [11, 'Fusion Rifle'],
  [12, 'Sniper Rifle'],
  [13, 'Pulse Rifle'],
  [14, 'Scout Rifle'],
  [17, 'Sidearm'],
  [18, 'Sword'],
  [22, 'Linear Fusion Rifle'],
  [23, 'Grenade Launcher'],
  [24, 'Submachine Gun'],
  [25, 'Trace Rifle'],
  [31, 'Combat Bow'],
  [33, 'Glaive'],
]);

/** Destiny.DamageType. */
const ELEMENT_OF_DAMAGE: ReadonlyMap<number, Element> = new Map([
  [1, 'kinetic'],
  [2, 'arc'],
  [3, 'solar'],
  [4, 'void'],
  [6, 'stasis'],
  [7, 'strand'],
]);

/** Destiny.DestinyAmmunitionType. */
const AMMO_OF_NUMBER: ReadonlyMap<number, Ammo> = new Map([
  [1, 'primary'],
  [2, 'special'],
  [3, 'heavy'],
]);

/** Hashes of the three buckets that weapons are worn in. */
const SLOT_OF_BUCKET: ReadonlyMap<number, Slot> = new Map([
  [1_498_876_634, 'kinetic'],
  [2_465_295_065, 'energy'],
  [953_998_645, 'power'],
]);

export function slotOf(bucketTypeHash: number | undefined): Slot | null {
  return SLOT_OF_BUCKET.get(bucketTypeHash ?? 0) ?? null;
}

export function weaponTypeOf(itemSubType: number | undefined): WeaponType | null {
  return TYPE_OF_SUB_TYPE.get(itemSubType ?? 0) ?? null;
}

export function elementOf(damageType: number | undefined): Element | null {
  return ELEMENT_OF_DAMAGE.get(damageType ?? 0) ?? null;
}

export function ammoOf(ammoType: number | undefined): Ammo | null {
  return AMMO_OF_NUMBER.get(ammoType ?? 0) ?? null;
}
