// What lies in a bank comes as lines of (id, quantity), and one id may come on several lines: they are summed, where the original
// let the last one win. A delta moves quantities by so many; what comes to zero is gone, and less than zero cannot be.

/** Of one thing in one place; far below 2^53, so sums of what is stored are exact. */
export const MAX_STOCK = 1e12;

export interface StockLine {
  /** The game's own id. */
  externalId: number;
  quantity: number;
}

/** Quantities by id, in ascending order of ids, so that two writers lock rows in the same order. */
export function sumLines(lines: readonly StockLine[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { externalId, quantity } of lines) sums.set(externalId, (sums.get(externalId) ?? 0) + quantity);
  return new Map([...sums].sort(([a], [b]) => a - b));
}

/** What is held after a delta, of the ids that it names: zero for what is gone. */
export function applyDelta(
  held: ReadonlyMap<number, number>,
  delta: ReadonlyMap<number, number>,
): Map<number, number> {
  return new Map([...delta].map(([id, change]) => [id, (held.get(id) ?? 0) + change]));
}

/** Ids whose quantity cannot be: below zero, or too large. */
export function outOfRange(quantities: ReadonlyMap<number, number>): number[] {
  return [...quantities].flatMap(([id, quantity]) => (quantity < 0 || quantity > MAX_STOCK ? [id] : []));
}
