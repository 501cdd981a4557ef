import {
  ABILITIES,
  type Ability,
  type Dnd5eSheet,
  modifierOf,
  type Proficiency,
  SENSES,
  type Skill,
  SKILL_NAMES,
} from './dnd5e-sheet.js';
import { anyToText } from './html-text.js';
import { isRecord, type Place } from './value-reader.js';

// D&D Beyond gives out what a character was built of, not what follows from it: scores, hit points, armour class and skills are worked out
// here from its modifiers, by the formulas of the SRD 5.1 ("Ability Scores", "Armor Class", "Hit Points and Hit Dice"). There is no
// description of the format; what its readers in public rely on is relied on here, and whatever is odd is left out.

/** Words of its own for abilities, by their numbers 1 to 6. */
const ABILITY_WORDS: Readonly<Record<Ability, string>> = {
  str: 'strength',
  dex: 'dexterity',
  con: 'constitution',
  int: 'intelligence',
  wis: 'wisdom',
  cha: 'charisma',
};

export function abilityOfId(id: unknown): Ability | null {
  return typeof id === 'number' ? (ABILITIES[id - 1] ?? null) : null;
}

export interface Modifier {
  readonly type: string;
  readonly subType: string;
  /** As people read it. */
  readonly name: string;
  readonly value: number | null;
  readonly ability: Ability | null;
  readonly entityTypeId: number | null;
  /** Id of the feature or item that it is of. */
  readonly componentId: number | null;
}

const GROUPS = ['race', 'class', 'background', 'item', 'feat', 'condition'];
const MOST_MODIFIERS = 2_000;

/** @param isWorn whether the item of this definition counts: equipped, and attuned where it has to be */
export function readModifiers(
  modifiers: Place,
  isWorn: (definitionId: number | null) => boolean,
): Modifier[] {
  const all: Modifier[] = [];
  for (const group of GROUPS) {
    const seen = new Set<unknown>();
    for (const place of modifiers.at(group).items(MOST_MODIFIERS)) {
      if (!isRecord(place.value)) {
        place.odd('is no modifier; left out');
        continue;
      }
      const { id, type, subType, friendlySubtypeName, value, fixedValue, statId, entityTypeId, componentId } =
        place.value;
      if (typeof type !== 'string' || typeof subType !== 'string') {
        place.odd('is a modifier without a type; left out');
        continue;
      }
      const isTwice = id !== undefined && id !== null && seen.has(id);
      seen.add(id);
      const component = typeof componentId === 'number' ? componentId : null;
      if (isTwice || (group === 'item' && !isWorn(component))) {
        place.ignore(isTwice ? 'stands there twice' : 'is of an item that is not worn');
        continue;
      }
      place.mapped('figures of the sheet', true);
      all.push({
        type,
        subType,
        name: nameOf(friendlySubtypeName) || nameOf(subType),
        value: finite(value) ?? finite(fixedValue),
        ability: abilityOfId(statId),
        entityTypeId: typeof entityTypeId === 'number' ? entityTypeId : null,
        componentId: component,
      });
    }
  }
  return all;
}

function nameOf(word: unknown): string {
  return typeof word === 'string' ? anyToText(word).replaceAll(/\s+/g, ' ').slice(0, 200).toWellFormed() : '';
}

/** Nothing that a rule adds is larger than this. */
const MOST_BONUS = 1_000;
const finite = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= MOST_BONUS ? value : null;

export function sumOf(modifiers: readonly Modifier[], type: string, subType: string): number {
  return modifiers
    .filter((one) => one.type === type && one.subType === subType)
    .reduce((sum, { value }) => sum + (value ?? 0), 0);
}

const mostOf = (modifiers: readonly Modifier[], type: string, subType: string): number =>
  Math.max(
    0,
    ...modifiers.filter((one) => one.type === type && one.subType === subType).map(({ value }) => value ?? 0),
  );

/** Base, bonuses, and what sets a score where that is higher ("your Strength score is 21"). An override counts alone. */
export function scoreOf(
  ability: Ability,
  base: number,
  bonus: number,
  override: number | null,
  modifiers: readonly Modifier[],
): number {
  if (override !== null) return Math.max(0, Math.min(99, override));
  const subType = `${ABILITY_WORDS[ability]}-score`;
  const score = Math.max(
    base + bonus + sumOf(modifiers, 'bonus', subType),
    mostOf(modifiers, 'set', subType),
  );
  return Math.round(Math.max(0, Math.min(99, score)));
}

export function savingThrowsOf(modifiers: readonly Modifier[]): Ability[] {
  const proficient = new Set(
    modifiers.filter(({ type }) => type === 'proficiency').map(({ subType }) => subType),
  );
  return ABILITIES.filter(
    (ability) => proficient.has(`${ABILITY_WORDS[ability]}-saving-throws`) || proficient.has('saving-throws'),
  );
}

export function skillsOf(modifiers: readonly Modifier[]): Record<Skill, Proficiency> {
  const has = (type: string, ...subTypes: string[]): boolean =>
    modifiers.some((one) => one.type === type && subTypes.includes(one.subType));
  const proficiency = (skill: Skill): Proficiency => {
    if (has('expertise', skill)) return 2;
    if (has('proficiency', skill)) return 1;
    return has('half-proficiency', skill, 'ability-checks') ? 0.5 : 0;
  };
  return Object.fromEntries(SKILL_NAMES.map((skill) => [skill, proficiency(skill)])) as Record<
    Skill,
    Proficiency
  >;
}

export interface WornArmor {
  readonly armorClass: number;
  readonly kind: 'light' | 'medium' | 'heavy' | 'shield';
}

/** The best armour, with Dexterity as its kind lets it, a shield, and what else adds. Without armour 10, or what a feature says. */
export function armorClassOf(
  worn: readonly WornArmor[],
  abilities: Dnd5eSheet['abilities'],
  modifiers: readonly Modifier[],
): number {
  const dexterity = modifierOf(abilities.dex);
  const shield = Math.max(0, ...worn.filter(({ kind }) => kind === 'shield').map((one) => one.armorClass));
  const armors = worn.filter(({ kind }) => kind !== 'shield');
  const byKind = { light: dexterity, medium: Math.min(2, dexterity), heavy: 0, shield: 0 };
  const armored = armors.map(({ armorClass, kind }) => armorClass + byKind[kind]);
  const features = modifiers
    .filter(({ type, subType }) => type === 'set' && subType === 'unarmored-armor-class')
    .map(({ value, ability }) => (value ?? 0) + (ability === null ? 0 : modifierOf(abilities[ability])));
  const base = armored.length > 0 ? Math.max(...armored) : 10 + dexterity + Math.max(0, ...features);
  const added =
    sumOf(modifiers, 'bonus', 'armor-class') +
    sumOf(modifiers, 'bonus', armored.length > 0 ? 'armored-armor-class' : 'unarmored-armor-class');
  return Math.max(0, base + shield + added);
}

export interface ClassLevel {
  readonly level: number;
  /** Ids of its features and of its subclass's. */
  readonly featureIds: ReadonlySet<number>;
}

/** Without an override: the base, Constitution for each level, and what adds per level of the character or of the class that grants it. */
export function hitPointsOf(
  base: number,
  bonus: number,
  constitution: number,
  classes: readonly ClassLevel[],
  modifiers: readonly Modifier[],
): number {
  const level = classes.reduce((sum, one) => sum + one.level, 0);
  const perLevel = modifiers
    .filter(({ type, subType }) => type === 'bonus' && subType === 'hit-points-per-level')
    .reduce((sum, { value, componentId }) => {
      const granting = classes.filter(
        ({ featureIds }) => componentId !== null && featureIds.has(componentId),
      );
      const levels = granting.length > 0 ? granting.reduce((total, one) => total + one.level, 0) : level;
      return sum + (value ?? 0) * levels;
    }, 0);
  const added = sumOf(modifiers, 'bonus', 'hit-points');
  return Math.round(Math.max(0, base + bonus + level * modifierOf(constitution) + perLevel + added));
}

export function sensesOf(modifiers: readonly Modifier[]): Dnd5eSheet['sensesFt'] {
  const told = ['sense', 'set-base'];
  const feet = (sense: string): number => Math.max(0, ...told.map((type) => mostOf(modifiers, type, sense)));
  return Object.fromEntries(SENSES.map((sense) => [sense, feet(sense)])) as Dnd5eSheet['sensesFt'];
}

export function namesOf(
  modifiers: readonly Modifier[],
  type: string,
  holds: (one: Modifier) => boolean = () => true,
): string[] {
  return [
    ...new Set(modifiers.filter((one) => one.type === type && holds(one)).map(({ name }) => name)),
  ].slice(0, 200);
}

/** Full casters' slots of levels 1 to 9 by caster level. SRD 5.1, "Multiclass Spellcaster: Spell Slots per Spell Level". */
const SLOTS_BY_LEVEL: readonly string[] = [
  '', '2', '3', '42', '43', '432', '433', '4331', '4332', '43331', '43332',
  '433321', '433321', '4333211', '4333211', '43332111', '43332111', '433321111', '433331111', '433332111', '433332211',
]; // prettier-ignore

/** @param casterLevel 0 to 20 @returns slots of levels 1 to 9 */
export function spellSlotsOf(casterLevel: number): number[] {
  const digits = SLOTS_BY_LEVEL[Math.max(0, Math.min(20, Math.floor(casterLevel)))]!;
  return Array.from({ length: 9 }, (_, level) => Number(digits[level] ?? '0'));
}

/** A warlock's. SRD 5.1, "The Warlock". */
export function pactSlotsOf(level: number): number {
  if (level < 1) return 0;
  return level >= 17 ? 4 : level >= 11 ? 3 : level >= 2 ? 2 : 1;
}
