import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import {
  type LineFaultCode,
  MOST_NOTES_LENGTH,
  MOST_PERKS,
  printWishList,
  type WishList,
  type WishNotes,
  type WishRoll,
} from './wish-list.js';
import { MOST_FAULTS_TOLD, WishListParser } from './wish-list.parser.js';

interface Read extends WishList {
  faults: readonly { line: number; code: LineFaultCode }[];
  faultCount: number;
}

function read(text: string): Read {
  const parser = new WishListParser();
  const rolls = text.split('\n').flatMap((line) => parser.readLine(line) ?? []);
  const { title, description, faults, faultCount } = parser;
  return { title, description, rolls, faults, faultCount };
}

const rollOf = (line: string): WishRoll | undefined => read(line).rolls[0];

describe('a line', () => {
  const good = { isTrash: false, notes: null };

  it.each<[string, WishRoll]>([
    ['dimwishlist:item=1&perks=2,3', { ...good, itemHash: 1, perks: [2, 3] }],
    ['dimwishlist:item=1', { ...good, itemHash: 1, perks: [] }],
    ['dimwishlist:item=1&perks=', { ...good, itemHash: 1, perks: [] }],
    ['dimwishlist:item=1&', { ...good, itemHash: 1, perks: [] }],
    ['dimwishlist:item=-1&perks=2', { itemHash: 1, isTrash: true, perks: [2], notes: null }],
    ['dimwishlist:item=-69420&perks=2', { ...good, itemHash: null, perks: [2] }],
    ['dimwishlist:item=69420&perks=2', { ...good, itemHash: 69_420, perks: [2] }],
    ['  DIMWISHLIST:item=1&perks=2, 3,,2,003  \r', { ...good, itemHash: 1, perks: [2, 3] }],
    ['\ufeffdimwishlist:item=4294967295', { ...good, itemHash: 4_294_967_295, perks: [] }],
    [
      'dimwishlist:item=1&perks=2#notes:A|B|tags:PvE, god-pve,',
      { ...good, itemHash: 1, perks: [2], notes: { text: 'A|B', tags: ['pve', 'god-pve'] } },
    ],
    [
      'dimwishlist:item=1#notes:whole #notes:item',
      { ...good, itemHash: 1, perks: [], notes: { text: 'whole #notes:item', tags: [] } },
    ],
    ['dimwishlist:item=1#notes:', { ...good, itemHash: 1, perks: [] }],
  ])('%s', (line, roll) => {
    expect(read(line)).toMatchObject({ rolls: [roll], faultCount: 0 });
  });

  it.each<[string, LineFaultCode]>([
    ['dimwishlist:item=', 'bad-item'],
    ['dimwishlist:', 'bad-item'],
    ['dimwishlist:item=0', 'bad-item'],
    ['dimwishlist:item=4294967296', 'bad-item'],
    ['dimwishlist:item=-4294967296', 'bad-item'],
    ['dimwishlist:item=12345678901', 'bad-item'],
    ['dimwishlist:item=1.5', 'bad-item'],
    ['dimwishlist:item=one&perks=2', 'bad-item'],
    ['dimwishlist:item=1&perks=2,x', 'bad-perks'],
    ['dimwishlist:item=1&perks=0', 'bad-perks'],
    ['dimwishlist:item=1&perks=-2', 'bad-perks'],
    ['dimwishlist:item=1&perks=2 3', 'bad-perks'],
    ['dimwishlist:item=1&perks=2,4294967296', 'bad-perks'],
    ['dimwishlist:item=1&something=2', 'bad-perks'],
    [
      `dimwishlist:item=1&perks=${Array.from({ length: MOST_PERKS + 1 }, (_, i) => i + 1).join(',')}`,
      'too-many-perks',
    ],
    ['https://banshee-44.com/?weapon=1&socketEntries=2', 'unknown-line'],
    ['<html>', 'unknown-line'],
    ['x'.repeat(20_001), 'line-too-long'],
  ])('%.60s is refused', (line, code) => {
    const text = `title:T\n\n${line}\ndimwishlist:item=1`;
    expect(read(text)).toMatchObject({ faults: [{ line: 3, code }], faultCount: 1 });
    expect(read(text).rolls).toHaveLength(1);
  });
});

describe('notes', () => {
  const texts = (text: string) => read(text).rolls.map(({ notes }) => notes && [notes.text, ...notes.tags]);

  it('hold until a blank line or a comment, unless a roll has its own', () => {
    expect(
      texts(`dimwishlist:item=1
//notes:one|tags:pve,pvp
dimwishlist:item=1
dimwishlist:item=1#notes:own
dimwishlist:item=1#notes:|tags:mkb
dimwishlist:item=1

dimwishlist:item=1
//notes:two
dimwishlist:item=1
// a comment
dimwishlist:item=1
//notes:three
//notes:four
dimwishlist:item=1
nonsense
dimwishlist:item=1
//notes:
dimwishlist:item=1`),
    ).toEqual([
      null,
      ['one', 'pve', 'pvp'],
      ['own'],
      ['', 'mkb'],
      ['one', 'pve', 'pvp'],
      null,
      ['two'],
      null,
      ['four'],
      ['four'],
      null,
    ]);
  });

  it('of one block are one object, so that a long list does not hold them many times', () => {
    const { rolls } = read('//notes:one\ndimwishlist:item=1\ndimwishlist:item=2');
    expect(rolls[0]?.notes).toBe(rolls[1]?.notes);
  });

  it('are cut where they are too long, and cleaned of what nobody sees', () => {
    expect(rollOf(`dimwishlist:item=1#notes:${'x'.repeat(MOST_NOTES_LENGTH + 1)}`)?.notes?.text).toHaveLength(
      MOST_NOTES_LENGTH,
    );
    const cut = `${'x'.repeat(MOST_NOTES_LENGTH - 1)}😀`;
    expect(rollOf(`dimwishlist:item=1#notes:${cut}`)?.notes?.text).toHaveLength(MOST_NOTES_LENGTH - 1);
    expect(rollOf('dimwishlist:item=1#notes:a\u0000b\u001b[31m\ud800')?.notes?.text).toBe('ab[31m\ufffd');
  });
});

describe('title and description', () => {
  it('are the first of the list', () => {
    expect(read('title: One \ntitle:Two\ndescription:\ndescription:D: e')).toMatchObject({
      title: 'One',
      description: 'D: e',
      faultCount: 0,
    });
  });
});

describe('any list', () => {
  const hash = fc.integer({ min: 1, max: 0xffff_ffff });
  const words = fc
    .stringMatching(/^[\w äé"'.:#&=(/)-]{1,30}$/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const tag = fc.stringMatching(/^[a-z][a-z-]{0,9}$/);
  const notes: fc.Arbitrary<WishNotes> = fc
    .record({
      text: fc.oneof(words, fc.constant('')),
      tags: fc.uniqueArray(tag, { maxLength: 3 }),
    })
    .filter(({ text, tags }) => text !== '' || tags.length > 0);
  const roll = fc
    .record({
      itemHash: fc.option(hash, { freq: 4 }),
      isTrash: fc.boolean(),
      perks: fc.uniqueArray(hash, { maxLength: 6 }),
      notes: fc.option(notes),
    })
    .map((one): WishRoll => ({ ...one, isTrash: one.isTrash && one.itemHash !== null }));
  const list: fc.Arbitrary<WishList> = fc.record({
    title: fc.option(words),
    description: fc.option(words),
    rolls: fc.array(roll, { maxLength: 20 }),
  });

  it('reads again as what was printed of it', () => {
    fc.assert(
      fc.property(list, (given) => {
        expect(read(printWishList(given))).toEqual({ ...given, faults: [], faultCount: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it('is not spoilt by lines that say nothing', () => {
    const nonsense = fc
      .stringMatching(/^[a-z<>{}&=,.0-9]{1,20}$/)
      .filter((line) => !/^(?:title:|description:|dimwishlist:)/.test(line));
    fc.assert(
      fc.property(list, fc.array(fc.tuple(fc.nat(), nonsense), { maxLength: 5 }), (given, added) => {
        const lines = printWishList(given).split('\n');
        for (const [at, line] of added) lines.splice(at % (lines.length + 1), 0, line);
        const { faultCount, faults, ...rest } = read(lines.join('\n'));
        expect(rest).toEqual(given);
        expect(faultCount).toBe(added.length);
        for (const fault of faults) expect(added.map(([, line]) => line)).toContain(lines[fault.line - 1]);
      }),
    );
  });

  it('never throws, gives hashes only, and tells of a hundred faults at most', () => {
    const line = fc.oneof(
      fc.string(),
      fc.string().map((text) => `dimwishlist:item=${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), (lines) => {
        const { rolls, faults, faultCount } = read(lines.join('\n'));
        expect(faults).toHaveLength(Math.min(faultCount, MOST_FAULTS_TOLD));
        for (const { itemHash, perks } of rolls)
          for (const one of [...perks, itemHash ?? 1]) {
            expect(Number.isInteger(one)).toBe(true);
            expect(one).toBeGreaterThanOrEqual(1);
            expect(one).toBeLessThanOrEqual(0xffff_ffff);
          }
      }),
    );
  });
});

(destinyFactsFolder === undefined ? describe.skip : describe)('real lists (need recorded data)', () => {
  it.each([
    ['wishlist_sample_spacemonkey_s28.txt.gz', "SpaceMonkey's Weapon Guide - Renegades", 4_639],
    [
      'wishlist_sample_exotics.txt',
      "u/pandapaxxy's Exotic Weapons, Season of the Risen Breakdown",
      undefined,
    ],
  ])('%s is read to the last roll', (name, title, count) => {
    const text = readDestinyFacts(name);
    const lines = text.split('\n').filter((line) => line.startsWith('dimwishlist:item='));
    const list = read(text);
    expect(list).toMatchObject({ title, faultCount: 0 });
    expect(list.rolls).toHaveLength(count ?? lines.length);
    expect(
      list.rolls.map(({ itemHash, perks }) => `dimwishlist:item=${itemHash}&perks=${perks.join(',')}`),
    ).toEqual(lines.map((line) => line.trim()));
    expect(list.rolls.every(({ notes }) => notes !== null && notes.tags.length > 0)).toBe(true);
    expect(read(printWishList(list))).toEqual(list);
  });
});
