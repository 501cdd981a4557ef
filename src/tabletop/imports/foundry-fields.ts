import { textToHtml } from './html-text.js';
import {
  ABILITIES,
  COINS,
  type Dnd5eSheet,
  MOVEMENTS,
  type Proficiency,
  PROFICIENCIES,
  SENSES,
  type Skill,
  SKILL_NAMES,
  SLOTS,
} from './dnd5e-sheet.js';
import { isRecord, MOST_LINE, MOST_NAME, type NumberBounds, type Place } from './value-reader.js';

// Where a Foundry actor of dnd5e (versions 3 and 4 of the system) keeps what a sheet says, as a list of fields that are read and written by
// the same entry. An export writes those that differ from what the original says and touches nothing else, so that whatever Foundry or its
// modules keep in an actor comes back as it was.

/** A character while a file is being read. */
export interface CharacterDraft {
  name: string;
  biography: string;
  secretBiography: string;
  sheet: { -readonly [Key in keyof Dnd5eSheet]: Dnd5eSheet[Key] };
}

export type ReadCharacter = Pick<CharacterDraft, 'name' | 'biography' | 'secretBiography'> & {
  readonly sheet: Dnd5eSheet;
};

export interface FoundryField {
  readonly path: readonly string[];
  read(place: Place, draft: CharacterDraft): void;
  /** What an export compares. */
  valueOf(character: ReadCharacter): unknown;
  /** As Foundry keeps it. @param there what is there now */
  write(value: never, there: unknown): unknown;
}

function field<T>(
  path: string,
  valueOf: (character: ReadCharacter) => T,
  read: (place: Place, draft: CharacterDraft) => void,
  write: (value: T, there: unknown) => unknown = (value) => value,
): FoundryField {
  return { path: path.split('.'), valueOf, read, write: write };
}

const SCORE: NumberBounds = { least: 0, most: 99, isInteger: true };
export const COUNT: NumberBounds = { least: 0, most: 1_000_000_000, isInteger: true };
const FEET: NumberBounds = { least: 0, most: 100_000 };

/** Foundry's names of sizes; ours are the books'. */
const SIZES: Readonly<Record<string, string>> = {
  tiny: 'tiny',
  sm: 'small',
  med: 'medium',
  lg: 'large',
  huge: 'huge',
  grg: 'gargantuan',
};
const FOUNDRY_SIZES = new Map(Object.entries(SIZES).map(([foundry, ours]) => [ours, foundry]));

export const FOUNDRY_SKILLS: Readonly<Record<Skill, string>> = {
  acrobatics: 'acr',
  'animal-handling': 'ani',
  arcana: 'arc',
  athletics: 'ath',
  deception: 'dec',
  history: 'his',
  insight: 'ins',
  intimidation: 'itm',
  investigation: 'inv',
  medicine: 'med',
  nature: 'nat',
  perception: 'prc',
  performance: 'prf',
  persuasion: 'per',
  religion: 'rel',
  'sleight-of-hand': 'slt',
  stealth: 'ste',
  survival: 'sur',
};

function text(
  path: string,
  key: keyof Dnd5eSheet & ('alignment' | 'appearance' | 'ideals' | 'bonds' | 'flaws' | 'personalityTraits'),
  most?: number,
): FoundryField {
  return field(
    path,
    ({ sheet }) => sheet[key],
    (place, { sheet }) => {
      sheet[key] = most === undefined ? place.text(`sheet.${key}`) : place.line(`sheet.${key}`, most);
    },
  );
}

type ListKey =
  | 'languages'
  | 'resistances'
  | 'immunities'
  | 'vulnerabilities'
  | 'conditionImmunities'
  | 'armorProficiencies'
  | 'weaponProficiencies';
const MOST_LISTED = 200;

/** Foundry's own words stand in a list, others in one line between semicolons. */
const OWN_WORD = /^[a-z][a-z:]*$/i;

function list(path: string, key: ListKey): FoundryField {
  return field(
    path,
    ({ sheet }) => sheet[key],
    (place, { sheet }) => {
      const to = `sheet.${key}`;
      const known = place
        .at('value')
        .items(MOST_LISTED)
        .map((one) => one.line(to, MOST_NAME));
      const custom = place.at('custom').line(to, MOST_LINE).split(';');
      const all = [...known, ...custom].map((one) => one.trim()).filter((one) => one !== '');
      sheet[key] = [...new Set(all)];
    },
    (values: readonly string[], there) => ({
      ...(there as object | undefined),
      value: values.filter((one) => OWN_WORD.test(one)),
      custom: values.filter((one) => !OWN_WORD.test(one)).join('; '),
    }),
  );
}

export const isProficiency = (value: unknown): value is Proficiency =>
  PROFICIENCIES.includes(value as Proficiency);

const ABILITY_FIELDS = ABILITIES.flatMap((ability) => [
  field(
    `system.abilities.${ability}.value`,
    ({ sheet }) => sheet.abilities[ability],
    (place, { sheet }) => {
      const score = place.number(`sheet.abilities.${ability}`, SCORE);
      if (score !== null) sheet.abilities = { ...sheet.abilities, [ability]: score };
    },
  ),
  field(
    `system.abilities.${ability}.proficient`,
    ({ sheet }) => sheet.savingThrows.includes(ability),
    (place, { sheet }) => {
      if ((place.number('sheet.savingThrows', { least: 0, most: 1 }) ?? 0) > 0)
        sheet.savingThrows = [...sheet.savingThrows, ability];
    },
    (isProficient: boolean) => (isProficient ? 1 : 0),
  ),
]);

const SKILL_FIELDS = SKILL_NAMES.map((skill) =>
  field(
    `system.skills.${FOUNDRY_SKILLS[skill]}.value`,
    ({ sheet }) => sheet.skills[skill],
    (place, { sheet }) => {
      const value = place.number(`sheet.skills.${skill}`, { least: 0, most: 2 }) ?? 0;
      if (isProficiency(value)) sheet.skills = { ...sheet.skills, [skill]: value };
      else place.odd('is none of 0, 0.5, 1 and 2; taken as not proficient');
    },
  ),
);

const MOVEMENT_FIELDS = MOVEMENTS.map((movement) =>
  field(
    `system.attributes.movement.${movement}`,
    ({ sheet }) => sheet.speedFt[movement],
    (place, { sheet }) => {
      const feet = place.number(`sheet.speedFt.${movement}`, FEET);
      if (feet !== null) sheet.speedFt = { ...sheet.speedFt, [movement]: feet };
    },
  ),
);

const SENSE_FIELDS = SENSES.map((sense) =>
  field(
    `system.attributes.senses.${sense}`,
    ({ sheet }) => sheet.sensesFt[sense],
    (place, { sheet }) => {
      const feet = place.number(`sheet.sensesFt.${sense}`, FEET);
      if (feet !== null) sheet.sensesFt = { ...sheet.sensesFt, [sense]: feet };
    },
  ),
);

const COIN_FIELDS = COINS.map((coin) =>
  field(
    `system.currency.${coin}`,
    ({ sheet }) => sheet.coins[coin],
    (place, { sheet }) => {
      const count = place.number(`sheet.coins.${coin}`, COUNT);
      if (count !== null) sheet.coins = { ...sheet.coins, [coin]: count };
    },
  ),
);

const SLOT_FIELDS = SLOTS.map((slot) =>
  field(
    `system.spells.${slot === 'pact' ? 'pact' : `spell${slot}`}.value`,
    ({ sheet }) => sheet.spellSlotsLeft[slot],
    (place, { sheet }) => {
      const left = place.number(`sheet.spellSlotsLeft.${slot}`, COUNT);
      if (left !== null) sheet.spellSlotsLeft = { ...sheet.spellSlotsLeft, [slot]: left };
    },
  ),
);

const HIT_POINT_FIELDS: readonly FoundryField[] = [
  field(
    'system.attributes.hp.value',
    ({ sheet }) => sheet.hitPoints.current,
    (place, { sheet }) => {
      sheet.hitPoints = { ...sheet.hitPoints, current: place.number('sheet.hitPoints.current', COUNT) };
    },
  ),
  field(
    'system.attributes.hp.max',
    ({ sheet }) => sheet.hitPoints.max,
    (place, { sheet }) => {
      sheet.hitPoints = { ...sheet.hitPoints, max: place.number('sheet.hitPoints.max', COUNT) };
    },
  ),
  field(
    'system.attributes.hp.temp',
    ({ sheet }) => sheet.hitPoints.temporary,
    (place, { sheet }) => {
      const temporary = place.number('sheet.hitPoints.temporary', COUNT) ?? 0;
      sheet.hitPoints = { ...sheet.hitPoints, temporary };
    },
  ),
  field(
    'system.attributes.hp.formula',
    ({ sheet }) => sheet.hitPoints.formula,
    (place, { sheet }) => {
      sheet.hitPoints = { ...sheet.hitPoints, formula: place.line('sheet.hitPoints.formula', MOST_NAME) };
    },
  ),
];

const DETAIL_FIELDS: readonly FoundryField[] = [
  field(
    'name',
    ({ name }) => name,
    (place, draft) => {
      draft.name = place.line('name', MOST_NAME);
    },
  ),
  field(
    'system.details.biography.public',
    ({ biography }) => biography,
    (place, draft) => {
      draft.biography = place.text('biography');
    },
    textToHtml,
  ),
  field(
    'system.details.biography.value',
    ({ secretBiography }) => secretBiography,
    (place, draft) => {
      draft.secretBiography = place.text('secret biography');
    },
    textToHtml,
  ),
  text('system.details.alignment', 'alignment', MOST_NAME),
  text('system.details.appearance', 'appearance'),
  text('system.details.trait', 'personalityTraits'),
  text('system.details.ideal', 'ideals'),
  text('system.details.bond', 'bonds'),
  text('system.details.flaw', 'flaws'),
  field(
    'system.details.xp.value',
    ({ sheet }) => sheet.experiencePoints,
    (place, { sheet }) => {
      sheet.experiencePoints = place.number('sheet.experiencePoints', COUNT);
    },
  ),
  field(
    'system.details.cr',
    ({ sheet }) => sheet.challengeRating,
    (place, { sheet }) => {
      sheet.challengeRating = place.number('sheet.challengeRating', { least: 0, most: 100 });
    },
  ),
  field(
    'system.details.type.value',
    ({ sheet }) => sheet.creatureType,
    (place, { sheet }) => {
      sheet.creatureType = place.line('sheet.creatureType', MOST_NAME);
    },
  ),
  field(
    'system.traits.size',
    ({ sheet }) => sheet.size,
    (place, { sheet }) => {
      const size = place.line('sheet.size', MOST_NAME);
      sheet.size = Object.hasOwn(SIZES, size) ? SIZES[size]! : size;
    },
    (size: string) => FOUNDRY_SIZES.get(size) ?? size,
  ),
  field(
    'system.attributes.spellcasting',
    ({ sheet }) => sheet.spellcastingAbility,
    (place, { sheet }) => {
      const ability = place.line('sheet.spellcastingAbility', MOST_NAME);
      const known = ABILITIES.find((one) => one === ability);
      if (ability !== '' && known === undefined) place.odd('is no ability; left out');
      sheet.spellcastingAbility = known ?? null;
    },
    (ability: string | null) => ability ?? '',
  ),
  field(
    'system.attributes.inspiration',
    ({ sheet }) => sheet.isInspired,
    (place, { sheet }) => {
      sheet.isInspired = place.flag('sheet.isInspired');
    },
  ),
  field(
    'system.attributes.exhaustion',
    ({ sheet }) => sheet.exhaustion,
    (place, { sheet }) => {
      sheet.exhaustion = place.number('sheet.exhaustion', { least: 0, most: 10, isInteger: true }) ?? 0;
    },
  ),
];

const TOOLS = field(
  'system.tools',
  ({ sheet }) => sheet.toolProficiencies,
  (place, { sheet }) => {
    const tools = place.fields().slice(0, MOST_LISTED);
    sheet.toolProficiencies = tools
      .filter(
        ([, tool]) => (tool.at('value').number('sheet.toolProficiencies', { least: 0, most: 2 }) ?? 0) > 0,
      )
      .map(([key]) => key.slice(0, MOST_NAME).toWellFormed());
  },
  (tools: readonly string[], there) => {
    const known = isRecord(there) ? there : {};
    return Object.fromEntries(
      tools
        .filter((tool) => OWN_WORD.test(tool))
        .map((tool) => [tool, Object.hasOwn(known, tool) ? known[tool] : { value: 1, ability: 'int' }]),
    );
  },
);

/** Everything that stands at one place of an actor; items, armour class, species and background are told elsewhere. */
export const FOUNDRY_FIELDS: readonly FoundryField[] = [
  ...DETAIL_FIELDS,
  ...ABILITY_FIELDS,
  ...SKILL_FIELDS,
  ...MOVEMENT_FIELDS,
  ...SENSE_FIELDS,
  ...COIN_FIELDS,
  ...SLOT_FIELDS,
  ...HIT_POINT_FIELDS,
  TOOLS,
  list('system.traits.languages', 'languages'),
  list('system.traits.dr', 'resistances'),
  list('system.traits.di', 'immunities'),
  list('system.traits.dv', 'vulnerabilities'),
  list('system.traits.ci', 'conditionImmunities'),
  list('system.traits.armorProf', 'armorProficiencies'),
  list('system.traits.weaponProf', 'weaponProficiencies'),
];
