import { describe, expect, it } from '@jest/globals';
import { LiveSocket, type Wire } from '../../platform/realtime/live-socket.js';
import { RealtimeFigures } from '../../platform/realtime/realtime-figures.js';
import type { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { LivePrices } from './live-prices.service.js';
import { type BoardColumns, PriceBoard } from './price-board.js';
import type { PriceListener, PriceWatcher } from './price-watcher.service.js';

type Prices = Record<number, number>;

function columns(prices: Prices): BoardColumns {
  const ids = Object.keys(prices).map(Number);
  return {
    itemIds: Int32Array.from(ids),
    prices: Float64Array.from(ids, (id) => prices[id]!),
    capturedAtMs: Float64Array.from(ids, () => 0),
    lots: Int32Array.from(ids, () => 1),
  };
}

/** One server whose prices the test changes; the watcher and the directory of the product ask the database. */
function market() {
  const board = new PriceBoard(1, columns({ 1: 10, 2: 20 }));
  const listeners = new Set<PriceListener>();
  const ids = new Map<string, number>();
  const directory = {
    server: (_game: string, key: string) => {
      ids.set(key, ids.get(key) ?? ids.size + 1);
      return Promise.resolve({ id: ids.get(key) });
    },
  };
  const watcher = {
    follow: (_id: number, listener: PriceListener) => {
      listeners.add(listener);
      return Promise.resolve({ board, stop: () => listeners.delete(listener) });
    },
  };
  const live = new LivePrices(directory as unknown as CatalogDirectory, watcher as unknown as PriceWatcher);
  const change = (prices: Prices): void => {
    const version = board.version + 1;
    const changes = board.take(version, columns(prices));
    for (const tell of listeners) tell(version, changes);
  };
  return { live, listeners, change };
}

/** A client that reads when the test says so. */
function client() {
  let queue: string[] = [];
  let drained: (() => void) | undefined;
  const wire: Wire = {
    get queuedBytes() {
      return queue.join('').length;
    },
    isOpen: true,
    write: (bytes) => void queue.push(Buffer.from(bytes).toString('latin1')),
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
    onceDrained: (listener) => (drained = listener),
  };
  const limits = { conflateAboveBytes: 300, mostQueuedBytes: 100_000, mostQueuedMs: 30_000 };
  const socket = new LiveSocket('s', { id: 'u' } as never, '/ws/market', wire, new RealtimeFigures(), limits);
  const read = (): string => {
    const text = queue.join('');
    queue = [];
    drained?.();
    return text;
  };
  return { socket, read };
}

const HERE = { game: 'dofus', server: 'draconiros' };
const pricesIn = (text: string): string[] =>
  [...text.matchAll(/"unitPrice":(\d+)/g)].map(([, price]) => price!);

describe('live prices', () => {
  it('are told a client that does not read when it does: the newest, once, of what it watches', async () => {
    const { live, change } = market();
    const [slow, some] = [client(), client()];
    await live.watch(slow.socket, HERE);
    await live.watch(some.socket, { ...HERE, items: [2] });
    slow.socket.send('filler', 'x'.repeat(400));
    for (let price = 11; price <= 60; price += 1) change({ 1: price, 2: 20 });
    change({ 1: 60, 2: 21 });
    expect(pricesIn(slow.read())).toEqual([]); // nothing was put behind what it has not read
    expect(pricesIn(slow.read()).sort()).toEqual(['21', '60']);
    expect(pricesIn(some.read())).toEqual(['21']);
    change({ 1: 61, 2: 21 });
    expect(pricesIn(slow.read())).toEqual(['61']);
  });

  it('of a version that was told while it did not read are not forgotten', async () => {
    const { live, change } = market();
    const late = client();
    await live.watch(client().socket, HERE);
    change({ 1: 11, 2: 20 });
    late.socket.send('filler', 'x'.repeat(400));
    await live.watch(late.socket, { ...HERE, version: 1 });
    change({ 1: 11, 2: 22 });
    late.read();
    expect(pricesIn(late.read()).sort()).toEqual(['11', '22']);
  });

  it('are of twenty servers at most, and nobody is watched for who has left', async () => {
    const { live, listeners, change } = market();
    const one = client();
    for (let server = 0; server < 20; server += 1)
      await live.watch(one.socket, { game: 'dofus', server: `s${server}` });
    await live.watch(one.socket, { game: 'dofus', server: 's3', items: [1] });
    await expect(live.watch(one.socket, HERE)).rejects.toMatchObject({ code: 'market/too-many-watches' });
    await live.unwatch(one.socket, 'dofus', 's0');
    await live.watch(one.socket, HERE);
    live.leave(one.socket);
    expect(listeners.size).toBe(0);
    change({ 1: 99 });
    expect(one.read()).toBe('');
  });
});
