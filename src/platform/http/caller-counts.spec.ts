import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallerCounts } from './caller-counts.js';

const QUOTA = { points: 3, durationS: 10 };

describe('counts of callers', () => {
  it('allow the quota in each window that begins with a call, whatever others do (against a naive count)', () => {
    const call = fc.record({
      caller: fc.constantFrom('a', 'b', 'c'),
      waitMs: fc.integer({ min: 0, max: 6_000 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const counts = new CallerCounts(QUOTA);
        const windows: Record<string, { startMs: number; count: number }> = {};
        let nowMs = 1_000_000;
        for (const { caller, waitMs } of calls) {
          nowMs += waitMs;
          const known = windows[caller];
          if (!known || nowMs >= known.startMs + 10_000) windows[caller] = { startMs: nowMs, count: 0 };
          const window = windows[caller]!;
          window.count += 1;
          expect(counts.take(caller, nowMs)).toEqual({
            isAllowed: window.count <= 3,
            remaining: Math.max(0, 3 - window.count),
            resetS: Math.ceil((window.startMs + 10_000 - nowMs) / 1_000),
          });
        }
      }),
    );
  });

  it('do not fill the memory, however many callers come', () => {
    const counts = new CallerCounts(QUOTA, 100);
    for (let at = 0; at < 5_000; at += 1) counts.take(`caller-${at}`, 1_000);
    expect(counts.size).toBeLessThanOrEqual(100);
    counts.take('later', 60_000);
    expect(counts.size).toBe(1);
  });
});
