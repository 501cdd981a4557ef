import type { FigureTable } from '../analytics/figure-table.js';
import { SCANNER_COLUMNS, scannerFigure } from '../analytics/scanner-figure.js';
import { matchesRule, type ScannerRule } from '../analytics/scanner-rule.js';
import { levelFigure } from '../analytics/series-figure.js';
import { utcDayFrom } from '../analytics/utc-day.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import type { Decide } from './trades.js';

const DAY_MS = 86_400_000;
type Column = (typeof SCANNER_COLUMNS)[number];

/** The scanner's own judgement of one item at the end of a day. @param rule of a method that needs no raw rows */
export function ruleDecision(
  rule: ScannerRule,
  item: { itemId: number; categoryId: number },
  terms: TradeTerms,
): Decide {
  const figures = Object.fromEntries(SCANNER_COLUMNS.map((name) => [name, new Float64Array(1)])) as Record<
    Column,
    Float64Array
  >;
  const table: FigureTable<Column> = {
    itemIds: Int32Array.of(item.itemId),
    categoryIds: Int32Array.of(item.categoryId),
    figures,
  };
  return (known, day) => {
    const levels = levelFigure(known);
    for (const name of SCANNER_COLUMNS) figures[name][0] = levels[name];
    const to = utcDayFrom(day);
    const span = { from: utcDayFrom(day - rule.windowDays), to, endOn: to };
    const figure = scannerFigure(rule.method, table, 0, { span, terms });
    return figure !== null && matchesRule(rule, figure, (day + 1) * DAY_MS);
  };
}
