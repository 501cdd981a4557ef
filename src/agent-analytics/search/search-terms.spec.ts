import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldWord } from '../figures/fold-words.js';
import { hitsIn, MOST_SHOWN, readTerms, snippetOf, tsqueryOf } from './search-terms.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('a', 'É', 'b', ' ', '-', '\u{1F600}', '漢', "'", '&', ':', '*'),
    maxLength: 600,
  }),
);

describe('what is asked for', () => {
  it('is words without their accents, the last of which may be a beginning', () => {
    expect(readTerms('  Tomás & la MER, maya')).toEqual({
      words: ['tomas', 'la', 'mer', 'maya'],
      beginning: 'maya',
    });
    expect(tsqueryOf(readTerms('Tomás la mer tomás')!)).toBe('tomas:* & la & mer');
    for (const nothing of ['', '   ', '%', "'; --", '!&|():*<->', '\0', '\u{1F600}'])
      expect(readTerms(nothing)).toBe(null);
  });

  it('never has a sign in it that means something to PostgreSQL', () => {
    fc.assert(
      fc.property(text, (asked) => {
        const terms = readTerms(asked);
        if (terms !== null)
          expect(tsqueryOf(terms)).toMatch(/^[\p{L}\p{N}]+(:\*)?( & [\p{L}\p{N}]+(:\*)?)*$/u);
      }),
    );
  });
});

describe('what is marked', () => {
  it('is every word that is asked for and nothing else, where it stands', () => {
    fc.assert(
      fc.property(
        text,
        fc.string({ unit: fc.constantFrom('a', 'é', 'b', ' '), maxLength: 8 }),
        (line, asked) => {
          const terms = readTerms(asked);
          if (terms === null) return;
          const { highlights, wordCount } = hitsIn(line, terms);
          for (const { from, to } of highlights) {
            const word = foldWord(line.slice(from, to));
            expect(terms.words.includes(word) || word.startsWith(terms.beginning)).toBe(true);
          }
          expect(wordCount > 0).toBe(highlights.length > 0);
          expect(wordCount).toBeLessThanOrEqual(terms.words.length);
        },
      ),
    );
    const { highlights, wordCount } = hitsIn('La mer, l’amère: MÉR', readTerms('la mer')!);
    expect([highlights.map(({ from, to }) => [from, to]), wordCount]).toEqual([
      [
        [0, 2],
        [3, 6],
        [17, 20],
      ],
      2,
    ]);
  });

  it('counts a word and its beginning once each', () => {
    expect(hitsIn('art article', readTerms('art art')!).wordCount).toBe(1);
    expect(hitsIn('article', readTerms('article art')!).wordCount).toBe(2);
  });
});

describe('a snippet', () => {
  it('is a part of the line with the first hit in it, marked as in the line', () => {
    fc.assert(
      fc.property(text, (line) => {
        const { highlights } = hitsIn(line, { words: ['a'], beginning: 'a' });
        const snippet = snippetOf(line, highlights);
        const { text: shown } = snippet;
        expect(shown.length).toBeLessThanOrEqual(MOST_SHOWN + 1);
        expect(line.isWellFormed()).toBe(shown.isWellFormed());
        expect(line.includes(shown)).toBe(true);
        expect(shown === line).toBe(!snippet.isCutBefore && !snippet.isCutAfter);
        expect(snippet.highlights.length > 0).toBe(highlights.length > 0);
        const [first] = highlights;
        if (first !== undefined) {
          const { from, to } = snippet.highlights[0]!;
          expect(line.slice(first.from, first.to).startsWith(shown.slice(from, to))).toBe(true);
        }
        for (const { from, to } of snippet.highlights) expect(from < to && to <= shown.length).toBe(true);
      }),
    );
  });
});
