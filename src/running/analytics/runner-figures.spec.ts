import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodySettingsOf } from './body-settings.js';
import { dateOfDay, dayOf, dayOfDate, instantsAround, localDay, periodAround, PERIODS } from './calendar.js';
import { stressOf } from './run-stress.js';
import { type SummedRun, sumRuns } from './run-sums.js';

const days = fc.integer({ min: dayOf(1970, 1, 1), max: dayOf(2100, 1, 1) });
const zones = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'America/Adak', 'Asia/Kolkata', 'Europe/Vienna');

describe('the day of a run', () => {
  it('is the one that its own clock showed', () => {
    const at = new Date('2026-03-01T00:30:00Z');
    expect(dateOfDay(localDay(at, 'America/New_York'))).toBe('2026-02-28');
    expect(dateOfDay(localDay(at, 'Europe/Vienna'))).toBe('2026-03-01');
    expect(dateOfDay(localDay(new Date('2025-12-31T16:00:00Z'), 'Asia/Tokyo'))).toBe('2026-01-01');
  });

  it('is that of UTC where the zone is not told or none that there is', () => {
    const at = new Date('2026-03-01T23:30:00Z');
    for (const zone of [null, 'UTC', 'Nowhere/Land', 'canary of a test'])
      expect(dateOfDay(localDay(at, zone))).toBe('2026-03-01');
  });

  it('lies within the instants around it, whatever the zone', () => {
    fc.assert(
      fc.property(days, zones, fc.integer({ min: 0, max: 86_399_999 }), (day, zone, ms) => {
        const at = new Date(day * 86_400_000 + ms);
        const local = localDay(at, zone);
        const { from, to } = instantsAround({ from: local, to: local + 1 });
        expect(at >= from && at < to).toBe(true);
        expect(dayOfDate(dateOfDay(local))).toBe(local);
      }),
    );
  });
});

describe('a period', () => {
  it('holds its day and touches the next one', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(...PERIODS), (day, period) => {
        const span = periodAround(period, day);
        if (span === null) return;
        expect(span.from <= day && day < span.to).toBe(true);
        expect(periodAround(period, span.to)!.from).toBe(span.to);
        expect(periodAround(period, span.from)).toEqual(span);
        if (period === 'week') expect(span.to - span.from).toBe(7);
      }),
    );
    expect(dateOfDay(periodAround('week', dayOfDate('2026-03-01'))!.from)).toBe('2026-02-23');
    expect(dateOfDay(periodAround('week', dayOfDate('1969-12-31'))!.from)).toBe('1969-12-29');
    expect(dateOfDay(periodAround('month', dayOfDate('2024-02-29'))!.to)).toBe('2024-03-01');
  });
});

describe('sums of runs', () => {
  const numbers = fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }));
  const runs = fc.array(
    fc.record({
      distanceM: numbers,
      movingTimeS: numbers,
      elapsedTimeS: numbers,
      elevationGainM: numbers,
      caloriesKcal: numbers,
      averageHeartRateBpm: fc.option(fc.double({ min: 40, max: 220, noNaN: true })),
    }),
  );

  it('of two lots are the sum of both, and means lie among their runs', () => {
    fc.assert(
      fc.property(runs, runs, (some, others) => {
        const [a, b, both] = [sumRuns(some), sumRuns(others), sumRuns([...some, ...others])];
        for (const key of ['runCount', 'distanceM', 'movingTimeS', 'elevationGainM', 'caloriesKcal'] as const)
          expect(Math.abs(both[key] - a[key] - b[key])).toBeLessThanOrEqual(both[key] * 1e-9);
        const rates = some.map((run) => run.averageHeartRateBpm).filter((rate) => rate !== null);
        if (a.averageHeartRateBpm !== null) {
          expect(a.averageHeartRateBpm).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-6);
          expect(a.averageHeartRateBpm).toBeLessThanOrEqual(Math.max(...rates) + 1e-6);
        }
      }),
    );
  });

  it('weigh paces by what was run, and leave runs without a distance out of them', () => {
    const none: SummedRun = {
      distanceM: null,
      movingTimeS: 600,
      elapsedTimeS: 600,
      elevationGainM: null,
      caloriesKcal: null,
      averageHeartRateBpm: null,
    };
    const sums = sumRuns([
      { ...none, distanceM: 1000, movingTimeS: 300, averageHeartRateBpm: 120 },
      { ...none, distanceM: 9000, movingTimeS: 3600, averageHeartRateBpm: 160 },
      none,
    ]);
    expect(sums.averagePaceSPerKm).toBe(390);
    expect(sums.averageHeartRateBpm).toBeCloseTo((120 * 300 + 160 * 3600) / 3900, 9);
    expect(sums.movingTimeS).toBe(4500);
    expect(sums.longestRunM).toBe(9000);
    expect(sumRuns([])).toMatchObject({ runCount: 0, averagePaceSPerKm: null, longestRunM: null });
  });
});

describe('what is known of a heart', () => {
  const unsaid = { maxHeartRateBpm: null, restingHeartRateBpm: null, thresholdHeartRateBpm: null, sex: null };

  it('is what the runner says, then what runs showed, then nothing', () => {
    expect(bodySettingsOf(unsaid, null)).toBeNull();
    expect(bodySettingsOf(unsaid, 188)).toEqual({
      maxBpm: 188,
      restingBpm: 60,
      thresholdBpm: null,
      sex: null,
      maxSource: 'observed',
      restingSource: 'assumed',
    });
    expect(bodySettingsOf({ ...unsaid, maxHeartRateBpm: 195, restingHeartRateBpm: 45 }, 188)).toMatchObject({
      maxBpm: 195,
      restingBpm: 45,
      maxSource: 'preference',
      restingSource: 'preference',
    });
  });

  it('leaves no range without room: what disagrees is not used', () => {
    expect(bodySettingsOf({ ...unsaid, restingHeartRateBpm: 90 }, 100)).toBeNull();
    expect(bodySettingsOf({ ...unsaid, thresholdHeartRateBpm: 190 }, 180)).toMatchObject({
      thresholdBpm: null,
    });
    expect(bodySettingsOf({ ...unsaid, thresholdHeartRateBpm: 170 }, 180)).toMatchObject({
      thresholdBpm: 170,
    });
  });
});

describe('the stress of a run', () => {
  const body = bodySettingsOf(
    { maxHeartRateBpm: 190, restingHeartRateBpm: 50, thresholdHeartRateBpm: 170, sex: 'male' },
    null,
  );
  const hour = { activeTimeS: 3600, normalisedSpeedMps: 3.5, heartRate: { fromBpm: 170, seconds: [3600] } };

  it('of an hour at threshold is 100 by either measure', () => {
    expect(stressOf(hour, body, 3.5)).toEqual({ stress: expect.closeTo(100, 6), basis: 'heart_rate' });
    expect(stressOf(hour, null, 3.5)).toEqual({ stress: expect.closeTo(100, 6), basis: 'pace' });
  });

  it('goes by pace where the strap told too little, and is not known where nothing tells', () => {
    const lost = { ...hour, heartRate: { fromBpm: 170, seconds: [600] } };
    expect(stressOf(lost, body, 3.5).basis).toBe('pace');
    expect(stressOf(lost, body, null)).toEqual({ stress: 0, basis: 'unknown' });
    expect(stressOf({ ...hour, heartRate: null, normalisedSpeedMps: null }, body, 3.5).basis).toBe('unknown');
  });
});
