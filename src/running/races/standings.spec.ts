import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { standingsOf } from './standings.js';

const entries = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: 1, max: 200 }),
    officialTimeS: fc.option(fc.integer({ min: 1_000, max: 1_010 }).map((s) => s * 1.5)),
  }),
  { selector: ({ number }) => number, maxLength: 12 },
);

describe('standings', () => {
  it('have everybody once, the fastest first, each place one more than those who were faster', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const standings = standingsOf(all);
        expect(standings.map(({ entry }) => entry.number).sort()).toEqual(
          all.map(({ number }) => number).sort(),
        );
        const fastest = Math.min(
          ...all.map(({ officialTimeS }) => officialTimeS ?? Number.POSITIVE_INFINITY),
        );
        for (const { entry, place, behindS } of standings) {
          const { officialTimeS } = entry;
          if (officialTimeS === null) {
            expect([place, behindS]).toEqual([null, null]);
            continue;
          }
          const faster = all.filter(
            (other) => other.officialTimeS !== null && other.officialTimeS < officialTimeS,
          );
          expect(place).toBe(faster.length + 1);
          expect(behindS).toBe(officialTimeS - fastest);
        }
        const firstOut = standings.findIndex(({ place }) => place === null);
        if (firstOut >= 0) expect(standings.slice(firstOut).every(({ place }) => place === null)).toBe(true);
      }),
    );
  });
});
