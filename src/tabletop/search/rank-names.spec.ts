import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fuseHits } from './fuse-hits.js';
import { rankNames } from './rank-names.js';

const hits = fc
  .uniqueArray(fc.double({ min: -50, max: 80, noNaN: true }), { maxLength: 20 })
  .map((all) => all.map((likeness, at) => ({ id: `id-${at}`, likeness })));

describe('names that may be meant', () => {
  it('stand by their likeness, with probabilities that leave room for none of them', () => {
    fc.assert(
      fc.property(hits, (all) => {
        const ranked = rankNames(all, () => false);
        const confidences = ranked.map(({ confidence }) => confidence);
        expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
        expect(confidences.reduce((sum, one) => sum + one, 0)).toBeLessThan(1 + 1e-9);
        for (const { hit } of ranked) expect(hit.likeness).toBeGreaterThan(0);
      }),
    );
  });

  it('are believed when they are far likelier than chance, and not when they are not', () => {
    const confidence = (likeness: number) =>
      rankNames([{ id: 'a', likeness }], () => false)[0]?.confidence ?? 0;
    expect(confidence(20)).toBeGreaterThan(0.99);
    expect(confidence(2)).toBeLessThan(0.05);
    expect(confidence(-1)).toBe(0);
  });

  it('come first among equals when they were met lately', () => {
    const equals = ['a', 'b', 'c'].map((id) => ({ id, likeness: 12 }));
    expect(rankNames(equals, (id) => id === 'c').map(({ hit }) => hit.id)).toEqual(['c', 'a', 'b']);
  });
});

describe('lists put together', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));

  it('hold every id once; what stands higher in all of them stands higher; what is exact comes first', () => {
    fc.assert(
      fc.property(ids, ids, ids, (names, texts, exact) => {
        const fused = fuseHits(
          [
            { weight: 1, ids: names },
            { weight: 1, ids: texts },
          ],
          exact,
        ).map(({ id }) => id);
        expect(new Set(fused)).toEqual(new Set([...names, ...texts, ...exact]));
        expect(fused).toHaveLength(new Set(fused).size);
        expect(fused.slice(0, exact.length)).toEqual(exact);
        const [first] = names;
        if (first !== undefined && first === texts[0] && exact.length === 0) expect(fused[0]).toBe(first);
      }),
    );
  });
});
