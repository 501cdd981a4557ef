import { describe, expect, it } from '@jest/globals';
import type { BoardPrice } from './price-board.js';
import { PriceBoard } from './price-board.js';
import { PriceFanout } from './price-fanout.service.js';

const change = (itemId: number, price: number | null = 5): BoardPrice => ({
  itemId,
  price,
  previousPrice: 4,
  capturedAtMs: 1_000,
  lots: 2,
});

/** A client that keeps what it is sent. */
function member(placeAt?: (version: number) => string) {
  const got: Uint8Array[] = [];
  return { got, send: (bytes: Uint8Array) => void got.push(bytes), ...(placeAt && { placeAt }) };
}
const textOf = ({ got }: { got: Uint8Array[] }): string => Buffer.concat(got).toString();

describe('a change', () => {
  it('is the same bytes for all that asked for the same, and nothing for those that did not ask for it', () => {
    const fanout = new PriceFanout();
    const [all, other, some, same, none] = [member(), member(), member(), member(), member()];
    for (const one of [all, other]) fanout.add(undefined, one);
    for (const one of [some, same]) fanout.add([1, 3], one);
    fanout.add([9], none);
    fanout.tell(7, [change(1), change(2)]);
    expect(all.got[0]).toBe(other.got[0]);
    expect(some.got[0]).toBe(same.got[0]);
    expect(none.got).toEqual([]);
    expect(textOf(some)).toBe(
      'event: price\ndata: {"version":7,"isLast":true,"prices":[{"itemId":1,"unitPrice":5,"previousUnitPrice":4,' +
        '"capturedAt":"1970-01-01T00:00:01.000Z","lots":2}]}\n\nid: 7\n\n',
    );
    expect(textOf(all)).toContain('"itemId":2');
  });

  it('of many prices comes in several events, of which the last moves the place', () => {
    const fanout = new PriceFanout();
    const [all, own] = [member(), member((version) => `${version}-3`)];
    fanout.add(undefined, all);
    fanout.add(undefined, own);
    fanout.tell(
      7,
      Array.from({ length: 1_001 }, (_, index) => change(index + 1, null)),
    );
    expect(textOf(all).match(/"isLast":(true|false)/g)).toEqual([
      '"isLast":false',
      '"isLast":false',
      '"isLast":true',
    ]);
    expect(textOf(all).endsWith('\n\nid: 7\n\n')).toBe(true);
    expect(textOf(own)).toBe(textOf(all).replace('id: 7', 'id: 7-3'));
  });

  it('reaches nobody who has left', () => {
    const fanout = new PriceFanout();
    const gone = member();
    fanout.add([1], gone)();
    expect(fanout.isEmpty).toBe(true);
    fanout.tell(7, [change(1)]);
    expect(gone.got).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('of everything is made once for all who come at the same version', () => {
    const fanout = new PriceFanout();
    const columns = {
      itemIds: Int32Array.of(1),
      prices: Float64Array.of(5),
      capturedAtMs: Float64Array.of(0),
      lots: Int32Array.of(1),
    };
    const board = new PriceBoard(1, columns);
    const first = fanout.snapshotOf(board, undefined);
    expect(fanout.snapshotOf(board, undefined)).toBe(first);
    board.take(2, { ...columns, prices: Float64Array.of(6) });
    expect(fanout.snapshotOf(board, undefined).toString()).toContain('"unitPrice":6');
    expect(fanout.snapshotOf(board, new Set([2])).toString()).toBe(
      'event: snapshot\ndata: {"version":2,"isLast":true,"prices":[]}\n\n',
    );
  });
});
