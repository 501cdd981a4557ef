import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertState, type AlertTerms, ARMED, judge, verdictOf } from './alert-judgment.js';

const HOUR_MS = 3_600_000;
const terms = fc.record({
  rule: fc.record({
    windowS: fc.integer({ min: 300, max: 86_400 }),
    direction: fc.constantFrom('above' as const, 'below' as const),
    threshold: fc.integer({ min: -10, max: 10 }),
  }),
  rearmPct: fc.constantFrom(0, 10, 50, 100),
  silenceH: fc.option(fc.integer({ min: 0, max: 30 })),
});
const looks = fc
  .array(
    fc.record({
      value: fc.option(fc.integer({ min: -30, max: 30 })),
      laterMs: fc.integer({ min: 0, max: 8 * HOUR_MS }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let windowEndMs = Date.UTC(2026, 2, 1);
    return steps.map(({ value, laterMs }) => ({ value, windowEndMs: (windowEndMs += laterMs) }));
  });

function walk(of: AlertTerms, given: readonly { value: number | null; windowEndMs: number }[]): number[] {
  let state: AlertState = ARMED;
  return given.flatMap((look, index) => {
    const judged = judge(state, of, look);
    state = judged.state;
    return judged.isFiring ? [index] : [];
  });
}

describe('an alert', () => {
  it('fires only where its rule holds, and never twice for the same instant', () => {
    fc.assert(
      fc.property(terms, looks, (of, given) => {
        const fired = walk(of, given);
        for (const [place, index] of fired.entries()) {
          const { value, windowEndMs } = given[index]!;
          expect(verdictOf(of, value)).toBe('holds');
          if (place === 0) continue;
          const before = given[fired[place - 1]!]!.windowEndMs;
          expect(windowEndMs - of.rule.windowS * 1_000).toBeGreaterThanOrEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('fires the first time that the rule holds, and is then silent as long as it does', () => {
    fc.assert(
      fc.property(terms, looks, (of, given) => {
        const fired = walk(of, given);
        const first = given.findIndex(({ value }) => verdictOf(of, value) === 'holds');
        expect(fired[0] ?? -1).toBe(first);
        for (const [place, index] of fired.entries()) {
          if (place === 0) continue;
          const since = given.slice(fired[place - 1]! + 1, index).map(({ value }) => verdictOf(of, value));
          expect(since.some((verdict) => verdict === 'clear' || verdict === 'missed')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not moved by rows that come late or are corrected within its window', () => {
    fc.assert(
      fc.property(terms, fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 30 }), (of, values) => {
        // All looks end within one window of the first.
        const startMs = Date.UTC(2026, 2, 1);
        const stepMs = (of.rule.windowS * 1_000) / (values.length + 1);
        const given = values.map((value, index) => ({ value, windowEndMs: startMs + index * stepMs }));
        expect(walk(of, given).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('stays as it is where nothing is known, and however often it is asked', () => {
    fc.assert(
      fc.property(terms, looks, (of, given) => {
        const known = given.filter(({ value }) => value !== null);
        expect(walk(of, given).map((index) => given[index])).toEqual(
          walk(of, known).map((index) => known[index]),
        );
        const thrice = given.flatMap((look) => [look, look, look]);
        expect(walk(of, thrice).map((index) => thrice[index])).toEqual(
          walk(of, given).map((index) => given[index]),
        );
      }),
    );
  });

  it('comes back to tell what still holds once the window is a new one', () => {
    const of: AlertTerms = {
      rule: { windowS: 3_600, direction: 'above', threshold: 10 },
      rearmPct: 10,
      silenceH: null,
    };
    const at = (minutes: number, value: number): { value: number; windowEndMs: number } => ({
      value,
      windowEndMs: minutes * 60_000,
    });
    // A correction clears it, and it is back: told again only after an hour.
    expect(walk(of, [at(0, 12), at(5, 3), at(10, 12), at(59, 12), at(60, 12), at(65, 12)])).toEqual([0, 4]);
    // Missed by less than the margin, it goes on.
    expect(walk(of, [at(0, 12), at(70, 9.5), at(140, 12)])).toEqual([0]);
    expect(walk(of, [at(0, 12), at(70, 9), at(140, 12)])).toEqual([0, 2]);
  });

  it.each([
    ['above', 10, 10.1, 'holds'],
    ['above', 10, 10, 'missed'],
    ['above', 10, 9.1, 'missed'],
    ['above', 10, 9, 'clear'],
    ['below', 10, 9.9, 'holds'],
    ['below', 10, 10.9, 'missed'],
    ['below', 10, 11, 'clear'],
    ['above', 0, 0, 'clear'],
    ['above', -10, -10.5, 'missed'],
    ['above', -10, null, 'aged'],
  ] as const)('that waits for %s %d has at %d %s', (direction, threshold, value, verdict) => {
    const of = { rule: { windowS: 300, direction, threshold }, rearmPct: 10, silenceH: null };
    expect(verdictOf(of, value)).toBe(verdict);
  });
});
