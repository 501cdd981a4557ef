import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStale, REFRESH_INTERVALS, refreshIntervalMs } from './refresh-interval.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 5, 9);
const agoMs = fc.integer({ min: -DAY_MS, max: 4_000 * DAY_MS });

describe('the refresh interval', () => {
  it('is never shorter for who has played less lately', () => {
    fc.assert(
      fc.property(agoMs, agoMs, (a, b) => {
        const [sooner, later] = a <= b ? [a, b] : [b, a];
        expect(refreshIntervalMs(NOW - sooner, NOW)).toBeLessThanOrEqual(refreshIntervalMs(NOW - later, NOW));
      }),
    );
    expect(REFRESH_INTERVALS.at(-1)!.playedWithinMs).toBe(Infinity);
  });

  it.each([
    ['just now', 0, 10 * MINUTE_MS],
    ['three hours ago', 3 * HOUR_MS, 10 * MINUTE_MS],
    ['a moment before that', 3 * HOUR_MS + 1, HOUR_MS],
    ['two days ago', 2 * DAY_MS, HOUR_MS],
    ['a month ago', 30 * DAY_MS, 6 * HOUR_MS],
    ['years ago', 2_000 * DAY_MS, DAY_MS],
    ['by a clock ahead of ours', -HOUR_MS, 10 * MINUTE_MS],
  ])('played %s', (_, ago, expected) => {
    expect(refreshIntervalMs(NOW - ago, NOW)).toBe(expected);
  });

  it('of nobody knows when is that of just now', () => {
    expect(refreshIntervalMs(null, NOW)).toBe(refreshIntervalMs(NOW, NOW));
  });
});

describe('a copy', () => {
  it('is stale after two readings should have come, but not within the hour, and stays so', () => {
    fc.assert(
      fc.property(agoMs, fc.nat(5 * DAY_MS), fc.nat(DAY_MS), (played, age, more) => {
        const everyMs = refreshIntervalMs(NOW - played, NOW);
        const isOld = isStale(NOW - age, NOW - played, NOW);
        expect(isOld).toBe(age > Math.max(HOUR_MS, 2 * everyMs));
        if (isOld) expect(isStale(NOW - age - more, NOW - played, NOW)).toBe(true);
      }),
    );
  });

  it('that was never read is not old', () => {
    expect(isStale(null, null, NOW)).toBe(false);
  });
});
