import type { BatchColumns } from './arrange-batch.js';

// Which points of a batch are new. A point repeats another when its price is equal and it was captured less than 15 minutes after it;
// what it is compared with is the point kept right before it of its item: in time, and at one instant the one of the next lower
// price, whoever came first. For nearly all that is the newest point; late ones have their neighbour in the raw rows looked up, so
// that what was dropped as a repeat is dropped again. The very observation (item, instant, source) is stored once. Late points leave
// the newest one alone; of one instant the highest price is the newest.
//
// One pass over rows sorted by item and time: a batch of ten thousand points of one item costs what one of ten thousand items does.

const REPEATED_WITHIN_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** The newest stored points of items, ascending by item. */
export interface NewestPoints {
  itemIds: Int32Array;
  prices: Float64Array;
  /** Unix times in milliseconds; microseconds as their fraction. */
  capturedAtMs: Float64Array;
}

/** What a kept point does to the newest point of its item. Only the last one that does something is marked. */
export const STEP = { none: 0, moves: 1, begins: 2 } as const;

/** What is stored around a late row. */
export interface Neighbour {
  /** The very observation is there. */
  isStored: boolean;
  /** Of the stored point right before the row, if that is at most 15 minutes older; NaN when there is none. */
  price: number;
  capturedAtMs: number;
}

/** Columns of the points to be stored. */
export interface KeptPoints {
  itemIds: Int32Array;
  prices: Float64Array;
  capturedAtMs: Float64Array;
  lots: Int32Array;
  sourceIds: Int32Array;
  /** Values of {@link STEP}. */
  steps: Int32Array;
  /** Point k is element `origin[k]` of the batch. */
  origin: Int32Array;
  /** Each item and UTC day among the points once: position k of both. Days are counted from 1970. */
  dayItemIds: Int32Array;
  days: Int32Array;
}

/** Rows whose neighbours are to be looked up: those that are not newer than the newest point of their item. */
export function lateRows(columns: BatchColumns, newest: NewestPoints): Int32Array {
  const rows: number[] = [];
  walk(columns, newest, (row, at) => {
    if (at !== undefined && columns.capturedAtMs[row]! <= newest.capturedAtMs[at]!) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** @param neighbours of the {@link lateRows} */
export function keepPoints(
  columns: BatchColumns,
  newest: NewestPoints,
  neighbours: ReadonlyMap<number, Neighbour>,
): KeptPoints {
  const { itemIds, prices, capturedAtMs } = columns;
  const rows: number[] = [];
  const steps: number[] = [];
  let lastPrice = 0;
  let lastAtMs = 0;
  /** The last point kept of the batch. */
  let keptPrice = 0;
  let keptAtMs = 0;
  /** Position among the kept of the point that is the item's newest now; -1 while that is the stored one or none. */
  let marked = -1;
  walk(columns, newest, (row, at, isFirst) => {
    if (isFirst) {
      lastPrice = at === undefined ? Number.NaN : newest.prices[at]!;
      lastAtMs = at === undefined ? -Infinity : newest.capturedAtMs[at]!;
      keptPrice = Number.NaN;
      keptAtMs = -Infinity;
      marked = -1;
    }
    const atMs = capturedAtMs[row]!;
    const price = prices[row]!;
    const stored = neighbours.get(row);
    if (stored?.isStored || isKept(columns, rows, row)) return;
    let [beforePrice, beforeAtMs] = stored ? [stored.price, stored.capturedAtMs] : [lastPrice, lastAtMs];
    if (Number.isNaN(beforePrice) || isBefore(beforeAtMs, beforePrice, keptAtMs, keptPrice))
      [beforePrice, beforeAtMs] = [keptPrice, keptAtMs];
    if (price === beforePrice && atMs < beforeAtMs + REPEATED_WITHIN_MS) return;
    [keptPrice, keptAtMs] = [price, atMs];
    if (!isBefore(atMs, price, lastAtMs, lastPrice)) {
      if (marked !== -1) steps[marked] = STEP.none;
      marked = rows.length;
      lastPrice = price;
      lastAtMs = atMs;
    }
    steps.push(marked !== rows.length ? STEP.none : at === undefined ? STEP.begins : STEP.moves);
    rows.push(row);
  });
  return {
    itemIds: pick(itemIds, rows, Int32Array),
    prices: pick(prices, rows, Float64Array),
    capturedAtMs: pick(capturedAtMs, rows, Float64Array),
    lots: pick(columns.lots, rows, Int32Array),
    sourceIds: pick(columns.sourceIds, rows, Int32Array),
    steps: Int32Array.from(steps),
    origin: pick(columns.origin, rows, Int32Array),
    ...daysOf(columns, rows),
  };
}

/** Among the points of one item. */
function isBefore(atMs: number, price: number, otherAtMs: number, otherPrice: number): boolean {
  return atMs < otherAtMs || (atMs === otherAtMs && price < otherPrice);
}

/** @param visit is given the place of the row's item among the newest points, undefined when it has none */
function walk(
  { itemIds }: BatchColumns,
  newest: NewestPoints,
  visit: (row: number, at: number | undefined, isFirstOfItem: boolean) => void,
): void {
  let place = 0;
  for (let row = 0; row < itemIds.length; row += 1) {
    const itemId = itemIds[row]!;
    while (place < newest.itemIds.length && newest.itemIds[place]! < itemId) place += 1;
    visit(row, newest.itemIds[place] === itemId ? place : undefined, itemIds[row - 1] !== itemId);
  }
}

/** The batch has had the same observation before. Those of one instant stand side by side, one per source at most. */
function isKept({ itemIds, capturedAtMs, sourceIds }: BatchColumns, kept: number[], row: number): boolean {
  for (let k = kept.length - 1; k >= 0; k -= 1) {
    const other = kept[k]!;
    if (itemIds[other] !== itemIds[row] || capturedAtMs[other] !== capturedAtMs[row]) return false;
    if (sourceIds[other] === sourceIds[row]) return true;
  }
  return false;
}

function daysOf(
  { itemIds, capturedAtMs }: BatchColumns,
  rows: readonly number[],
): Pick<KeptPoints, 'dayItemIds' | 'days'> {
  const dayItemIds: number[] = [];
  const days: number[] = [];
  for (const row of rows) {
    const day = Math.floor(capturedAtMs[row]! / DAY_MS);
    if (dayItemIds.at(-1) === itemIds[row] && days.at(-1) === day) continue;
    dayItemIds.push(itemIds[row]!);
    days.push(day);
  }
  return { dayItemIds: Int32Array.from(dayItemIds), days: Int32Array.from(days) };
}

function pick<Column extends Int32Array | Float64Array>(
  column: Column,
  rows: readonly number[],
  Made: new (length: number) => Column,
): Column {
  const made = new Made(rows.length);
  for (let k = 0; k < rows.length; k += 1) made[k] = column[rows[k]!]!;
  return made;
}
