import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aPoint, distinct, historyOf, saidBy } from '../../../test/support/price-points.js';
import { isSettled, judgePoints, REPEATED_WITHIN_MS, type Verdict } from './judge-points.js';
import { comparePoints, type Point } from './point.js';

const MINUTE_MS = 60_000;
const points = fc.array(aPoint, { maxLength: 24 });

const sorted = (given: readonly Point[]): Point[] => [...given].sort(comparePoints);
const keptOf = (given: readonly Point[], verdicts: readonly Verdict[]): Point[] =>
  given.filter((_, index) => verdicts[index] === 'kept');

describe('the points that are kept', () => {
  it('are the history that the plain rules make, in any order and however often each was sent', () => {
    const sent = points.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given, ...given], { minLength: given.length })),
    );
    fc.assert(
      fc.property(sent, ([given, again]) => {
        const all = sorted([...again, ...given]);
        const verdicts = judgePoints(all, undefined);
        expect(keptOf(all, verdicts).map(saidBy)).toEqual(historyOf(given).map(saidBy));
        expect(verdicts.filter((verdict) => verdict !== 'known')).toHaveLength(distinct(given).length);
      }),
    );
  });

  it('go on from the one kept before them', () => {
    fc.assert(
      fc.property(points, fc.nat(24), (given, cut) => {
        const all = distinct(given);
        const atMs = all[cut]?.capturedAtMs ?? Infinity;
        const later = all.filter(({ capturedAtMs }) => capturedAtMs >= atMs);
        const before = historyOf(all.filter(({ capturedAtMs }) => capturedAtMs < atMs)).at(-1);
        const expected = historyOf(all).filter(({ capturedAtMs }) => capturedAtMs >= atMs);
        expect(keptOf(later, judgePoints(later, before))).toEqual(expected);
      }),
    );
  });

  it('are those that a curator has fixed, whatever they repeat', () => {
    const [first] = fc.sample(aPoint, 1);
    const at = (minute: number, standing: Point['standing']): Point => ({
      ...first!,
      capturedAtMs: minute * MINUTE_MS,
      standing,
    });
    const chain = [at(0, 'kept'), at(5, 'fixed'), at(16, 'new'), at(20, 'new')];
    expect(judgePoints(chain, undefined)).toEqual(['kept', 'kept', 'withheld', 'kept']);
  });
});

describe('a change', () => {
  it('has settled only where nothing that comes after is judged otherwise', () => {
    fc.assert(
      fc.property(points, aPoint, fc.nat(120), (given, late, minutes) => {
        const kept = new Set(historyOf(given));
        const stored = distinct(given).map((point): Point => ({
          ...point,
          standing: kept.has(point) ? 'kept' : 'withheld',
        }));
        const untilMs = late.capturedAtMs + REPEATED_WITHIN_MS + minutes * MINUTE_MS;
        const all = sorted([...stored, late]);
        const seen = all.filter(({ capturedAtMs }) => capturedAtMs < untilMs);
        if (!isSettled(seen, judgePoints(seen, undefined), late.capturedAtMs, untilMs)) return;
        const verdicts = judgePoints(all, undefined);
        all.forEach(({ capturedAtMs, standing }, index) => {
          if (capturedAtMs >= untilMs) expect(verdicts[index]).toBe(standing);
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
