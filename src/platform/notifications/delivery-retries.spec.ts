import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_AGE_MS, MOST_TRIES, nextTryMs, settle } from './delivery-retries.js';

describe('nextTryMs', () => {
  it('doubles and ends', () => {
    const waits = Array.from({ length: MOST_TRIES }, (_, index) => nextTryMs(index + 1, 0, undefined));
    expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(waits.at(-1)).toBeUndefined();
  });

  it('goes on for most of a day, as the documentation promises', () => {
    let [tries, ageMs] = [1, 0];
    for (let waitMs; (waitMs = nextTryMs(tries, ageMs, undefined)) !== undefined; tries += 1) ageMs += waitMs;
    expect({ tries, hours: Math.round(ageMs / 3_600_000) }).toEqual({ tries: MOST_TRIES, hours: 21 });
  });

  it('never asks before the receiver does, and never beyond a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 2 * MOST_AGE_MS }),
        fc.option(fc.integer({ min: 0, max: MOST_AGE_MS }), { nil: undefined }),
        (tries, ageMs, retryAfterMs) => {
          const waitMs = nextTryMs(tries, ageMs, retryAfterMs);
          if (waitMs === undefined) return;
          expect(waitMs).toBeGreaterThanOrEqual(retryAfterMs ?? 10_000);
          expect(ageMs + waitMs).toBeLessThanOrEqual(MOST_AGE_MS);
          expect(tries).toBeLessThan(MOST_TRIES);
        },
      ),
    );
  });
});

describe('settle', () => {
  const failed = { status: 500, error: 'outbound/unavailable', retryAfterMs: undefined, isOurs: false };

  it('knows four ends, and goes on exactly where there is a wait', () => {
    expect(settle({ ...failed, error: null, status: 204 }, 3, 0, true)).toEqual({
      state: 'delivered',
      waitMs: undefined,
      addedTries: 1,
    });
    expect(settle(failed, 0, 0, false)).toEqual({ state: 'pending', waitMs: 10_000, addedTries: 1 });
    expect(settle(failed, MOST_TRIES - 1, 0, false).state).toBe('failed');
    expect(settle(failed, 0, MOST_AGE_MS, false).state).toBe('failed');
    expect(settle(failed, 0, 0, true).state).toBe('dropped');
  });

  it('counts no try that was not made', () => {
    expect(settle({ ...failed, isOurs: true }, 0, 0, false)).toEqual({
      state: 'pending',
      waitMs: 10_000,
      addedTries: 0,
    });
  });
});
