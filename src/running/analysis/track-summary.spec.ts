import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gpxData } from '../../../test/support/gpx-data.js';
import { type MadePoint, makeTrack, steadyTrack } from '../../../test/support/tracks.js';
import { fastestMpsOf } from '../geo/fastest-speed.js';
import type { Pause } from '../geo/track.js';
import { activeClock } from './active-clock.js';
import { distanceCurveOf, gpsCurveOf } from './distance-curve.js';
import { climbOf, climbThresholdM, smoothAltitudes, wholeAltitudes } from './elevation-gain.js';
import { movingTimeMs } from './moving-time.js';
import { summariseTrack } from './track-summary.js';

const points = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 40_000 }),
      eastM: fc.integer({ min: -200, max: 200 }),
      northM: fc.integer({ min: -200, max: 200 }),
      altitudeM: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -50, max: 3000 })),
      heartRateBpm: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 255 })),
      cadenceSpm: fc.integer({ min: 0, max: 220 }),
      deviceDistanceM: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 5000 })),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let tMs = -(steps[0]?.stepMs ?? 0);
    return steps.map(({ stepMs, ...rest }): MadePoint => {
      tMs += stepMs;
      return { tMs, ...rest };
    });
  });
const pauses = fc.array(
  fc
    .tuple(fc.integer({ min: -1000, max: 600_000 }), fc.integer({ min: -10, max: 100_000 }))
    .map(([fromMs, length]): Pause => ({ fromMs, toMs: fromMs + length })),
  { maxLength: 5 },
);
const real = gpxData();
const withReal = real === undefined ? it.skip : it;

describe('the watch', () => {
  it('never runs backwards nor faster than the clock, however pauses overlap', () => {
    fc.assert(
      fc.property(points, pauses, (made, stops) => {
        const { tMs } = makeTrack(made);
        const active = activeClock(tMs, stops);
        for (let index = 1; index < tMs.length; index++) {
          const step = active[index]! - active[index - 1]!;
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(tMs[index]! - tMs[index - 1]!);
        }
      }),
    );
  });

  it('leaves out what was paused, whatever order pauses come in', () => {
    const tMs = Float64Array.from([0, 10_000, 20_000, 30_000, 60_000]);
    const stops = [
      { fromMs: 25_000, toMs: 28_000 },
      { fromMs: 5000, toMs: 15_000 },
      { fromMs: 8000, toMs: 12_000 },
    ];
    expect([...activeClock(tMs, stops)]).toEqual([0, 5000, 10_000, 17_000, 47_000]);
  });
});

describe('the distance', () => {
  it('starts at 0, never falls and needs no speed that nobody has', () => {
    fc.assert(
      fc.property(points, pauses, (made, stops) => {
        const track = makeTrack(made);
        const { distanceM, activeMs } = gpsCurveOf(track, activeClock(track.tMs, stops));
        for (let index = 0; index < track.length; index++) {
          const stepM = distanceM[index]! - (distanceM[index - 1] ?? 0);
          const stepMs = activeMs[index]! - (activeMs[index - 1] ?? activeMs[0]!);
          expect(stepM).toBeGreaterThanOrEqual(-1e-9);
          expect(stepM * 1000).toBeLessThanOrEqual(9 * stepMs + 1e-6);
        }
      }),
    );
  });

  it('is the same at every sampling rate of a straight run', () => {
    const everySecond = steadyTrack(600, 3.3);
    const sparse = makeTrack(
      Array.from({ length: 61 }, (_, index) => ({ tMs: index * 10_000, eastM: index * 33, northM: 0 })),
    );
    for (const track of [everySecond, sparse]) expect(distanceCurveOf(track, []).totalM).toBeCloseTo(1980, 1);
  });

  it('goes by what nobody exceeds in the sport', () => {
    const ride = steadyTrack(100, 15);
    expect(distanceCurveOf({ ...ride, fastestMps: fastestMpsOf('ride') }, []).totalM).toBeCloseTo(1500, 0);
    expect(distanceCurveOf({ ...ride, fastestMps: fastestMpsOf('run') }, []).totalM).toBeLessThan(1400);
    const told = { ...ride, deviceDistanceM: ride.tMs.map((ms) => (15.2 * ms) / 1000) };
    expect(distanceCurveOf({ ...told, fastestMps: fastestMpsOf('ride') }, []).basis).toBe('device');
    expect(distanceCurveOf(told, []).basis).toBe('gps');
  });

  it('does not follow a place that jumps away and comes back', () => {
    const track = steadyTrack(60, 3, (second) => (second === 30 ? { northM: 400 } : {}));
    expect(distanceCurveOf(track, []).totalM).toBeCloseTo(180, 1);
    expect(distanceCurveOf(track, []).distanceM[30]).toBeCloseTo(90, 1);
  });

  it('goes on from a place that stays, without the way there', () => {
    const track = steadyTrack(120, 3, (second) => (second >= 60 ? { northM: 5000 } : {}));
    const { totalM } = distanceCurveOf(track, []);
    expect(totalM).toBeGreaterThan(350);
    expect(totalM).toBeLessThanOrEqual(360);
  });

  it('does not count what was walked while the watch stood still', () => {
    const track = steadyTrack(120, 3, (second) =>
      second > 60 ? { tMs: (second + 300) * 1000, northM: 800 } : {},
    );
    const stops = [{ fromMs: 60_000, toMs: 360_000 }];
    expect(distanceCurveOf(track, stops).totalM).toBeCloseTo(3 * 119, 0);
    const moved = steadyTrack(120, 3);
    expect(distanceCurveOf(moved, [{ fromMs: 30_000, toMs: 60_000 }]).totalM).toBeCloseTo(270, 0);
  });

  it('is the device’s where it told one, also with holes, and not where its figures start anew', () => {
    const told = steadyTrack(100, 3, (second) => (second % 3 === 2 ? {} : { deviceDistanceM: second * 2.9 }));
    const curve = distanceCurveOf(told, []);
    expect(curve.basis).toBe('device');
    expect(curve.totalM).toBeCloseTo(290, 6);
    expect(curve.distanceM[4]).toBeCloseTo(4 * 2.9, 6);
    const reset = steadyTrack(100, 3, (second) => ({ deviceDistanceM: (second % 50) * 3 }));
    expect(distanceCurveOf(reset, [])).toMatchObject({ basis: 'gps' });
    const kilometres = steadyTrack(100, 3, (second) => ({ deviceDistanceM: second * 3000 }));
    expect(distanceCurveOf(kilometres, []).basis).toBe('gps');
    const half = steadyTrack(100, 3, (second) => (second < 55 ? { deviceDistanceM: second * 3 } : {}));
    expect(distanceCurveOf(half, []).basis).toBe('gps');
  });
});

describe('moving time', () => {
  it('leaves out standing, pauses and holes', () => {
    const stood = steadyTrack(200, 3, (second) => ({
      eastM: 3 * (Math.min(second, 100) + Math.max(0, second - 150)),
    }));
    expect(movingTimeMs(distanceCurveOf(stood, [])) / 1000).toBeCloseTo(150, -1);
    const paused = [{ fromMs: 20_000, toMs: 50_000 }];
    expect(movingTimeMs(distanceCurveOf(steadyTrack(100, 3), paused))).toBeCloseTo(70_000, 0);
    const hole = steadyTrack(100, 3, (second) => (second > 40 ? { tMs: (second + 60) * 1000 } : {}));
    expect(movingTimeMs(distanceCurveOf(hole, []))).toBeCloseTo(99_000, 0);
  });

  it('of a device that tells a place each half minute is all of it', () => {
    const sparse = makeTrack(
      Array.from({ length: 41 }, (_, index) => ({ tMs: index * 30_000, eastM: index * 90, northM: 0 })),
    );
    expect(movingTimeMs(distanceCurveOf(sparse, []))).toBe(1_200_000);
  });
});

describe('elevation gain', () => {
  it('is bounded by all rises, falls with the threshold, and differs from the loss by the ends', () => {
    const altitudes = fc.array(fc.double({ min: -100, max: 2000, noNaN: true }), {
      minLength: 1,
      maxLength: 100,
    });
    fc.assert(
      fc.property(altitudes, fc.double({ min: 0, max: 20, noNaN: true }), (values, threshold) => {
        const column = Float64Array.from(values);
        const { gainM, lossM } = climbOf(column, threshold);
        const rises = values.reduce(
          (sum, value, index) => sum + Math.max(0, value - (values[index - 1] ?? value)),
          0,
        );
        expect(gainM).toBeLessThanOrEqual(rises + 1e-6);
        expect(climbOf(column, threshold + 5).gainM).toBeLessThanOrEqual(gainM + 1e-6);
        expect(Math.abs(gainM - lossM - (values.at(-1)! - values[0]!))).toBeLessThanOrEqual(
          2 * threshold + 1e-6,
        );
        expect(climbOf(column, 0).gainM).toBeCloseTo(rises, 6);
      }),
    );
  });

  it('does not count wiggles, and counts hills whole', () => {
    const wiggles = Float64Array.from({ length: 500 }, (_, index) => (index % 2) * 1.5);
    expect(climbOf(wiggles, 2)).toEqual({ gainM: 0, lossM: 0 });
    const hill = Float64Array.from(
      { length: 401 },
      (_, index) => 40 - Math.abs(index - 200) / 5 + (index % 2),
    );
    expect(climbOf(hill, 5).gainM).toBeCloseTo(40, -0.5);
  });
});

describe('the summary', () => {
  it('of anything is whole: no NaN, moving within elapsed, averages within what was told', () => {
    fc.assert(
      fc.property(points, pauses, (made, stops) => {
        const summary = summariseTrack(makeTrack(made), stops);
        for (const value of Object.values(summary)) expect(value).not.toBeNaN();
        expect(summary.movingTimeS).toBeLessThanOrEqual(summary.elapsedTimeS + 1e-6);
        expect(summary.distanceM).toBeGreaterThanOrEqual(0);
        if (summary.averageHeartRateBpm !== null) {
          expect(summary.averageHeartRateBpm).toBeLessThanOrEqual(summary.maxHeartRateBpm! + 1e-9);
        }
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(summariseTrack(makeTrack([]), [])).toMatchObject({
      distanceBasis: 'none',
      distanceM: 0,
      movingTimeS: 0,
      elapsedTimeS: 0,
      elevationGainM: null,
      averageHeartRateBpm: null,
      startLatDeg: null,
      endLonDeg: null,
    });
  });

  it('weighs sensors by time and leaves out what they cannot mean', () => {
    const track = makeTrack([
      { tMs: 0, eastM: 0, northM: 0, heartRateBpm: 120, cadenceSpm: 160 },
      { tMs: 1000, eastM: 3, northM: 0, heartRateBpm: 150, cadenceSpm: 0 },
      { tMs: 4000, eastM: 12, northM: 0, heartRateBpm: 255, cadenceSpm: 180 },
      { tMs: 5000, eastM: 15, northM: 0, heartRateBpm: 0, cadenceSpm: 180 },
    ]);
    expect(summariseTrack(track, [])).toMatchObject({
      averageHeartRateBpm: (120 + 3 * 150) / 4,
      maxHeartRateBpm: 150,
      averageCadenceSpm: 170,
    });
  });

  it('ends with the pause that ends the run', () => {
    expect(summariseTrack(steadyTrack(60, 3), [{ fromMs: 60_000, toMs: 90_000 }])).toMatchObject({
      elapsedTimeS: 90,
      movingTimeS: 60,
    });
  });
});

describe('real tracks (shared/data/gpx)', () => {
  withReal('have the elevation that was measured on them', () => {
    const flat = real!.track('trackeR/2013-06-15-090638.TCX.gz');
    const climbs = [0, 3, 5, 10].map((m) =>
      Math.round(climbOf(wholeAltitudes(flat.altitudeM, flat.tMs)!, m).gainM),
    );
    expect(climbs).toEqual([19, 12, 8, 0]);
    const phone = real!.track('trackeR/20170708-154835-Run.gpx.gz');
    const whole = wholeAltitudes(phone.altitudeM, phone.tMs)!;
    expect(Math.round(climbOf(whole, 0).gainM)).toBe(417);
    expect(Math.round(climbOf(smoothAltitudes(whole, phone.tMs), 3).gainM)).toBe(300);
    expect(climbThresholdM(whole)).toBe(5);
    const barometric = real!.track('trackeR/2013-06-09-165756.TCX.gz');
    const true_ = wholeAltitudes(barometric.altitudeM, barometric.tMs)!;
    expect(Math.round(climbOf(true_, 0).gainM)).toBe(538);
    expect(Math.abs(summariseTrack(barometric, []).elevationGainM! - 517)).toBeLessThan(3);
  });

  withReal('have the moving time that was measured on a phone, read from point to point', () => {
    const curve = distanceCurveOf(real!.track('trackeR/20170708-154835-Run.gpx.gz'), []);
    expect(movingTimeMs(curve, 0)).toBe(4_982_000);
    expect(movingTimeMs(curve) / 1000).toBeGreaterThan(5050);
  });

  withReal('prefer the watch where satellites were lost', () => {
    const track = real!.track('trackeR/2013-06-19-175630.TCX.gz');
    expect(summariseTrack(track, []).distanceM).toBeCloseTo(2007, -1);
    expect(gpsCurveOf(track, track.tMs).totalM).toBeGreaterThan(3000);
  });

  withReal('come to what their device says of laps, distance and heart', () => {
    const xml = real!.bytes('trackeR/2013-06-15-090638.TCX.gz').toString();
    const laps = [...xml.matchAll(/<Lap .*?<TotalTimeSeconds>(.*?)<.*?<DistanceMeters>(.*?)</gs)];
    const summary = summariseTrack(real!.track('trackeR/2013-06-15-090638.TCX.gz'), []);
    const sum = (group: number): number => laps.reduce((total, lap) => total + Number(lap[group]), 0);
    expect(Math.abs(summary.distanceM - sum(2))).toBeLessThan(10);
    expect(Math.abs(summary.elapsedTimeS - sum(1))).toBeLessThan(5);
    expect(summary.averageHeartRateBpm).toBeGreaterThan(140);
    expect(summary.averageCadenceSpm).toBeGreaterThan(150);
  });
});
