import type { ItemSnapshot } from '../bungie/profile-snapshot.js';

/** A subclass deals damage too. */
const SUBCLASS_BUCKET = 3_284_755_031;

/** In the vault everything lies in one bucket, so what tells a weapon there is that it deals damage. */
export function isWeapon({ damageType, bucketHash }: ItemSnapshot): boolean {
  return damageType !== null && damageType !== 0 && bucketHash !== SUBCLASS_BUCKET;
}

/** Everything of a copy in a fixed order, so that equal copies are equal texts. */
export function contentOf(item: ItemSnapshot): string {
  const { itemHash, bucketHash, location, characterId, state, power, damageType, stats, sockets } = item;
  return JSON.stringify([
    [itemHash, bucketHash, location, characterId, state, power, damageType],
    stats.map(({ statHash, value }) => [statHash, value]).sort(([a], [b]) => a! - b!),
    sockets.map(({ plugHash, isEnabled, isVisible, choices }) => [plugHash, isEnabled, isVisible, choices]),
  ]);
}
