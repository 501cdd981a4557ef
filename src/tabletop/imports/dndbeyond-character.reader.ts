import {
  ABILITIES,
  type Ability,
  type Dnd5eSheet,
  emptySheet,
  type ImportedCharacter,
  MOVEMENTS,
  type SheetClass,
} from './dnd5e-sheet.js';
import {
  abilityOfId,
  armorClassOf,
  type ClassLevel,
  hitPointsOf,
  type Modifier,
  namesOf,
  readModifiers,
  savingThrowsOf,
  scoreOf,
  sensesOf,
  skillsOf,
  sumOf,
} from './dndbeyond-figures.js';
import { freeId } from './dndbeyond-id.js';
import { carriedFrom, featuresFrom, MOST_LISTED, slotsLeft, spellsFrom, wornOf } from './dndbeyond-things.js';
import { ImportRefusal } from './import-refusal.js';
import { readJson } from './json-file.js';
import { MappingNotes, type MappingReport } from './mapping-report.js';
import { isRecord, MOST_NAME, Place } from './value-reader.js';

// A character as character-service.dndbeyond.com gives it out, or as an extension saves it: the envelope {id, success, message, data}, or the
// data alone.

export interface ReadSheet {
  readonly character: ImportedCharacter;
  readonly report: MappingReport;
}

const COUNT = { least: 0, most: 1_000_000_000, isInteger: true };

/** @throws ImportRefusal */
export function readDndBeyondFile(bytes: Uint8Array): ReadSheet {
  return readDndBeyondCharacter(readJson(bytes));
}

/** @throws ImportRefusal not-a-sheet, private-sheet */
export function readDndBeyondCharacter(value: unknown): ReadSheet {
  const [sheet, pointer] = sheetOf(value);
  const notes = new MappingNotes();
  const root = new Place(sheet, pointer, notes);
  ignorePictures(root);
  const { classes, levels } = classesOf(root.at('classes'));
  const carried = carriedFrom(root);
  const modifiers = readModifiers(root.at('modifiers'), (id) => carried.isWorn(id));
  const abilities = abilitiesOf(root, modifiers);
  const draft: Dnd5eSheet = {
    ...emptySheet(),
    ...personOf(root),
    classes,
    level: classes.reduce((sum, { level }) => sum + level, 0),
    abilities,
    savingThrows: savingThrowsOf(modifiers),
    skills: skillsOf(modifiers),
    armorClass: armorClassOf(wornOf(root.at('inventory')), abilities, modifiers),
    hitPoints: hitPointsFrom(root, abilities.con, levels, modifiers),
    speedFt: speedsOf(root, modifiers),
    sensesFt: sensesOf(modifiers),
    ...proficienciesOf(modifiers),
    coins: coinsOf(root.at('currencies')),
    spellcastingAbility: castingAbilityOf(root.at('classes')),
    spellSlotsLeft: slotsLeft(root),
    inventory: carried.items,
    spells: spellsFrom(root),
    features: featuresFrom(root),
  };
  const character = {
    name: root.at('name').line('name', MOST_NAME) || 'Unnamed',
    isNpc: false,
    biography: biographyOf(root.at('notes')),
    secretBiography: '',
    sheet: draft,
    sourceId: sourceIdOf(root.at('id')),
  };
  notes.keepTheRest(value);
  return { character, report: notes.report('dndbeyond') };
}

function sheetOf(value: unknown): [sheet: Record<string, unknown>, pointer: string] {
  if (!isRecord(value)) throw new ImportRefusal('not-a-sheet', 'no D&D Beyond character');
  if (value.success === false) throw new ImportRefusal('private-sheet');
  for (const [inner, pointer] of [
    [value.data, '/data'],
    [value.character, '/character'],
    [value, ''],
  ] as const)
    if (isRecord(inner) && Array.isArray(inner.stats) && 'classes' in inner) return [inner, pointer];
  throw new ImportRefusal('not-a-sheet', 'no D&D Beyond character');
}

function ignorePictures(root: Place): void {
  for (const [key, place] of root.fields())
    if (/avatar|backdrop|frame|decorations|themeColor/i.test(key))
      place.ignore('is a picture or a colour elsewhere; nothing is fetched');
}

function sourceIdOf(place: Place): string | null {
  const id = typeof place.value === 'number' ? String(place.value) : place.value;
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? place.mapped('source id', id) : null;
}

function classesOf(place: Place): { classes: SheetClass[]; levels: ClassLevel[] } {
  const [classes, levels] = [[] as SheetClass[], [] as ClassLevel[]];
  const taken = new Set<string>();
  for (const one of place.items(20)) {
    if (!isRecord(one.value)) {
      one.odd('is no class; left out');
      continue;
    }
    const level = one.at('level').number('sheet.classes', { least: 1, most: 20, isInteger: true }) ?? 1;
    const name = one.at('definition', 'name').line('sheet.classes', MOST_NAME) || 'Unnamed';
    const subclass = one.at('subclassDefinition', 'name').line('sheet.classes', MOST_NAME) || null;
    const id = freeId('class', one.value.id, taken, classes.length);
    classes.push({ id, name, subclass, level });
    levels.push({
      level,
      featureIds: new Set([...featureIds(one, 'definition'), ...featureIds(one, 'subclassDefinition')]),
    });
  }
  return { classes, levels };
}

function featureIds(place: Place, definition: string): number[] {
  const features =
    isRecord(place.value) && isRecord(place.value[definition])
      ? place.value[definition].classFeatures
      : undefined;
  return Array.isArray(features)
    ? features.map((one: unknown) => (isRecord(one) ? one.id : null)).filter((id) => typeof id === 'number')
    : [];
}

function abilitiesOf(root: Place, modifiers: readonly Modifier[]): Record<Ability, number> {
  const valueOf = (list: string, ability: Ability): number | null => {
    const all = root.at(list).items(6);
    const place = all.find((one) => isRecord(one.value) && abilityOfId(one.value.id) === ability);
    return (
      place?.at('value').number(`sheet.abilities.${ability}`, { least: -99, most: 99, isInteger: true }) ??
      null
    );
  };
  const score = (ability: Ability): number =>
    scoreOf(
      ability,
      valueOf('stats', ability) ?? 10,
      valueOf('bonusStats', ability) ?? 0,
      valueOf('overrideStats', ability),
      modifiers,
    );
  return Object.fromEntries(ABILITIES.map((ability) => [ability, score(ability)])) as Record<Ability, number>;
}

function hitPointsFrom(
  root: Place,
  constitution: number,
  levels: readonly ClassLevel[],
  modifiers: readonly Modifier[],
): Dnd5eSheet['hitPoints'] {
  const told = (key: string): number | null =>
    root.at(key).number('sheet.hitPoints', { least: -10_000, most: 100_000, isInteger: true });
  const override = told('overrideHitPoints');
  const max = Math.max(
    0,
    override ??
      hitPointsOf(told('baseHitPoints') ?? 0, told('bonusHitPoints') ?? 0, constitution, levels, modifiers),
  );
  const current = Math.max(0, max - (told('removedHitPoints') ?? 0));
  return { max, current, temporary: Math.max(0, told('temporaryHitPoints') ?? 0), formula: '' };
}

const INNATE: Readonly<Record<string, string>> = {
  burrow: 'innate-speed-burrowing',
  climb: 'innate-speed-climbing',
  fly: 'innate-speed-flying',
  swim: 'innate-speed-swimming',
  walk: 'innate-speed-walking',
};

function speedsOf(root: Place, modifiers: readonly Modifier[]): Dnd5eSheet['speedFt'] {
  const normal = root.at('race', 'weightSpeeds', 'normal');
  const bonus = sumOf(modifiers, 'bonus', 'speed');
  const speed = (movement: (typeof MOVEMENTS)[number]): number => {
    const told = normal.at(movement).number(`sheet.speedFt.${movement}`, { least: 0, most: 10_000 }) ?? 0;
    const innate = modifiers.filter(({ type, subType }) => type === 'set' && subType === INNATE[movement]);
    const base = Math.max(told, ...innate.map(({ value }) => value ?? 0));
    return Math.max(0, base === 0 ? 0 : base + bonus);
  };
  return Object.fromEntries(
    MOVEMENTS.map((movement) => [movement, speed(movement)]),
  ) as Dnd5eSheet['speedFt'];
}

const CONDITIONS = new Set(['blinded', 'charmed', 'deafened', 'exhaustion', 'frightened', 'grappled', 'incapacitated', 'invisible', 'paralyzed', 'petrified', 'poisoned', 'prone', 'restrained', 'stunned', 'unconscious']); // prettier-ignore
/** Its numbers of what a proficiency is in. */
const WEAPONS = new Set([1_782_728_300, 660_121_713]);
const ARMOR = 174_869_515;
const TOOLS = new Set([2_103_445_194]);

function proficienciesOf(modifiers: readonly Modifier[]) {
  const isCondition = ({ subType }: Modifier): boolean => CONDITIONS.has(subType);
  return {
    languages: namesOf(modifiers, 'language'),
    resistances: namesOf(modifiers, 'resistance'),
    vulnerabilities: namesOf(modifiers, 'vulnerability'),
    immunities: namesOf(modifiers, 'immunity', (one) => !isCondition(one)),
    conditionImmunities: namesOf(modifiers, 'immunity', isCondition),
    armorProficiencies: namesOf(
      modifiers,
      'proficiency',
      ({ entityTypeId, subType }) => entityTypeId === ARMOR || /(?:-armor|^shields)$/.test(subType),
    ),
    weaponProficiencies: namesOf(
      modifiers,
      'proficiency',
      ({ entityTypeId, subType }) => WEAPONS.has(entityTypeId ?? 0) || subType.endsWith('-weapons'),
    ),
    toolProficiencies: namesOf(modifiers, 'proficiency', ({ entityTypeId }) => TOOLS.has(entityTypeId ?? 0)),
  };
}

function coinsOf(currencies: Place): Dnd5eSheet['coins'] {
  const coin = (name: 'pp' | 'gp' | 'ep' | 'sp' | 'cp'): number =>
    currencies.at(name).number(`sheet.coins.${name}`, COUNT) ?? 0;
  return { pp: coin('pp'), gp: coin('gp'), ep: coin('ep'), sp: coin('sp'), cp: coin('cp') };
}

function castingAbilityOf(classes: Place): Ability | null {
  for (const one of classes.items(20))
    for (const definition of ['definition', 'subclassDefinition']) {
      const place = one.at(definition, 'spellCastingAbilityId');
      const ability = abilityOfId(place.value);
      if (ability !== null) return place.mapped('sheet.spellcastingAbility', ability);
    }
  return null;
}

const ALIGNMENTS = ['', 'Lawful Good', 'Neutral Good', 'Chaotic Good', 'Lawful Neutral', 'Neutral', 'Chaotic Neutral', 'Lawful Evil', 'Neutral Evil', 'Chaotic Evil']; // prettier-ignore
const EXHAUSTION = 4;

function personOf(root: Place) {
  const traits = root.at('traits');
  const conditions = root.at('conditions').items(MOST_LISTED);
  const exhausted = conditions.find((one) => isRecord(one.value) && one.value.id === EXHAUSTION);
  const custom = root.at('background', 'customBackground', 'name').line('sheet.background', MOST_NAME);
  const alignmentId = root.at('alignmentId');
  const alignment = alignmentId.number('sheet.alignment', { least: 0, most: 9, isInteger: true }) ?? 0;
  const size = root.at('race', 'size').line('sheet.size', MOST_NAME);
  return {
    species:
      root.at('race', 'fullName').line('sheet.species', MOST_NAME) ||
      root.at('race', 'baseName').line('sheet.species', MOST_NAME),
    background: root.at('background', 'definition', 'name').line('sheet.background', MOST_NAME) || custom,
    alignment: ALIGNMENTS[alignment]!,
    size: size.toLowerCase(),
    experiencePoints: root.at('currentXp').number('sheet.experiencePoints', COUNT),
    isInspired: root.at('inspiration').flag('sheet.isInspired'),
    exhaustion:
      exhausted?.at('level').number('sheet.exhaustion', { least: 0, most: 10, isInteger: true }) ?? 0,
    appearance: traits.at('appearance').text('sheet.appearance'),
    personalityTraits: traits.at('personalityTraits').text('sheet.personalityTraits'),
    ideals: traits.at('ideals').text('sheet.ideals'),
    bonds: traits.at('bonds').text('sheet.bonds'),
    flaws: traits.at('flaws').text('sheet.flaws'),
  };
}

const NOTES = [
  ['backstory', ''],
  ['organizations', 'Organizations'],
  ['allies', 'Allies'],
  ['enemies', 'Enemies'],
  ['personalPossessions', 'Possessions'],
  ['otherHoldings', 'Holdings'],
  ['otherNotes', 'Notes'],
] as const;

function biographyOf(notes: Place): string {
  return NOTES.map(([key, title]) => [title, notes.at(key).text('biography', 10_000)] as const)
    .filter(([, text]) => text !== '')
    .map(([title, text]) => (title === '' ? text : `${title}\n${text}`))
    .join('\n\n');
}
