import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, foldName, isNameLike } from './name-likeness.js';

const like = (name: string, typed: string): boolean => isNameLike(foldName(name), foldName(typed));

describe('folding', () => {
  it.each([
    ['Jötunn', 'jotunn'],
    ["Skyburner's Oath", 'skyburners oath'],
    ['Skyburner’s  Oath', 'skyburners oath'],
    ['D.A.R.C.I.', 'darci'],
    ['M-17 "Fast Talker"', 'm 17 fast talker'],
    ['Scharfsinn ẞ', 'scharfsinn ss'],
    ['  ', ''],
  ])('%s is %s', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it('of a folded name changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => foldName(foldName(name)) === foldName(name)),
      { numRuns: 500 },
    );
  });
});

describe('likeness', () => {
  it.each([
    ['The Jade Rabbit', 'jade rabit', true],
    ['The Jade Rabbit', 'rabbit jade', true],
    ['Thunderlord', 'tundherlord', true],
    ['Ace of Spades', 'spades', true],
    ['Ace of Spades', 'ace of', true],
    ['Ace of Spades', 'sade', false],
    ['Sunshot', 'sunshto', true],
    ['Sunshot', 'moonshot', false],
    ['Le Monarque', 'monarch', false],
    ['Fatebringer', 'fate', true],
  ])('of %s and %s is %s', (name, typed, expected) => {
    expect(like(name, typed)).toBe(expected);
  });

  const word = fc.stringMatching(/^[a-z]{4,12}$/);

  it('holds for the name itself, for its parts, and for one slip in a word of four letters', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.nat(),
        (words, which, where) => {
          const name = words.join(' ');
          const part = words[which % words.length]!;
          const slip = part.slice(0, where % part.length) + part.slice((where % part.length) + 1);
          expect(isNameLike(name, name)).toBe(true);
          expect(isNameLike(name, part)).toBe(true);
          if (slip.length >= 4) expect(isNameLike(name, slip)).toBe(true);
        },
      ),
    );
  });
});

describe('the distance of two texts', () => {
  const text = fc.stringMatching(/^[ab]{0,6}$/);

  it('is that of the plain definition, up to the limit', () => {
    const plain = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length;
      const rest = [
        plain(a.slice(1), b) + 1,
        plain(a, b.slice(1)) + 1,
        plain(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
      ];
      if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
        rest.push(plain(a.slice(2), b.slice(2)) + 1);
      return Math.min(...rest);
    };
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 6 }), (a, b, most) => {
        expect(editDistance(a, b, most)).toBe(Math.min(plain(a, b), most + 1));
      }),
    );
  });
});
