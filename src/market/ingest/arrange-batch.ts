import type { Observation } from './observation.js';
import { comparePoints, type Point, type PointSource } from './point.js';

/**
 * The points of a batch in the order in which they are judged. Ascending item ids also mean that two statements never wait for each
 * other crosswise, and that rows that lie side by side in the index come one after the other.
 * @param itemIds item of each observation
 * @param sources source of each observation
 */
export function arrangeBatch(
  observations: readonly Observation[],
  itemIds: readonly number[],
  sources: readonly PointSource[],
): Point[] {
  return observations
    .map(({ capturedAtMs, price, lots }, origin): Point => ({
      itemId: itemIds[origin]!,
      capturedAtMs,
      price,
      source: sources[origin]!,
      lots,
      standing: 'new',
      origin,
    }))
    .sort(comparePoints);
}
