import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { IngestService, StoredIds } from './ingest.service.js';
import type { Observation } from './observation.js';

const MINUTE_MS = 60_000;

let units: TestUnits;
let ingest: IngestService;

beforeAll(async () => {
  units = await openUnits();
  ingest = newIngest(units);
});

afterAll(() => units.close());

async function store(server: ServerRow, observations: readonly Observation[]): Promise<StoredIds> {
  const { body } = await ingest.store(
    INGEST_PRINCIPAL,
    [{ server, observations }],
    undefined,
    ([stored]) => stored!,
  );
  return body;
}

interface StoredPoint {
  item: string;
  at: number;
  source: string;
  price: number;
  lots: number;
}

const POINT = `i.label AS item, (extract(epoch FROM p.captured_at) * 1000)::float8 AS at, s.name AS source, p.price, p.lots`;

function rawRows(server: ServerRow): Promise<StoredPoint[]> {
  return units.owner<StoredPoint>(
    `SELECT ${POINT} FROM market.observation p JOIN market.item i ON i.id = p.item_id JOIN market.source s ON s.id = p.source_id
     WHERE p.server_id = $1 ORDER BY 1, 2, 3`,
    [server.id],
  );
}

function latestRows(server: ServerRow): Promise<StoredPoint[]> {
  return units.owner<StoredPoint>(
    `SELECT ${POINT} FROM market.latest p JOIN market.item i ON i.id = p.item_id JOIN market.source s ON s.id = p.source_id
     WHERE p.server_id = $1 ORDER BY 1`,
    [server.id],
  );
}

async function version(server: ServerRow): Promise<number> {
  const [row] = await units.owner<{ version: string }>(
    'SELECT version FROM market.server_version WHERE server_id = $1',
    [server.id],
  );
  return Number(row?.version ?? 0);
}

/** The same rules, one point after the other, in the plainest words. */
class Oracle {
  private readonly raw = new Map<string, StoredPoint>();
  private readonly latest = new Map<string, StoredPoint>();

  /** @returns per observation whether it is stored */
  take(batch: readonly Observation[]): boolean[] {
    const stored = new Array<boolean>(batch.length).fill(false);
    const inOrder = [...batch.keys()].sort(
      (a, b) => batch[a]!.capturedAtMs - batch[b]!.capturedAtMs || batch[a]!.price - batch[b]!.price || a - b,
    );
    for (const index of inOrder) stored[index] = this.takeOne(batch[index]!);
    return stored;
  }

  rawRows(): StoredPoint[] {
    return [...this.raw.values()].sort(
      (a, b) => byText(a.item, b.item) || a.at - b.at || byText(a.source, b.source),
    );
  }

  latestRows(): StoredPoint[] {
    return [...this.latest.values()].sort((a, b) => byText(a.item, b.item));
  }

  private takeOne({ name, capturedAtMs, source, price, lots }: Observation): boolean {
    const point = { item: name!, at: capturedAtMs, source, price, lots };
    const before = [...this.raw.values()]
      .filter((other) => other.item === point.item && inOrder(other, point) <= 0)
      .sort(inOrder)
      .at(-1);
    const isRepeat = before?.price === price && point.at < before.at + 15 * MINUTE_MS;
    const key = JSON.stringify([point.item, point.at, source]);
    if (isRepeat || this.raw.has(key)) return false;
    this.raw.set(key, point);
    const last = this.latest.get(point.item);
    if (last === undefined || inOrder(last, point) <= 0) this.latest.set(point.item, point);
    return true;
  }
}

function inOrder(a: StoredPoint, b: StoredPoint): number {
  return a.at - b.at || a.price - b.price;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Few items, prices, sources and instants around the limit of 15 minutes, so that everything happens often. */
const observation = fc
  .record({
    item: fc.nat(2),
    minute: fc.oneof(fc.constantFrom(0, 5, 14, 15, 16, 30), fc.nat(45)),
    ms: fc.constantFrom(0, 0, -1, 1),
    month: fc.constantFrom(0, 0, 0, 0, -1),
    price: fc.constantFrom(1, 2, 2.5),
    lots: fc.integer({ min: 1, max: 4 }),
    source: fc.constantFrom('alpha', 'beta'),
  })
  .map(({ item, minute, ms, month, price, lots, source }) =>
    anObservation({
      externalId: null,
      name: `Oracle item ${item}`,
      capturedAtMs: Date.UTC(2026, 5 + month, 15, 12, minute) + ms,
      price,
      lots,
      source,
    }),
  );
const batch = fc.array(observation, { minLength: 1, maxLength: 14 });

/** One source of a world per item, instant and price; the same instant in several sources, and prices that come back later. */
const ties = fc
  .uniqueArray(fc.record({ slot: fc.nat(4), price: fc.constantFrom(1, 2, 2.5) }), {
    selector: ({ slot, price }) => `${slot} ${price}`,
    minLength: 1,
    maxLength: 9,
  })
  .map((given) =>
    given.map(({ slot, price }) =>
      anObservation({
        externalId: null,
        name: 'Oracle item 0',
        capturedAtMs: Date.UTC(2026, 5, 15, 12, slot * 15),
        price,
        source: `of ${price}`,
      }),
    ),
  );

describe('the ingest statement', () => {
  it('stores the same in any order, one by one or together, once or twice, where prices tie', async () => {
    const orders = ties.chain((points) =>
      fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([points, shuffled]) => {
        const [whole, single] = [await insertServer(units), await insertServer(units)];
        await store(whole, points);
        for (const one of shuffled) await store(single, [one]);
        await store(single, shuffled);
        expect(await rawRows(single)).toEqual(await rawRows(whole));
        expect(await latestRows(single)).toEqual(await latestRows(whole));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('stores nothing when the same comes again, repeats and all', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (observations) => {
        const server = await insertServer(units);
        await store(server, observations);
        for (const again of [observations, ...observations.map((one) => [one])])
          expect((await store(server, again)).filter((id) => id !== null)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('stores what the rules say one by one, whatever the batches hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
        const server = await insertServer(units);
        const oracle = new Oracle();
        let [before, batchesStored] = [0, 0];
        for (const observations of batches) {
          const expected = oracle.take(observations);
          const ids = await store(server, observations);
          expect(ids.map((id) => id !== null)).toEqual(expected);
          expect(new Set(ids.filter((id) => id !== null)).size).toBe(expected.filter(Boolean).length);
          if (expected.includes(true)) batchesStored += 1;
          const now = await version(server);
          if (batchesStored > 1 || !expected.includes(true))
            expect(now).toBe(before + (expected.includes(true) ? 1 : 0));
          before = now;
        }
        expect(await rawRows(server)).toEqual(oracle.rawRows());
        expect(await latestRows(server)).toEqual(oracle.latestRows());
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('stores the same history however it is cut into batches', async () => {
    const cut = fc.record({ points: batch, ends: fc.array(fc.nat(14), { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(cut, async ({ points, ends }) => {
        const inOrder = [...points].sort((a, b) => a.capturedAtMs - b.capturedAtMs || a.price - b.price);
        const [whole, pieces] = [await insertServer(units), await insertServer(units)];
        await store(whole, inOrder);
        let start = 0;
        for (const end of [...ends.sort((a, b) => a - b), inOrder.length]) {
          if (end > start) await store(pieces, inOrder.slice(start, end));
          start = Math.max(start, end);
        }
        expect(await rawRows(pieces)).toEqual(await rawRows(whole));
        expect(await latestRows(pieces)).toEqual(await latestRows(whole));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
