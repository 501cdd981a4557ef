import { mixed32 } from '../random.js';

// Hashes that the game has had for years, and the words of its weapons. Facts of DestinyItemManager/d2-additional-info (MIT) and of
// Bungie's API description; what is invented is hashed from its name, so that it stays the same.

export type Slot = 'kinetic' | 'energy' | 'power';
export type Element = 'kinetic' | 'arc' | 'solar' | 'void' | 'stasis' | 'strand';
export type Ammo = 'primary' | 'special' | 'heavy';

export const BUCKETS = {
  kinetic: 1_498_876_634,
  energy: 2_465_295_065,
  power: 953_998_645,
  vault: 138_197_802,
  postmaster: 215_593_132,
} as const;

/** Bungie's number, its DamageType definition, and the item category of its slot follow from these. */
export const ELEMENTS: Readonly<Record<Element, { number: number; hash: number; name: string }>> = {
  kinetic: { number: 1, hash: 3_373_582_085, name: 'Kinetic' },
  arc: { number: 2, hash: 2_303_181_850, name: 'Arc' },
  solar: { number: 3, hash: 1_847_026_933, name: 'Solar' },
  void: { number: 4, hash: 3_454_344_768, name: 'Void' },
  stasis: { number: 6, hash: 151_347_233, name: 'Stasis' },
  strand: { number: 7, hash: 3_949_783_978, name: 'Strand' },
};

export const AMMO_NUMBER: Readonly<Record<Ammo, number>> = { primary: 1, special: 2, heavy: 3 };

export const STATS: Readonly<Record<string, number>> = {
  Impact: 4_043_523_819,
  Range: 1_240_592_695,
  Stability: 155_624_089,
  Handling: 943_549_884,
  'Reload Speed': 4_188_031_367,
  'Aim Assistance': 1_345_609_583,
  Zoom: 3_555_269_338,
  'Rounds Per Minute': 4_284_893_193,
  Magazine: 3_871_231_066,
  Attack: 1_480_404_414,
  Power: 1_935_470_627,
};
export const ATTACK = 1_480_404_414;
export const POWER = 1_935_470_627;

export const SOCKET_CATEGORIES = {
  intrinsic: { hash: 3_956_125_808, name: 'INTRINSIC TRAITS' },
  perks: { hash: 4_241_085_061, name: 'WEAPON PERKS' },
  mods: { hash: 2_685_412_949, name: 'WEAPON MODS' },
  cosmetics: { hash: 2_048_875_504, name: 'WEAPON COSMETICS' },
} as const;
export type SocketCategory = keyof typeof SOCKET_CATEGORIES;

export interface WeaponType {
  readonly name: string;
  readonly subType: number;
  readonly category: number;
  readonly barrel: PlugCategory;
  readonly magazine: PlugCategory;
}

export interface PlugCategory {
  readonly identifier: string;
  readonly hash: number;
}

export const PLUG_CATEGORIES = {
  intrinsics: { identifier: 'intrinsics', hash: 1_744_546_145 },
  barrels: { identifier: 'barrels', hash: 2_833_605_196 },
  tubes: { identifier: 'tubes', hash: 1_202_604_782 },
  bowstrings: { identifier: 'bowstrings', hash: 3_809_303_875 },
  blades: { identifier: 'blades', hash: 1_041_766_312 },
  hafts: { identifier: 'hafts', hash: 1_697_972_157 },
  scopes: { identifier: 'scopes', hash: 2_619_833_294 },
  magazines: { identifier: 'magazines', hash: 1_806_783_418 },
  batteries: { identifier: 'batteries', hash: 1_757_026_848 },
  guards: { identifier: 'guards', hash: 683_359_327 },
  arrows: { identifier: 'arrows', hash: 1_257_608_559 },
  frames: { identifier: 'frames', hash: 7_906_839 },
  origins: { identifier: 'origins', hash: 164_955_586 },
  masterworks: { identifier: 'v400.plugs.weapons.masterworks', hash: 3_185_182_717 },
  trackers: { identifier: 'v400.plugs.weapons.masterworks.trackers', hash: 2_947_756_142 },
  catalysts: { identifier: 'catalysts', hash: 2_142_400_139 },
  mods: { identifier: 'v400.weapon.mod_guns', hash: 510_594_033 },
  shader: { identifier: 'shader', hash: 2_973_005_342 },
} as const satisfies Readonly<Record<string, PlugCategory>>;

const P = PLUG_CATEGORIES;
export const WEAPON_TYPES: readonly WeaponType[] = [
  { name: 'Auto Rifle', subType: 6, category: 5, barrel: P.barrels, magazine: P.magazines },
  { name: 'Hand Cannon', subType: 9, category: 6, barrel: P.barrels, magazine: P.magazines },
  { name: 'Pulse Rifle', subType: 13, category: 7, barrel: P.barrels, magazine: P.magazines },
  { name: 'Scout Rifle', subType: 14, category: 8, barrel: P.barrels, magazine: P.magazines },
  { name: 'Fusion Rifle', subType: 11, category: 9, barrel: P.barrels, magazine: P.batteries },
  { name: 'Sniper Rifle', subType: 12, category: 10, barrel: P.scopes, magazine: P.magazines },
  { name: 'Shotgun', subType: 7, category: 11, barrel: P.barrels, magazine: P.magazines },
  { name: 'Machine Gun', subType: 8, category: 12, barrel: P.barrels, magazine: P.magazines },
  { name: 'Rocket Launcher', subType: 10, category: 13, barrel: P.tubes, magazine: P.magazines },
  { name: 'Sidearm', subType: 17, category: 14, barrel: P.barrels, magazine: P.magazines },
  { name: 'Sword', subType: 18, category: 54, barrel: P.blades, magazine: P.guards },
  {
    name: 'Grenade Launcher',
    subType: 23,
    category: 153_950_757,
    barrel: P.tubes,
    magazine: P.magazines,
  },
  {
    name: 'Linear Fusion Rifle',
    subType: 22,
    category: 1_504_945_536,
    barrel: P.barrels,
    magazine: P.batteries,
  },
  { name: 'Trace Rifle', subType: 25, category: 2_489_664_120, barrel: P.barrels, magazine: P.batteries },
  {
    name: 'Submachine Gun',
    subType: 24,
    category: 3_954_685_534,
    barrel: P.barrels,
    magazine: P.magazines,
  },
  { name: 'Combat Bow', subType: 31, category: 3_317_538_576, barrel: P.bowstrings, magazine: P.arrows },
  { name: 'Glaive', subType: 33, category: 3_871_742_104, barrel: P.hafts, magazine: P.magazines },
];

/** Item categories: weapon, by slot, and what plugs are in. */
export const CATEGORY = {
  weapon: 1,
  kinetic: 2,
  energy: 3,
  power: 4,
  mod: 59,
  weaponMods: 610_365_472,
} as const;

/** A hash that follows from a name (FNV-1a, then mixed, so that neighbours are far apart). Never 0. */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return mixed32(hash) || 1;
}

export function iconOf(name: string): string {
  return `/common/destiny2_content/icons/${hashOf(name).toString(16).padStart(8, '0').repeat(4)}.jpg`;
}
