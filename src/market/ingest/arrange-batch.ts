import type { Observation } from './observation.js';

// The points of one item are judged in the order of their capture, each against the last one kept (keep-points.ts). So rows are
// sorted by item and time, and where these are equal by price, so that the order in which they were sent means nothing. Ascending
// item ids also mean that two statements never wait for each other crosswise, and that rows that lie side by side in the index come
// one after the other.

export interface BatchColumns {
  itemIds: Int32Array;
  prices: Float64Array;
  capturedAtMs: Float64Array;
  lots: Int32Array;
  sourceIds: Int32Array;
  /** Row k of the columns is element `origin[k]` of the batch. */
  origin: Int32Array;
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
      itemIds[a]! - itemIds[b]! ||
      observations[a]!.capturedAtMs - observations[b]!.capturedAtMs ||
      observations[a]!.price - observations[b]!.price ||
      a - b,
  );
  const columns: BatchColumns = {
    itemIds: new Int32Array(count),
    prices: new Float64Array(count),
    capturedAtMs: new Float64Array(count),
    lots: new Int32Array(count),
    sourceIds: new Int32Array(count),
    origin: Int32Array.from(order),
  };
  order.forEach((element, row) => {
    const observation = observations[element]!;
    columns.itemIds[row] = itemIds[element]!;
    columns.prices[row] = observation.price;
    columns.capturedAtMs[row] = observation.capturedAtMs;
    columns.lots[row] = observation.lots;
    columns.sourceIds[row] = sourceIds[element]!;
  });
  return columns;
}

/** Each item of the columns once, ascending. */
export function itemsOf({ itemIds }: BatchColumns): Int32Array {
  return itemIds.filter((itemId, row) => itemId !== itemIds[row - 1]);
}
