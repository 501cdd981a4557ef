import { mixed32, randomFrom } from '../random.js';
import type { Weapon, WeaponWorld } from './weapon-world.js';

// The weapons of one profile: where each copy is, and what it has rolled. A copy has one or two choices in barrel, magazine and traits,
// of which it has chosen one, as the game's have.

export interface OwnedItem {
  readonly itemInstanceId: string;
  readonly weapon: Weapon;
  readonly place: 'equipped' | 'inventory' | 'vault' | 'postmaster';
  /** Null in the vault. */
  readonly characterId: string | null;
  readonly power: number;
  /** Bits of ItemState: 1 locked, 4 masterwork, 8 crafted. */
  readonly state: number;
  /** By socket: what may be chosen, and which of it is. */
  readonly sockets: readonly { readonly choices: readonly number[]; readonly chosen: number }[];
  readonly kills: number;
}

export interface ItemsWanted {
  readonly seed: number;
  readonly weapons: WeaponWorld;
  readonly legendaryCount: number;
  readonly characterIds: readonly string[];
  readonly idOf: (item: number) => string;
  /** By weapon: whether its catalyst has been found, and whether it is complete. */
  readonly catalystOf: (weaponHash: number) => 'missing' | 'found' | 'complete';
}

const SLOTS = ['kinetic', 'energy', 'power'] as const;

export function ownedItems(wanted: ItemsWanted): OwnedItem[] {
  const { seed, weapons, characterIds, legendaryCount } = wanted;
  const random = randomFrom(mixed32(seed ^ 0x17e5));
  const items: OwnedItem[] = [];
  let drawn = 0;
  const draw = (weapon: Weapon, place: OwnedItem['place'], characterId: string | null): OwnedItem => {
    drawn += 1;
    return copyOf(weapon, place, characterId, wanted.idOf(drawn), random);
  };
  // Every character wears legendaries, since the exotic in use is put on over one of them.
  for (const characterId of characterIds)
    for (const slot of SLOTS) {
      const fitting = weapons.legendaries.filter((weapon) => weapon.slot === slot);
      const worn = fitting[Math.floor(random() * fitting.length)];
      if (worn !== undefined) items.push(draw(worn, 'equipped', characterId));
    }
  for (const weapon of weapons.exotics.values()) {
    const isCarried = random() < 0.3;
    const characterId = characterIds[Math.floor(random() * characterIds.length)] ?? null;
    // Drawn in any case, so that a find changes nothing about the others.
    const isOwned = random() < 0.7;
    const item = draw(weapon, isCarried ? 'inventory' : 'vault', isCarried ? characterId : null);
    const catalyst = wanted.catalystOf(weapon.itemHash);
    if (isOwned || catalyst !== 'missing') items.push(withCatalyst(item, catalyst === 'complete'));
  }
  const { legendaries } = weapons;
  for (let index = 0; index < legendaryCount && legendaries.length > 0; index += 1) {
    const weapon = legendaries[Math.floor(random() * legendaries.length)]!;
    const luck = random();
    const place = luck < 0.7 ? 'vault' : luck < 0.95 ? 'inventory' : 'postmaster';
    const characterId = characterIds[Math.floor(random() * characterIds.length)] ?? null;
    items.push(draw(weapon, place, place === 'vault' ? null : characterId));
  }
  return items;
}

/** The socket says by its plug whether the catalyst works: the empty one is the first. */
function withCatalyst(item: OwnedItem, isComplete: boolean): OwnedItem {
  const sockets = item.weapon.sockets.map(({ kind, pool }, index) => {
    if (kind !== 'catalyst') return item.sockets[index]!;
    const chosen = pool[isComplete ? 1 : 0]!;
    return { choices: [chosen], chosen };
  });
  return { ...item, sockets, state: isComplete ? item.state | 4 : item.state & ~4 };
}

function copyOf(
  weapon: Weapon,
  place: OwnedItem['place'],
  characterId: string | null,
  itemInstanceId: string,
  random: () => number,
): OwnedItem {
  const isCrafted = weapon.isCraftable && random() < 0.4;
  const isMasterworked = random() < 0.35;
  const isLocked = random() < 0.5;
  const sockets = weapon.sockets.map(({ kind, pool }) => {
    const isRolled = kind === 'barrel' || kind === 'magazine' || kind === 'trait';
    const first = Math.floor(random() * pool.length);
    const second = (first + 1 + Math.floor(random() * Math.max(1, pool.length - 1))) % pool.length;
    const isDouble = isRolled && !isCrafted && random() < 0.6;
    const choices = isDouble && second !== first ? [pool[first]!, pool[second]!] : [pool[first]!];
    return { choices, chosen: choices[Math.floor(random() * choices.length)]! };
  });
  return {
    itemInstanceId,
    weapon,
    place,
    characterId,
    power: 1_900 + Math.floor(random() * 110),
    state: (isLocked ? 1 : 0) | (isMasterworked ? 4 : 0) | (isCrafted ? 8 : 0),
    sockets,
    kills: Math.floor(random() * 5_000),
  };
}
