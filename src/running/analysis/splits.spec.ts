import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gpxData } from '../../../test/support/gpx-data.js';
import { makeTrack, steadyTrack } from '../../../test/support/tracks.js';
import { finished } from '../geo/portions.js';
import type { Track } from '../geo/track.js';
import { bestEffortOf, bestEffortsOf } from './best-efforts.js';
import { gpsCurveOf } from './distance-curve.js';
import { climbOf, climbProfile } from './elevation-gain.js';
import { runCurvesOf } from './run-curves.js';
import { splitsOf } from './splits.js';

const real = gpxData();
const withReal = real === undefined ? it.skip : it;

/** Steps of seconds and metres that somebody can run; some stand. */
const steps = fc.array(
  fc.record({
    stepS: fc.integer({ min: 1, max: 12 }),
    speedMps: fc.oneof(fc.constant(0), fc.double({ min: 0.6, max: 8, noNaN: true })),
    rise: fc.double({ min: -2, max: 2, noNaN: true }),
  }),
  { minLength: 3, maxLength: 80 },
);
function trackOf(made: readonly { stepS: number; speedMps: number; rise: number }[]): Track {
  const point = { tMs: 0, eastM: 0, northM: 0, altitudeM: 100, heartRateBpm: 150 };
  return makeTrack([
    { ...point },
    ...made.map(({ stepS, speedMps, rise }) => {
      point.tMs += stepS * 1000;
      point.eastM += stepS * speedMps;
      point.altitudeM += rise;
      return { ...point };
    }),
  ]);
}

describe('splits', () => {
  it('add up to the run: its length, its climb, and no more than its time', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 50, max: 2000, noNaN: true }), (made, splitM) => {
        const curves = runCurvesOf(trackOf(made), []);
        const splits = splitsOf(curves, splitM);
        const sum = (of: (split: (typeof splits)[number]) => number): number =>
          splits.reduce((total, split) => total + of(split), 0);
        expect(Math.abs(sum(({ distanceM }) => distanceM) - curves.distance.totalM)).toBeLessThan(1);
        expect(sum(({ elapsedTimeS }) => elapsedTimeS)).toBeLessThanOrEqual(
          curves.track.tMs.at(-1)! / 1000 + 1e-6,
        );
        expect(sum(({ elevationGainM }) => elevationGainM!)).toBeLessThanOrEqual(
          curves.gainM!.at(-1)! + 1e-6,
        );
        for (const split of splits.slice(0, -1)) expect(split.distanceM).toBeCloseTo(splitM, 6);
        for (const split of splits) expect(split.movingTimeS).toBeLessThanOrEqual(split.elapsedTimeS + 1e-6);
        splits.forEach(({ number }, index) => expect(number).toBe(index + 1));
      }),
    );
  });

  it('lie between points, and the last one is as long as it is', () => {
    const splits = splitsOf(runCurvesOf(steadyTrack(900, 3.1), []), 1000);
    expect(splits.map(({ distanceM }) => Math.round(distanceM))).toEqual([1000, 1000, 790]);
    for (const { paceSPerKm, gradeAdjustedPaceSPerKm } of splits) {
      expect(paceSPerKm).toBeCloseTo(1000 / 3.1, 0);
      expect(gradeAdjustedPaceSPerKm).toBeNull();
    }
    expect(splitsOf(runCurvesOf(steadyTrack(900, 3.1), []), 1609.344)).toHaveLength(2);
  });

  it('give a stop at a mark to the piece after it', () => {
    const stopped = steadyTrack(800, 4, (second) => ({
      eastM: 4 * (Math.min(second, 250) + Math.max(0, second - 350)),
    }));
    const [first, second] = splitsOf(runCurvesOf(stopped, []), 1000);
    expect(first!.elapsedTimeS).toBeCloseTo(250, 0);
    expect(second!.elapsedTimeS).toBeCloseTo(350, 0);
    expect(second!.movingTimeS).toBeLessThan(260);
  });

  it('say what hills were worth: up is faster than it looks, gently down slower', () => {
    const hill = (grade: number): Track =>
      steadyTrack(500, 3, (second) => ({ altitudeM: 100 + second * 3 * grade }));
    const [up] = splitsOf(runCurvesOf(hill(0.08), []), 1000);
    expect(up!.gradeAdjustedPaceSPerKm).toBeLessThan(up!.paceSPerKm! * 0.8);
    const [down] = splitsOf(runCurvesOf(hill(-0.08), []), 1000);
    expect(down!.gradeAdjustedPaceSPerKm).toBeGreaterThan(down!.paceSPerKm! * 1.08);
    const [level] = splitsOf(runCurvesOf(hill(0), []), 1000);
    expect(level!.gradeAdjustedPaceSPerKm).toBeCloseTo(level!.paceSPerKm!, 6);
  });

  it('are none without a distance', () => {
    const treadmill = steadyTrack(100, 3);
    treadmill.latDeg.fill(Number.NaN);
    expect(splitsOf(runCurvesOf(treadmill, []), 1000)).toEqual([]);
    expect(splitsOf(runCurvesOf(makeTrack([]), []), 1000)).toEqual([]);
  });

  withReal('agree with the laps that a watch made each kilometre (shared/data/gpx)', () => {
    const name = 'trackeR/2013-06-15-090638.TCX.gz';
    const laps = [
      ...real!
        .bytes(name)
        .toString()
        .matchAll(/<Lap .*?<TotalTimeSeconds>(.*?)</gs),
    ].map((lap) => Number(lap[1]));
    const splits = splitsOf(runCurvesOf(real!.track(name), []), 1000);
    expect(splits).toHaveLength(laps.length);
    splits.slice(0, -1).forEach(({ elapsedTimeS }, index) => {
      expect(Math.abs(elapsedTimeS - laps[index]!)).toBeLessThan(2);
    });
  });
});

describe('the climb along the way', () => {
  it('ends with the climb and never falls', () => {
    const altitudes = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(altitudes, fc.double({ min: 0, max: 20, noNaN: true }), (values, threshold) => {
        const column = Float64Array.from(values);
        const { gainM, lossM } = climbProfile(column, threshold);
        const whole = climbOf(column, threshold);
        expect(gainM.at(-1)).toBeCloseTo(whole.gainM, 6);
        expect(lossM.at(-1)).toBeCloseTo(whole.lossM, 6);
        for (const rising of [gainM, lossM]) {
          rising.forEach((value, index) => expect(value).toBeGreaterThanOrEqual(rising[index - 1] ?? 0));
        }
      }),
    );
  });
});

describe('best efforts', () => {
  it('are what trying every start comes to', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 5, max: 300, noNaN: true }), (made, lengthM) => {
        const tMs = [0];
        const distanceM = [0];
        for (const { stepS, speedMps } of made) {
          tMs.push(tMs.at(-1)! + stepS * 1000);
          distanceM.push(distanceM.at(-1)! + stepS * speedMps);
        }
        const best = bestEffortOf(Float64Array.from(tMs), Float64Array.from(distanceM), lengthM);
        const totalM = distanceM.at(-1)!;
        if (totalM < lengthM) {
          expect(best).toBeNull();
          return;
        }
        const at = (goal: number): number => {
          const index = Math.max(
            1,
            distanceM.findIndex((metres) => metres >= goal),
          );
          const share = (goal - distanceM[index - 1]!) / (distanceM[index]! - distanceM[index - 1]! || 1);
          return tMs[index - 1]! + share * (tMs[index]! - tMs[index - 1]!);
        };
        const steps = 400;
        let tried = Number.POSITIVE_INFINITY;
        for (let step = 0; step <= steps; step++) {
          const startM = ((totalM - lengthM) * step) / steps;
          tried = Math.min(tried, at(Math.min(totalM, startM + lengthM)) - at(startM + 1e-9));
        }
        expect(best!.elapsedTimeS * 1000).toBeLessThanOrEqual(tried + 1e-3);
        expect(best!.startM).toBeGreaterThanOrEqual(0);
        expect(best!.startM + lengthM).toBeLessThanOrEqual(totalM + 1e-6);
      }),
    );
  });

  it('grow with their length, and of even pace are that pace whatever the sampling', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 8, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (speed, everyS) => {
          const tMs = Float64Array.from({ length: 200 }, (_, index) => index * everyS * 1000);
          const distanceM = tMs.map((ms) => (ms / 1000) * speed);
          const efforts = finished(bestEffortsOf(tMs, distanceM));
          efforts.forEach((effort, index) => {
            expect(effort.elapsedTimeS).toBeCloseTo(effort.distanceM / speed, 6);
            expect(effort.elapsedTimeS).toBeGreaterThan(efforts[index - 1]?.elapsedTimeS ?? 0);
          });
        },
      ),
    );
  });

  it('count a stop within them, not one before or after', () => {
    const tMs = Float64Array.from([0, 60_000, 160_000, 220_000]);
    const distanceM = Float64Array.from([0, 200, 200, 400]);
    expect(bestEffortOf(tMs, distanceM, 200)!.elapsedTimeS).toBe(60);
    expect(bestEffortOf(tMs, distanceM, 400)!.elapsedTimeS).toBe(220);
    expect(bestEffortOf(tMs, distanceM, 401)).toBeNull();
    expect(finished(bestEffortsOf(new Float64Array(), new Float64Array()))).toEqual([]);
  });

  withReal('have the times measured on real runs by satellite (shared/data/gpx)', () => {
    const measured: [string, Record<number, number>][] = [
      ['trackeR/2013-06-15-090638.TCX.gz', { 400: 79.8, 1000: 209.2, 1609.344: 341.2, 5000: 1123.7 }],
      ['trackeR/2013-06-09-165756.TCX.gz', { 400: 76, 1000: 220.9, 1609.344: 384, 5000: 1229.3 }],
    ];
    for (const [name, times] of measured) {
      const track = real!.track(name);
      const { tMs, distanceM } = gpsCurveOf(track, track.tMs);
      for (const [lengthM, timeS] of Object.entries(times)) {
        expect(Math.abs(bestEffortOf(tMs, distanceM, Number(lengthM))!.elapsedTimeS - timeS)).toBeLessThan(
          0.15,
        );
      }
    }
  });
});
