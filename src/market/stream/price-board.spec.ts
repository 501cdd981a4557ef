import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BoardColumns, type BoardPrice, PriceBoard } from './price-board.js';

type Market = Map<number, { price: number; capturedAtMs: number; lots: number }>;

const markets = fc
  .array(
    fc.record({
      itemId: fc.integer({ min: 1, max: 6 }),
      price: fc.integer({ min: 0, max: 3 }),
      capturedAtMs: fc.integer({ min: 0, max: 3 }),
      lots: fc.integer({ min: 1, max: 2 }),
    }),
    { maxLength: 6 },
  )
  .map((rows): Market => new Map(rows.map(({ itemId, ...row }) => [itemId, row])));
const filters = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 })), { nil: undefined });

function columnsOf(market: Market): BoardColumns {
  const rows = [...market];
  return {
    itemIds: Int32Array.from(rows, ([itemId]) => itemId),
    prices: Float64Array.from(rows, ([, { price }]) => price),
    capturedAtMs: Float64Array.from(rows, ([, { capturedAtMs }]) => capturedAtMs),
    lots: Int32Array.from(rows, ([, { lots }]) => lots),
  };
}

/** What a client shows that has taken these events. */
function shown(prices: readonly BoardPrice[], before: Market = new Map()): Market {
  const market = new Map(before);
  for (const { itemId, price, capturedAtMs, lots } of prices) {
    if (price === null) market.delete(itemId);
    else market.set(itemId, { price, capturedAtMs, lots });
  }
  return market;
}

const narrowed = (market: Market, items: readonly number[] | undefined): Market =>
  new Map([...market].filter(([itemId]) => items?.includes(itemId) !== false));

describe('a board', () => {
  it('brings whoever comes back from any version to what the server shows, by the changes alone', () => {
    fc.assert(
      fc.property(fc.array(markets, { minLength: 1, maxLength: 8 }), filters, (history, items) => {
        const set = items && new Set(items);
        const board = new PriceBoard(10, columnsOf(history[0]!));
        history.slice(1).forEach((market, index) => board.take(11 + index, columnsOf(market)));
        const now = narrowed(history.at(-1)!, items);
        history.forEach((market, index) => {
          const missed = board.changesAfter(10 + index, set)!;
          expect(shown(missed, narrowed(market, items))).toEqual(now);
        });
        expect(shown(board.prices(set))).toEqual(now);
      }),
    );
  });

  it('tells each change once, with the price before, and nothing that is the same', () => {
    fc.assert(
      fc.property(markets, markets, (before, after) => {
        const board = new PriceBoard(1, columnsOf(before));
        const changes = board.take(2, columnsOf(after));
        expect(shown(changes, before)).toEqual(after);
        for (const { itemId, price, previousPrice, capturedAtMs, lots } of changes) {
          expect(previousPrice).toBe(before.get(itemId)?.price ?? null);
          if (price !== null) expect({ price, capturedAtMs, lots }).not.toEqual(before.get(itemId));
        }
        expect(board.take(3, columnsOf(after))).toEqual([]);
        expect(board.changesAfter(3, undefined)).toEqual([]);
      }),
    );
  });

  it('does not pretend to know what was before it or what is not yet', () => {
    const board = new PriceBoard(5, columnsOf(new Map()));
    expect(board.changesAfter(4, undefined)).toBeUndefined();
    expect(board.changesAfter(6, undefined)).toBeUndefined();
    expect(board.changesAfter(5, undefined)).toEqual([]);
  });
});
