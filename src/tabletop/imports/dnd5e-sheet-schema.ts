import { z } from 'zod';
import {
  ABILITIES,
  COINS,
  type Dnd5eSheet,
  emptySheet,
  MOVEMENTS,
  PROFICIENCIES,
  SENSES,
  SKILL_NAMES,
  SLOTS,
} from './dnd5e-sheet.js';
import { MOST_NAME, MOST_TEXT } from './value-reader.js';

// A sheet as files of our own bring it: checked field by field, so that one that is wrong costs that one alone.

const storable = (most: number): z.ZodString =>
  z
    .string()
    .max(most)
    .regex(/^[^\0\p{Surrogate}]*$/u);
const name = storable(MOST_NAME);
const text = storable(MOST_TEXT);
const count = z.int().min(0).max(1_000_000_000);
const feet = z.number().min(0).max(100_000);
const id = z.string().regex(/^[\w-]{1,64}$/);
const names = z.array(name).max(200);
const ability = z.enum(ABILITIES);

const record = <Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>);
const unique = <Item extends z.ZodType<{ id: string }>>(item: Item) =>
  z
    .array(item)
    .max(2_000)
    .refine((all) => new Set(all.map((one) => one.id)).size === all.length);

const FIELDS = {
  classes: unique(z.strictObject({ id, name, subclass: name.nullable(), level: z.int().min(1).max(20) })),
  level: z.int().min(0).max(400),
  challengeRating: z.number().min(0).max(100).nullable(),
  species: name,
  background: name,
  alignment: name,
  creatureType: name,
  size: name,
  experiencePoints: count.nullable(),
  abilities: record(ABILITIES, z.int().min(0).max(99)),
  savingThrows: z.array(ability).max(6),
  skills: record(SKILL_NAMES, z.literal(PROFICIENCIES)),
  armorClass: z.number().min(0).max(1_000).nullable(),
  hitPoints: z.strictObject({
    current: count.nullable(),
    max: count.nullable(),
    temporary: count,
    formula: name,
  }),
  speedFt: record(MOVEMENTS, feet),
  sensesFt: record(SENSES, feet),
  languages: names,
  resistances: names,
  immunities: names,
  vulnerabilities: names,
  conditionImmunities: names,
  armorProficiencies: names,
  weaponProficiencies: names,
  toolProficiencies: names,
  coins: record(COINS, count),
  spellcastingAbility: ability.nullable(),
  spellSlotsLeft: record(SLOTS, count),
  inventory: unique(
    z.strictObject({
      id,
      name,
      type: name,
      quantity: count,
      weightLb: z.number().min(0).max(1_000_000_000).nullable(),
      isEquipped: z.boolean(),
      isAttuned: z.boolean(),
      containerId: id.nullable(),
      description: text,
    }),
  ),
  spells: unique(
    z.strictObject({ id, name, level: z.int().min(0).max(9), isPrepared: z.boolean(), description: text }),
  ),
  features: unique(z.strictObject({ id, name, kind: name, description: text })),
  isInspired: z.boolean(),
  exhaustion: z.int().min(0).max(10),
  appearance: text,
  personalityTraits: text,
  ideals: text,
  bonds: text,
  flaws: text,
} satisfies { [Key in keyof Dnd5eSheet]: z.ZodType<Dnd5eSheet[Key]> };

export const SHEET_KEYS = Object.keys(emptySheet()) as (keyof Dnd5eSheet)[];

/** @returns undefined where it is not what a sheet has there */
export function readSheetField<Key extends keyof Dnd5eSheet>(
  key: Key,
  value: unknown,
): Dnd5eSheet[Key] | undefined {
  const read = FIELDS[key].safeParse(value);
  return read.success ? (read.data as Dnd5eSheet[Key]) : undefined;
}
