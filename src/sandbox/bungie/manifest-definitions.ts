import type { Catalyst } from './catalyst-set.js';
import {
  AMMO_NUMBER,
  ATTACK,
  BUCKETS,
  CATEGORY,
  ELEMENTS,
  hashOf,
  iconOf,
  PLUG_CATEGORIES,
  type Slot,
  SOCKET_CATEGORIES,
  STATS,
  WEAPON_TYPES,
} from './game-words.js';
import { otherObjectiveHash, otherRecordHash, TRAP_OBJECTIVE, TRAP_RECORD } from './record-answer.js';
import { type Plug, socketTypeOf, type Weapon, type WeaponWorld } from './weapon-world.js';

// The definitions that players' profiles point to, table by table, as the files of the manifest have them. Every description ends with the
// version, so that a reader who mixes two versions is found out.

export const TABLES = [
  'DestinyRecordDefinition',
  'DestinyObjectiveDefinition',
  'DestinyPresentationNodeDefinition',
  'DestinyInventoryItemDefinition',
  'DestinyPlugSetDefinition',
  'DestinySocketCategoryDefinition',
  'DestinySocketTypeDefinition',
  'DestinyDamageTypeDefinition',
  'DestinyStatDefinition',
  'DestinyCollectibleDefinition',
] as const;
export type Table = (typeof TABLES)[number];

export interface Definition {
  readonly hash: number;
  readonly index: number;
  readonly redacted: boolean;
}

/** Of Settings; its children are the catalysts' node and one with weapon patterns, which are no catalysts. */
export const CATALYSTS_ROOT = hashOf('node/exotic-catalysts-root');
/** The game's own: leaves under it are catalysts. */
export const CATALYSTS_NODE = 2_744_330_515;
const PATTERNS_NODE = hashOf('node/weapon-patterns');

export interface DefinitionSource {
  readonly version: string;
  readonly language: string;
  readonly catalysts: readonly Catalyst[];
  readonly weapons: WeaponWorld;
  readonly otherRecords: number;
}

type Row = Record<string, unknown> & { hash: number };

export function definitionsOf(table: Table, source: DefinitionSource): Definition[] {
  const rows = ROWS[table](source);
  return rows.map((row, index) => ({ ...row, index, redacted: false }));
}

const ROWS: Readonly<Record<Table, (source: DefinitionSource) => Row[]>> = {
  DestinyRecordDefinition: recordRows,
  DestinyObjectiveDefinition: objectiveRows,
  DestinyPresentationNodeDefinition: nodeRows,
  DestinyInventoryItemDefinition: (source) => [
    ...source.weapons.weapons.map((weapon) => weaponRow(weapon, source)),
    ...[...source.weapons.plugs.values()].map((plug) => plugRow(plug, source)),
  ],
  DestinyPlugSetDefinition: ({ weapons }) =>
    [...weapons.plugSets].map(([hash, plugs]) => ({
      hash,
      isFakePlugSet: false,
      reusablePlugItems: plugs.map((plugItemHash) => ({ plugItemHash, currentlyCanRoll: true })),
    })),
  DestinySocketCategoryDefinition: (source) =>
    Object.values(SOCKET_CATEGORIES).map(({ hash, name }) => ({
      hash,
      displayProperties: words(source, name, ''),
      uiCategoryStyle: 2_656_457_638,
      categoryStyle: 1,
    })),
  DestinySocketTypeDefinition: socketTypeRows,
  DestinyDamageTypeDefinition: (source) =>
    Object.values(ELEMENTS).map(({ hash, number, name }) => ({
      hash,
      displayProperties: words(source, name, `Damage of ${name}.`, iconOf(`element/${name}`)),
      showIcon: true,
      enumValue: number,
    })),
  DestinyStatDefinition: (source) =>
    Object.entries(STATS).map(([name, hash]) => ({
      hash,
      displayProperties: words(source, name, `How good it is in ${name}.`),
      aggregationType: 2,
      hasComputedBlock: false,
      statCategory: 1,
    })),
  DestinyCollectibleDefinition: (source) =>
    source.weapons.weapons.map(({ collectibleHash, itemHash, name, icon, season }) => ({
      hash: collectibleHash,
      displayProperties: words(source, name, '', icon),
      scope: 0,
      sourceString: `Source: season ${season}`,
      sourceHash: hashOf(`source/${season}`),
      itemHash,
      presentationNodeType: 2,
    })),
};

function words(
  { version, language }: DefinitionSource,
  name: string,
  description: string,
  icon?: string,
): object {
  const tail = language === 'en' ? version : `${language}, ${version}`;
  const text = description === '' ? '' : `${description} [${tail}]`;
  return { description: text, name, ...(icon !== undefined && { icon }), hasIcon: icon !== undefined };
}

function recordRows(source: DefinitionSource): Row[] {
  const { catalysts, otherRecords } = source;
  const fixed = { recordValueStyle: 0, recordTypeName: '', presentationNodeType: 3, forTitleGilding: false };
  const catalystRows = catalysts.map((one) => {
    const parents = [nodeOf(one.slot)];
    return {
      ...fixed,
      hash: one.recordHash,
      displayProperties: words(source, one.recordName, one.description, one.icon),
      scope: one.isPerCharacter ? 1 : 0,
      objectiveHashes: one.objectives.map(({ objectiveHash }) => objectiveHash),
      stateInfo: {
        featuredPriority: 2_147_483_647,
        obscuredName: one.recordName,
        obscuredDescription: `Found in the wild, season ${one.season}.`,
      },
      parentNodeHashes: parents,
    };
  });
  const collector = words(source, 'Catalyst Collector', 'Complete 10 exotic catalysts.');
  const others = Array.from({ length: otherRecords }, (_, index) => ({
    ...fixed,
    hash: otherRecordHash(index),
    displayProperties: words(source, `Triumph ${index + 1}`, `Do the thing ${index + 1}.`),
    scope: 0,
    objectiveHashes: [otherObjectiveHash(index)],
    parentNodeHashes: [],
  }));
  const trap = { ...fixed, hash: TRAP_RECORD, displayProperties: collector, scope: 0 };
  return [
    ...catalystRows,
    { ...trap, objectiveHashes: [TRAP_OBJECTIVE], parentNodeHashes: [] },
    ...patternHashes(source).map(({ hash, name }) => ({
      ...fixed,
      hash,
      displayProperties: words(source, `${name} Pattern`, `Extract patterns of ${name}.`),
      scope: 0,
      objectiveHashes: [],
      parentNodeHashes: [PATTERNS_NODE],
    })),
    ...others,
  ];
}

function patternHashes({ weapons }: DefinitionSource): { hash: number; name: string }[] {
  const craftable = weapons.legendaries.filter(({ isCraftable }) => isCraftable);
  return craftable.map(({ name }) => ({ hash: hashOf(`pattern/${name}`), name }));
}

function objectiveRows({ catalysts, otherRecords, weapons }: DefinitionSource): Row[] {
  const row = (hash: number, text: string, completionValue: number): Row => ({
    hash,
    progressDescription: text,
    completionValue,
    scope: 0,
    locationHash: 0,
    allowNegativeValue: false,
    allowValueChangeWhenCompleted: true,
    isCountingDownward: false,
    valueStyle: 0,
    minimumVisibilityThreshold: 0,
    allowOvercompletion: text.startsWith('Insert'),
    showValueOnComplete: true,
    completedValueStyle: 0,
    inProgressValueStyle: 0,
  });
  const told = [...weapons.plugs.values()].filter(({ kind }) => kind === 'tracker' || kind === 'catalyst');
  return [
    ...catalysts.flatMap(({ objectives }) =>
      objectives.map(({ objectiveHash, text, target }) => row(objectiveHash, text, target)),
    ),
    row(TRAP_OBJECTIVE, 'Catalysts completed', 10),
    ...told.map(({ plugHash, kind }) =>
      row(hashOf(`objective/plug/${plugHash}`), 'Enemies defeated', kind === 'tracker' ? 0 : 1),
    ),
    ...Array.from({ length: otherRecords }, (_, index) =>
      row(otherObjectiveHash(index), 'Done', 50 + 25 * (index % 8)),
    ),
  ];
}

function nodeRows(source: DefinitionSource): Row[] {
  const node = (
    hash: number,
    name: string,
    parents: number[],
    children: number[],
    records: number[],
  ): Row => ({
    hash,
    displayProperties: words(source, name, ''),
    nodeType: records.length > 0 ? 3 : 1,
    scope: 0,
    children: {
      presentationNodes: children.map((child) => ({ presentationNodeHash: child, nodeDisplayPriority: 0 })),
      collectibles: [],
      records: records.map((recordHash) => ({ recordHash, nodeDisplayPriority: 0 })),
      metrics: [],
      craftables: [],
    },
    displayStyle: 0,
    screenStyle: 0,
    presentationNodeType: 1,
    parentNodeHashes: parents,
  });
  const slots: readonly Slot[] = ['kinetic', 'energy', 'power'];
  const patterns = patternHashes(source).map(({ hash }) => hash);
  return [
    node(CATALYSTS_ROOT, 'Exotic Catalysts', [], [CATALYSTS_NODE, PATTERNS_NODE], []),
    node(CATALYSTS_NODE, 'Weapons', [CATALYSTS_ROOT], slots.map(nodeOf), []),
    node(PATTERNS_NODE, 'Patterns', [CATALYSTS_ROOT], [], patterns),
    ...slots.map((slot) => {
      const inSlot = source.catalysts.filter((one) => one.slot === slot);
      const records = inSlot.map(({ recordHash }) => recordHash);
      return node(nodeOf(slot), slot, [CATALYSTS_NODE], [], records);
    }),
  ];
}

function nodeOf(slot: Slot): number {
  return hashOf(`node/catalysts/${slot}`);
}

function weaponRow(weapon: Weapon, source: DefinitionSource): Row {
  const { itemHash, name, icon, isExotic, slot, element, season, sockets, stats } = weapon;
  const type = WEAPON_TYPES[weapon.typeIndex]!;
  const tier = isExotic ? 'Exotic' : 'Legendary';
  const damage = ELEMENTS[element];
  return {
    hash: itemHash,
    displayProperties: words(source, name, `${name} is of this sandbox.`, icon),
    collectibleHash: weapon.collectibleHash,
    iconWatermark: iconOf(`season/${season}`),
    itemTypeDisplayName: type.name,
    itemTypeAndTierDisplayName: `${tier} ${type.name}`,
    flavorText: `Invented for version ${source.version}.`,
    inventory: {
      maxStackSize: 1,
      bucketTypeHash: BUCKETS[slot],
      recoveryBucketTypeHash: BUCKETS.postmaster,
      tierTypeHash: hashOf(`tier/${tier}`),
      isInstanceItem: true,
      tierTypeName: tier,
      tierType: isExotic ? 6 : 5,
      ...(weapon.isCraftable && { recipeItemHash: hashOf(`recipe/${name}`) }),
    },
    stats: {
      disablePrimaryStatDisplay: false,
      statGroupHash: hashOf(`stat-group/${type.name}`),
      stats: Object.fromEntries(
        stats.map(([statHash, value]) => [
          statHash,
          { statHash, value, minimum: 0, maximum: 0, displayMaximum: 100 },
        ]),
      ),
      hasDisplayableStats: true,
      primaryBaseStatHash: ATTACK,
    },
    equippingBlock: {
      ...(isExotic && { uniqueLabel: 'exotic_weapon', uniqueLabelHash: hashOf('label/exotic-weapon') }),
      equipmentSlotTypeHash: BUCKETS[slot],
      attributes: 0,
      ammoType: AMMO_NUMBER[weapon.ammo],
      displayStrings: [],
    },
    quality: { currentVersion: 0, versions: [] },
    sockets: socketBlock(sockets),
    itemCategoryHashes: [CATEGORY[slot], CATEGORY.weapon, type.category],
    itemType: 3,
    itemSubType: type.subType,
    classType: 3,
    equippable: true,
    damageTypeHashes: [damage.hash],
    damageTypes: [damage.number],
    defaultDamageType: damage.number,
    defaultDamageTypeHash: damage.hash,
    seasonHash: hashOf(`season/${season}`),
  };
}

function socketBlock(sockets: Weapon['sockets']): object {
  const categories = [...new Set(sockets.map(({ category }) => category))];
  return {
    socketEntries: sockets.map(({ kind, socketTypeHash, plugSetHash, pool }) => {
      const isRandom = kind === 'barrel' || kind === 'magazine' || kind === 'trait' || kind === 'origin';
      const set = isRandom ? { randomizedPlugSetHash: plugSetHash } : { reusablePlugSetHash: plugSetHash };
      return {
        socketTypeHash,
        singleInitialItemHash: pool[0],
        reusablePlugItems: plugSetHash === null ? pool.map((plugItemHash) => ({ plugItemHash })) : [],
        preventInitializationOnVendorPurchase: false,
        hidePerksInItemTooltip: false,
        plugSources: isRandom ? 2 : 1,
        ...(plugSetHash !== null && set),
        defaultVisible: true,
      };
    }),
    intrinsicSockets: [],
    socketCategories: categories.map((category) => ({
      socketCategoryHash: SOCKET_CATEGORIES[category].hash,
      socketIndexes: sockets.flatMap((socket, index) => (socket.category === category ? [index] : [])),
    })),
  };
}

function plugRow(plug: Plug, source: DefinitionSource): Row {
  const { plugHash, name, category, typeName, tierType, stats } = plug;
  return {
    hash: plugHash,
    displayProperties: words(source, name, `${name} does something.`, iconOf(`plug/${name}`)),
    itemTypeDisplayName: typeName,
    itemTypeAndTierDisplayName: `${tierType === 3 ? 'Uncommon' : 'Common'} ${typeName}`.trim(),
    inventory: {
      maxStackSize: 1,
      bucketTypeHash: 1_469_714_392,
      tierTypeHash: hashOf(`tier/${tierType}`),
      isInstanceItem: false,
      tierTypeName: tierType === 3 ? 'Uncommon' : 'Common',
      tierType,
    },
    plug: {
      insertionRules: [],
      plugCategoryIdentifier: category.identifier,
      plugCategoryHash: category.hash,
      onActionRecreateSelf: false,
      enabledRules: [],
      plugStyle: plug.kind === 'masterwork' ? 1 : 0,
      plugAvailability: 0,
      isDummyPlug: false,
    },
    investmentStats: stats.map(([statTypeHash, value]) => ({
      statTypeHash,
      value,
      isConditionallyActive: false,
    })),
    itemCategoryHashes: [CATEGORY.mod, CATEGORY.weaponMods],
    itemType: 19,
    itemSubType: 0,
    classType: 3,
    equippable: false,
    defaultDamageType: 0,
  };
}

function socketTypeRows({ weapons }: DefinitionSource): Row[] {
  const kinds = new Map(
    weapons.weapons.flatMap(({ sockets }) => sockets.map((one) => [one.kind, one.category])),
  );
  return [...kinds].map(([kind, category]) => {
    const fitting = [...weapons.plugs.values()].filter((plug) => plug.kind === kind);
    const identifiers = [...new Set(fitting.map((plug) => plug.category.identifier))];
    return {
      hash: socketTypeOf(kind),
      plugWhitelist: identifiers.map((categoryIdentifier) => ({
        categoryHash: hashOfCategory(categoryIdentifier),
        categoryIdentifier,
        reinitializationPossiblePlugHashes: [],
      })),
      socketCategoryHash: SOCKET_CATEGORIES[category].hash,
      visibility: 0,
      alwaysRandomizeSockets: kind === 'trait',
      isPreviewEnabled: true,
      hideDuplicateReusablePlugs: false,
      overridesUiAppearance: false,
      avoidDuplicatesOnInitialization: false,
    };
  });
}

function hashOfCategory(identifier: string): number {
  const found = Object.values(PLUG_CATEGORIES).find((category) => category.identifier === identifier);
  return found?.hash ?? hashOf(identifier);
}
