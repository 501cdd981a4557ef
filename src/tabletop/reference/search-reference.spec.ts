import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReferenceEntry } from './reference-entry.js';
import { placeOf, ReferenceIndex, slipsBetween } from './search-reference.js';
import { shippedReference } from './srd-reference.reader.js';

const index = new ReferenceIndex(shippedReference().entries);
const terms = (text: string, most = 5): string[] =>
  index.search({ text, category: null, edition: null }, null, most).map(({ entry }) => entry.slug);

describe('finding a term', () => {
  it('puts the very name first, whatever its case, marks and signs', () => {
    expect(terms('FIREBALL')[0]).toBe('spell-fireball');
    expect(terms('fire-ball')[0]).toBe('spell-fireball');
    expect(terms('fïre ball')[0]).toBe('spell-fireball');
    expect(terms('alchemists fire').some((slug) => slug.startsWith('equipment-alchemists-fire'))).toBe(true);
  });

  it('forgives a slip or two', () => {
    expect(terms('firebll')).toContain('spell-fireball');
    expect(terms('counterspel')).toContain('spell-counterspell');
    expect(terms('abolteh')).toContain('monster-aboleth');
  });

  it('finds by a word within', () => {
    expect(terms('holding', 10)).toContain('magic-item-bag-of-holding');
  });

  it('narrows by category and edition', () => {
    const found = index.search({ text: null, category: 'feat', edition: '5.1' }, null, 100);
    expect(found.map(({ entry }) => entry.term)).toEqual(['Grappler']);
    expect(index.search({ text: 'prone', category: 'spell', edition: null }, null, 5)).toEqual([]);
  });

  it.each(['', '!!!', '日本語', "' OR 1=1 --", 'x'.repeat(5_000)])('finds nothing for %j', (text) => {
    expect(terms(text)).toEqual([]);
  });

  it('gives the same pages as the whole list', () => {
    const some = fc.constantFrom(...shippedReference().entries.map(({ term }) => term));
    const asked = fc.oneof(
      some.map((term) => term.slice(0, 3)),
      some,
      fc.constant(null),
    );
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 40 }), (text, size) => {
        const question = { text, category: null, edition: null };
        const whole = index.search(question, null, 200);
        const pages: ReferenceEntry[] = [];
        for (let page = index.search(question, null, size); page.length > 0 && pages.length < 200;) {
          pages.push(...page.map(({ entry }) => entry));
          page = index.search(question, placeOf(page.at(-1)!), size);
        }
        expect(pages.slice(0, 200)).toEqual(whole.map(({ entry }) => entry));
      }),
      { numRuns: 20 },
    );
  });
});

describe('slips between two words', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

  it('are none between the same, as many both ways, and no fewer than the lengths differ', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const slips = slipsBetween(a, b, 10);
        expect(slips === 0).toBe(a === b);
        expect(slipsBetween(b, a, 10)).toBe(slips);
        expect(slips).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(slips).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('are no more than were made', () => {
    fc.assert(
      fc.property(word, fc.nat(5), fc.constantFrom('x', ''), (a, at, put) => {
        const changed = a.slice(0, at) + put + a.slice(at + 1);
        expect(slipsBetween(a, changed, 3)).toBeLessThanOrEqual(1);
      }),
    );
    expect(slipsBetween('aboleth', 'abolteh', 2)).toBe(1);
  });

  it('above the most are not counted out', () => {
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, most) => {
        const slips = slipsBetween(a, b, 10);
        const told = slipsBetween(a, b, most);
        if (slips <= most) expect(told).toBe(slips);
        else expect(told).toBeGreaterThan(most);
      }),
    );
  });
});
