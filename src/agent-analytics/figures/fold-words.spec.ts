import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldWord, wordsOf } from './fold-words.js';

const folded = (text: string): string[] => [...wordsOf(text)].map((word) => word.folded);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'É',
      'e\u0301',
      'œ',
      'ß',
      'Σ',
      'ς',
      'İ',
      '漢',
      'か\u3099',
      'ﷺ',
      '½',
      "'",
      ' ',
      '%',
      '\0',
    ),
  }),
);

describe('words', () => {
  it('are the same however they are written', () => {
    expect(folded("L'Épée de BOISAILLE, l’épée!")).toEqual(['l', 'epee', 'de', 'boisaille', 'l', 'epee']);
    expect(folded('Œuvre Straße ŁÓDŹ İstanbul ΟΔΟΣ Ｗｉｄｅ')).toEqual([
      'oeuvre',
      'strasse',
      'lodz',
      'istanbul',
      'οδοσ',
      'wide',
    ]);
    expect(folded('thr_1a2b-3c')).toEqual(['thr', '1a2b', '3c']);
    expect(folded('夜の湖 night')).toEqual(['夜', 'の', '湖', 'night']);
  });

  it('hold letters and digits only, and folding them again changes nothing', () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const word of folded(given)) {
          expect(word).toMatch(/^[\p{L}\p{N}]{1,60}$/u);
          expect(foldWord(word)).toBe(word);
          expect(folded(word).join('')).toBe(word);
        }
      }),
    );
  });

  it('stand where they say, one after the other', () => {
    fc.assert(
      fc.property(text, (given) => {
        let end = 0;
        for (const { folded: own, from, to } of wordsOf(given)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(foldWord(given.slice(from, to))).toBe(own);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(given.length);
      }),
    );
  });

  it('do not depend on case or on how accents are written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'É', 'ñ', 'ü', 'Ç', ' ', '-', '7') }), (given) => {
        const own = folded(given);
        for (const other of [given.toUpperCase(), given.toLowerCase(), given.normalize('NFD')])
          expect(folded(other)).toEqual(own);
      }),
    );
  });
});
