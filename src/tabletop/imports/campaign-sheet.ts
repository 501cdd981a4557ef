import {
  ABILITIES,
  COINS,
  type Dnd5eSheet,
  emptySheet,
  MOVEMENTS,
  type Proficiency,
  PROFICIENCIES,
  SENSES,
  SKILL_NAMES,
  SLOTS,
} from './dnd5e-sheet.js';
import { readSheetField, SHEET_KEYS } from './dnd5e-sheet-schema.js';
import { isSame, type Json, type JsonObject } from './three-way-merge.js';
import { isRecord } from './value-reader.js';

// An imported sheet as campaigns keep them (seeds/tabletop/sheets/dnd5e.schema.json), and back. What that schema has no place for, or holds
// within narrower bounds, lies in `custom.imported` together with what the sheet said then: it counts as long as the sheet says the same.

const SIZES = ['tiny', 'small', 'medium', 'large', 'huge', 'gargantuan'];
const MOST = { features: 500, spells: 1_000, classes: 20, languages: 100, tools: 100, words: 50 };
/** Of all texts of a sheet together; a stored sheet has 512 KiB. */
const MOST_TEXTS = 300_000;

type Sheet = Record<string, Json>;

export interface CampaignSheet {
  readonly sheet: JsonObject;
  /** Texts were cut, so that it can be stored. */
  readonly isCut: boolean;
}

export function toCampaignSheet(whole: Dnd5eSheet): CampaignSheet {
  const { sheet: imported, isCut } = withinBounds(whole);
  const sheet = mainParts(imported);
  const pairs = (list: readonly { id: string; name: string }[]): Json =>
    list.map(({ id, name }) => [name, id]);
  const own: Sheet = {
    inventory: imported.inventory as unknown as Json,
    ids: {
      classes: pairs(imported.classes),
      spells: pairs(imported.spells),
      features: pairs(imported.features),
    },
  };
  const told = readMain({ ...sheet, custom: { imported: own } });
  const kept = SHEET_KEYS.filter((key) => !isSame(imported[key] as Json, told[key] as Json));
  own.kept = Object.fromEntries(
    kept.map((key) => [key, { is: imported[key] as Json, told: told[key] as Json }]),
  );
  return { sheet: { ...sheet, custom: { imported: own } }, isCut };
}

/** @param stored of a campaign; whatever is not there is as of somebody of whom nothing is known */
export function fromCampaignSheet(stored: JsonObject): Dnd5eSheet {
  const sheet: Record<string, unknown> = { ...readMain(stored) };
  const custom = stored.custom;
  const kept = isRecord(custom) && isRecord(custom.imported) ? custom.imported.kept : undefined;
  for (const key of SHEET_KEYS) {
    const one = isRecord(kept) ? kept[key] : undefined;
    if (!isRecord(one) || !isSame(one.told, sheet[key] as Json)) continue;
    const read = readSheetField(key, one.is);
    if (read !== undefined) sheet[key] = read;
  }
  return sheet as unknown as Dnd5eSheet;
}

/** Descriptions are cut alike, until all of them fit. */
function withinBounds(sheet: Dnd5eSheet): { sheet: Dnd5eSheet; isCut: boolean } {
  const texts = [...sheet.inventory, ...sheet.spells, ...sheet.features].map(
    ({ description }) => description.length,
  );
  const fits = (most: number): boolean =>
    texts.reduce((sum, length) => sum + Math.min(length, most), 0) <= MOST_TEXTS;
  const most = [50_000, 8_000, 2_000, 500, 100, 0].find(fits) ?? 0;
  const cut = <T extends { description: string }>(list: readonly T[]): T[] =>
    list.map((one) =>
      one.description.length <= most
        ? one
        : { ...one, description: one.description.slice(0, most).toWellFormed() },
    );
  const isCut = texts.some((length) => length > most);
  if (!isCut) return { sheet, isCut };
  return {
    sheet: {
      ...sheet,
      inventory: cut(sheet.inventory),
      spells: cut(sheet.spells),
      features: cut(sheet.features),
    },
    isCut,
  };
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const within = (value: number, most: number, least = 0): number =>
  Math.max(least, Math.min(most, Math.round(value)));
const words = (list: readonly string[], most: number): string[] =>
  list
    .map((one) => one.slice(0, 200).toWellFormed())
    .filter((one) => one !== '')
    .slice(0, most);

function mainParts(sheet: Dnd5eSheet): Sheet {
  const { hitPoints } = sheet;
  const proficiencies = words([...sheet.armorProficiencies, ...sheet.weaponProficiencies], 200);
  return {
    abilities: Object.fromEntries(
      ABILITIES.map((ability) => [
        ability,
        { score: sheet.abilities[ability], isSaveProficient: sheet.savingThrows.includes(ability) },
      ]),
    ),
    classes: sheet.classes
      .slice(0, MOST.classes)
      .map(({ name, subclass, level }) => ({ name: name || '?', subclass, level })),
    ancestry: sheet.species,
    background: sheet.background,
    alignment: sheet.alignment.slice(0, 100).toWellFormed(),
    ...(SIZES.includes(sheet.size) && { size: sheet.size }),
    creatureType: sheet.creatureType.slice(0, 100).toWellFormed(),
    ...(sheet.challengeRating !== null && { challengeRating: Math.min(30, sheet.challengeRating) }),
    hitPoints: {
      ...(hitPoints.current !== null && { value: within(hitPoints.current, 100_000) }),
      max: hitPoints.max === null ? null : within(hitPoints.max, 100_000),
      temporary: within(hitPoints.temporary, 1_000_000_000),
      formula: hitPoints.formula.slice(0, 100).toWellFormed(),
    },
    armorClass: { value: sheet.armorClass === null ? null : within(sheet.armorClass, 100) },
    inspiration: sheet.isInspired,
    exhaustion: sheet.exhaustion,
    speedFt: { ...sheet.speedFt },
    sensesFt: { ...sheet.sensesFt },
    skills: Object.fromEntries(
      SKILL_NAMES.map((skill) => [camel(skill), { proficiency: sheet.skills[skill] }]),
    ),
    tools: Object.fromEntries(
      words(sheet.toolProficiencies, MOST.tools)
        .filter((tool) => tool.length <= 100 && tool !== '__proto__')
        .map((tool) => [tool, { proficiency: 1 }]),
    ),
    languages: words(sheet.languages, MOST.languages),
    proficiencies,
    resistances: words(sheet.resistances, MOST.words),
    immunities: words(sheet.immunities, MOST.words),
    vulnerabilities: words(sheet.vulnerabilities, MOST.words),
    conditionImmunities: words(sheet.conditionImmunities, MOST.words),
    currency: { ...sheet.coins },
    features: sheet.features
      .slice(0, MOST.features)
      .map(({ name, kind, description }) => ({ name: name || '?', source: kind, text: description })),
    ...(sheet.spellcastingAbility !== null && { spellcasting: { ability: sheet.spellcastingAbility } }),
    spellSlots: Object.fromEntries(
      SLOTS.map((slot) => [slot, { value: within(sheet.spellSlotsLeft[slot], 99) }]),
    ),
    spells: sheet.spells.slice(0, MOST.spells).map(({ name, level, isPrepared, description }) => ({
      name: name || '?',
      level,
      isPrepared,
      text: description,
    })),
    personality: {
      traits: sheet.personalityTraits,
      ideals: sheet.ideals,
      bonds: sheet.bonds,
      flaws: sheet.flaws,
    },
    notes: sheet.appearance,
  };
}

const object = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function readMain(stored: JsonObject): Dnd5eSheet {
  const ability = object(stored.spellcasting).ability;
  const hitPoints = object(stored.hitPoints);
  const personality = object(stored.personality);
  const things = readThings(stored);
  return {
    ...emptySheet(),
    ...things,
    level: things.classes.reduce((sum, { level }) => sum + level, 0),
    challengeRating: number(stored.challengeRating),
    species: text(stored.ancestry),
    background: text(stored.background),
    alignment: text(stored.alignment),
    creatureType: text(stored.creatureType),
    size: text(stored.size),
    abilities: pick(ABILITIES, (key) => number(object(object(stored.abilities)[key]).score) ?? 10),
    savingThrows: ABILITIES.filter((key) => object(object(stored.abilities)[key]).isSaveProficient === true),
    skills: pick(SKILL_NAMES, (key) => proficiency(object(object(stored.skills)[camel(key)]).proficiency)),
    armorClass: number(object(stored.armorClass).value),
    hitPoints: {
      current: number(hitPoints.value),
      max: number(hitPoints.max),
      temporary: number(hitPoints.temporary) ?? 0,
      formula: text(hitPoints.formula),
    },
    speedFt: pick(MOVEMENTS, (key) => number(object(stored.speedFt)[key]) ?? 0),
    sensesFt: pick(SENSES, (key) => number(object(stored.sensesFt)[key]) ?? 0),
    languages: texts(stored.languages),
    resistances: texts(stored.resistances),
    immunities: texts(stored.immunities),
    vulnerabilities: texts(stored.vulnerabilities),
    conditionImmunities: texts(stored.conditionImmunities),
    weaponProficiencies: texts(stored.proficiencies),
    toolProficiencies: Object.keys(object(stored.tools)),
    coins: pick(COINS, (key) => number(object(stored.currency)[key]) ?? 0),
    spellcastingAbility: ABILITIES.find((one) => one === ability) ?? null,
    spellSlotsLeft: pick(SLOTS, (key) => number(object(object(stored.spellSlots)[key]).value) ?? 0),
    isInspired: stored.inspiration === true,
    exhaustion: number(stored.exhaustion) ?? 0,
    appearance: text(stored.notes),
    personalityTraits: text(personality.traits),
    ideals: text(personality.ideals),
    bonds: text(personality.bonds),
    flaws: text(personality.flaws),
  };
}

function readThings(stored: JsonObject): Pick<Dnd5eSheet, 'classes' | 'inventory' | 'spells' | 'features'> {
  const imported = object(object(stored.custom).imported);
  const ids = object(imported.ids);
  return {
    classes: withIds(list(stored.classes), ids.classes, 'class').map((one) => ({
      id: one.id,
      name: text(one.name),
      subclass: typeof one.subclass === 'string' ? one.subclass : null,
      level: number(one.level) ?? 1,
    })),
    inventory: readSheetField('inventory', imported.inventory) ?? [],
    spells: withIds(list(stored.spells), ids.spells, 'spell').map((one) => ({
      id: one.id,
      name: text(one.name),
      level: number(one.level) ?? 0,
      isPrepared: one.isPrepared === true,
      description: text(one.text),
    })),
    features: withIds(list(stored.features), ids.features, 'feature').map((one) => ({
      id: one.id,
      name: text(one.name),
      kind: text(one.source) || 'feat',
      description: text(one.text),
    })),
  };
}

function proficiency(value: unknown): Proficiency {
  return PROFICIENCIES.find((one) => one === value) ?? 0;
}

function pick<Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;
}

/** Things of a stored sheet have names alone; ids that came with the import are found by them, in their order. */
function withIds(
  things: readonly Record<string, unknown>[],
  pairs: unknown,
  what: string,
): (Record<string, unknown> & { id: string })[] {
  const left = (Array.isArray(pairs) ? pairs : []).filter(
    (pair): pair is [string, string] =>
      Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string',
  );
  const used = new Set<string>();
  return things.map((thing, at) => {
    const pair = left.find(([name, id]) => (name || '?') === thing.name && !used.has(id));
    const id = pair?.[1] ?? `${what}-new-${at}`;
    used.add(id);
    return { ...thing, id };
  });
}
