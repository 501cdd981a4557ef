import type { FigureTable } from './figure-table.js';
import type { FigureName } from './series-figure.js';
import { classicTarget, robustTarget, SIGNAL_Z, type SignalSide, zScoreOf } from './signals.js';
import { TREND_TYPES, type TrendType } from './trends.js';
import { dayNumberAt } from './utc-day.js';
import { changePct } from './volatility.js';
import { pctOfLog } from './market-index.js';

// Lists of items by one figure each: which items are on it, what they show, and in which order. Each is a function over the
// columns of a table, so that it is the same whether they are kept or have been worked out.

export type ListMethod = 'classic' | 'robust';

export interface ListedFigure {
  /** Ascending in the order of the list; ties go by item. */
  sortKey: number;
  /** What bounds of the price are held against. */
  price: number;
}

export interface FigureList<Row extends ListedFigure> {
  /** Null where the item is not on the list. */
  rowAt(at: (name: FigureName) => number): Row | null;
}

export interface ListQuestion {
  limit: number;
  /** Bounds of the price, inclusive, in the game's coin. */
  minPrice: number | null;
  maxPrice: number | null;
  /** Least number of observations. */
  minN: number;
  /** Earliest instant of the last observation, Unix time in milliseconds. */
  seenSinceMs: number | null;
  itemIds: readonly number[] | null;
  categoryIds: readonly number[] | null;
  after: readonly [sortKey: number, itemId: number] | null;
}

/** A row with its item and its place in the table. */
export type Placed<Row> = Row & { itemId: number; place: number };

/** A page is sorted out of so many times its rows, instead of all items of a server at once. */
const SORTED_PAGES = 8;

export function listFigures<Row extends ListedFigure>(
  list: FigureList<Row>,
  table: FigureTable,
  question: ListQuestion,
): Placed<Row>[] {
  const { itemIds, categoryIds, minN, seenSinceMs, minPrice, maxPrice, after, limit } = question;
  const { n, lastAtMs } = table.figures;
  const wanted = itemIds && new Set(itemIds);
  const found: Placed<Row>[] = [];
  let last: Placed<Row> | undefined; // of the page as it stands: what comes after it is not on it
  for (let place = 0; place < table.itemIds.length; place += 1) {
    const itemId = table.itemIds[place]!;
    if (wanted?.has(itemId) === false || n[place]! < minN) continue;
    if (categoryIds?.includes(table.categoryIds[place]!) === false) continue;
    if (seenSinceMs !== null && lastAtMs[place]! < seenSinceMs) continue;
    const row = list.rowAt((name) => table.figures[name][place]!);
    if (row === null) continue;
    if ((minPrice !== null && row.price < minPrice) || (maxPrice !== null && row.price > maxPrice)) continue;
    if (after && (row.sortKey < after[0] || (row.sortKey === after[0] && itemId <= after[1]))) continue;
    if (last !== undefined && compareKeys(row.sortKey, itemId, last) > 0) continue;
    found.push({ ...row, itemId, place });
    if (found.length < SORTED_PAGES * limit) continue;
    found.sort(byKey);
    found.length = limit;
    last = found.at(-1);
  }
  return found.sort(byKey).slice(0, limit);
}

function byKey(a: Placed<ListedFigure>, b: Placed<ListedFigure>): number {
  return compareKeys(a.sortKey, a.itemId, b);
}

function compareKeys(sortKey: number, itemId: number, other: Placed<ListedFigure>): number {
  return sortKey - other.sortKey || itemId - other.itemId;
}

export interface VolatilityRow extends ListedFigure {
  /** Percent; robust: per square root of a day. */
  volatilityPct: number;
  /** Classic: over the span, from the first day's mean to the last's. */
  changePct: number | null;
}

/** Items by how much they move; those seen on too few days are not on it. */
export function volatilityList(method: ListMethod, order: 'desc' | 'asc') {
  const rowOf = (volatilityPct: number, price: number, change: number | null): VolatilityRow | null =>
    Number.isNaN(volatilityPct)
      ? null
      : {
          sortKey: order === 'asc' ? volatilityPct : -volatilityPct,
          price,
          volatilityPct,
          changePct: change,
        };
  return {
    rowAt: (at) =>
      method === 'classic'
        ? rowOf(at('classicVolatilityPct'), at('lastMean'), changePct(at('firstMean'), at('lastMean')))
        : rowOf(at('robustVolatility') * 100, at('lastMedian'), null),
  } satisfies FigureList<VolatilityRow>;
}

export interface SignalRow extends ListedFigure {
  referencePrice: number;
  targetPrice: number;
  /** How far the price lies beyond the target, in percent of the target. */
  beyondPct: number;
  volatilityPct: number;
  /** Robust only. */
  zScore: number | null;
}

/** Items whose price lies beyond its target: classic by the distance to it, robust by how far they stand apart. */
export function signalList(method: ListMethod, side: SignalSide) {
  const sign = side === 'buy' ? 1 : -1;
  const classicAt = (at: (name: FigureName) => number): SignalRow | null => {
    const reference = { reference: at('classicReference'), volatility: at('classicVolatilityPct') };
    const [price, targetPrice] = [at('lastMean'), classicTarget(reference, side)];
    const distance = sign * (targetPrice - price);
    if (!(distance > 0)) return null;
    return {
      sortKey: -distance,
      price,
      referencePrice: reference.reference,
      targetPrice,
      beyondPct: (distance / targetPrice) * 100,
      volatilityPct: reference.volatility,
      zScore: null,
    };
  };
  const robustAt = (at: (name: FigureName) => number): SignalRow | null => {
    const reference = { reference: at('robustReference'), volatility: at('robustReferenceVolatility') };
    const price = at('lastMedian');
    const zScore = zScoreOf(price, reference);
    if (!(sign * zScore < -SIGNAL_Z) || !isLastDayClean(at)) return null;
    const targetPrice = robustTarget(reference, side);
    return {
      sortKey: -Math.abs(zScore),
      price,
      referencePrice: reference.reference,
      targetPrice,
      beyondPct: ((sign * (targetPrice - price)) / targetPrice) * 100,
      volatilityPct: reference.volatility * 100,
      zScore,
    };
  };
  return { rowAt: method === 'classic' ? classicAt : robustAt } satisfies FigureList<SignalRow>;
}

/** A day of flagged prices alone has a median of its own kind, which is no offer to anybody. */
function isLastDayClean(at: (name: FigureName) => number): boolean {
  return dayNumberAt(at('cleanAtMs')) === dayNumberAt(at('lastAtMs'));
}

export interface TrendRow extends ListedFigure {
  /** Over the days seen: classic from the first day's mean to the last's, robust by the slope. */
  changePct: number;
  /** Classic: mean of the first day. */
  startPrice: number | null;
  /** Classic: 1 to 3; robust: signed. */
  runDays: number;
  /** Robust only. */
  slopePctPerDay: number | null;
  p: number | null;
}

/** Items of one kind of trend, by how far they have gone. */
export function trendList(method: ListMethod, type: TrendType) {
  const code = TREND_TYPES.indexOf(type);
  const classicAt = (at: (name: FigureName) => number): TrendRow | null => {
    if (at('classicTrend') !== code) return null;
    const [startPrice, price] = [at('firstMean'), at('lastMean')];
    const change = changePct(startPrice, price);
    return {
      sortKey: -Math.abs(change),
      price,
      changePct: change,
      startPrice,
      runDays: at('classicRunDays'),
      slopePctPerDay: null,
      p: null,
    };
  };
  const robustAt = (at: (name: FigureName) => number): TrendRow | null => {
    if (at('robustTrend') !== code) return null;
    const slope = at('robustSlope');
    const change = pctOfLog(slope * (dayNumberAt(at('lastAtMs')) - dayNumberAt(at('firstAtMs'))));
    return {
      sortKey: -Math.abs(change),
      price: at('lastMedian'),
      changePct: change,
      startPrice: null,
      runDays: at('robustRunDays'),
      slopePctPerDay: pctOfLog(slope),
      p: at('robustP'),
    };
  };
  return { rowAt: method === 'classic' ? classicAt : robustAt } satisfies FigureList<TrendRow>;
}
