import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest, newPriceHistory } from '../../../test/support/new-ingest.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { IngestService, StoredIds } from './ingest.service.js';
import type { Observation } from './observation.js';

const QUARTER_MS = 15 * 60_000;

let units: TestUnits;
let ingest: IngestService;

beforeAll(async () => {
  units = await openUnits();
  ingest = newIngest(units);
});

afterAll(() => units.close());

async function store(
  server: ServerRow,
  observations: readonly Observation[],
  by = ingest,
): Promise<StoredIds> {
  const { body } = await by.store(
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

function rowsOf(
  table: 'observation' | 'withheld_observation' | 'latest',
  server: ServerRow,
): Promise<StoredPoint[]> {
  return units.owner<StoredPoint>(
    `SELECT ${POINT} FROM market.${table} p JOIN market.item i ON i.id = p.item_id JOIN market.source s ON s.id = p.source_id
     WHERE p.server_id = $1 ORDER BY 1, 2, 4, 3, 5`,
    [server.id],
  );
}

async function everything(
  server: ServerRow,
): Promise<Record<'history' | 'withheld' | 'latest', StoredPoint[]>> {
  return {
    history: await rowsOf('observation', server),
    withheld: await rowsOf('withheld_observation', server),
    latest: await rowsOf('latest', server),
  };
}

/** The history that points make, in the plainest words: all of them in their order, one after the other. */
function oracle(observations: readonly Observation[]): Awaited<ReturnType<typeof everything>> {
  const said = observations.map(({ name, capturedAtMs, source, price, lots }): StoredPoint => ({
    item: name!,
    at: capturedAtMs,
    source,
    price,
    lots,
  }));
  const inOrder = [...new Map(said.map((point) => [JSON.stringify(point), point])).values()].sort(
    (a, b) =>
      byText(a.item, b.item) ||
      a.at - b.at ||
      a.price - b.price ||
      byText(a.source, b.source) ||
      a.lots - b.lots,
  );
  const [history, withheld]: [StoredPoint[], StoredPoint[]] = [[], []];
  const heard = new Set<string>();
  for (const point of inOrder) {
    const claim = JSON.stringify([point.item, point.at, point.source]);
    const before = history.at(-1);
    const isRepeat =
      before?.item === point.item && before.price === point.price && point.at - before.at < QUARTER_MS;
    (heard.has(claim) || isRepeat ? withheld : history).push(point);
    heard.add(claim);
  }
  const latest = history.filter(({ item }, index) => history[index + 1]?.item !== item);
  return { history, withheld, latest };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function version(server: ServerRow): Promise<number | undefined> {
  const [row] = await units.owner<{ version: string }>(
    'SELECT version FROM market.server_version WHERE server_id = $1',
    [server.id],
  );
  return row && Number(row.version);
}

/** Takes away what has been marked. @returns items with days, each once */
async function takeMarks(server: ServerRow): Promise<Set<string>> {
  const rows = await units.owner<{ mark: string }>(
    `WITH gone AS (DELETE FROM market.dirty_batch WHERE server_id = $1 RETURNING item_ids, days)
     SELECT DISTINCT i.label || ' ' || u.day::text AS mark FROM gone g, unnest(g.item_ids, g.days) AS u (item_id, day)
     JOIN market.item i ON i.id = u.item_id`,
    [server.id],
  );
  return new Set(rows.map(({ mark }) => mark));
}

function changedDays(before: readonly StoredPoint[], after: readonly StoredPoint[]): Set<string> {
  const [was, is] = [before, after].map((rows) => new Set(rows.map((row) => JSON.stringify(row))));
  const changed = [...before, ...after].filter(
    (row) => !was!.has(JSON.stringify(row)) || !is!.has(JSON.stringify(row)),
  );
  return new Set(changed.map(({ item, at }) => `${item} ${new Date(at).toISOString().slice(0, 10)}`));
}

/** Few items, prices, sources and instants around the limit of 15 minutes, over midnight and the end of a month. */
const observation = fc
  .record({
    item: fc.nat(1),
    minute: fc.oneof(fc.constantFrom(0, 5, 14, 15, 16, 30), fc.nat(90)),
    ms: fc.constantFrom(0, 0, 0, -1, 1, 0.006, 0.014), // microseconds that a double could be read for in two ways
    price: fc.constantFrom(1, 1, 2, 2.5),
    lots: fc.constantFrom(1, 1, 2),
    source: fc.constantFrom('gamma', 'beta', 'alpha'),
  })
  .map(({ item, minute, ms, price, lots, source }) =>
    anObservation({
      externalId: null,
      name: `Oracle item ${item}`,
      capturedAtMs: Date.UTC(2026, 5, 30, 23, 30 + minute) + ms,
      price,
      lots,
      source,
    }),
  );
const batches = fc.array(fc.array(observation, { minLength: 1, maxLength: 14 }), {
  minLength: 1,
  maxLength: 5,
});

describe('the ingest', () => {
  it('makes one history of what was sent, in any order, in any pieces, once or twice', async () => {
    const world = batches.chain((given) => {
      const all = given.flat();
      return fc.record({
        given: fc.constant(given),
        order: fc.shuffledSubarray([...all, ...all.slice(0, 8)], {
          minLength: all.length + Math.min(8, all.length),
        }),
        size: fc.integer({ min: 1, max: 6 }),
      });
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ given, order, size }) => {
        const [whole, pieces] = [await insertServer(units), await insertServer(units)];
        for (const one of given) await store(whole, one);
        for (let start = 0; start < order.length; start += size)
          await store(pieces, order.slice(start, start + size));
        const expected = oracle(given.flat());
        expect(await everything(whole)).toEqual(expected);
        expect(await everything(pieces)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('makes the same of it in portions of a few points, and names the rows that are new', async () => {
    const thrifty = newIngest(units, newPriceHistory(3));
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const server = await insertServer(units);
        const ids: StoredIds = [];
        for (const one of [...given].reverse()) ids.push(...(await store(server, one, thrifty)));
        expect(await everything(server)).toEqual(oracle(given.flat()));
        const named = ids.filter((id) => id !== null);
        expect(new Set(named).size).toBe(named.length);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('marks the days and moves the version of what changed, and names the rows that are new', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const server = await insertServer(units);
        let [history, before] = [await rowsOf('observation', server), await version(server)];
        for (const observations of given) {
          const ids = (await store(server, observations)).filter((id) => id !== null);
          const [now, after] = [await rowsOf('observation', server), await version(server)];
          const changed = changedDays(history, now);
          expect(await takeMarks(server)).toEqual(changed);
          if (before !== undefined) expect(after).toBe(before + (changed.size > 0 ? 1 : 0));
          const [found] = await units.owner<{ n: number }>(
            'SELECT count(*)::int AS n FROM market.observation WHERE server_id = $1 AND id = ANY ($2)',
            [server.id, ids],
          );
          expect(found!.n).toBe(ids.length);
          [history, before] = [now, after];
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('stores nothing when the same comes again, repeats and all', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const server = await insertServer(units);
        for (const observations of given) await store(server, observations);
        const [before, tables] = [await version(server), await everything(server)];
        for (const again of [given.flat(), ...given])
          expect((await store(server, again)).filter((id) => id !== null)).toEqual([]);
        expect([await version(server), await everything(server)]).toEqual([before, tables]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
