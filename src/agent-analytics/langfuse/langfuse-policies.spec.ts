import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callBudget } from './langfuse-policies.js';

describe('callBudget', () => {
  it('never exceeds N-1 calls in a minute, wherever the minute begins, and uses 96 % of them', () => {
    const limited = fc.constantFrom(
      ['hobby', 'legacy', 15],
      ['hobby', 'api', 30],
      ['core', 'legacy', 30],
      ['core', 'api', 1_000],
      ['pro', 'legacy', 100],
      ['pro', 'api', 1_000],
    ) as fc.Arbitrary<['hobby' | 'core' | 'pro', 'legacy' | 'api', number]>;
    fc.assert(
      fc.property(
        limited,
        fc.integer({ min: 0, max: 600_000 }),
        // Each call arrives up to so much later than it was sent.
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 50 }),
        ([plan, resource, points], fromMs, delaysMs) => {
          const { limit, windowMs } = callBudget(plan, resource)!;
          expect(limit).toBe(1);
          const arrivals = Array.from(
            { length: Math.ceil(900_000 / windowMs) },
            (_, call) => call * windowMs + delaysMs[call % delaysMs.length]!,
          );
          const within = arrivals.filter((ms) => ms >= fromMs && ms < fromMs + 60_000).length;
          expect(within).toBeLessThanOrEqual(points - 1);
          expect(60_000 / windowMs).toBeGreaterThan(0.96 * (points - 1));
        },
      ),
    );
  });

  it('lets metrics be asked for in bursts that stay below the limit of any day', () => {
    expect(callBudget('hobby', 'metrics')).toEqual({ limit: 49, windowMs: 86_400_000 });
  });

  it('does not limit servers of one’s own', () => {
    for (const resource of ['legacy', 'api', 'metrics'] as const)
      expect(callBudget('self-hosted', resource)).toBeNull();
  });
});
