import type { SocketCategory } from '../../src/destiny/weapons/weapon-definition.js';
import type { PerkView, WeaponColumn, WeaponView } from '../../src/destiny/weapons/weapon-view.js';

/** @param baseHash where it is an enhanced trait */
export function aPerk(plugHash: number, name: string | null = null, baseHash?: number): PerkView {
  return { plugHash, name, icon: null, baseHash: baseHash ?? plugHash, isEnhanced: baseHash !== undefined };
}

/** A column whose first perk is plugged in. */
export function aColumn(category: SocketCategory, ...perks: PerkView[]): WeaponColumn {
  return { category, socketIndex: 0, selected: perks[0] ?? null, selectable: perks };
}

let made = 0;

export function aWeapon(own: Partial<WeaponView> = {}): WeaponView {
  made += 1;
  return {
    itemInstanceId: `69175300000000${String(made).padStart(5, '0')}`,
    itemHash: 1_000 + made,
    name: `Weapon ${made}`,
    icon: null,
    weaponType: 'Hand Cannon',
    element: 'kinetic',
    slot: 'kinetic',
    ammo: 'primary',
    rarity: 'legendary',
    power: 10,
    location: 'vault',
    isEquipped: false,
    characterId: null,
    isLocked: false,
    isMasterwork: false,
    isCrafted: false,
    isAdept: false,
    categoryHashes: [1],
    stats: [],
    columns: [],
    ...own,
  };
}
