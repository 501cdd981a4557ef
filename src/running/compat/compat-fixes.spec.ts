import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_SEQ } from '../recordings/fix.js';
import type { Fix } from '../recordings/fix.js';
import { FIRST_SEQ, fixesOfHeartRates, fixesOfPlaces } from './compat-fixes.js';

const STARTED_AT_MS = Date.UTC(2026, 5, 1);
const place = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
  timestamp: fc.integer({ min: -3_600, max: 240_000 }).map((second) => STARTED_AT_MS / 1_000 + second),
});
const isAscending = (fixes: readonly Fix[]): boolean =>
  fixes.every((fix, at) => at === 0 || (fix.seq > fixes[at - 1]!.seq && fix.atMs > fixes[at - 1]!.atMs));

describe('fixes of what the original sends', () => {
  it('have numbers of their times, whatever comes with them and in which order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(place, { selector: ({ timestamp }) => timestamp, minLength: 1 }),
        (places) => {
          const fixes = fixesOfPlaces(places, STARTED_AT_MS) as Fix[];
          expect(fixes).toHaveLength(places.length);
          expect(isAscending(fixes)).toBe(true);
          expect(fixesOfPlaces(places.toReversed(), STARTED_AT_MS)).toEqual(fixes);
          const alone = places.flatMap((one) => fixesOfPlaces([one], STARTED_AT_MS) as Fix[]);
          expect(alone.sort((a, b) => a.seq - b.seq)).toEqual(fixes);
          for (const { seq } of fixes) expect(seq >= FIRST_SEQ && seq <= MOST_SEQ).toBe(true);
        },
      ),
    );
  });

  it('of places and heart rates of one run never share a number or a moment', () => {
    fc.assert(
      fc.property(fc.array(place), fc.array(fc.integer({ min: 0, max: 250 })), (places, beats) => {
        const all = [
          ...(fixesOfPlaces(places, STARTED_AT_MS) as Fix[]),
          ...fixesOfHeartRates(beats, STARTED_AT_MS, 3_600),
        ].sort((a, b) => a.seq - b.seq);
        expect(isAscending(all)).toBe(true);
      }),
    );
  });

  it('are not made of places outside of the run', () => {
    const at = (second: number) => ({ lat: 1, lng: 1, timestamp: STARTED_AT_MS / 1_000 + second });
    expect(fixesOfPlaces([at(0), at(-3_601)], STARTED_AT_MS)).toEqual({ index: 1 });
    expect(fixesOfPlaces([at(240_001)], STARTED_AT_MS)).toEqual({ index: 0 });
    expect(fixesOfHeartRates([{ timestamp: 61, heart_rate: 150 }], STARTED_AT_MS, 60)).toEqual([]);
  });
});
