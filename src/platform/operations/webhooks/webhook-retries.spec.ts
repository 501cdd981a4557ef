import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_AGE_MS, MOST_TRIES, nextTryMs } from './webhook-retries.js';

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
