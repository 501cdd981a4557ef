import type { ScannerRule } from '../analytics/scanner-rule.js';

// What misses a rule by the margin that arms an alert again (platform/notifications/firing.ts). A price that only grows too old for the rule
// says nothing new.

/**
 * The rule with every bound moved out by a share of itself: what does not match this one misses the rule by the margin. A bound
 * at zero has no margin; which items and categories are meant stays as it is. Of the age there is no bound.
 */
export function widened(rule: ScannerRule, rearmPct: number): ScannerRule {
  const share = rearmPct / 100;
  const down = (bound: number): number => bound - Math.abs(bound) * share;
  const up = (bound: number): number => bound + Math.abs(bound) * share;
  return {
    ...ageless(rule),
    ...moved(rule, ['minPrice', 'minProfit', 'minMarginOnCostPct', 'minMarginOnAveragePct'], down),
    ...moved(rule, ['minVolatilityPct', 'minN', 'minConfidence'], down),
    ...moved(rule, ['maxPrice', 'maxVolatilityPct'], up),
  };
}

/** The rule for prices of any age. By the document's method the age says what the price is the mean of, so there it stays. */
export function ageless(rule: ScannerRule): ScannerRule {
  return rule.method === 'document' ? rule : { ...rule, maxAgeH: undefined };
}

type Bound = {
  [Key in keyof ScannerRule]-?: number extends ScannerRule[Key] ? Key : never;
}[keyof ScannerRule];

function moved(
  rule: ScannerRule,
  bounds: readonly Bound[],
  move: (bound: number) => number,
): Partial<ScannerRule> {
  const known = bounds.filter((key) => rule[key] !== undefined);
  return Object.fromEntries(known.map((key) => [key, move(rule[key]!)]));
}
