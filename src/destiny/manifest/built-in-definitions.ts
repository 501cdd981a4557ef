import type { Catalog, CatalystFacts } from '../catalysts/catalog.js';
import type { WeaponDefinition } from '../weapons/weapon-definition.js';

// What is known of the game while no manifest was imported: the weapons of the shipped catalysts and their records, in the shape that
// the manifest gives them, with fewer fields.

/** Where no version of the manifest is. */
export const BUILT_IN_VERSION = 'built-in';

const EXOTIC = 6;

/** Null where the catalog knows no such definition. */
export function builtInDefinition(
  catalog: Catalog,
  type: string,
  hash: number,
): Record<string, unknown> | null {
  if (type === 'DestinyInventoryItemDefinition') {
    const facts = catalog.ofWeapon(hash);
    return facts === undefined ? null : itemOf(facts);
  }
  if (type !== 'DestinyRecordDefinition') return null;
  const facts = catalog.ofRecord(hash);
  return facts === undefined ? null : recordOf(facts);
}

export function builtInWeapon(catalog: Catalog, itemHash: number): WeaponDefinition | null {
  const facts = catalog.ofWeapon(itemHash);
  if (facts === undefined) return null;
  return {
    itemHash,
    name: facts.weaponName,
    icon: null,
    weaponType: inWords(facts.weaponType),
    element: facts.element,
    slot: facts.slot,
    ammo: facts.ammo,
    tierType: EXOTIC,
    isAdept: false,
    categoryHashes: [],
    sockets: [],
  };
}

function itemOf({ weaponHash, weaponName, weaponType }: CatalystFacts): Record<string, unknown> {
  return {
    hash: weaponHash,
    displayProperties: { name: weaponName },
    itemType: 3,
    itemTypeDisplayName: inWords(weaponType),
    inventory: { tierType: EXOTIC },
  };
}

function recordOf({ recordHash, name, icon, objectives }: CatalystFacts): Record<string, unknown> {
  return {
    hash: recordHash,
    displayProperties: { name, icon },
    objectiveHashes: objectives.flatMap(({ objectiveHash }) => objectiveHash ?? []),
  };
}

/** `hand_cannon` as the game writes it. */
function inWords(weaponType: string | null): string {
  return (weaponType ?? '').replaceAll('_', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
