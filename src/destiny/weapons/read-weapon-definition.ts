import { z } from 'zod';
import { columnsOf, mainCategory, plugCategoryOf } from './plug-category.js';
import type {
  PlugCategory,
  PlugDefinition,
  SocketTypeDefinition,
  WeaponDefinition,
} from './weapon-definition.js';
import type { Ammo, Element, Slot } from '../catalysts/weapon-terms.js';

// Bungie's DestinyInventoryItemDefinition and DestinySocketTypeDefinition reduced to what is used here. A definition of which a part is
// missing or of another type than documented loses that part; it is refused only without its hash or where it is no weapon, no plug.

const hash = z.number().int().min(0).max(0xffff_ffff);

/** A part that is missing or malformed counts as absent. */
const part = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const DISPLAY = part(z.object({ name: part(z.string()), icon: part(z.string()) }));

const WEAPON = z.object({
  hash,
  itemType: z.literal(3),
  itemSubType: part(z.number()),
  itemTypeDisplayName: part(z.string()),
  displayProperties: DISPLAY,
  defaultDamageType: part(z.number()),
  itemCategoryHashes: part(z.array(hash)),
  inventory: part(z.object({ bucketTypeHash: part(hash), tierType: part(z.number()) })),
  equippingBlock: part(z.object({ ammoType: part(z.number()) })),
  sockets: part(
    z.object({
      socketEntries: part(
        z.array(z.object({ socketTypeHash: part(hash), singleInitialItemHash: part(hash) })),
      ),
    }),
  ),
});

const PLUG = z.object({
  hash,
  displayProperties: DISPLAY,
  plug: z.object({ plugCategoryIdentifier: z.string() }),
});

const SOCKET_TYPE = z.object({
  plugWhitelist: part(z.array(z.object({ categoryIdentifier: part(z.string()) }))),
});

/** By Bungie's DamageType; 5 is what raids once had. */
export const ELEMENT_OF_DAMAGE_TYPE: Readonly<Record<number, Element>> = {
  1: 'kinetic',
  2: 'arc',
  3: 'solar',
  4: 'void',
  6: 'stasis',
  7: 'strand',
};

export const SLOT_OF_BUCKET: Readonly<Record<number, Slot>> = {
  1498876634: 'kinetic',
  2465295065: 'energy',
  953998645: 'power',
};

const AMMO_OF_TYPE: Readonly<Record<number, Ammo>> = { 1: 'primary', 2: 'special', 3: 'heavy' };

/** By Bungie's DestinyItemSubType. Early definitions have none for younger kinds; their display name serves then. */
const TYPE_OF_SUB_TYPE: Readonly<Record<number, string>> = {
  6: 'Auto Rifle',
  7: 'Shotgun',
  8: 'Machine Gun',
  9: 'Hand Cannon',
  10: 'Rocket Launcher',
  11: 'Fusion Rifle',
  12: 'Sniper Rifle',
  13: 'Pulse Rifle',
  14: 'Scout Rifle',
  17: 'Sidearm',
  18: 'Sword',
  22: 'Linear Fusion Rifle',
  23: 'Grenade Launcher',
  24: 'Submachine Gun',
  25: 'Trace Rifle',
  31: 'Combat Bow',
  33: 'Glaive',
};

/** Names of the better copies of activities' weapons end so in English. */
const ADEPT = /\((?:adept|timelost|harrowed)\)\s*$/i;

/** What a weapon's sockets are told by. */
export interface SocketLookups {
  socketType(socketTypeHash: number): SocketTypeDefinition | null;
  /** Category of a plug, for sockets whose type is not known; may know none. */
  plugCategory(plugHash: number): PlugCategory | null;
}

/** @param json a DestinyInventoryItemDefinition @returns null where it is no weapon */
export function readWeaponDefinition(json: unknown, lookups: SocketLookups): WeaponDefinition | null {
  const parsed = WEAPON.safeParse(json);
  if (!parsed.success) return null;
  const { data: item } = parsed;
  const name = item.displayProperties?.name?.trim() ?? '';
  const categories = (item.sockets?.socketEntries ?? []).map((entry) => categoryOf(entry, lookups));
  return {
    itemHash: item.hash,
    name,
    icon: item.displayProperties?.icon ?? null,
    weaponType: TYPE_OF_SUB_TYPE[item.itemSubType ?? 0] ?? item.itemTypeDisplayName ?? '',
    element: ELEMENT_OF_DAMAGE_TYPE[item.defaultDamageType ?? 0] ?? null,
    slot: SLOT_OF_BUCKET[item.inventory?.bucketTypeHash ?? 0] ?? null,
    ammo: AMMO_OF_TYPE[item.equippingBlock?.ammoType ?? 0] ?? null,
    tierType: item.inventory?.tierType ?? 0,
    isAdept: ADEPT.test(name),
    categoryHashes: item.itemCategoryHashes ?? [],
    sockets: columnsOf(categories).map((category) => ({ category })),
  };
}

function categoryOf(
  entry: { socketTypeHash?: number | undefined; singleInitialItemHash?: number | undefined },
  lookups: SocketLookups,
): PlugCategory {
  const type = entry.socketTypeHash === undefined ? null : lookups.socketType(entry.socketTypeHash);
  const byType = type === null ? 'other' : mainCategory(type.plugCategories);
  if (byType !== 'other' || entry.singleInitialItemHash === undefined) return byType;
  return lookups.plugCategory(entry.singleInitialItemHash) ?? 'other';
}

/**
 * @param json a DestinyInventoryItemDefinition
 * @param baseOf the trait of each enhanced one
 * @returns null where it is no plug
 */
export function readPlugDefinition(
  json: unknown,
  baseOf: ReadonlyMap<number, number>,
): PlugDefinition | null {
  const parsed = PLUG.safeParse(json);
  if (!parsed.success) return null;
  const { hash: plugHash, displayProperties, plug } = parsed.data;
  return {
    plugHash,
    name: displayProperties?.name?.trim() ?? '',
    icon: displayProperties?.icon ?? null,
    category: plugCategoryOf(plug.plugCategoryIdentifier),
    baseHash: baseOf.get(plugHash) ?? null,
  };
}

/** @param json a DestinySocketTypeDefinition */
export function readSocketTypeDefinition(json: unknown): SocketTypeDefinition {
  const parsed = SOCKET_TYPE.safeParse(json);
  const identifiers = (parsed.data?.plugWhitelist ?? []).flatMap(
    ({ categoryIdentifier }) => categoryIdentifier ?? [],
  );
  return { plugCategories: [...new Set(identifiers.map(plugCategoryOf))] };
}
