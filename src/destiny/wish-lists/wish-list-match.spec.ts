import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { readEnhancedTraits } from '../weapons/enhanced-traits.reader.js';
import type { WishRoll } from './wish-list.js';
import { WishListParser } from './wish-list.parser.js';
import { matchRoll, type RolledColumn, type RolledWeapon, scoreByWishes } from './wish-list-match.js';

/** 101 enhances 1, and so on. */
const BASES = new Map([1, 2, 3, 4].map((base) => [100 + base, base]));

const column = (...selectable: number[]): RolledColumn => ({
  isScored: true,
  selected: selectable[0] ?? null,
  selectable,
});
const weapon = (...columns: RolledColumn[]): RolledWeapon => ({
  itemHash: 7,
  categoryHashes: [1, 6],
  columns,
});
const roll = (perks: number[], own: Partial<WishRoll> = {}): WishRoll => ({
  itemHash: 7,
  isTrash: false,
  perks,
  notes: null,
  ...own,
});

describe('a match', () => {
  const mine = weapon(column(11, 12), column(21), column(101, 2), column(3));

  it.each<[string, WishRoll, { isSelected: boolean } | null]>([
    ['of what is plugged in', roll([11, 21, 3]), { isSelected: true }],
    ['of what could be', roll([12, 21, 3]), { isSelected: false }],
    ['of an enhanced trait by its base', roll([1]), { isSelected: true }],
    ['of a base by an enhanced trait', roll([103, 102]), { isSelected: false }],
    ['with one perk missing', roll([11, 99]), null],
    ['of the whole item', roll([]), { isSelected: true }],
    ['of any item', roll([3], { itemHash: null }), { isSelected: true }],
    ['of its category', roll([3], { itemHash: 6 }), { isSelected: true }],
    ['of another item', roll([3], { itemHash: 8 }), null],
  ])('%s', (_what, given, expected) => {
    const match = matchRoll(given, mine, BASES);
    expect(match && { isSelected: match.isSelected }).toEqual(expected);
  });

  const perk = fc.constantFrom(1, 2, 3, 4, 5, 101, 102, 103, 104);
  const columns = fc.array(fc.uniqueArray(perk, { maxLength: 3 }), { maxLength: 5 });
  const perks = fc.uniqueArray(perk, { maxLength: 4 });
  const base = (hash: number): number => BASES.get(hash) ?? hash;

  it('is exactly where every listed perk, by its base, is in some column', () => {
    fc.assert(
      fc.property(columns, perks, (given, wanted) => {
        const there = given.flat().map(base);
        const match = matchRoll(roll(wanted), weapon(...given.map((one) => column(...one))), BASES);
        expect(match !== null).toBe(wanted.every((one) => there.includes(base(one))));
        const plugged = given.flatMap((one) => one.slice(0, 1)).map(base);
        if (match) expect(match.isSelected).toBe(wanted.every((one) => plugged.includes(base(one))));
      }),
    );
  });

  it('stays with more choices, and with fewer perks asked for', () => {
    fc.assert(
      fc.property(columns, perks, perk, fc.nat(), (given, wanted, added, which) => {
        const own = given.map((one) => column(...one));
        if (matchRoll(roll(wanted), weapon(...own), BASES) === null) return;
        expect(matchRoll(roll(wanted), weapon(...own, column(added)), BASES)).not.toBeNull();
        const fewer = wanted.filter((_one, index) => index !== which % Math.max(1, wanted.length));
        expect(matchRoll(roll(fewer), weapon(...own), BASES)).not.toBeNull();
      }),
    );
  });

  it('scores between nothing and full, full with every hit, and rolls of others change nothing', () => {
    const anyRoll = fc
      .record({ perks, isTrash: fc.boolean(), itemHash: fc.constantFrom(7, 8, 6) })
      .map(({ perks: wanted, ...own }) => roll(wanted, own));
    fc.assert(
      fc.property(columns, fc.array(anyRoll, { maxLength: 6 }), (given, rolls) => {
        const mineToo = weapon(...given.map((one) => column(...one)));
        const { score, matchedColumns, hits, trash } = scoreByWishes(rolls, mineToo, BASES);
        const own = rolls.filter(({ itemHash }) => itemHash !== 8);
        expect(scoreByWishes(own, mineToo, BASES)).toEqual({ score, matchedColumns, hits, trash });
        const matching = own.filter((one) => matchRoll(one, mineToo, BASES) !== null);
        expect(hits).toHaveLength(matching.filter(({ isTrash }) => !isTrash).length);
        expect(trash).toHaveLength(matching.filter(({ isTrash }) => isTrash).length);
        expect(score).toBe(hits.length > 0 ? 1 : matchedColumns / 4);
        expect(matchedColumns).toBeLessThanOrEqual(4);
      }),
    );
  });
});

describe('a score', () => {
  const mine = weapon(column(11), column(21), column(31), column(41), { ...column(51), isScored: false });

  it.each([
    [[99], 0, 0],
    [[11, 99], 0.25, 1],
    [[11, 21, 31, 99], 0.75, 3],
    [[51, 99], 0, 0],
    [[11, 21], 1, 2],
    [[51], 1, 0],
  ])('of %j is %d', (perks, score, matchedColumns) => {
    expect(scoreByWishes([roll(perks)], mine, BASES)).toMatchObject({ score, matchedColumns });
  });

  it('is that of the nearest good roll; rolls to throw away are told beside it', () => {
    const trash = roll([11, 21, 31], { isTrash: true });
    expect(scoreByWishes([roll([11, 99]), roll([11, 21, 99]), trash], mine, BASES)).toMatchObject({
      score: 0.5,
      hits: [],
      trash: [{ roll: trash }],
    });
  });
});

(destinyFactsFolder === undefined ? describe.skip : describe)('a real list (needs recorded data)', () => {
  it('finds each of its own rolls, also when the weapon has the enhanced traits', () => {
    const parser = new WishListParser();
    const rolls = readDestinyFacts('wishlist_sample_spacemonkey_s28.txt.gz')
      .split('\n')
      .flatMap((line) => parser.readLine(line) ?? []);
    const bases = readEnhancedTraits();
    const enhanced = new Map([...bases].map(([one, base]) => [base, one]));
    let enhancedCount = 0;
    for (const one of rolls) {
      const plugs = one.perks.map((perk) => enhanced.get(perk) ?? perk);
      enhancedCount += plugs.filter((plug) => bases.has(plug)).length;
      const mine = { ...weapon(...plugs.map((plug) => column(plug))), itemHash: one.itemHash! };
      expect(matchRoll(one, mine, bases)).toEqual({ roll: one, isSelected: true });
      const without = { ...mine, columns: mine.columns.slice(1) };
      expect(matchRoll(one, without, bases)).toBeNull();
      expect(scoreByWishes([one], without, bases).score).toBe((one.perks.length - 1) / 4);
    }
    expect(enhancedCount).toBeGreaterThan(4_000);
  });
});
