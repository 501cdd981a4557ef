import fc from 'fast-check';
import { type Point, sourceKey } from '../../src/market/ingest/point.js';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 5, 15, 12);

/** Few of everything, around the limit of 15 minutes, so that repeats, ties and contradictions are frequent, and long chains. */
export const aPoint: fc.Arbitrary<Point> = fc
  .record({
    minute: fc.oneof(fc.constantFrom(0, 5, 10, 14, 15, 16, 30, 45), fc.nat(240)),
    ms: fc.constantFrom(0, 0, 0, -1, 1, 0.006),
    price: fc.constantFrom(1, 1, 1, 2, 2.5),
    sourceId: fc.constantFrom(7, 8),
    lots: fc.constantFrom(1, 1, 2),
  })
  .map(({ minute, ms, price, sourceId, lots }) => ({
    itemId: 1,
    capturedAtMs: NOON_MS + minute * MINUTE_MS + ms,
    price,
    // The name of the later id comes first.
    source: { id: sourceId, key: sourceKey(sourceId === 7 ? 'beta' : 'alpha', '') },
    lots,
    standing: 'new',
    origin: 0,
  }));

/** What the points say, in their order, each once. */
export function distinct(points: readonly Point[]): Point[] {
  const bySaid = new Map(points.map((point) => [saidBy(point).join(), point]));
  return [...bySaid.values()].sort(
    (a, b) =>
      a.capturedAtMs - b.capturedAtMs ||
      a.price - b.price ||
      (a.source.key < b.source.key ? -1 : a.source.key > b.source.key ? 1 : 0) ||
      a.lots - b.lots,
  );
}

export function saidBy({ capturedAtMs, price, source, lots }: Point): (string | number)[] {
  return [capturedAtMs, price, source.key, lots];
}

/** The history that points of one item make, in the plainest words. */
export function historyOf(points: readonly Point[]): Point[] {
  const history: Point[] = [];
  const heard = new Set<string>();
  for (const point of distinct(points)) {
    const claim = `${point.capturedAtMs} ${point.source.key}`;
    const isFirst = !heard.has(claim);
    heard.add(claim);
    const before = history.at(-1);
    const isRepeat =
      before?.price === point.price && point.capturedAtMs - before.capturedAtMs < 15 * MINUTE_MS;
    if (isFirst && !isRepeat) history.push(point);
  }
  return history;
}
