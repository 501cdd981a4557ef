import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Corner, recorded, type Recording } from '../../../test/support/made-ways.js';
import { distanceM } from '../geo/geodesy.js';
import { formOf } from './route-form.js';
import { loopsOf } from './route-loops.js';
import { suggestRoutes, type Suggestion } from './route-suggestions.js';
import { pathOf } from './run-path.js';
import type { LibraryRoute } from './suggestion-legs.js';
import { raceTimes, usualTimes } from './time-model.js';
import { figuresOf } from './way-figures.js';

const HOME = { latDeg: 47.37, lonDeg: 8.54 };
/** Half an hour for five kilometres. */
const USUAL = usualTimes([{ distanceM: 5_000, movingTimeS: 1_800, elevationGainM: 0 }]);

function library(
  routeId: string,
  corners: readonly Corner[],
  recording: Recording = {},
  ownTimesS: number[] = [],
): LibraryRoute {
  const { shape } = pathOf(recorded(corners, recording))!;
  return { routeId, shape, figures: figuresOf(shape), form: formOf(shape), loops: loopsOf(shape), ownTimesS };
}

/** A block with one corner at home, on one of the four sides. */
function block(width: number, height: number): Corner[] {
  return [[0, 0], [width, 0], [width, height], [0, height], [0, 0]]; // prettier-ignore
}

const ids = ({ legs }: Suggestion): string[] => legs.map(({ routeId }) => routeId);

describe('a wish for a distance', () => {
  const [two, three] = [library('two', block(600, 400)), library('three', block(-900, 600))];
  const line = library('line', [[0, 0], [0, 4_000]]); // prettier-ignore

  it('is met by a route, a route run back, a loop run twice, or loops one after the other', () => {
    const of = (wanted: number): Suggestion =>
      suggestRoutes([two, three, line], { distanceM: wanted }, USUAL, 5)[0]!;
    expect(ids(of(2_000))).toEqual(['two']);
    expect(ids(of(4_000))).toEqual(['line']);
    expect(ids(of(5_000)).sort()).toEqual(['three', 'two']);
    expect(ids(of(6_000))).toEqual(['three', 'three']);
    expect(ids(of(8_000)).sort()).toEqual(['three', 'three', 'two']);
    expect(of(5_000).miss).toBeLessThan(0.03);
    expect(of(5_000).time).toMatchObject({ basis: 'recent_runs' });
    expect(Math.abs(of(5_000).time.timeS - 1_800)).toBeLessThan(60);
  });

  it('that nothing comes near has no answer', () => {
    expect(suggestRoutes([two], { distanceM: 60_000 }, USUAL, 5)).toEqual([]);
    expect(suggestRoutes([], { distanceM: 5_000 }, USUAL, 5)).toEqual([]);
  });

  it('prefers what is known among equals, and one way to a chain', () => {
    const known = library('known', block(800, -450), {}, [900, 880]);
    const chain = [library('a', block(-400, 250)), library('b', block(-380, -270))];
    const [first, second] = suggestRoutes(
      [...chain, library('new', block(750, 500)), known],
      { distanceM: 2_500 },
      USUAL,
      9,
    );
    expect([ids(first!), ids(second!)]).toEqual([['known'], ['new']]);
    expect(first).toMatchObject({ runCount: 2, time: { basis: 'own_times', timeS: 890 } });
  });

  it('begins where it is wished, also on a loop that passes there without starting there', () => {
    const far: Recording = { latDeg: 47.5, lonDeg: 8.7 };
    const other = library('other', block(500, 500), far);
    const near = { latDeg: 47.5, lonDeg: 8.701 };
    const found = suggestRoutes([two, three, other], { distanceM: 2_000, near }, USUAL, 5);
    expect(found.map(ids)).toEqual([['other']]);
    // From the end of the line, 4 km north: back home, and a loop there that somebody started elsewhere.
    const passing = library('passing', [[800, 4_000], [0, 4_000], [0, 4_700], [800, 4_700], [800, 4_000]]); // prettier-ignore
    const end = { latDeg: HOME.latDeg + 4_000 / 111_195, lonDeg: HOME.lonDeg };
    const [best] = suggestRoutes([line, passing], { distanceM: 3_000, near: end }, USUAL, 5);
    expect(ids(best!)).toEqual(['passing']);
    const back = suggestRoutes([line], { distanceM: 4_000, near: end }, USUAL, 5)[0]!;
    expect(back.legs).toMatchObject([{ routeId: 'line', isBackward: true }]);
    expect(distanceM(back.start.latDeg, back.start.lonDeg, end.latDeg, end.lonDeg)).toBeLessThan(30);
  });

  it('is met as well as by trying everything', () => {
    const sizes = fc.uniqueArray(fc.integer({ min: 4, max: 14 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1_000, max: 9_000 }), (perimeters, wanted) => {
        const sides: readonly Corner[] = [[1, 1], [-1, 1], [-1, -1], [1, -1]]; // prettier-ignore
        const routes = perimeters.map((size, at) =>
          library(`r${at}`, block(sides[at]![0] * size * 60, sides[at]![1] * size * 60)),
        );
        const lengths = routes.map(({ figures }) => figures.distanceM);
        const best = Math.min(...collections(lengths, 4).map((totalM) => Math.abs(totalM - wanted) / wanted));
        const [first] = suggestRoutes(routes, { distanceM: wanted }, USUAL, 24)
          .slice()
          .sort((a, b) => a.miss - b.miss);
        if (best > 0.35) expect(first).toBeUndefined();
        else expect(first!.miss).toBeCloseTo(best, 6);
      }),
      { numRuns: 25 },
    );
  });
});

/** Sums of one to `most` of the values, each any number of times. */
function collections(values: readonly number[], most: number): number[] {
  let sums = [0];
  const all: number[] = [];
  for (let count = 0; count < most; count += 1) {
    sums = sums.flatMap((sum) => values.map((value) => sum + value));
    all.push(...sums);
  }
  return all;
}

describe('wishes for climbs and times', () => {
  /** A gentle climb for three quarters of the block, and steeply down. */
  const steep = library('steep', block(750, 500), {
    altitudeM: (atM) => 500 + (atM < 1_875 ? atM * 0.032 : (2_500 - atM) * 0.096),
  });
  const flat = library('flat', block(-750, 500), { altitudeM: () => 500 });
  const bare = library('bare', block(-700, -550));

  it('are met by what climbs, and by nothing whose altitudes nobody knows', () => {
    const found = suggestRoutes([steep, flat, bare], { climbM: 60, distanceM: 2_500 }, USUAL, 9);
    expect(ids(found[0]!)).toEqual(['steep']);
    expect(found[0]!.climbM).toBeGreaterThan(55);
    expect(found.some((one) => ids(one).includes('bare'))).toBe(false);
    expect(ids(suggestRoutes([steep, flat, bare], { climbM: 120 }, USUAL, 9)[0]!)).toContain('steep');
  });

  it('take the direction and order that climb early where nothing else decides', () => {
    const [both] = suggestRoutes([flat, steep], { distanceM: 5_000, climbM: 60 }, USUAL, 9);
    expect(both!.legs.map(({ routeId }) => routeId)).toEqual(['steep', 'flat']);
    expect(both!.earlyClimb).toBeGreaterThan(0.9);
    expect(both!.legs[0]!.isBackward).toBe(false);
  });

  it('count a time by what the slopes cost', () => {
    const flatS = suggestRoutes([flat], { distanceM: 2_500 }, USUAL, 1)[0]!.time.timeS;
    const steepS = suggestRoutes([steep], { distanceM: 2_500 }, USUAL, 1)[0]!.time.timeS;
    expect(steepS).toBeGreaterThan(flatS * 1.02);
    const [best] = suggestRoutes([flat, steep], { timeS: flatS * 2 }, USUAL, 9);
    expect(Math.abs(best!.time.timeS - flatS * 2)).toBeLessThan(flatS * 0.2);
  });
});

describe('a predicted time', () => {
  it('in a race is that of the best effort, as usual that of recent runs', () => {
    const runs = [{ distanceM: 10_000, movingTimeS: 3_600, elevationGainM: 0 }];
    const race = raceTimes([{ distanceM: 5_000, elapsedTimeS: 1_200 }], runs)(10_000);
    expect(race.basis).toBe('best_effort');
    expect(race.timeS).toBeGreaterThan(2_450); // VDOT 49.8: 41:21
    expect(race.timeS).toBeLessThan(2_520);
    expect(race.fastestS).toBeLessThan(race.timeS);
    expect(race.slowestS).toBeGreaterThan(race.timeS);
    expect(usualTimes(runs)(10_000)).toMatchObject({ basis: 'recent_runs', timeS: expect.closeTo(3_600, 3) });
    expect(raceTimes([], runs)(10_000)).toEqual(usualTimes(runs)(10_000));
    expect(raceTimes([], [])(5_000)).toMatchObject({ basis: 'assumed', timeS: expect.closeTo(1_800, 3) });
  });

  it('grows with the way', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 300, max: 60_000, noNaN: true }),
        fc.double({ min: 1.01, max: 3, noNaN: true }),
        (levelM, factor) => {
          for (const model of [USUAL, raceTimes([{ distanceM: 5_000, elapsedTimeS: 1_300 }], [])])
            expect(model(levelM * factor).timeS).toBeGreaterThan(model(levelM).timeS);
        },
      ),
    );
  });
});
