// A price of an item on a server, as the history looks at it: what a client has sent, what is stored, and what is withheld.
//
// Points of an item have one order, which nothing depends on but what they say: time, price, name and version of the source, lots.
// Ids follow arrival and decide nothing.

export interface PointSource {
  id: number;
  /** Name and version, see {@link sourceKey}. */
  key: string;
}

/**
 * Where a point stands before the history is judged anew: `new` from a batch, `kept` in the history, `withheld` beside it; `fixed` in
 * the history by the word of a curator, not to be judged.
 */
export type Standing = 'new' | 'kept' | 'fixed' | 'withheld';

export interface Point {
  itemId: number;
  /** Unix time in milliseconds; microseconds as their fraction. */
  capturedAtMs: number;
  /** Of one unit, in the game's coin. */
  price: number;
  source: PointSource;
  lots: number;
  standing: Standing;
  /** Element of the batch; -1 for what is stored. */
  origin: number;
}

/** Clients cannot be taken for the simulator. */
export function sourceKey(name: string, version: string, isSimulated = false): string {
  return JSON.stringify([name, version, ...(isSimulated ? [true] : [])]);
}

/** By item; new ones after the stored one that says the same. */
export function comparePoints(a: Point, b: Point): number {
  return (
    a.itemId - b.itemId || compareSaid(a, b) || Number(a.standing === 'new') - Number(b.standing === 'new')
  );
}

/** Two points of one item that say the same, whoever was asked when. */
export function isSame(a: Point, b: Point): boolean {
  return compareSaid(a, b) === 0;
}

function compareSaid(a: Point, b: Point): number {
  return (
    a.capturedAtMs - b.capturedAtMs ||
    a.price - b.price ||
    compareText(a.source.key, b.source.key) ||
    a.lots - b.lots
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Stretches of equal items in sorted points. */
export function byItem(points: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run?.[0]!.itemId === point.itemId) run.push(point);
    else runs.push([point]);
  }
  return runs;
}
