import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Candidate,
  chanceBelow,
  type Effort,
  expectedTime,
  recommendGhosts,
} from './recommend-ghosts.js';

const metres = fc.double({ min: 400, max: 42_195, noNaN: true });
const seconds = fc.double({ min: 60, max: 20_000, noNaN: true });
const effort: fc.Arbitrary<Effort> = fc.record({
  distanceM: metres,
  durationS: seconds,
  ageDays: fc.integer({ min: 0, max: 365 }),
});
const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.uuid(),
  isOwn: fc.boolean(),
  type: fc.constantFrom('personal_record', 'past_run', 'custom_goal'),
  distanceM: metres,
  durationS: seconds,
  racedDaysAgo: fc.option(fc.integer({ min: 0, max: 100 })),
});

describe('what is to be expected', () => {
  it('of Riegel’s own example: 5 km in 20:00 make 10 km in 41:42', () => {
    const expected = expectedTime(10_000, [{ distanceM: 5_000, durationS: 1_200, ageDays: 0 }])!;
    expect(expected.durationS).toBeCloseTo(2_502, 0);
  });

  it('never grows when more was run, and takes longer over more', () => {
    fc.assert(
      fc.property(
        fc.array(effort, { minLength: 1, maxLength: 8 }),
        effort,
        metres,
        (efforts, more, distanceM) => {
          const before = expectedTime(distanceM, efforts);
          const after = expectedTime(distanceM, [...efforts, more]);
          if (before !== null) expect(after!.durationS).toBeLessThanOrEqual(before.durationS);
          const one = expectedTime(distanceM, [more]);
          const farther = expectedTime(distanceM * 1.1, [more]);
          if (one !== null && farther !== null) expect(farther.durationS).toBeGreaterThan(one.durationS);
        },
      ),
    );
  });
});

describe('the chance', () => {
  it('is even where the ghost is as fast as expected, and rises with a slower one', () => {
    expect(chanceBelow(1_500, 1_500, 0.05)).toBeCloseTo(0.5, 6);
    fc.assert(
      fc.property(
        seconds,
        seconds,
        seconds,
        fc.double({ min: 0.02, max: 0.3, noNaN: true }),
        (a, b, expectedS, spread) => {
          const [faster, slower] = [Math.min(a, b), Math.max(a, b)];
          const [low, high] = [
            chanceBelow(faster, expectedS, spread),
            chanceBelow(slower, expectedS, spread),
          ];
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(0.05);
          expect(high).toBeLessThanOrEqual(0.95);
        },
      ),
    );
    // One standard deviation above the median: 84.13 percent.
    expect(chanceBelow(1_000 * Math.exp(0.1), 1_000, 0.1)).toBeCloseTo(0.8413447, 6);
  });
});

describe('recommendations', () => {
  it('are of the candidates, each once and with figures that agree', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 20 }),
        fc.array(effort, { maxLength: 5 }),
        fc.integer({ min: 1, max: 10 }),
        (candidates, efforts, most) => {
          const made = recommendGhosts(candidates, efforts, most);
          expect(made.length).toBeLessThanOrEqual(most);
          expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
          for (const { id, expectedS, targetImprovementS, successEstimate, reason } of made) {
            const of = candidates.find((one) => one.id === id)!;
            if (expectedS === null) {
              expect([of.isOwn, reason, targetImprovementS, successEstimate]).toEqual([
                true,
                'own_run',
                null,
                null,
              ]);
              continue;
            }
            expect(targetImprovementS).toBeCloseTo(Math.max(0, expectedS - of.durationS), 6);
            if (targetImprovementS! > 0) expect(successEstimate).toBeLessThanOrEqual(0.5 + 1e-6);
            if (reason === 'record_in_reach') expect([of.isOwn, of.type]).toEqual([true, 'personal_record']);
          }
        },
      ),
    );
  });

  it('prefer an even race to a walk-over and to a dream, and a record to both', () => {
    const efforts = [{ distanceM: 5_000, durationS: 1_500, ageDays: 3 }];
    const of = (
      id: string,
      durationS: number,
      type = 'past_run',
      racedDaysAgo: number | null = null,
    ): Candidate => ({
      id,
      isOwn: true,
      type,
      distanceM: 5_000,
      durationS,
      racedDaysAgo,
    });
    const made = recommendGhosts(
      [
        of('walk-over', 1_700),
        of('dream', 1_300),
        of('even', 1_500),
        of('record', 1_490, 'personal_record'),
        of('again', 1_500, 'past_run', 1),
      ],
      efforts,
      5,
    );
    expect(made.map(({ id, reason }) => [id, reason])).toEqual([
      ['record', 'record_in_reach'],
      ['even', 'even_race'],
      ['again', 'even_race'],
      ['walk-over', 'build_confidence'],
      ['dream', 'stretch'],
    ]);
  });
});
