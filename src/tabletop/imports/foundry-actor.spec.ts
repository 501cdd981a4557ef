import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  aFoundryCreature,
  aFoundryHero,
  anOldFoundryHero,
  FOUNDRY_SAMPLES,
} from '../../../test/factories/foundry-samples.js';
import { mutated, mutatedText } from '../../../test/support/mutated-json.js';
import { aSheet } from '../../../test/support/sheets.js';
import { writeFoundryActor } from '../exports/foundry-actor.writer.js';
import { asActor, readFoundryActor, readFoundryFile } from './foundry-actor.reader.js';
import { ImportRefusal } from './import-refusal.js';
import type { Dnd5eSheet } from './dnd5e-sheet.js';

const read = (actor: unknown) => readFoundryActor(asActor(actor));
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('reading a Foundry actor', () => {
  it('finds what a sheet has of a hero', () => {
    const { character, report } = read(aFoundryHero());
    expect(character).toMatchObject({
      name: 'Brannoch Thistlewind',
      isNpc: false,
      sourceId: 'hERo0000000druid',
      biography: 'Keeps bees.\nTalks to them, too.',
      secretBiography: 'Was once a spy of the Ashen Court.',
    });
    const { sheet } = character;
    expect(sheet).toMatchObject({
      classes: [{ name: 'Druid', subclass: 'Circle of the Land', level: 3 }],
      level: 3,
      species: 'Wood Elf',
      background: 'Hermit',
      abilities: { wis: 17 },
      savingThrows: ['int', 'wis'],
      armorClass: 11 + 2 + 2,
      hitPoints: { current: 21, max: 8 + 1 + 5 + 1 + 5 + 1, temporary: 3 },
      size: 'medium',
      speedFt: { walk: 30, swim: 30 },
      languages: ['common', 'druidic', 'elvish', 'Bee Dance', 'Thieves’ Cant'],
      resistances: ['cold', 'bee stings'],
      toolProficiencies: ['herb'],
      coins: { gp: 14, sp: 3, cp: 7 },
      spellSlotsLeft: { 1: 2, 2: 1 },
      isInspired: true,
      exhaustion: 1,
    });
    expect(sheet.skills).toMatchObject({ 'animal-handling': 2, nature: 1, stealth: 0.5, acrobatics: 0 });
    expect(sheet.spells.map(({ name, isPrepared }) => [name, isPrepared])).toEqual([
      ['Goodberry', true],
      ['Thunderwave', false],
    ]);
    expect(sheet.inventory.find(({ name }) => name === 'Jar of Honey')).toMatchObject({
      quantity: 4,
      weightLb: 0.5,
      containerId: 'CoNT0000backpack',
    });
    expect(sheet.inventory.find(({ name }) => name === 'Leather Armor')?.weightLb).toBe(11.023);
    expect(report.counts.odd).toBe(0);
    expect(report.kept).toContain('/prototypeToken');
    expect(report.kept).toContain('/flags');
    expect(report.ignored).toEqual([{ at: '/items/14', reason: expect.any(String) }]);
  });

  it('shows of what is not identified what players see', () => {
    const { character } = read(aFoundryHero());
    expect(character.sheet.inventory.at(-1)).toMatchObject({
      name: 'Sooty amulet',
      description: 'Warm to the touch.',
      isAttuned: true,
    });
    expect(JSON.stringify(character)).not.toContain('Ashen Court,');
    expect(JSON.stringify(character.sheet)).not.toContain('Ashen');
  });

  it('finds what a sheet has of a creature and of an old version', () => {
    expect(read(aFoundryCreature()).character).toMatchObject({
      isNpc: true,
      sheet: {
        challengeRating: 0.25,
        creatureType: 'dragon',
        size: 'large',
        armorClass: 15,
        hitPoints: { max: 75, formula: '10d8 + 30' },
        features: [{ name: 'Multiattack', kind: 'action' }],
      },
    });
    const { sheet } = read(anOldFoundryHero()).character;
    expect(sheet).toMatchObject({ species: 'Halfling', background: 'Sailor', armorClass: 13, level: 1 });
    expect(sheet.inventory.map(({ id, name, type, isAttuned }) => ({ id, name, type, isAttuned }))).toEqual([
      { id: 'item-1', name: 'Rope', type: 'container', isAttuned: false },
      { id: 'item-2', name: 'Ring', type: 'equipment', isAttuned: true },
    ]);
  });

  it('takes what is odd for what it can be, and says so', () => {
    const hero = aFoundryHero() as { system: { abilities: object; currency: object }; items: unknown };
    Object.assign(hero.system.abilities, { str: { value: 'strong' }, dex: { value: 1e9 }, con: 7 });
    Object.assign(hero.system, { currency: 'many' });
    hero.items = { not: 'a list' };
    const { character, report } = read(hero);
    expect(character.sheet.abilities).toMatchObject({ str: 10, dex: 99, con: 10 });
    expect(character.sheet.inventory).toEqual([]);
    expect(report.odd.map(({ at }) => at)).toEqual([
      '/system/abilities/str/value',
      '/system/abilities/dex/value',
      '/items',
    ]);
  });

  it.each([
    ['no actor', [], 'not-a-sheet'],
    ['of another system', { ...aFoundryHero(), _stats: { systemId: 'pf2e' } }, 'other-system'],
    ['of another shape', { type: 'character', system: { attributes: {} } }, 'other-system'],
    ['of a vehicle', { ...aFoundryHero(), type: 'vehicle' }, 'not-a-sheet'],
  ])('refuses what is %s', (_, value, code) => {
    expect(() => readFoundryFile(bytes(value))).toThrow(
      expect.objectContaining({ name: 'ImportRefusal', code }),
    );
  });
});

describe('writing a Foundry actor', () => {
  it.each(FOUNDRY_SAMPLES)('gives %s back byte for byte', (_, sample) => {
    const actor = asActor(sample());
    const { character } = readFoundryActor(actor);
    expect(JSON.stringify(writeFoundryActor(character, actor))).toBe(JSON.stringify(sample()));
  });

  it('writes what has changed and nothing else', () => {
    const actor = asActor(aFoundryHero());
    const { character } = readFoundryActor(actor);
    const sheet: Dnd5eSheet = {
      ...character.sheet,
      hitPoints: { ...character.sheet.hitPoints, current: 4 },
      inventory: character.sheet.inventory.map((item) =>
        item.name === 'Jar of Honey' ? { ...item, quantity: 3 } : item,
      ),
    };
    const expected = aFoundryHero() as {
      system: { attributes: { hp: { value: number } } };
      items: { system: { quantity: number } }[];
    };
    expected.system.attributes.hp.value = 4;
    expected.items[12]!.system.quantity = 3;
    expect(writeFoundryActor({ ...character, sheet }, actor)).toEqual(expected);
  });

  it('takes out what is gone, adds what is new, and keeps the secret name of what nobody has identified', () => {
    const actor = asActor(aFoundryHero());
    const { character } = readFoundryActor(actor);
    const rope = { id: 'rope', name: 'Rope & Hook', type: 'loot', quantity: 1, weightLb: 5, isEquipped: false, isAttuned: false, containerId: 'CoNT0000backpack', description: 'Fifty feet' }; // prettier-ignore
    const inventory = character.sheet.inventory
      .filter(({ name }) => name !== 'Scimitar')
      .map((item) => (item.name === 'Sooty amulet' ? { ...item, name: 'Black amulet' } : item));
    const written = writeFoundryActor(
      { ...character, sheet: { ...character.sheet, inventory: [...inventory, rope] } },
      actor,
    );
    const text = JSON.stringify(written);
    expect(text).not.toContain('Scimitar');
    expect(text).toContain('"name":"Amulet of the Ashen Court"');
    expect(text).toContain('"name":"Black amulet"');
    expect(readFoundryActor(written).character.sheet.inventory.at(-1)).toEqual(rope);
  });

  it('brings a sheet of ours back whole, without an actor that it came from', () => {
    fc.assert(
      fc.property(aSheet(), fc.boolean(), (sheet, isNpc) => {
        const character = {
          name: 'Somebody',
          isNpc,
          biography: 'Seen by all.',
          secretBiography: 'Not < by & all.',
          sheet,
          sourceId: null,
        };
        const back = readFoundryActor(writeFoundryActor(character, null)).character;
        expect(back).toEqual(character);
      }),
      { numRuns: 60 },
    );
  });

  it('brings a sheet of ours back whole over whatever actor it came from', () => {
    fc.assert(
      fc.property(aSheet(), fc.constantFrom(...FOUNDRY_SAMPLES), (sheet, [, sample]) => {
        const actor = asActor(sample());
        const character = { ...readFoundryActor(actor).character, sheet };
        const back = readFoundryActor(writeFoundryActor(character, actor)).character;
        expect(back).toEqual(character);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an actor with strange parts', () => {
  it('is read without an error, and comes back byte for byte', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FOUNDRY_SAMPLES).chain(([, sample]) => mutated(sample())),
        (value) => {
          let read;
          try {
            read = readFoundryFile(bytes(value));
          } catch (error) {
            expect(error).toBeInstanceOf(ImportRefusal);
            return;
          }
          const text = JSON.stringify(read.actor);
          expect(JSON.stringify(writeFoundryActor(read.character, read.actor))).toBe(text);
          expect(JSON.stringify(read.character)).not.toMatch(/<script|onerror=|\\u0000|\\ud800/);
        },
      ),
      { numRuns: 200 },
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('that is no JSON any more is refused', () => {
    fc.assert(
      fc.property(mutatedText(JSON.stringify(anOldFoundryHero())), (text) => {
        try {
          readFoundryFile(Buffer.from(text));
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), 'not-text'],
    ['a million brackets', Buffer.from('['.repeat(1_000_000)), 'too-deep'],
    ['a deep sheet', Buffer.from(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`), 'too-deep'],
    ['half a million numbers', Buffer.from(`[${'1,'.repeat(500_000)}1]`), 'too-many-values'],
    ['ten megabytes', Buffer.alloc(10 * 1_048_576, 0x20), 'too-large'],
  ])('is refused where it is %s', (_, file, code) => {
    expect(() => readFoundryFile(file)).toThrow(expect.objectContaining({ name: 'ImportRefusal', code }));
  });
});
