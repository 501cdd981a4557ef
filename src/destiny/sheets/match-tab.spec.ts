import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldText, isOutdatedTitle, likeness, matchTab } from './match-tab.js';

const title = fc.oneof(
  fc.constantFrom(
    'Shotguns (PvE)',
    'Auto Rifles',
    'Pulse Rifles',
    'Scout Rifles',
    'BiS weapons',
    'Raids & Dungeons',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const titles = fc.uniqueArray(title, { maxLength: 12 });

describe('the tab that is meant', () => {
  it('is one of the tabs, near enough or with the name inside, and nearer than every other', () => {
    fc.assert(
      fc.property(title, titles, (asked, all) => {
        const found = matchTab(asked, all);
        const nearest = Math.max(0, ...all.map((one) => likeness(foldText(asked), foldText(one))));
        if (found === undefined) {
          expect(foldText(asked) === '' || nearest < 0.6).toBe(true);
          return;
        }
        expect(all).toContain(found);
        if (found === asked) return;
        const own = likeness(foldText(asked), foldText(found));
        if (own >= 0.6) expect(own).toBe(nearest);
        else expect([nearest < 0.6, foldText(found).includes(foldText(asked))]).toEqual([true, true]);
      }),
    );
  });

  it('is the one that is named as it is written, whatever else there is', () => {
    fc.assert(
      fc.property(titles, fc.nat(), (all, nth) => {
        fc.pre(all.length > 0);
        const asked = all[nth % all.length]!;
        expect(matchTab(asked, all)).toBe(asked);
      }),
    );
  });

  it('is found through one wrong letter in a name of four or more', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(name, fc.nat(), (written, at) => {
        const place = at % written.length;
        expect(matchTab(`${written.slice(0, place)}z${written.slice(place + 1)}`, [written])).toBe(written);
      }),
    );
  });

  it.each([
    ['shotgun', 'Shotguns (PvE)'],
    ['auto rifle', 'Auto Rifles'],
    ['raids', 'Raids & Dungeons'],
    ['pve', 'Shotguns (PvE)'],
    ['sniper', undefined],
    ['', undefined],
    ['---', undefined],
  ])('by "%s" is %s', (asked, expected) => {
    expect(matchTab(asked, ['Auto Rifles', 'Shotguns (PvE)', 'Raids & Dungeons'])).toBe(expected);
  });
});

describe('likeness', () => {
  // Figures of Python's difflib.SequenceMatcher(None, one, other).ratio().
  it.each([
    ['abcd', 'bcde', 0.75],
    ['tide', 'diet', 0.25],
    ['diet', 'tide', 0.5],
    ['shotgun', 'shotguns pve', 14 / 19],
    ['', '', 1],
    ['a', '', 0],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(likeness(one, other)).toBeCloseTo(ratio, 12);
  });

  it('is 1 for the same, and never outside of 0 to 1', () => {
    const text = fc.string({ maxLength: 40 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(likeness(one, one)).toBe(1);
        const ratio = likeness(one, other);
        expect(ratio).toBeGreaterThanOrEqual(0);
        expect(ratio).toBeLessThanOrEqual(1);
        if (ratio === 1) expect(one).toBe(other);
      }),
    );
  });
});

describe('a tab of what used to be', () => {
  it.each(['Old Shotguns', 'Shotguns (old)', 'OUTDATED - Raids', 'shotguns_old', 'raids_outdated_2'])(
    'is %s',
    (one) => expect(isOutdatedTitle(one)).toBe(true),
  );
  it.each(['Threshold', 'Gold', 'Holdfast', 'Shotguns', ''])('is not %s', (one) =>
    expect(isOutdatedTitle(one)).toBe(false),
  );
});
