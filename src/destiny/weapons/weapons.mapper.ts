import { pictureUrl } from '../bungie/picture-url.js';
import type { PerkView, WeaponColumn, WeaponStat, WeaponView } from './weapon-view.js';
import type { PerkDto, WeaponColumnDto, WeaponDto, WeaponStatDto } from './weapons.dto.js';

export function toWeaponDto(view: WeaponView): WeaponDto {
  return {
    itemInstanceId: view.itemInstanceId,
    itemHash: view.itemHash,
    name: view.name,
    icon: pictureUrl(view.icon),
    weaponType: view.weaponType,
    element: view.element,
    slot: view.slot,
    ammo: view.ammo,
    rarity: view.rarity,
    power: view.power,
    location: view.location,
    isEquipped: view.isEquipped,
    characterId: view.characterId,
    isLocked: view.isLocked,
    isMasterwork: view.isMasterwork,
    isCrafted: view.isCrafted,
    isAdept: view.isAdept,
    stats: view.stats.map(toStatDto),
    columns: view.columns.map(toColumnDto),
  };
}

function toStatDto({ statHash, name, value }: WeaponStat): WeaponStatDto {
  return { statHash, name, value };
}

function toColumnDto({ category, socketIndex, selected, selectable }: WeaponColumn): WeaponColumnDto {
  return {
    category,
    socketIndex,
    selected: selected === null ? null : toPerkDto(selected),
    selectable: selectable.map(toPerkDto),
  };
}

function toPerkDto({ plugHash, name, icon, baseHash, isEnhanced }: PerkView): PerkDto {
  return { plugHash, name, icon: pictureUrl(icon), baseHash, isEnhanced };
}
