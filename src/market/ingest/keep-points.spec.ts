import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { arrangeBatch, itemsOf } from './arrange-batch.js';
import {
  keepPoints,
  type KeptPoints,
  lateRows,
  type Neighbour,
  type NewestPoints,
  STEP,
} from './keep-points.js';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 5, 15, 12);

interface Point {
  itemId: number;
  atMs: number;
  price: number;
  sourceId: number;
}

/** Few of everything, around the limit of 15 minutes and around midnight. */
const point: fc.Arbitrary<Point> = fc.record({
  itemId: fc.integer({ min: 1, max: 3 }),
  atMs: fc
    .tuple(fc.constantFrom(0, 5, 14, 15, 16, 30, 720, 735), fc.constantFrom(0, 0, -1, 1))
    .map(([minute, ms]) => NOON_MS + minute * MINUTE_MS + ms),
  price: fc.constantFrom(1, 2, 2.5),
  sourceId: fc.constantFrom(7, 8),
});
const points = fc.array(point, { maxLength: 14 });

const keyOf = ({ itemId, atMs, sourceId }: Point): string => `${itemId} ${atMs} ${sourceId}`;

const inOrder = (a: Point, b: Point): number => a.atMs - b.atMs || a.price - b.price;

/** What is stored, and the rules in the plainest words. */
class Book {
  readonly rows = new Map<string, Point>();
  readonly newest = new Map<number, Point>();

  take(point: Point): boolean {
    const before = this.before(point);
    const isRepeat = before?.price === point.price && point.atMs < before.atMs + 15 * MINUTE_MS;
    if (isRepeat || this.rows.has(keyOf(point))) return false;
    this.rows.set(keyOf(point), point);
    const last = this.newest.get(point.itemId);
    if (!last || inOrder(last, point) <= 0) this.newest.set(point.itemId, point);
    return true;
  }

  /** The point kept right before another. */
  before(point: Point): Point | undefined {
    return [...this.rows.values()]
      .filter((other) => other.itemId === point.itemId && inOrder(other, point) <= 0)
      .sort(inOrder)
      .at(-1);
  }

  takeAll(batch: readonly Point[]): boolean[] {
    const verdicts = batch.map(() => false);
    const turns = [...batch.keys()].sort((a, b) => inOrder(batch[a]!, batch[b]!) || a - b);
    for (const index of turns) verdicts[index] = this.take(batch[index]!);
    return verdicts;
  }

  newestOf(itemIds: Int32Array): NewestPoints {
    const found = [...itemIds].flatMap((itemId) => this.newest.get(itemId) ?? []);
    return {
      itemIds: Int32Array.from(found, ({ itemId }) => itemId),
      prices: Float64Array.from(found, ({ price }) => price),
      capturedAtMs: Float64Array.from(found, ({ atMs }) => atMs),
    };
  }
}

function columnsOf(batch: readonly Point[]) {
  return arrangeBatch(
    batch.map(({ atMs, price }, index) => anObservation({ capturedAtMs: atMs, price, lots: index + 1 })),
    batch.map(({ itemId }) => itemId),
    batch.map(({ sourceId }) => sourceId),
  );
}

function keep(book: Book, batch: readonly Point[]): KeptPoints {
  const columns = columnsOf(batch);
  const newest = book.newestOf(itemsOf(columns));
  const neighbours = Array.from(lateRows(columns, newest), (row): [number, Neighbour] => {
    const late = batch[columns.origin[row]!]!;
    const before = book.before(late) ?? { price: Number.NaN, atMs: late.atMs };
    return [row, { isStored: book.rows.has(keyOf(late)), price: before.price, capturedAtMs: before.atMs }];
  });
  return keepPoints(columns, newest, new Map(neighbours));
}

describe('the points that are kept', () => {
  it('are those that the rules keep one by one, and say what becomes of the newest ones', () => {
    fc.assert(
      fc.property(points, points, (before, batch) => {
        const book = new Book();
        book.takeAll(before);
        const known = new Map(book.newest);
        const kept = keep(book, batch);
        const expected = book.takeAll(batch);
        expect([...kept.origin].sort((a, b) => a - b)).toEqual(
          [...expected.keys()].filter((index) => expected[index]),
        );
        kept.origin.forEach((element, k) => {
          const { itemId, atMs, price, sourceId } = batch[element]!;
          expect([kept.itemIds[k], kept.capturedAtMs[k], kept.prices[k]]).toEqual([itemId, atMs, price]);
          expect([kept.sourceIds[k], kept.lots[k]]).toEqual([sourceId, element + 1]);
          const isNewest = book.newest.get(itemId) === batch[element];
          const step = !isNewest ? STEP.none : known.has(itemId) ? STEP.moves : STEP.begins;
          expect(kept.steps[k]).toBe(step);
        });
      }),
    );
  });

  it('name each of their days once', () => {
    fc.assert(
      fc.property(points, (batch) => {
        const kept = keep(new Book(), batch);
        const days = [...kept.origin].map((element) => {
          const { itemId, atMs } = batch[element]!;
          return `${itemId} ${new Date(atMs).toISOString().slice(0, 10)}`;
        });
        const named = [...kept.days].map((day, k) => {
          const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
          return `${kept.dayItemIds[k]} ${date}`;
        });
        expect(new Set(named).size).toBe(named.length);
        expect(new Set(named)).toEqual(new Set(days));
      }),
    );
  });

  it('are none when everything comes again, repeats and all', () => {
    fc.assert(
      fc.property(points, (batch) => {
        const book = new Book();
        book.takeAll(batch);
        expect(keep(book, batch).origin).toHaveLength(0);
        for (const one of batch) expect(keep(book, [one]).origin).toHaveLength(0);
      }),
    );
  });
});
