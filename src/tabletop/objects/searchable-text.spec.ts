import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchableText } from './searchable-text.js';

describe('the texts of details', () => {
  it('come in their order, whatever is around them', () => {
    expect(searchableText({ a: 'one', b: [{ c: 'two' }, 3, null, 'three'], d: true })).toBe('one two three');
  });

  it('are all there when they are few, and never more than can be searched', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.array(fc.string({ minLength: 1, maxLength: 20 })),
        (any, texts) => {
          const found = searchableText({ any, texts });
          for (const text of texts) expect(found).toContain(text);
        },
      ),
    );
    const many = Array.from({ length: 30_000 }, (_, at) => `word${at}`);
    expect(searchableText({ many }).length).toBeLessThanOrEqual(130_000);
    let deep: object = { end: 'of it' };
    for (let at = 0; at < 100_000; at += 1) deep = { deep };
    expect(searchableText(deep)).toBe('of it');
  });
});
