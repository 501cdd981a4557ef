import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullJitterMs, RetryBudget, retryAfterMs } from './retry-timing.js';

const BACKOFF = { baseMs: 250, capMs: 4_000 };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A repeatable sequence of numbers from 0 to below 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('fullJitterMs', () => {
  it('lies between 0 and the cap of its try', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, random) => {
          const waitMs = fullJitterMs(tries, BACKOFF, random);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(Math.min(4_000, 250 * 2 ** (tries - 1)));
        },
      ),
    );
  });

  it.each([1, 2, 3, 5, 9])('is half the cap on average at try %i', (tries) => {
    const random = randomOf(tries);
    const waits = Array.from({ length: 4_000 }, () => fullJitterMs(tries, BACKOFF, random()));
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const cap = Math.min(4_000, 250 * 2 ** (tries - 1));
    expect(Math.abs(mean / cap - 0.5)).toBeLessThan(0.03);
  });

  it('spreads 1,000 clients that failed together', () => {
    const random = randomOf(7);
    const buckets = new Map<number, number>();
    for (let client = 0; client < 1_000; client += 1) {
      const bucket = Math.floor(fullJitterMs(5, BACKOFF, random()) / 100);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
    expect(Math.max(...buckets.values())).toBeLessThanOrEqual(50); // no tenth of a second has more than 5 %
  });
});

describe('retryAfterMs', () => {
  it.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['2', 2_000],
    [' 120 ', 120_000],
    ['999999999', 86_400_000],
    ['Fri, 02 Jan 2026 03:04:35 GMT', 30_000],
    ['Friday, 02-Jan-26 03:04:35 GMT', 30_000],
    ['Fri Jan  2 03:04:35 2026', 30_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['Fri, 02 Jan 2099 03:00:00 GMT', 86_400_000],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-01-02T03:04:35Z', undefined],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it('never throws and never asks for a wait that is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        const waitMs = retryAfterMs(header, NOW);
        if (waitMs !== undefined) expect(waitMs >= 0 && waitMs <= 86_400_000).toBe(true);
      }),
    );
  });
});

describe('RetryBudget', () => {
  it('grants a tenth of the calls and a reserve of ten', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (isRetryWanted) => {
        const budget = new RetryBudget();
        let [calls, retries] = [0, 0];
        for (const isWanted of isRetryWanted) {
          budget.earn();
          calls += 1;
          for (let left = isWanted ? 2 : 0; left > 0 && budget.take(); left -= 1) retries += 1;
        }
        expect(retries).toBeLessThanOrEqual(10 + calls / 10 + 1e-6);
      }),
    );
  });
});
