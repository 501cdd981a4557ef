import type { FiredState, Verdict } from '../../platform/notifications/firing.js';
import { matchesRule, type ScannerFigure, type ScannerRule } from '../analytics/scanner-rule.js';

// What of a figure says something new to an alert (platform/notifications/firing.ts). A price that only grows old says nothing, whether it
// becomes older than the rule takes, or loses its confidence or the number of its observations: the item stays as it is, or one that is
// seen rarely would fire at each sighting. Once nothing of it has been seen for a whole window, what fired is over, as it is with a monitor
// whose series ends: the item is armed, and news when it comes back. So an item that comes and goes fires once in a window at most.

const DAY_MS = 86_400_000;

/**
 * The rule with every bound moved out by a share of itself: what does not match this one misses the rule by the margin. A bound
 * at zero has no margin; which items and categories are meant stays as it is. Of what age takes away there is no bound.
 */
export function widened(rule: ScannerRule, rearmPct: number): ScannerRule {
  const share = rearmPct / 100;
  const down = (bound: number): number => bound - Math.abs(bound) * share;
  const up = (bound: number): number => bound + Math.abs(bound) * share;
  return {
    ...ageless(rule),
    ...moved(rule, ['minPrice', 'minProfit', 'minMarginOnCostPct', 'minMarginOnAveragePct'], down),
    ...moved(rule, ['minVolatilityPct'], down),
    ...moved(rule, ['maxPrice', 'maxVolatilityPct'], up),
  };
}

/**
 * The rule for prices of any age. Confidence falls with the age, and observations leave the window, so they have no bound either. By the
 * document's method the age says what the price is the mean of, so there it stays.
 */
export function ageless(rule: ScannerRule): ScannerRule {
  const isAgePrice = rule.method === 'document';
  return {
    ...rule,
    maxAgeH: isAgePrice ? rule.maxAgeH : undefined,
    minN: undefined,
    minConfidence: undefined,
  };
}

/** Everything that the rule is about, whether it holds or not. */
export function boundless({ method, windowDays, maxAgeH, categoryIds, itemIds }: ScannerRule): ScannerRule {
  return ageless({ method, windowDays, maxAgeH, categoryIds, itemIds });
}

/** Of an item that has no figure any more, since all that was seen of it is older than what figures are made of. */
export function verdictOnUnseen(
  { windowDays }: ScannerRule,
  state: FiredState | undefined,
  nowMs: number,
): Verdict {
  return state !== undefined && nowMs - state.firedAtMs >= windowDays * DAY_MS ? 'clear' : 'aged';
}

/** Of an item that has a figure. */
export function verdictOn(
  rule: ScannerRule,
  rearmPct: number,
  figure: ScannerFigure,
  nowMs: number,
): Verdict {
  if (matchesRule(rule, figure, nowMs)) return 'holds';
  if (matchesRule(ageless(rule), figure, nowMs)) return 'aged';
  return matchesRule(widened(rule, rearmPct), figure, nowMs) ? 'missed' : 'clear';
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
