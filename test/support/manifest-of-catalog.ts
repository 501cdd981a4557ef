import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { ELEMENTS } from '../../src/destiny/catalysts/weapon-terms.js';

// A manifest in Bungie's shape that holds what the shipped catalog knows, and beside it what must not be taken for catalysts: patterns,
// a triumph about catalysts, weapons that are not exotic, and a reissue. Hashes of nodes and objectives are made up.

type Table = Record<string, Record<string, unknown>>;
export type ManifestTables = Record<string, Table>;

export const MADE_UP_ROOT = 4_100_000_001;
export const TRAP_RECORD = 3_959_847_875;
export const PATTERN_RECORD = 4_100_000_500;
export const REISSUE = 4_100_000_600;

const WEAPONS_NODE = 4_100_000_002;
const FIRST_OBJECTIVE = 4_200_000_000;

/** @param rename names of records that differ from the catalog's, by record */
export function manifestOfCatalog(rename: ReadonlyMap<number, string> = new Map()): ManifestTables {
  const [records, objectives, items]: [Table, Table, Table] = [{}, {}, {}];
  let nextObjective = FIRST_OBJECTIVE;
  for (const facts of shippedCatalog().catalysts) {
    const objectiveHashes = facts.objectives.map(({ text, target }) => {
      const hash = (nextObjective += 1);
      objectives[hash] = { hash, progressDescription: text, completionValue: target };
      return hash;
    });
    const name = rename.get(facts.recordHash) ?? facts.name;
    records[facts.recordHash] = record(facts.recordHash, name, objectiveHashes, facts.icon);
    const damage = facts.element === null ? 0 : [1, 2, 3, 4, 6, 7][ELEMENTS.indexOf(facts.element)]!;
    items[facts.weaponHash] = weapon(facts.weaponHash, facts.weaponName, 6, damage);
  }
  const recordHashes = Object.keys(records).map(Number);
  records[TRAP_RECORD] = record(TRAP_RECORD, 'Catalyst Collector', [], null);
  records[PATTERN_RECORD] = record(PATTERN_RECORD, 'Vexcalibur', [], null);
  items[REISSUE] = weapon(REISSUE, 'Ace of Spades', 6, 3);
  items[4_100_000_601] = weapon(4_100_000_601, 'Catalyst Collector', 5, 3);
  return {
    DestinyPresentationNodeDefinition: {
      [MADE_UP_ROOT]: node(MADE_UP_ROOT, 'Exotic Catalysts', [WEAPONS_NODE, MADE_UP_ROOT], []),
      [WEAPONS_NODE]: node(WEAPONS_NODE, 'Weapons', [], [...recordHashes, TRAP_RECORD, PATTERN_RECORD]),
    },
    DestinyRecordDefinition: records,
    DestinyObjectiveDefinition: objectives,
    DestinyInventoryItemDefinition: items,
  };
}

function record(hash: number, name: string, objectiveHashes: number[], icon: string | null) {
  const displayProperties = { name, description: '', ...(icon === null ? {} : { icon }) };
  return { hash, displayProperties, objectiveHashes };
}

function weapon(hash: number, name: string, tierType: number, defaultDamageType: number) {
  return { hash, displayProperties: { name }, itemType: 3, inventory: { tierType }, defaultDamageType };
}

function node(hash: number, name: string, nodes: number[], records: number[]) {
  return {
    hash,
    displayProperties: { name },
    children: {
      presentationNodes: nodes.map((presentationNodeHash) => ({ presentationNodeHash })),
      records: records.map((recordHash) => ({ recordHash })),
    },
  };
}
