import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { progressOf, type TimeOnRoute } from './route-progress.js';

const DAY_MS = 86_400_000;
const times = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 600, max: 4_000 })), { maxLength: 30 })
  .map((all) => {
    let day = 0;
    return all.map(([days, timeS], at): TimeOnRoute => ({
      runId: `r${at}`,
      atMs: (day += days) * DAY_MS,
      timeS,
    }));
  });

describe('progress on a route', () => {
  it('names the best so far at every run', () => {
    fc.assert(
      fc.property(times, (all) => {
        const { items, bestTimeS } = progressOf(all);
        items.forEach((item, at) => {
          const before = all.slice(0, at).map(({ timeS }) => timeS);
          expect(item.isBest).toBe(before.every((timeS) => timeS > item.timeS));
          expect(item.bestTimeS).toBe(Math.min(...before, item.timeS));
          expect(item.behindBestS).toBe(at === 0 ? null : item.timeS - Math.min(...before));
        });
        expect(bestTimeS).toBe(all.length === 0 ? null : Math.min(...all.map(({ timeS }) => timeS)));
      }),
    );
  });

  it('finds a steady trend, and one bad day does not turn it', () => {
    const steady = Array.from({ length: 12 }, (_, week) => ({
      runId: `${week}`,
      atMs: week * 7 * DAY_MS,
      timeS: 1_800 - 7 * week,
    }));
    expect(progressOf(steady).trendSPer30Days).toBeCloseTo(-30, 9);
    const withABadDay = steady.map((time, week) => (week === 9 ? { ...time, timeS: 2_700 } : time));
    expect(progressOf(withABadDay).trendSPer30Days).toBeCloseTo(-30, 0);
  });

  it('says no trend of three times or of a week', () => {
    const three = [0, 20, 40].map((day) => ({ runId: `${day}`, atMs: day * DAY_MS, timeS: 1_000 }));
    expect(progressOf(three).trendSPer30Days).toBeNull();
    const week = [0, 2, 4, 6].map((day) => ({ runId: `${day}`, atMs: day * DAY_MS, timeS: 1_000 }));
    expect(progressOf(week).trendSPer30Days).toBeNull();
    expect(progressOf([])).toEqual({ items: [], bestTimeS: null, medianTimeS: null, trendSPer30Days: null });
  });
});
