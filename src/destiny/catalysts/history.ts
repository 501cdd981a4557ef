// Moves of objectives as a series: as they were written down, or the last one of each day of UTC.
import type { Move } from './forecast.js';

export const BUCKETS = ['none', 'day'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** @param moves oldest first @returns the same of a day the last one per objective alone, oldest first */
export function thinMoves<Row extends Move>(moves: readonly Row[], bucket: Bucket): Row[] {
  if (bucket === 'none') return [...moves];
  const last = new Map<string, Row>();
  for (const move of moves) {
    const key = `${move.objectiveHash} ${move.mintedAt.toISOString().slice(0, 10)}`;
    last.delete(key); // so that its place is that of the last move
    last.set(key, move);
  }
  return [...last.values()];
}
