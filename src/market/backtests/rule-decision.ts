import type { FigureTable } from '../analytics/figure-table.js';
import { scannerFigure } from '../analytics/scanner-figure.js';
import { matchesRule, type ScannerRule } from '../analytics/scanner-rule.js';
import { type FigureName, FIGURES, levelFigure } from '../analytics/series-figure.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import type { Decide } from './trades.js';

const DAY_MS = 86_400_000;

/** The scanner's own judgement of one item at the end of a day. @param rule of a method that needs no raw rows */
export function ruleDecision(
  rule: ScannerRule,
  item: { itemId: number; categoryId: number },
  terms: TradeTerms,
): Decide {
  // A table of one row, in which the figures that no rule looks at are never filled in.
  const figures = Object.fromEntries(
    FIGURES.map((name) => [name, Float64Array.of(Number.NaN)]),
  ) as FigureTable['figures'];
  const table: FigureTable = {
    itemIds: Int32Array.of(item.itemId),
    categoryIds: Int32Array.of(item.categoryId),
    figures,
  };
  return (known, day) => {
    for (const [name, value] of Object.entries(levelFigure(known)) as [FigureName, number][])
      figures[name][0] = value;
    const length = { spanDays: rule.windowDays + 1, endDay: day };
    const figure = scannerFigure(rule.method, table, 0, { length, terms });
    return figure !== null && matchesRule(rule, figure, (day + 1) * DAY_MS);
  };
}
