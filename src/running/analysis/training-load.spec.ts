import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gpxData } from '../../../test/support/gpx-data.js';
import { steadyTrack } from '../../../test/support/tracks.js';
import { finished } from '../geo/portions.js';
import { heartRateHistogramOf, totalSeconds } from './heart-rate-histogram.js';
import { timeInZones, ZONE_METHODS, zonesOf } from './heart-rate-zones.js';
import { normalisedSpeedMps } from './normalised-speed.js';
import { runCurvesOf } from './run-curves.js';
import { decouplingPct, steadyStateOf } from './steady-state.js';
import { strideLengthM } from './stride.js';
import { loadDays } from './training-load.js';
import { banisterImpulse, edwardsImpulse, heartRateStress, paceStress } from './training-impulse.js';
import { oxygenCost } from './vdot.js';
import { medianOf, submaximalVo2max } from './vo2max.js';

const HEART = { maxBpm: 200, restingBpm: 40, thresholdBpm: 176 } as const;
const at = (bpm: number, minutes: number): { fromBpm: number; seconds: number[] } => ({
  fromBpm: bpm,
  seconds: [minutes * 60],
});
const histograms = fc.record({
  fromBpm: fc.integer({ min: 40, max: 190 }),
  seconds: fc.array(fc.double({ min: 0, max: 600, noNaN: true }), { minLength: 1, maxLength: 50 }),
});
const real = gpxData();
const withReal = real === undefined ? it.skip : it;

describe('heart rate zones', () => {
  it('are five without holes, by each measure', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONE_METHODS),
        fc.integer({ min: 150, max: 220 }),
        fc.integer({ min: 35, max: 90 }),
        (method, maxBpm, restingBpm) => {
          const zones = zonesOf(method, { maxBpm, restingBpm, thresholdBpm: maxBpm - 20 })!;
          expect(zones.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
          zones.forEach(({ fromBpm, belowBpm }, index) => {
            expect(belowBpm).toBe(zones[index + 1]?.fromBpm ?? null);
            if (belowBpm !== null) expect(belowBpm).toBeGreaterThan(fromBpm);
          });
        },
      ),
    );
    expect(zonesOf('max', HEART)!.map(({ fromBpm }) => fromBpm)).toEqual([100, 120, 140, 160, 180]);
    expect(zonesOf('reserve', HEART)!.map(({ fromBpm }) => fromBpm)).toEqual([120, 136, 152, 168, 184]);
    expect(zonesOf('threshold', HEART)!.map(({ fromBpm }) => fromBpm)).toEqual([0, 150, 158, 167, 176]);
    expect(zonesOf('threshold', { ...HEART, thresholdBpm: null })).toBeNull();
  });

  it('share out all of the time', () => {
    fc.assert(
      fc.property(histograms, fc.constantFrom(...ZONE_METHODS), (histogram, method) => {
        const { belowS, zoneS } = timeInZones(histogram, zonesOf(method, HEART)!);
        expect(zoneS.reduce((sum, zone) => sum + zone, belowS)).toBeCloseTo(totalSeconds(histogram), 6);
      }),
    );
  });
});

describe('a histogram of heart rates', () => {
  it('holds the time that a strap told, no more', () => {
    const track = steadyTrack(100, 3, (second) =>
      second < 60 ? { heartRateBpm: 120 + (second % 3) } : { heartRateBpm: 0 },
    );
    expect(heartRateHistogramOf(track.heartRateBpm, track.tMs)).toEqual({
      fromBpm: 120,
      seconds: [20, 20, 20],
    });
    expect(heartRateHistogramOf(track.heartRateBpm!.fill(255), track.tMs)).toBeNull();
    expect(heartRateHistogramOf(null, track.tMs)).toBeNull();
  });
});

describe('training impulses', () => {
  it('are those of published examples', () => {
    // fellrnr.com/wiki/TRIMP: half an hour at 130 with a highest of 200 and 40 at rest is 32.
    expect(banisterImpulse(at(130, 30), HEART, 'male')).toBeCloseTo(32, -0.5);
    // 30 min at HRr 0.5625: 30 * 0.5625 * 0.86 * e^(1.67 * 0.5625).
    expect(banisterImpulse(at(130, 30), HEART, 'female')).toBeCloseTo(37.1, 0);
    // Edwards: ten minutes in each zone from 50 % are 10 + 20 + 30 + 40 + 50.
    const each = [110, 130, 150, 170, 190].reduce((sum, bpm) => sum + edwardsImpulse(at(bpm, 10), HEART), 0);
    expect(each).toBe(150);
    expect(edwardsImpulse(at(90, 60), HEART)).toBe(0);
  });

  it('grow with time and with heart rate, and add up', () => {
    fc.assert(
      fc.property(histograms, fc.constantFrom('male' as const, 'female' as const, null), (histogram, sex) => {
        const impulse = banisterImpulse(histogram, HEART, sex);
        const doubled = { ...histogram, seconds: histogram.seconds.map((second) => second * 2) };
        expect(banisterImpulse(doubled, HEART, sex)).toBeCloseTo(impulse * 2, 6);
        const faster = { ...histogram, fromBpm: histogram.fromBpm + 1 };
        expect(banisterImpulse(faster, HEART, sex)).toBeGreaterThanOrEqual(impulse - 1e-9);
        expect(edwardsImpulse(faster, HEART)).toBeGreaterThanOrEqual(edwardsImpulse(histogram, HEART) - 1e-9);
      }),
    );
  });

  it('of an hour at threshold are 100, by heart rate and by pace', () => {
    for (const sex of ['male', 'female', null] as const) {
      expect(heartRateStress(at(176, 60), HEART, sex)).toBeCloseTo(100, 6);
    }
    expect(paceStress(3600, 4, 4)).toBeCloseTo(100, 9);
    // Half an hour at 90 % of threshold speed: 0.5 * 0.81 * 100.
    expect(paceStress(1800, 3.6, 4)).toBeCloseTo(40.5, 9);
  });
});

describe('chronic and acute load', () => {
  it('of the same stress each day go to it as time constants say', () => {
    const days = loadDays(Array<number>(300).fill(80));
    expect(days[41]!.chronicLoad).toBeCloseTo(80 * (1 - Math.exp(-1)), 9);
    expect(days[6]!.acuteLoad).toBeCloseTo(80 * (1 - Math.exp(-1)), 9);
    expect(days.at(-1)!.chronicLoad).toBeCloseTo(80, 0);
    expect(days.at(-1)!.loadRatio).toBeCloseTo(1, 3);
    expect(days.map(({ isWarmUp }) => isWarmUp).indexOf(false)).toBe(42);
    expect(days.map(({ loadRatio }) => loadRatio !== null).indexOf(true)).toBe(28);
  });

  it('lie between the least and the most of any day, and form is yesterday’s difference', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 120 }), (loads) => {
        const days = loadDays(loads);
        const most = Math.max(0, ...loads);
        days.forEach((day, index) => {
          expect(day.chronicLoad).toBeLessThanOrEqual(most + 1e-9);
          expect(day.acuteLoad).toBeGreaterThanOrEqual(0);
          const before = days[index - 1];
          expect(day.balance).toBeCloseTo(
            before === undefined ? 0 : before.chronicLoad - before.acuteLoad,
            9,
          );
        });
      }),
    );
  });
});

describe('normalised speed', () => {
  it('is the speed of an even run, and above the mean of an uneven one', () => {
    const even = runCurvesOf(steadyTrack(600, 3), []);
    expect(finished(normalisedSpeedMps(even.distance.activeMs, even.gradedM))).toBeCloseTo(3, 2);
    const intervals = Float64Array.from({ length: 601 }, (_, second) => second * 1000);
    let metres = 0;
    const way = intervals.map((_, second) => (metres += second % 120 < 60 ? 2 : 5));
    expect(finished(normalisedSpeedMps(intervals, way))).toBeGreaterThan(3.7);
    expect(finished(normalisedSpeedMps(intervals.subarray(0, 20), way.subarray(0, 20)))).toBeNull();
  });
});

describe('a run as a test', () => {
  const run = (speedOf: (second: number) => number, bpmOf: (second: number) => number) => {
    let eastM = 0;
    return runCurvesOf(
      steadyTrack(2400, 0, (second) => ({
        eastM: (eastM += second === 0 ? 0 : speedOf(second)),
        heartRateBpm: bpmOf(second),
      })),
      [],
    );
  };

  it('tells speed and heart rate after warming up', () => {
    const steady = steadyStateOf(
      run(
        (second) => (second < 600 ? 2 : 3),
        (second) => (second < 600 ? 120 : 150),
      ),
    )!;
    expect(steady.speedMps).toBeCloseTo(3, 1);
    expect(steady.heartRateBpm).toBeCloseTo(150, 0);
    expect(
      steadyStateOf(
        runCurvesOf(
          steadyTrack(1100, 3, () => ({ heartRateBpm: 150 })),
          [],
        ),
      ),
    ).toBeNull();
    expect(steadyStateOf(runCurvesOf(steadyTrack(2400, 3), []))).toBeNull();
  });

  it('drifts by what heart rate rises from one half to the other', () => {
    const drift = decouplingPct(
      run(
        () => 3,
        (second) => (second <= 1200 ? 140 : 154),
      ),
    );
    expect(drift).toBeCloseTo((1 - 140 / 154) * 100, 0);
    expect(
      decouplingPct(
        run(
          () => 3,
          () => 150,
        ),
      ),
    ).toBeCloseTo(0, 1);
    expect(
      decouplingPct(
        runCurvesOf(
          steadyTrack(900, 3, () => ({ heartRateBpm: 150 })),
          [],
        ),
      ),
    ).toBeNull();
  });

  it('gives the VO2max whose share it took', () => {
    // At 3.4 m/s oxygen costs 36.9 ml/kg/min; three quarters of the reserve: (36.9 - 3.5) / 0.75 + 3.5.
    expect(oxygenCost(3.4 * 60)).toBeCloseTo(36.9, 1);
    expect(submaximalVo2max({ speedMps: 3.4, heartRateBpm: 160 }, HEART)).toBeCloseTo(48, 0);
    expect(submaximalVo2max({ speedMps: 3.4, heartRateBpm: 90 }, HEART)).toBeNull();
    expect(submaximalVo2max({ speedMps: 3.4, heartRateBpm: 199 }, HEART)).toBeNull();
    expect(submaximalVo2max({ speedMps: 0.1, heartRateBpm: 150 }, HEART)).toBeNull();
    expect([medianOf([]), medianOf([3, 1, 2]), medianOf([4, 1])]).toEqual([null, 2, 2.5]);
  });

  it('tells strides', () => expect(strideLengthM(3, 180)).toBe(1));

  withReal('says of a real half marathon that the heart drifted (shared/data/gpx)', () => {
    const curves = runCurvesOf(real!.track('trackeR/2013-06-09-165756.TCX.gz'), []);
    expect(Math.abs(decouplingPct(curves)!)).toBeLessThan(15);
    const vo2max = submaximalVo2max(steadyStateOf(curves)!, { maxBpm: 190, restingBpm: 50 })!;
    expect(vo2max).toBeGreaterThan(45);
    expect(vo2max).toBeLessThan(70);
  });
});
