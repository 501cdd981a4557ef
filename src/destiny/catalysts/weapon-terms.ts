// The words by which weapons are told apart, and what Bungie's numbers mean by them. Names on screen come in every language; the
// numbers do not, so whatever comes from a manifest is read by number. A number that Bungie added since is null, never a guess.

export const ELEMENTS = ['kinetic', 'arc', 'solar', 'void', 'stasis', 'strand'] as const;
export type Element = (typeof ELEMENTS)[number];

export const SLOTS = ['kinetic', 'energy', 'power'] as const;
export type Slot = (typeof SLOTS)[number];

export const AMMO = ['primary', 'special', 'heavy'] as const;
export type Ammo = (typeof AMMO)[number];

export const WEAPON_TYPES = [
  'auto_rifle',
  'combat_bow',
  'fusion_rifle',
  'glaive',
  'grenade_launcher',
  'hand_cannon',
  'linear_fusion_rifle',
  'machine_gun',
  'pulse_rifle',
  'rocket_launcher',
  'scout_rifle',
  'shotgun',
  'sidearm',
  'sniper_rifle',
  'submachine_gun',
  'sword',
  'trace_rifle',
] as const;
export type WeaponType = (typeof WEAPON_TYPES)[number];

/** Destiny.DestinyItemSubType. */
const TYPE_OF_SUB_TYPE: ReadonlyMap<number, WeaponType> = new Map([
  [6, 'auto_rifle'],
  [7, 'shotgun'],
  [8, 'machine_gun'],
  [9, 'hand_cannon'],
  [10, 'rocket_launcher'],
  [11, 'fusion_rifle'],
  [12, 'sniper_rifle'],
  [13, 'pulse_rifle'],
  [14, 'scout_rifle'],
  [17, 'sidearm'],
  [18, 'sword'],
  [22, 'linear_fusion_rifle'],
  [23, 'grenade_launcher'],
  [24, 'submachine_gun'],
  [25, 'trace_rifle'],
  [31, 'combat_bow'],
  [33, 'glaive'],
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

export function weaponTypeOf(itemSubType: number | undefined): WeaponType | null {
  return TYPE_OF_SUB_TYPE.get(itemSubType ?? 0) ?? null;
}

export function elementOf(damageType: number | undefined): Element | null {
  return ELEMENT_OF_DAMAGE.get(damageType ?? 0) ?? null;
}

export function ammoOf(ammoType: number | undefined): Ammo | null {
  return AMMO_OF_NUMBER.get(ammoType ?? 0) ?? null;
}
