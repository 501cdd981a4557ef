import { scannerFigure } from '../analytics/scanner-figure.js';
import { matchesRule, type ScannerRule } from '../analytics/scanner-rule.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import { tableOf } from './one-row.js';
import type { Decide } from './trades.js';

const DAY_MS = 86_400_000;

/** The scanner's own judgement of one item at the end of a day. @param rule of a method that needs no raw rows */
export function ruleDecision(
  rule: ScannerRule,
  item: { itemId: number; categoryId: number },
  terms: TradeTerms,
): Decide {
  const { method } = rule;
  const table = tableOf(item);
  return (known, day) => {
    known.level(method, table.figures);
    const length = { spanDays: rule.windowDays + 1, endDay: day };
    const figure = scannerFigure(method, table, 0, { length, terms });
    return figure !== null && matchesRule(rule, figure, (day + 1) * DAY_MS);
  };
}
