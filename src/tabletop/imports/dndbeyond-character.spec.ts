import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBeyondSheet } from '../../../test/support/dndbeyond-sample.js';
import { mutated, mutatedText } from '../../../test/support/mutated-json.js';
import { SHEET_KEYS, readSheetField } from './dnd5e-sheet-schema.js';
import { readDndBeyondCharacter, readDndBeyondFile } from './dndbeyond-character.reader.js';
import { ImportRefusal } from './import-refusal.js';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const sample = () => aBeyondSheet();

describe('reading a character of D&D Beyond', () => {
  const { character, report } = readDndBeyondCharacter(sample());
  const { sheet } = character;

  it('takes over who it is', () => {
    expect(character).toMatchObject({
      name: 'Ser Ysolde Marrow',
      sourceId: '70001234',
      biography: 'Left the court at nineteen.\n\nNever said why.\n\nAllies\nThe bees of Brannoch',
      secretBiography: '',
    });
    expect(sheet).toMatchObject({
      classes: [
        { id: 'class-501', name: 'Paladin', subclass: 'Oath of the Hive', level: 5 },
        { id: 'class-502', name: 'Sorcerer', subclass: null, level: 2 },
      ],
      level: 7,
      species: 'Half-Elf',
      background: 'Noble',
      alignment: 'Lawful Good',
      size: 'medium',
      isInspired: true,
      exhaustion: 2,
      coins: { pp: 2, gp: 130, ep: 0, sp: 22, cp: 1 },
    });
  });

  it('works out what the file does not say', () => {
    // Strength stays 16: the belt is not attuned. Wisdom 12 + 1, Charisma 16 + 2, Intelligence by override.
    expect(sheet.abilities).toEqual({ str: 16, dex: 10, con: 14, int: 9, wis: 13, cha: 18 });
    // Chain mail 16, shield 2, cloak 1.
    expect(sheet.armorClass).toBe(19);
    // 48, seven times Constitution's 2, two levels of a sorcerer's 1, seven times Tough's 2; ten are gone.
    expect(sheet.hitPoints).toEqual({ max: 48 + 14 + 2 + 14, current: 68, temporary: 5, formula: '' });
    expect(sheet.savingThrows).toEqual(['wis', 'cha']);
    expect(sheet.skills).toMatchObject({ athletics: 1, history: 1, persuasion: 2, stealth: 0 });
    expect(sheet.sensesFt.darkvision).toBe(60);
    expect(sheet.spellcastingAbility).toBe('cha');
    // Half of five, whole of two: a caster of level 4 has 4 and 3, of which one is used.
    expect(sheet.spellSlotsLeft).toMatchObject({ 1: 3, 2: 3, 3: 0, pact: 0 });
  });

  it('lists what it knows and has', () => {
    expect(sheet).toMatchObject({
      languages: ['Elvish'],
      armorProficiencies: ['Heavy Armor'],
      weaponProficiencies: ['Martial Weapons'],
      toolProficiencies: ['Dragonchess Set'],
      conditionImmunities: ['Charmed'],
      resistances: ['Cold'],
    });
    expect(sheet.inventory.find(({ name }) => name === 'Arrows')).toMatchObject({
      quantity: 40,
      weightLb: 0.05,
      containerId: 'item-16',
    });
    expect(sheet.inventory.find(({ name }) => name === 'Quiver')).toMatchObject({
      type: 'container',
      containerId: null,
    });
    expect(sheet.inventory.at(-1)).toMatchObject({ id: 'custom-item-21', name: 'Marrow signet' });
    expect(sheet.spells.map(({ name, isPrepared }) => [name, isPrepared])).toEqual([
      ['Light', true],
      ['Bless', true],
    ]);
    expect(sheet.features.map(({ name }) => name)).toEqual([
      'Divine Sense',
      'Fey Ancestry',
      'Tough',
      'Position of Privilege',
    ]);
    expect(sheet.features[0]!.description).toBe('You know the presence.');
  });

  it('reports what it kept, what it left out and why', () => {
    expect(report.kept).toEqual(expect.arrayContaining(['/data/somethingNew', '/data/campaign']));
    expect(report.ignored.map(({ at }) => at)).toEqual(
      expect.arrayContaining([
        '/data/avatarUrl',
        '/data/modifiers/item/2',
        '/data/classes/0/classFeatures/1',
      ]),
    );
    expect(report.odd).toEqual([]);
    expect(report.counts.mapped).toBeGreaterThan(50);
  });

  it('takes the table of a single class, and pact magic apart', () => {
    const alone = sample();
    const [paladin] = alone.data.classes as [object];
    alone.data.classes = [paladin];
    expect(readDndBeyondCharacter(alone).character.sheet.spellSlotsLeft).toMatchObject({ 1: 4 - 1, 2: 2 });
    const warlock = sample();
    warlock.data.classes = [{ id: 1, level: 3, definition: { name: 'Warlock', canCastSpells: true } }];
    warlock.data.pactMagic = [{ level: 2, used: 1 }];
    expect(readDndBeyondCharacter(warlock).character.sheet.spellSlotsLeft).toMatchObject({ 1: 0, pact: 1 });
  });

  it.each([
    [
      'without armour by a monk’s Wisdom',
      { type: 'set', subType: 'unarmored-armor-class', statId: 5 },
      10 + 0 + 1 + 1 + 2,
    ],
    [
      'without armour by dragon’s blood',
      { type: 'set', subType: 'unarmored-armor-class', value: 3 },
      13 + 0 + 1 + 2,
    ],
  ])('works out the armour class %s', (_, feature, expected) => {
    const naked = sample();
    (naked.data.inventory as { equipped: boolean }[])[0]!.equipped = false;
    (naked.data.modifiers as { class: object[] }).class.push(feature);
    expect(readDndBeyondCharacter(naked).character.sheet.armorClass).toBe(expected);
  });

  it('takes the data alone as well', () => {
    expect(readDndBeyondCharacter(sample().data).character).toEqual(character);
    expect(readDndBeyondCharacter({ character: sample().data }).character).toEqual(character);
  });

  it.each([
    [
      'private',
      { id: 0, success: false, message: 'Unauthorized Access Attempt.', data: null },
      'private-sheet',
    ],
    ['a list', [1, 2], 'not-a-sheet'],
    ['of something else', { name: 'Akra', system: {} }, 'not-a-sheet'],
    ['empty', { id: 0, success: true, data: null }, 'not-a-sheet'],
  ])('refuses one that is %s', (_, value, code) => {
    expect(() => readDndBeyondFile(bytes(value))).toThrow(
      expect.objectContaining({ name: 'ImportRefusal', code }),
    );
  });
});

describe('a character with strange parts', () => {
  it('is read without an error into a sheet that is one', () => {
    fc.assert(
      fc.property(mutated(sample(), 8), (value) => {
        let read;
        try {
          read = readDndBeyondFile(bytes(value));
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
          return;
        }
        const { sheet } = read.character;
        const wrong = SHEET_KEYS.filter((key) => readSheetField(key, sheet[key]) === undefined);
        expect(wrong).toEqual([]);
        expect(JSON.stringify(read)).not.toMatch(/<script|onerror=|\\u0000|\\ud800/);
      }),
      { numRuns: 150 },
    );
  });

  it('that is no JSON any more is refused', () => {
    fc.assert(
      fc.property(mutatedText(JSON.stringify(sample())), (text) => {
        try {
          readDndBeyondFile(Buffer.from(text));
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 200 },
    );
  });
});
