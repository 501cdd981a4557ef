import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PHONE_COUNT, phoneOf, PHONES } from './phones.js';
import { pronounce } from './pronounce.js';
import { readSpelling } from './spelling.js';
import { GERMAN } from './spelling-rules/de.js';
import { SPANISH } from './spelling-rules/es.js';
import { FRENCH } from './spelling-rules/fr.js';
import { ITALIAN } from './spelling-rules/it.js';
import { DUTCH } from './spelling-rules/nl.js';
import { PORTUGUESE } from './spelling-rules/pt.js';

const LANGUAGES = { de: GERMAN, es: SPANISH, fr: FRENCH, it: ITALIAN, nl: DUTCH, pt: PORTUGUESE };
type Language = keyof typeof LANGUAGES;

const say = (language: Language, text: string): string =>
  [...pronounce(text, { find: () => undefined, spelling: LANGUAGES[language] })]
    .map((code) => PHONES[phoneOf(code)])
    .join(' ');
const MARKED = 'äöüßéèêëàâîïôûùçñãõáíóúœæø';
const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz', ...MARKED);
const word = fc.array(letter, { minLength: 1, maxLength: 40 }).map((all) => all.join(''));

describe.each(Object.keys(LANGUAGES) as Language[])('letters in the language %s', (language) => {
  const spelling = LANGUAGES[language];

  it('are said whatever they are, always alike, and as often as they may be', () => {
    fc.assert(
      fc.property(word, (text) => {
        const [parts, ...others] = spelling.wordsOf(text);
        expect(others).toEqual([]);
        for (const part of parts!) {
          const phones = spelling.say(part);
          expect(phones.length).toBeGreaterThan(0);
          expect(phones.length).toBeLessThanOrEqual(3 * part.length);
          for (const phone of phones) expect(phone).toBeLessThan(PHONE_COUNT);
          expect(spelling.say(part)).toEqual(phones);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are said in whatever text they stand, and nothing else is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const words = spelling.wordsOf(text);
        expect(say(language, text) === '').toBe(words.length === 0);
        expect(say(language, text.toUpperCase().normalize('NFD').toLowerCase())).toBe(
          say(language, text.toUpperCase().normalize('NFC')),
        );
      }),
    );
    expect(say(language, 'гром 7 …')).toBe('');
  });
});

describe('a word', () => {
  it.each<[Language, string, string]>([
    ['de', 'Schnörkel', 'SH N EH R K EH L'],
    ['de', 'Stadt', 'SH T AA T'],
    ['de', 'Wächter', 'V EH SH T EH R'],
    ['de', 'Bach', 'B AA K'],
    ['fr', 'Gauthier', 'G OW T Y EH'],
    ['fr', 'Beaux', 'B OW'],
    ['fr', 'Champagne', 'SH AA N P AA N Y'],
    ['fr', "d'Artagnan", 'D AA R T AA N Y AA N'],
    ['es', 'Jiménez', 'HH IY M EH N EH S'],
    ['es', 'Argüello', 'AA R G W EH Y OW'],
    ['it', 'Ghislieri', 'G IY Z L Y EH R IY'],
    ['it', 'Sciascia', 'SH AA SH AA'],
    ['it', 'Giglio', 'JH IY L Y OW'],
    ['pt', 'Guimarães', 'G IY M AA R AY N S'],
    ['pt', 'João', 'ZH OW AW N'],
    ['nl', 'van den Broeck', 'F AA N D EH N B R UW K'],
    ['nl', 'Schuyler', 'S G AY L EH R'],
  ])('of the language %s: %s is said %s', (language, text, phones) => {
    expect(say(language, text)).toBe(phones);
  });
});

describe('rules', () => {
  const language = (rules: string, marked = '') => readSpelling({ vowels: 'aeiou', marked, rules });

  it('go by the longest spelling, then by the place, then by what stands first', () => {
    const spelling = language('a b : K\nab / #_ : M\nab / _[V] : N\nab : L\nabc :');
    const said = (text: string) => spelling.say(text).map((code) => PHONES[code]);
    expect(said('abe')).toEqual(['M', 'EH']);
    expect(said('eabe')).toEqual(['EH', 'N', 'EH']);
    expect(said('eabt')).toEqual(['EH', 'L', 'T']);
    expect(said('tabcba')).toEqual(['T', 'K', 'K']);
    expect(said('abc')).toEqual(['AA', 'B', 'K']); // or it would not be heard at all
  });

  it.each([
    ['a -> EH', ''],
    ['a / e : EH', ''],
    ['a : QQ', ''],
    ['a : EH', 'ä'],
    ['ä / #_ : EH', 'ä'],
  ])('%s with %s are none', (rules, marked) => {
    expect(() => language(rules, marked)).toThrow(RangeError);
  });
});
