import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// Two servers get the same prices: one in order and at once, the other shuffled, in pieces, some of them twice. Whatever can be read
// of them is the same, but for names of the servers, ids of rows and times of work.

const GAME = '/api/v1/market/games/dofus';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayOf = (daysAgo: number): string => new Date(TODAY_MS - daysAgo * DAY_MS).toISOString().slice(0, 10);
const WORLDS = 3;
const ITEMS = 5;

interface Item {
  id: number;
  externalId: number;
  label: string;
}

interface Sent {
  externalId: number;
  unitPrice: number;
  lots: number;
  capturedAt: string;
  source: string;
  sourceVersion: string;
}

interface World {
  sent: Sent[];
  /** All of them, some twice. */
  shuffled: Sent[];
  /** Of a piece. */
  size: number;
}

interface ServerName {
  key: string;
  name: string;
}

let database: TestDatabase;
let server: ServerProcess;
let items: Item[];
let servers: ServerName[];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  items = await queryRows<Item>(
    database.url,
    `SELECT i.id, i.external_id AS "externalId", i.label FROM market.item i
     WHERE i.external_id IS NOT NULL AND EXISTS (SELECT FROM market.recipe_ingredient g WHERE g.item_id = i.id)
     ORDER BY i.id LIMIT ${ITEMS}`,
  );
  servers = await queryRows<ServerName>(database.url, 'SELECT key, name FROM market.server ORDER BY id');
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Bursts of a few prices around the limit of 15 minutes, on some of the last days; a wild price now and then. */
const burst = fc.record({
  item: fc.nat(ITEMS - 1),
  daysAgo: fc.integer({ min: 1, max: 40 }),
  hour: fc.constantFrom(0, 12, 23),
  points: fc.array(
    fc.record({
      minute: fc.oneof(fc.constantFrom(0, 5, 14, 15, 16, 30), fc.nat(90)),
      factor: fc.constantFrom(1, 1, 1, 1, 1.25, 1.25, 0.8, 40),
      lots: fc.constantFrom(1, 1, 2),
      source: fc.constantFrom('zeta', 'beta', 'alpha'),
      sourceVersion: fc.constantFrom('1', '2'),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

const world: fc.Arbitrary<World> = fc
  .array(burst, { minLength: 60, maxLength: 90 })
  .map((bursts) =>
    bursts.flatMap(({ item, daysAgo, hour, points }) =>
      points.map(({ minute, factor, ...point }): Sent => ({
        ...point,
        externalId: items[item]!.externalId,
        unitPrice: (item + 1) * 100 * factor,
        capturedAt: new Date(
          TODAY_MS - daysAgo * DAY_MS + hour * 60 * MINUTE_MS + minute * MINUTE_MS,
        ).toISOString(),
      })),
    ),
  )
  .chain((sent) =>
    fc.record({
      sent: fc.constant(sent),
      shuffled: fc.shuffledSubarray([...sent, ...sent.slice(0, 60)], {
        minLength: sent.length + Math.min(60, sent.length),
      }),
      size: fc.integer({ min: 5, max: 60 }),
    }),
  );

async function send({ key }: ServerName, batch: readonly Sent[]): Promise<void> {
  const answer = await post(server.url, `${GAME}/servers/${key}/observations`, batch);
  expect([answer.status, answer.json.rejectedCount]).toEqual([201, 0]);
}

/** What can be asked of the prices of a server. */
function questions({ key, name }: ServerName): string[] {
  const native = `${GAME}/servers/${key}`;
  const span = `from=${dayOf(30)}&to=${dayOf(3)}`;
  const asked = ['window=30', 'window=7&method=classic', `${span}&method=classic`, span];
  const market = `/compat/dofus/api/market_v2?server=${encodeURIComponent(name)}&from=${dayOf(30)}&to=${dayOf(0)}`;
  return [
    ...['', '&detail=full', `&asOf=${dayOf(5)}T12:10:00Z`].map(
      (how) => `${native}/prices?ids=${items.map(({ id }) => id).join()}${how}`,
    ),
    `${native}/flags?limit=200`,
    ...['index', 'movers', 'volatility', 'signals', 'trends'].flatMap((figure) =>
      asked.map((question) => `${native}/analytics/${figure}?${question}`),
    ),
    ...['robust', 'classic', 'document'].map(
      (method) => `${native}/analytics/scanner?method=${method}&maxAgeH=2000`,
    ),
    `${native}/recipes?limit=50`,
    `${native}/calendar`,
    ...items.flatMap(({ id }) => [
      ...[
        'series?limit=1000',
        'series?format=csv',
        `series?bucket=hour&from=${dayOf(20)}&to=${dayOf(1)}`,
        'series?bucket=day',
        'series?bucket=week',
        'sparkline.svg?window=30',
        'chart.svg?window=30',
      ].map((path) => `${native}/items/${id}/${path}`),
      `${native}/analytics/items/${id}/stats?window=30`,
      `${GAME}/items/${id}/recipe`,
    ]),
    ...['index', 'movers', 'volatility', 'opportunities', 'sell-opportunities'].map(
      (type) => `${market}&resource=market&type=${type}&limit=50`,
    ),
    ...['scanner', 'trends'].map((type) => `${market}&resource=analysis&type=${type}&period=30&limit=50`),
    ...items.flatMap(({ label }) =>
      ['timeseries', 'market&type=stats'].map(
        (resource) => `${market}&resource=${resource}&item=${encodeURIComponent(label)}`,
      ),
    ),
    `/compat/dofus/api/data?resource=items&mode=market&server=${encodeURIComponent(name)}&limit=100`,
    `/compat/dofus/api/data?resource=recipes&mode=profitability&server=${encodeURIComponent(name)}`,
  ];
}

/** Names of the servers, ids of rows and when work was done say nothing of prices. */
function comparable(text: string, { key, name }: ServerName): unknown {
  const plain = text.replaceAll(key, '<key>').replaceAll(name, '<name>');
  try {
    return sorted(JSON.parse(plain, (field, value: unknown) => (isArrival(field, value) ? '<own>' : value)));
  } catch {
    // Ids of rows, and the box behind a picture's title, which is as wide as the server's name.
    return plain.replaceAll(/^\d+,/gm, '').replaceAll(/<path d="M-5 -5l[^>]*>/g, '');
  }
}

function isArrival(field: string, value: unknown): boolean {
  if (field === 'nextCursor' || field === 'flaggedAt' || field === 'observationId') return true;
  return (
    (field === 'id' && typeof value === 'number') ||
    /^age[A-Z]|^asOf$|(?:version|refreshedAt|computedAt)$/i.test(field)
  );
}

/** Flags are listed as they were found. */
function sorted(answer: unknown): unknown {
  const { items: rows } = answer as { items?: unknown };
  if (!Array.isArray(rows) || !rows.some((row: object) => 'flaggedAt' in row)) return answer;
  return { ...(answer as object), items: rows.map((row) => JSON.stringify(row)).sort() };
}

async function answersOf(of: ServerName): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  for (const question of questions(of)) {
    const { status, text } = await get(server.url, question);
    expect({ question, status }).toEqual({ question, status: 200 });
    answers.set(
      question.replaceAll(of.key, '<key>').replaceAll(encodeURIComponent(of.name), '<name>'),
      comparable(text, of),
    );
  }
  return answers;
}

describe('the same prices', () => {
  it('give the same answers everywhere, in order and at once or shuffled, in pieces and twice', async () => {
    let place = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [{ sent, shuffled, size }] = fc.sample(world, { seed, numRuns: 1 }) as [World];
        const [whole, pieces] = [servers[place]!, servers[place + 1]!];
        place = (place + 2) % (servers.length - 1);
        const inOrder = [...sent].sort((a, b) => Date.parse(a.capturedAt) - Date.parse(b.capturedAt));
        await send(whole, inOrder);
        for (let start = 0; start < shuffled.length; start += size)
          await send(pieces, shuffled.slice(start, start + size));
        await waitUntil('the figures have followed', 60_000, async () => {
          const left = 'SELECT FROM market.dirty_batch UNION ALL SELECT FROM market.stale_series';
          return (await queryRows(database.url, left)).length === 0;
        });
        const expected = await answersOf(whole);
        for (const [question, answer] of await answersOf(pieces))
          expect({ question, answer }).toEqual({ question, answer: expected.get(question) });
        const flagged = [...expected].find(([question]) => question.includes('/flags'))![1];
        expect((flagged as { items: unknown[] }).items.length).toBeGreaterThan(0);
      }),
      { numRuns: WORLDS, endOnFailure: true },
    );
  }, 240_000);
});
