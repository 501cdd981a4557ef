// The sheet of a character of the fifth edition, as imports fill it and exports read it. System-agnostic parts (name, texts, who sees it)
// are the object's own.

export const ABILITIES = ['str', 'dex', 'con', 'int', 'wis', 'cha'] as const;
export type Ability = (typeof ABILITIES)[number];

/** With the ability that each goes by. */
export const SKILLS = {
  acrobatics: 'dex',
  'animal-handling': 'wis',
  arcana: 'int',
  athletics: 'str',
  deception: 'cha',
  history: 'int',
  insight: 'wis',
  intimidation: 'cha',
  investigation: 'int',
  medicine: 'wis',
  nature: 'int',
  perception: 'wis',
  performance: 'cha',
  persuasion: 'cha',
  religion: 'int',
  'sleight-of-hand': 'dex',
  stealth: 'dex',
  survival: 'wis',
} as const satisfies Record<string, Ability>;
export type Skill = keyof typeof SKILLS;
export const SKILL_NAMES = Object.keys(SKILLS) as readonly Skill[];

export const MOVEMENTS = ['walk', 'burrow', 'climb', 'fly', 'swim'] as const;
export type Movement = (typeof MOVEMENTS)[number];
export const SENSES = ['darkvision', 'blindsight', 'tremorsense', 'truesight'] as const;
export type Sense = (typeof SENSES)[number];
export const COINS = ['pp', 'gp', 'ep', 'sp', 'cp'] as const;
export type Coin = (typeof COINS)[number];
export const SLOTS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'pact'] as const;
export type Slot = (typeof SLOTS)[number];

/** How much of the proficiency bonus counts: not, half, once, twice. */
export const PROFICIENCIES = [0, 0.5, 1, 2] as const;
export type Proficiency = (typeof PROFICIENCIES)[number];

export interface SheetClass {
  /** Where it came from names it by that for ever. */
  readonly id: string;
  readonly name: string;
  readonly subclass: string | null;
  readonly level: number;
}

export interface SheetItem {
  readonly id: string;
  readonly name: string;
  /** `weapon`, `equipment`, `consumable`, `tool`, `loot`, `container`. */
  readonly type: string;
  readonly quantity: number;
  /** Of one of them. */
  readonly weightLb: number | null;
  readonly isEquipped: boolean;
  readonly isAttuned: boolean;
  /** The item that it lies in. */
  readonly containerId: string | null;
  readonly description: string;
}

export interface SheetSpell {
  readonly id: string;
  readonly name: string;
  /** 0 = cantrip. */
  readonly level: number;
  readonly isPrepared: boolean;
  readonly description: string;
}

export interface SheetFeature {
  readonly id: string;
  readonly name: string;
  /** `feat`, `class`, `species`, `background`, `action`. */
  readonly kind: string;
  readonly description: string;
}

export interface Dnd5eSheet {
  readonly classes: readonly SheetClass[];
  /** Of all classes together. */
  readonly level: number;
  /** Of creatures; 0.25 is written 1/4 in the books. */
  readonly challengeRating: number | null;
  readonly species: string;
  readonly background: string;
  readonly alignment: string;
  /** `dragon`, `humanoid`; '' where it goes without saying. */
  readonly creatureType: string;
  readonly size: string;
  readonly experiencePoints: number | null;
  readonly abilities: Readonly<Record<Ability, number>>;
  /** Proficient ones. */
  readonly savingThrows: readonly Ability[];
  readonly skills: Readonly<Record<Skill, Proficiency>>;
  readonly armorClass: number | null;
  readonly hitPoints: {
    readonly current: number | null;
    readonly max: number | null;
    readonly temporary: number;
    /** Of creatures: `15d12 + 75`. */
    readonly formula: string;
  };
  readonly speedFt: Readonly<Record<Movement, number>>;
  readonly sensesFt: Readonly<Record<Sense, number>>;
  readonly languages: readonly string[];
  readonly resistances: readonly string[];
  readonly immunities: readonly string[];
  readonly vulnerabilities: readonly string[];
  readonly conditionImmunities: readonly string[];
  readonly armorProficiencies: readonly string[];
  readonly weaponProficiencies: readonly string[];
  readonly toolProficiencies: readonly string[];
  readonly coins: Readonly<Record<Coin, number>>;
  readonly spellcastingAbility: Ability | null;
  /** Slots that are left. */
  readonly spellSlotsLeft: Readonly<Record<Slot, number>>;
  readonly inventory: readonly SheetItem[];
  readonly spells: readonly SheetSpell[];
  readonly features: readonly SheetFeature[];
  readonly isInspired: boolean;
  readonly exhaustion: number;
  readonly appearance: string;
  readonly personalityTraits: string;
  readonly ideals: string;
  readonly bonds: string;
  readonly flaws: string;
}

/** What a file says of a character. */
export interface ImportedCharacter {
  readonly name: string;
  readonly isNpc: boolean;
  /** For those who see the character: text, no HTML. */
  readonly biography: string;
  /** For the master alone. */
  readonly secretBiography: string;
  readonly sheet: Dnd5eSheet;
  /** By which the other side knows the character; null where the file does not say. */
  readonly sourceId: string | null;
}

const same = <Key extends string, Value>(keys: readonly Key[], value: Value): Record<Key, Value> =>
  Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>;

/** Somebody of whom nothing is known. */
export function emptySheet(): Dnd5eSheet {
  return {
    classes: [],
    level: 0,
    challengeRating: null,
    species: '',
    background: '',
    alignment: '',
    creatureType: '',
    size: '',
    experiencePoints: null,
    abilities: same(ABILITIES, 10),
    savingThrows: [],
    skills: same<Skill, Proficiency>(SKILL_NAMES, 0),
    armorClass: null,
    hitPoints: { current: null, max: null, temporary: 0, formula: '' },
    speedFt: same(MOVEMENTS, 0),
    sensesFt: same(SENSES, 0),
    languages: [],
    resistances: [],
    immunities: [],
    vulnerabilities: [],
    conditionImmunities: [],
    armorProficiencies: [],
    weaponProficiencies: [],
    toolProficiencies: [],
    coins: same(COINS, 0),
    spellcastingAbility: null,
    spellSlotsLeft: same(SLOTS, 0),
    inventory: [],
    spells: [],
    features: [],
    isInspired: false,
    exhaustion: 0,
    appearance: '',
    personalityTraits: '',
    ideals: '',
    bonds: '',
    flaws: '',
  };
}

/** What an ability adds. SRD 5.1, "Ability Scores and Modifiers". */
export function modifierOf(score: number): number {
  return Math.floor((score - 10) / 2);
}
