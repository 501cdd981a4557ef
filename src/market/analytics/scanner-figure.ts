import { netOfSale, type TradeTerms } from '../terms/trade-terms.js';
import { evidenceAt, type FigureTable, type SpanLength } from './figure-table.js';
import { LEAST_PRICE } from './market-index.js';
import type { ScannerFigure, ScannerMethod } from './scanner-rule.js';
import type { FigureName } from './series-figure.js';

// What the scanner says of an item, by three methods. Profit is what an item bought at its current price and sold at its typical
// one would leave.
//
// - classic, the original's code: the newest observation against the mean of the daily means; volatility is the deviation of the
//   daily means as a share of their mean.
// - document, the original's document: the mean of the raw rows within the freshness (24 hours unless the rule says otherwise)
//   against that of the rows of the window, both counted in hours, not in days; volatility as by classic.
// - robust: the newest observation that is not flagged against the median of the daily medians, less what the sale costs; its age
//   and the confidence are that observation's; volatility of logarithms (volatility.ts).

/** Mean of raw rows. */
export interface RawMean {
  sum: number;
  n: number;
}
/** By the document's method: raw rows within the freshness and within the window. */
export interface DocumentMeans {
  fresh: RawMean;
  window: RawMean;
}

/**
 * @param means needed by the document's method
 * @returns null for an item without fresh rows by the document's method, with flagged prices alone by the robust one
 */
export function scannerFigure(
  method: ScannerMethod,
  table: FigureTable,
  place: number,
  given: { length: SpanLength; terms: TradeTerms; means?: DocumentMeans | undefined },
): ScannerFigure | null {
  const at = (name: FigureName): number => table.figures[name][place]!;
  const prices = pricesOf(method, at, given.means);
  if (prices === null) return null;
  const { currentPrice, averagePrice, volatilityPct, n } = prices;
  const profit = (method === 'robust' ? netOfSale(averagePrice, given.terms) : averagePrice) - currentPrice;
  return {
    itemId: table.itemIds[place]!,
    categoryId: table.categoryIds[place]! || null,
    currentPrice,
    averagePrice,
    profit,
    marginOnCostPct: shareOf(profit, currentPrice),
    marginOnAveragePct: shareOf(profit, averagePrice),
    volatilityPct: Number.isNaN(volatilityPct) ? null : volatilityPct,
    ...evidenceAt(table, place, given.length, method === 'robust' ? 'cleanAtMs' : 'lastAtMs'),
    n,
  };
}

function pricesOf(method: ScannerMethod, at: (name: FigureName) => number, means: DocumentMeans | undefined) {
  const n = at('n');
  switch (method) {
    case 'classic':
      return {
        currentPrice: at('lastPrice'),
        averagePrice: at('meanPrice'),
        volatilityPct: at('spreadPct'),
        n,
      };
    case 'robust':
      if (Number.isNaN(at('cleanPrice'))) return null;
      return {
        currentPrice: at('cleanPrice'),
        averagePrice: at('medianPrice'),
        volatilityPct: at('robustVolatility') * 100,
        n,
      };
    case 'document':
      if (means === undefined || means.fresh.n === 0 || means.window.n === 0) return null;
      return {
        currentPrice: means.fresh.sum / means.fresh.n,
        averagePrice: means.window.sum / means.window.n,
        volatilityPct: at('spreadPct'),
        n: means.window.n,
      };
  }
}

function shareOf(profit: number, price: number): number | null {
  return price < LEAST_PRICE ? null : (profit / price) * 100;
}
