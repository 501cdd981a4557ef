import type { Dnd5eSheet, SheetFeature, SheetItem, SheetSpell, Slot } from './dnd5e-sheet.js';
import { pactSlotsOf, spellSlotsOf, type WornArmor } from './dndbeyond-figures.js';
import { freeId } from './dndbeyond-id.js';
import { isRecord, MOST_NAME, type Place } from './value-reader.js';

// What a character of D&D Beyond has: items, spells, features.

export const MOST_LISTED = 2_000;
const COUNT = { least: 0, most: 1_000_000_000, isInteger: true };
const WEIGHT = { least: 0, most: 1_000_000_000 };

export interface CarriedThings {
  readonly items: readonly SheetItem[];
  /** Whether what an item of this definition adds counts. */
  isWorn(definitionId: number | null): boolean;
}

/** Its words for what an item is, ours by them. */
function typeOf(definition: Place): string {
  const { value } = definition;
  if (!isRecord(value)) return 'loot';
  if (value.isContainer === true) return 'container';
  switch (value.filterType) {
    case 'Weapon':
      return 'weapon';
    case 'Armor':
    case 'Ring':
    case 'Rod':
    case 'Staff':
    case 'Wand':
    case 'Wondrous item':
      return 'equipment';
    case 'Potion':
    case 'Scroll':
      return 'consumable';
    default:
      return value.subType === 'Tool' ? 'tool' : 'loot';
  }
}

export function carriedFrom(root: Place): CarriedThings {
  const taken = new Set<string>();
  const worn = new Set<number>();
  const to = 'inventory';
  const items = root
    .at('inventory')
    .items(MOST_LISTED)
    .flatMap((item, at): SheetItem[] => {
      if (!isRecord(item.value)) {
        item.odd('is no item; left out');
        return [];
      }
      const definition = item.at('definition');
      const isEquipped = item.at('equipped').flag(to);
      const isAttuned = item.at('isAttuned').flag(to);
      const { id, canAttune } = isRecord(definition.value) ? definition.value : {};
      if (typeof id === 'number' && isEquipped && (canAttune !== true || isAttuned)) worn.add(id);
      const container = item.at('containerEntityId').value;
      return [
        {
          id: freeId('item', item.value.id, taken, at),
          name: definition.at('name').line(to, MOST_NAME) || 'Unnamed',
          type: typeOf(definition),
          quantity: item.at('quantity').number(to, COUNT) ?? 1,
          weightLb: weightOf(definition, to),
          isEquipped,
          isAttuned,
          containerId:
            typeof container === 'number' && Number.isSafeInteger(container) ? `item-${container}` : null,
          description: definition.at('description').text('description of an item'),
        },
      ];
    });
  const custom = root
    .at('customItems')
    .items(MOST_LISTED)
    .filter(({ value }) => isRecord(value));
  const known = new Set(items.map(({ id }) => id));
  return {
    items: [
      ...items.map((item) => within(item, known)),
      ...custom.map((item, at) => customFrom(item, taken, at)),
    ],
    isWorn: (definitionId) => definitionId !== null && worn.has(definitionId),
  };
}

/** What lies in the character's own hands names the character as its container. */
function within(item: SheetItem, known: ReadonlySet<string>): SheetItem {
  const isInside = item.containerId !== null && item.containerId !== item.id && known.has(item.containerId);
  return isInside ? item : { ...item, containerId: null };
}

/** Told for the bundle that is sold: twenty arrows weigh one pound. */
function weightOf(definition: Place, to: string): number | null {
  const weight = definition.at('weight').number(to, WEIGHT);
  const bundle = isRecord(definition.value) ? definition.value.bundleSize : undefined;
  const size =
    typeof bundle === 'number' && Number.isInteger(bundle) && bundle > 1 && bundle <= 10_000 ? bundle : 1;
  return weight === null ? null : Math.round((weight / size) * 10_000) / 10_000;
}

function customFrom(item: Place, taken: Set<string>, at: number): SheetItem {
  const to = 'inventory';
  return {
    id: freeId('custom-item', item.at('id').value, taken, at),
    name: item.at('name').line(to, MOST_NAME) || 'Unnamed',
    type: 'loot',
    quantity: item.at('quantity').number(to, COUNT) ?? 1,
    weightLb: item.at('weight').number(to, WEIGHT),
    isEquipped: false,
    isAttuned: false,
    containerId: null,
    description: item.at('description').text('description of an item'),
  };
}

const ARMOR_KINDS: Readonly<Record<number, WornArmor['kind']>> = {
  1: 'light',
  2: 'medium',
  3: 'heavy',
  4: 'shield',
};

export function wornOf(inventory: Place): WornArmor[] {
  return inventory.items(MOST_LISTED).flatMap(({ value }): WornArmor[] => {
    if (!isRecord(value) || value.equipped !== true || !isRecord(value.definition)) return [];
    const { armorTypeId, armorClass } = value.definition;
    const kind = typeof armorTypeId === 'number' ? ARMOR_KINDS[armorTypeId] : undefined;
    const isPlausible = typeof armorClass === 'number' && armorClass >= 0 && armorClass <= 100;
    return kind === undefined || !isPlausible ? [] : [{ kind, armorClass }];
  });
}

const SPELL_GROUPS = ['race', 'class', 'background', 'item', 'feat'];

/** A spell that several things grant stands there once, prepared where one of them says so. */
export function spellsFrom(root: Place): SheetSpell[] {
  const places = [
    ...SPELL_GROUPS.flatMap((group) => root.at('spells', group).items(MOST_LISTED)),
    ...root
      .at('classSpells')
      .items(20)
      .flatMap((one) => one.at('spells').items(MOST_LISTED)),
  ];
  const spells = new Map<string, SheetSpell>();
  for (const place of places) {
    const definition = place.at('definition');
    if (!isRecord(definition.value)) {
      if (place.isThere) place.odd('is a spell without a description; left out');
      continue;
    }
    const to = 'sheet.spells';
    const { id: number } = definition.value;
    const name = definition.at('name').line(to, MOST_NAME) || 'Unnamed';
    const id =
      typeof number === 'number' && Number.isSafeInteger(number)
        ? `spell-${number}`
        : `spell-at-${spells.size}`;
    const isPrepared = place.at('prepared').flag(to) || place.at('alwaysPrepared').flag(to);
    const level = definition.at('level').number(to, { least: 0, most: 9, isInteger: true }) ?? 0;
    const description = definition.at('description').text('description of a spell');
    spells.set(id, {
      id,
      name,
      level,
      isPrepared: isPrepared || (spells.get(id)?.isPrepared ?? false),
      description,
    });
  }
  return [...spells.values()].slice(0, MOST_LISTED);
}

export function featuresFrom(root: Place): SheetFeature[] {
  const taken = new Set<string>();
  const features: SheetFeature[] = [];
  const add = (
    kind: string,
    places: readonly Place[],
    isReached: (definition: Record<string, unknown>) => boolean = () => true,
  ): void => {
    for (const place of places) {
      const definition = place.at('definition');
      if (!isRecord(definition.value)) {
        if (place.isThere) place.odd('is a feature without a description; left out');
      } else if (isReached(definition.value))
        features.push({
          id: freeId(kind, definition.value.id, taken, features.length),
          name: definition.at('name').line('sheet.features', MOST_NAME) || 'Unnamed',
          kind,
          description: definition.at('description').text('description of a feature'),
        });
      else place.ignore('is of a level that is not reached yet');
    }
  };
  for (const one of root.at('classes').items(20)) {
    const level = isRecord(one.value) && typeof one.value.level === 'number' ? one.value.level : 1;
    add(
      'class',
      one.at('classFeatures').items(MOST_LISTED),
      ({ requiredLevel }) => typeof requiredLevel !== 'number' || requiredLevel <= level,
    );
  }
  add('species', root.at('race', 'racialTraits').items(MOST_LISTED));
  add('feat', root.at('feats').items(MOST_LISTED));
  const background = root.at('background', 'definition');
  const name = background.at('featureName').line('sheet.features', MOST_NAME);
  if (name !== '')
    features.push({
      id: 'background-feature',
      name,
      kind: 'background',
      description: background.at('featureDescription').text('description of a feature'),
    });
  return features.slice(0, MOST_LISTED);
}

/** Slots of its level less those that are used. What there are follows from the classes: the file says 0. */
export function slotsLeft(root: Place): Dnd5eSheet['spellSlotsLeft'] {
  const used = (list: string, level: number): number => {
    const one = root
      .at(list)
      .items(9)
      .find(({ value }) => isRecord(value) && value.level === level);
    return one?.at('used').number('sheet.spellSlotsLeft', COUNT) ?? 0;
  };
  const { casters, pactLevel } = castersOf(root.at('classes'));
  const left = slotsOf(casters).map((slots, at): [Slot, number] => [
    String(at + 1) as Slot,
    Math.max(0, slots - used('spellSlots', at + 1)),
  ]);
  const pactUsed = [1, 2, 3, 4, 5].reduce((sum, level) => sum + used('pactMagic', level), 0);
  const pact = Math.max(0, pactSlotsOf(pactLevel) - pactUsed);
  return Object.fromEntries([...left, ['pact', pact]]) as Dnd5eSheet['spellSlotsLeft'];
}

interface Caster {
  readonly level: number;
  /** How many of its levels are one of a full caster. */
  readonly divisor: number;
  /** What the class alone gives at this level, where the file says so. */
  readonly own: readonly number[] | null;
}

function castersOf(classes: Place): { casters: Caster[]; pactLevel: number } {
  const casters: Caster[] = [];
  let pactLevel = 0;
  for (const { value } of classes.items(20)) {
    if (!isRecord(value) || typeof value.level !== 'number' || !(value.level > 0 && value.level <= 20))
      continue;
    const rules = [value.definition, value.subclassDefinition]
      .map((one) => (isRecord(one) && one.canCastSpells === true ? one.spellRules : undefined))
      .find(isRecord);
    const divisor = rules?.multiClassSpellSlotDivisor;
    if (isRecord(value.definition) && value.definition.name === 'Warlock') pactLevel += value.level;
    else if (typeof divisor === 'number' && divisor >= 1 && divisor <= 20)
      casters.push({
        level: Math.floor(value.level),
        divisor,
        own: ownSlots(rules?.levelSpellSlots, value.level),
      });
  }
  return { casters, pactLevel };
}

function ownSlots(table: unknown, level: number): number[] | null {
  const row: unknown = Array.isArray(table) ? table[Math.floor(level)] : undefined;
  if (!Array.isArray(row)) return null;
  return Array.from({ length: 9 }, (_, at) => {
    const slots: unknown = row[at];
    return typeof slots === 'number' && Number.isInteger(slots) && slots >= 0 && slots <= 100 ? slots : 0;
  });
}

/** One class that casts has its own table; of several the levels are added. SRD 5.1, "Multiclassing: Spellcasting". */
function slotsOf(casters: readonly Caster[]): readonly number[] {
  const [first] = casters;
  if (first === undefined) return spellSlotsOf(0);
  if (casters.length > 1)
    return spellSlotsOf(casters.reduce((sum, { level, divisor }) => sum + Math.floor(level / divisor), 0));
  return first.own ?? spellSlotsOf(first.level < first.divisor ? 0 : Math.ceil(first.level / first.divisor));
}
