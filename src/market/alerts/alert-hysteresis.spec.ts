import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesRule, type ScannerFigure, SCANNER_RULE } from '../analytics/scanner-rule.js';
import { nextStep, type Verdict } from '../../platform/notifications/firing.js';
import { ageless, boundless, verdictOn, verdictOnUnseen, widened } from './alert-hysteresis.js';

const NOW_MS = Date.UTC(2026, 2, 1);
const HOUR_MS = 3_600_000;

describe('an alert', () => {
  it('is armed again when nothing has been seen of an item for a whole window, and not before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(7 as const, 30 as const),
        fc.integer({ min: 0, max: 40 * 24 }),
        (windowDays, hours) => {
          const rule = { ...SCANNER_RULE.parse({}), windowDays };
          const fired = nextStep(undefined, 'holds', NOW_MS, null).state;
          const laterMs = NOW_MS + hours * HOUR_MS;
          const { state } = nextStep(fired, verdictOnUnseen(rule, fired, laterMs), laterMs, null);
          expect(state).toEqual(hours >= 24 * windowDays ? undefined : fired);
          expect(verdictOnUnseen(rule, undefined, laterMs)).toBe('aged');
        },
      ),
    );
  });
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** Bounds as JSON brings them: there is no negative zero. */
const number = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true }).map((bound) => bound + 0);
const rules = fc
  .record({
    minPrice: maybe(number(0, 1e12)),
    maxPrice: maybe(number(0, 1e12)),
    minProfit: maybe(number(-1e12, 1e12)),
    minMarginOnCostPct: maybe(number(-100, 1e3)),
    minMarginOnAveragePct: maybe(number(-100, 1e3)),
    minVolatilityPct: maybe(number(-100, 1e3)),
    maxVolatilityPct: maybe(number(-100, 1e3)),
    maxAgeH: maybe(number(0.01, 1e4)),
    minN: maybe(fc.integer({ min: 1, max: 1e6 })),
    minConfidence: maybe(number(0, 1)),
    itemIds: maybe(fc.constant([1, 2])),
  })
  .filter((rule) => SCANNER_RULE.safeParse(rule).success) // bounds that exclude each other are refused
  .map((rule) => SCANNER_RULE.parse(rule));
const figures: fc.Arbitrary<ScannerFigure> = fc.record({
  itemId: fc.integer({ min: 1, max: 3 }),
  categoryId: fc.constant(null),
  currentPrice: number(0, 1e12),
  averagePrice: number(0, 1e12),
  profit: number(-1e12, 1e12),
  marginOnCostPct: fc.option(number(-100, 1e3)),
  marginOnAveragePct: fc.option(number(-100, 1e3)),
  volatilityPct: fc.option(number(0, 1e3)),
  n: fc.integer({ min: 1, max: 1e6 }),
  days: fc.constant(3),
  firstSeenAt: fc.constant(new Date(NOW_MS - 1e9)),
  lastSeenAt: fc.integer({ min: 0, max: 1e9 }).map((ageMs) => new Date(NOW_MS - ageMs)),
  confidence: number(0, 1),
});

describe('a widened rule', () => {
  it('holds wherever the rule does, and the more it is widened the oftener', () => {
    fc.assert(
      fc.property(rules, figures, number(0, 50), number(0, 50), (rule, figure, pct, more) => {
        const narrow = matchesRule(widened(rule, pct), figure, NOW_MS);
        if (matchesRule(rule, figure, NOW_MS)) expect(narrow).toBe(true);
        if (narrow) expect(matchesRule(widened(rule, pct + more), figure, NOW_MS)).toBe(true);
      }),
    );
  });

  it('is the rule itself at no margin, and moves each bound by its share', () => {
    fc.assert(fc.property(rules, (rule) => expect(widened(rule, 0)).toEqual(ageless(rule))));
    const rule = SCANNER_RULE.parse({ minPrice: 100, maxPrice: 200, minProfit: -50, minN: 10, itemIds: [7] });
    expect(widened(rule, 10)).toEqual({ ...ageless(rule), minPrice: 90, maxPrice: 220, minProfit: -55 });
  });
});

describe('a verdict', () => {
  /** What time does to a figure without another observation. */
  const ages = fc.record({
    lastSeenAt: fc.constant(new Date(NOW_MS - 1e12)),
    n: fc.integer({ min: 1, max: 1e6 }),
    confidence: number(0, 1),
  });

  it('does not change by age, but that what held no longer does', () => {
    const apart = (verdict: Verdict): Verdict => (verdict === 'aged' ? 'holds' : verdict);
    fc.assert(
      fc.property(rules, figures, ages, number(0, 50), (rule, figure, aged, pct) => {
        const before = verdictOn(rule, pct, figure, NOW_MS);
        expect(apart(verdictOn(rule, pct, { ...figure, ...aged }, NOW_MS))).toBe(apart(before));
      }),
    );
  });

  it('is of a figure that a scan without bounds finds', () => {
    fc.assert(
      fc.property(rules, figures, number(0, 50), (rule, figure, pct) => {
        if (verdictOn(rule, pct, figure, NOW_MS) !== 'clear')
          expect(matchesRule(boundless(rule), figure, NOW_MS)).toBe(true);
      }),
    );
  });

  it('tells a miss by the margin from one by less, also of what has aged', () => {
    const rule = SCANNER_RULE.parse({ minProfit: 100, minConfidence: 0.5 });
    const figure = { ...fc.sample(figures, { numRuns: 1, seed: 1 })[0]!, confidence: 0.1 };
    const on = (profit: number): Verdict => verdictOn(rule, 10, { ...figure, profit }, NOW_MS);
    expect([on(100), on(95), on(80)]).toEqual(['aged', 'missed', 'clear']);
  });
});
