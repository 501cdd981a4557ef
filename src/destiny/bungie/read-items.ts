import {
  bitsOf,
  hashOf,
  hashOfKey,
  idOf,
  int32Of,
  isObject,
  type JsonObject,
  listOf,
  objectOf,
} from './answer-fields.js';
import type { ItemLocation, ItemSnapshot, SocketSnapshot, StatSnapshot } from './profile-snapshot.js';

// Items of vault, bags and equipment with what hangs on their instances. Where an item is stands in the component that lists it; `location`
// tells only the postmaster from the bags.

export interface ItemAnswers {
  /** By character. */
  readonly equipment: JsonObject | null;
  /** By character. */
  readonly bags: JsonObject | null;
  readonly vault: JsonObject | null;
  /** By instance. */
  readonly components: Readonly<Record<'instances' | 'stats' | 'sockets' | 'reusablePlugs', JsonObject>>;
}

/** Of Bungie's ItemLocation. */
const POSTMASTER = 4;
const NONE: readonly never[] = Object.freeze([]);

/** @throws BungieFault malformed */
export function readItems(answers: ItemAnswers): ItemSnapshot[] {
  const found = new Map<string, ItemSnapshot>();
  const read = (data: unknown, usual: ItemLocation, characterId: string | null): void => {
    for (const value of listOf(objectOf(data, usual)['items'], usual)) {
      const item = itemOf(value, usual, characterId, answers.components);
      // Components are cached apart, so an item on its way may be in two of them; what is worn is listed first.
      if (item !== undefined && !found.has(item.itemInstanceId)) found.set(item.itemInstanceId, item);
    }
  };
  const readEach = (data: JsonObject | null, usual: ItemLocation): void => {
    for (const key of Object.keys(data ?? {})) {
      const characterId = idOf(key);
      if (characterId !== undefined) read(data![key], usual, characterId);
    }
  };
  readEach(answers.equipment, 'equipped');
  readEach(answers.bags, 'inventory');
  if (answers.vault !== null) read(answers.vault, 'vault', null);
  return [...found.values()];
}

function itemOf(
  value: unknown,
  usual: ItemLocation,
  characterId: string | null,
  components: ItemAnswers['components'],
): ItemSnapshot | undefined {
  if (!isObject(value)) return undefined;
  const itemInstanceId = idOf(value['itemInstanceId']);
  const itemHash = hashOf(value['itemHash']);
  if (itemInstanceId === undefined || itemHash === undefined) return undefined;
  const instance = partOf(components.instances, itemInstanceId);
  const damageType = bitsOf(instance?.['damageType']);
  const primaryStat = instance?.['primaryStat'];
  return {
    itemInstanceId,
    itemHash,
    bucketHash: hashOf(value['bucketHash']) ?? 0,
    location: usual === 'inventory' && value['location'] === POSTMASTER ? 'postmaster' : usual,
    characterId,
    state: bitsOf(value['state']) ?? 0,
    power: (isObject(primaryStat) ? bitsOf(primaryStat['value']) : undefined) ?? null,
    damageType: damageType === undefined || damageType === 0 ? null : damageType,
    stats: statsOf(partOf(components.stats, itemInstanceId)?.['stats']),
    sockets: socketsOf(
      partOf(components.sockets, itemInstanceId)?.['sockets'],
      partOf(components.reusablePlugs, itemInstanceId)?.['plugs'],
    ),
  };
}

function partOf(component: JsonObject, itemInstanceId: string): JsonObject | undefined {
  const part = component[itemInstanceId];
  return isObject(part) ? part : undefined;
}

function statsOf(value: unknown): readonly StatSnapshot[] {
  if (!isObject(value)) return NONE;
  const found: StatSnapshot[] = [];
  for (const key of Object.keys(value)) {
    const statHash = hashOfKey(key);
    const stat = value[key];
    const amount = isObject(stat) ? int32Of(stat['value']) : undefined;
    if (statHash !== undefined && amount !== undefined) found.push({ statHash, value: amount });
  }
  return found;
}

/** @param plugs by the index of their socket */
function socketsOf(value: unknown, plugs: unknown): readonly SocketSnapshot[] {
  const sockets = listOf(value, 'sockets');
  if (sockets.length === 0) return NONE;
  const choices = isObject(plugs) ? plugs : {};
  const found: SocketSnapshot[] = [];
  for (let index = 0; index < sockets.length; index += 1) {
    const given = sockets[index];
    // One that cannot be read keeps its place: the others are known by theirs.
    const socket = isObject(given) ? given : {};
    found.push({
      plugHash: hashOf(socket['plugHash']) ?? null,
      isEnabled: socket['isEnabled'] === true,
      isVisible: socket['isVisible'] === true,
      choices: choicesOf(choices[index]),
    });
  }
  return found;
}

function choicesOf(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return NONE;
  const found: number[] = [];
  for (const plug of value as readonly unknown[]) {
    const plugHash = isObject(plug) ? hashOf(plug['plugItemHash']) : undefined;
    if (plugHash !== undefined) found.push(plugHash);
  }
  return found;
}
