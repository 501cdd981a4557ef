import type { Observation } from './observation.js';

// The ingest statement judges the points of one item in the order of their capture, each against the last one kept. So rows
// are sorted by item and time, and each carries its turn among the points of its item: 1, 2, ... Ascending item ids also mean
// that two statements never wait for each other crosswise.

export interface BatchColumns {
  itemIds: Int32Array;
  prices: Float64Array;
  capturedAtMs: Float64Array;
  lots: Int32Array;
  sourceIds: Int32Array;
  turns: Int32Array;
  /** Row k of the columns is element `origin[k]` of the batch. */
  origin: Int32Array;
  /** Some item has two points or more. */
  hasRepeats: boolean;
}

/**
 * @param itemIds item of each observation
 * @param sourceIds source of each observation
 */
export function arrangeBatch(
  observations: readonly Observation[],
  itemIds: readonly number[],
  sourceIds: readonly number[],
): BatchColumns {
  const count = observations.length;
  const order = Array.from({ length: count }, (_, index) => index).sort(
    (a, b) =>
      itemIds[a]! - itemIds[b]! || observations[a]!.capturedAtMs - observations[b]!.capturedAtMs || a - b,
  );
  const columns: BatchColumns = {
    itemIds: new Int32Array(count),
    prices: new Float64Array(count),
    capturedAtMs: new Float64Array(count),
    lots: new Int32Array(count),
    sourceIds: new Int32Array(count),
    turns: new Int32Array(count),
    origin: Int32Array.from(order),
    hasRepeats: false,
  };
  order.forEach((element, row) => {
    const observation = observations[element]!;
    const isRepeat = row > 0 && columns.itemIds[row - 1] === itemIds[element];
    columns.itemIds[row] = itemIds[element]!;
    columns.prices[row] = observation.price;
    columns.capturedAtMs[row] = observation.capturedAtMs;
    columns.lots[row] = observation.lots;
    columns.sourceIds[row] = sourceIds[element]!;
    columns.turns[row] = isRepeat ? columns.turns[row - 1]! + 1 : 1;
    columns.hasRepeats ||= isRepeat;
  });
  return columns;
}
