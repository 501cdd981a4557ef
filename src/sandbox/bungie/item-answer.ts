import { ATTACK, BUCKETS, ELEMENTS, hashOf } from './game-words.js';
import type { OwnedItem } from './owned-items.js';
import type { PlayerLife } from './player-life.js';
import type { SandboxProfile } from './sandbox-player.js';

// Items as components have them: the list of each place (102, 201, 205) and what is told of each instance (300, 304, 305, 309, 310).

const VAULT = 2;
const INVENTORY = 1;
const POSTMASTER = 4;

export interface PlacedItem extends OwnedItem {
  /** With a damage type that nobody knows yet. */
  readonly isStrange: boolean;
}

/** The exotic in use is worn by the first character over its legendary, so that one exotic weapon at most is worn. */
export function placedItems(profile: SandboxProfile, life: PlayerLife): PlacedItem[] {
  const items = profile.itemsAt(life);
  const wearer = profile.liveCharacters[0]?.characterId ?? null;
  const inUse = life.focus && items.find(({ weapon }) => weapon.itemHash === life.focus?.catalyst.weaponHash);
  const isStrange = profile.player.hasQuirk('unknown-enums');
  return items.map((item, index): PlacedItem => {
    const strange = { isStrange: isStrange && index === 0 };
    if (wearer === null || inUse === undefined) return { ...item, ...strange };
    if (item === inUse) return { ...item, ...strange, place: 'equipped', characterId: wearer };
    const isCovered =
      item.place === 'equipped' && item.characterId === wearer && item.weapon.slot === inUse.weapon.slot;
    return { ...item, ...strange, place: isCovered ? 'inventory' : item.place };
  });
}

export function itemComponent(item: PlacedItem): object {
  const { place, weapon, itemInstanceId, state } = item;
  const bucketHash =
    place === 'vault' ? BUCKETS.vault : place === 'postmaster' ? BUCKETS.postmaster : BUCKETS[weapon.slot];
  return {
    itemHash: weapon.itemHash,
    itemInstanceId,
    quantity: 1,
    bindStatus: 0,
    location: place === 'vault' ? VAULT : place === 'postmaster' ? POSTMASTER : INVENTORY,
    bucketHash,
    transferStatus: place === 'equipped' ? 1 : place === 'postmaster' ? 4 : 0,
    lockable: true,
    state,
    isWrapper: false,
    tooltipNotificationIndexes: [],
    versionNumber: 0,
  };
}

/** Glimmer, without an instance: readers must not trip over it. */
export const STACK_OF_GLIMMER = {
  itemHash: 3_159_615_086,
  quantity: 125_000,
  bindStatus: 0,
  location: VAULT,
  bucketHash: BUCKETS.vault,
  transferStatus: 2,
  lockable: false,
  state: 0,
  isWrapper: false,
  tooltipNotificationIndexes: [],
};

export function instanceOf({ weapon, power, place, isStrange }: PlacedItem): object {
  const element = ELEMENTS[weapon.element];
  return {
    damageType: isStrange ? 99 : element.number,
    damageTypeHash: isStrange ? hashOf('damage-type/unknown') : element.hash,
    primaryStat: { statHash: ATTACK, value: power },
    itemLevel: Math.floor(power / 10),
    quality: power % 10,
    isEquipped: place === 'equipped',
    canEquip: place !== 'postmaster',
    equipRequiredLevel: 0,
    unlockHashesRequiredToEquip: [2_166_136_261],
    cannotEquipReason: place === 'postmaster' ? 16 : 0,
  };
}

export function statsOf(
  { weapon, sockets }: PlacedItem,
  bonusOf: (plug: number) => readonly (readonly [number, number])[],
) {
  const values = new Map(weapon.stats);
  for (const { chosen } of sockets)
    for (const [stat, more] of bonusOf(chosen))
      values.set(stat, Math.min(100, (values.get(stat) ?? 0) + more));
  const stats = [...values].map(([statHash, value]) => [statHash, { statHash, value }] as const);
  return { stats: Object.fromEntries(stats) };
}

export function socketsOf({ sockets }: PlacedItem): object {
  return {
    sockets: sockets.map(({ chosen }) => ({ plugHash: chosen, isEnabled: true, isVisible: true })),
  };
}

/** By socket index; sockets with nothing to choose are left out, as the game leaves them. */
export function reusablePlugsOf({ sockets, weapon }: PlacedItem): object {
  const plugs: Record<string, object[]> = {};
  sockets.forEach(({ choices }, index) => {
    const { kind } = weapon.sockets[index]!;
    if (kind === 'intrinsic' || kind === 'tracker' || kind === 'catalyst') return;
    plugs[index] = choices.map((plugItemHash) => ({ plugItemHash, canInsert: true, enabled: true }));
  });
  return { plugs };
}

/** The tracker counts kills. The catalyst's plug lies about its objective, as issue 1128 of Bungie's says: the record is right. */
export function plugObjectivesOf({ sockets, weapon, kills }: PlacedItem): object {
  const objectivesPerPlug: Record<string, object[]> = {};
  sockets.forEach(({ chosen }, index) => {
    const { kind } = weapon.sockets[index]!;
    const objectiveHash = hashOf(`objective/plug/${chosen}`);
    if (kind === 'tracker')
      objectivesPerPlug[chosen] = [
        { objectiveHash, progress: kills, completionValue: 0, complete: true, visible: true },
      ];
    if (kind === 'catalyst')
      objectivesPerPlug[chosen] = [
        { objectiveHash, progress: kills % 7, completionValue: 1, complete: kills % 7 > 0, visible: true },
      ];
  });
  return { objectivesPerPlug };
}
