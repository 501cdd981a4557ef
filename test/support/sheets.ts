import fc from 'fast-check';
import {
  ABILITIES,
  COINS,
  type Dnd5eSheet,
  MOVEMENTS,
  PROFICIENCIES,
  SENSES,
  SKILL_NAMES,
  SLOTS,
} from '../../src/tabletop/imports/dnd5e-sheet.js';

const word = fc.string({
  unit: fc.constantFrom(...'abcdefgxyzÄé&<>"\'; '.split('')),
  minLength: 1,
  maxLength: 12,
});
const line = word.map((text) => text.replaceAll(/\s+/g, ' ').trim() || 'x');
const text = fc.array(line, { maxLength: 3 }).map((lines) => lines.join('\n'));
const id = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'.split('')), minLength: 1, maxLength: 16 });
const count = fc.nat(1_000);
const names = fc.uniqueArray(line, { maxLength: 4 });
const record = <Key extends string, Value>(keys: readonly Key[], value: fc.Arbitrary<Value>) =>
  fc
    .tuple(...keys.map(() => value))
    .map((values) => Object.fromEntries(keys.map((key, at) => [key, values[at]])) as Record<Key, Value>);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

/** Sheets of the fifth edition, as people may fill them in. */
export function aSheet(): fc.Arbitrary<Dnd5eSheet> {
  const lists = fc.uniqueArray(id, { minLength: 12, maxLength: 12 }).chain((ids) =>
    fc.record({
      classes: fc
        .record({ name: line, subclass: maybe(line), level: fc.integer({ min: 1, max: 20 }) })
        .chain((one) => fc.constantFrom([], [{ id: ids[0]!, ...one }])),
      inventory: fc
        .array(
          fc.record({
            name: line,
            type: fc.constantFrom('weapon', 'equipment', 'loot', 'container', 'heirloom'),
            quantity: count,
            weightLb: maybe(fc.integer({ min: 0, max: 50 })),
            isEquipped: fc.boolean(),
            isAttuned: fc.boolean(),
            containerId: maybe(fc.constantFrom(ids[1]!, ids[9]!)),
            description: text,
          }),
          { maxLength: 3 },
        )
        .map((all) => all.map((one, index) => ({ id: ids[1 + index]!, ...one }))),
      spells: fc
        .array(
          fc.record({
            name: line,
            level: fc.integer({ min: 0, max: 9 }),
            isPrepared: fc.boolean(),
            description: text,
          }),
          { maxLength: 2 },
        )
        .map((all) => all.map((one, index) => ({ id: ids[4 + index]!, ...one }))),
      features: fc
        .array(
          fc.record({
            name: line,
            kind: fc.constantFrom('feat', 'class', 'species', 'action', 'curse'),
            description: text,
          }),
          { maxLength: 2 },
        )
        .map((all) => all.map((one, index) => ({ id: ids[6 + index]!, ...one }))),
    }),
  );
  const rest = fc.record({
    level: fc.nat(20),
    challengeRating: maybe(fc.constantFrom(0, 0.125, 0.25, 0.5, 1, 13)),
    species: line,
    background: line,
    alignment: line,
    creatureType: line,
    size: fc.constantFrom('small', 'medium', 'large', 'enormous'),
    experiencePoints: maybe(count),
    abilities: record(ABILITIES, fc.integer({ min: 1, max: 30 })),
    savingThrows: fc.shuffledSubarray([...ABILITIES]),
    skills: record(SKILL_NAMES, fc.constantFrom(...PROFICIENCIES)),
    armorClass: maybe(fc.integer({ min: 5, max: 25 })),
    hitPoints: fc.record({ current: maybe(count), max: maybe(count), temporary: count, formula: line }),
    speedFt: record(MOVEMENTS, fc.nat(90)),
    sensesFt: record(SENSES, fc.nat(120)),
    languages: names,
    resistances: names,
    immunities: names,
    vulnerabilities: names,
    conditionImmunities: names,
    armorProficiencies: names,
    weaponProficiencies: names,
    toolProficiencies: names,
    coins: record(COINS, count),
    spellcastingAbility: maybe(fc.constantFrom(...ABILITIES)),
    spellSlotsLeft: record(SLOTS, fc.nat(4)),
    isInspired: fc.boolean(),
    exhaustion: fc.nat(6),
    appearance: text,
    personalityTraits: text,
    ideals: text,
    bonds: text,
    flaws: text,
  });
  return fc.tuple(rest, lists).map(([one, other]) => ({ ...one, ...other }));
}
