import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { condensed } from './condensed-time.js';

const works = fc.array(
  fc
    .record({ startMs: fc.nat(100_000), tookMs: fc.nat(9_000) })
    .map(({ startMs, tookMs }) => ({ startMs, endMs: startMs + tookMs })),
  { maxLength: 30 },
);

describe('condensed time', () => {
  it('leaves work its length and its order, begins at nothing, and has no pause longer than asked', () => {
    fc.assert(
      fc.property(works, fc.integer({ min: 1, max: 20_000 }), (given, mostMs) => {
        const { works: placed, pauses, lengthMs } = condensed(given, mostMs);
        expect(placed).toHaveLength(given.length);
        for (const { work, fromMs, toMs } of placed) expect(toMs - fromMs).toBe(work.endMs - work.startMs);
        for (const [index, one] of placed.entries()) {
          const before = placed[index - 1];
          expect(one.fromMs - (before?.fromMs ?? 0)).toBeGreaterThanOrEqual(0);
          if (before) expect(one.work.startMs).toBeGreaterThanOrEqual(before.work.startMs);
        }
        expect(placed[0]?.fromMs ?? 0).toBe(0);
        expect(lengthMs).toBe(Math.max(0, ...placed.map(({ toMs }) => toMs)));
        for (const { fromMs, toMs } of pauses) {
          expect(toMs - fromMs).toBeLessThanOrEqual(mostMs);
          for (const one of placed) expect(one.toMs <= fromMs || one.fromMs >= toMs).toBe(true);
        }
      }),
    );
  });

  it('is the time itself where nobody pauses for so long', () => {
    fc.assert(
      fc.property(works, (given) => {
        fc.pre(given.length > 0);
        const first = Math.min(...given.map(({ startMs }) => startMs));
        const { works: placed, pauses } = condensed(given, 1e9);
        for (const { work, fromMs } of placed) expect(fromMs).toBe(work.startMs - first);
        expect(pauses.some(({ isCut }) => isCut)).toBe(false);
      }),
    );
  });
});
