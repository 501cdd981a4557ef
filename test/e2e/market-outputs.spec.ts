import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// What leaves the market as files and pictures.

const MARKET = '/api/v1/market';
const DUMPS = `${MARKET}/games/dofus/dumps`;
const TOTALS = `${MARKET}/dumps/totals.json`;
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

let database: TestDatabase;
let server: ServerProcess;
let items: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const points = [3, 2, 1].map((days) => ({
    externalId: 303,
    unitPrice: 10 + days,
    capturedAt: daysAgo(days),
  }));
  expect((await post(server.url, OBSERVATIONS_PATH, points)).status).toBe(201);
  const [item] = await queryRows<{ id: number }>(
    database.url,
    'SELECT id FROM market.item WHERE external_id = 303',
  );
  items = `${OBSERVATIONS_PATH.replace('observations', 'items')}/${item!.id}`;
  await waitUntil('the days are derived', 60_000, async () => {
    const [{ count }] = (await queryRows<{ count: number }>(
      database.url,
      'SELECT count(*)::int FROM market.daily',
    )) as [{ count: number }];
    return count === 3;
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('dumps', () => {
  beforeAll(async () => {
    // What the schedule does once an hour.
    await queryRows(
      database.url,
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000000', 'market.make-dumps', 'market-dumps', '{}')`,
    );
    await waitUntil(
      'the dumps are made',
      60_000,
      async () => (await get(server.url, DUMPS)).json.items.length === 3,
    );
  });

  it('are listed, newest first, page by page, and told altogether', async () => {
    const { json } = await get(server.url, DUMPS);
    expect(json.items).toMatchObject(
      [1, 2, 3].map((days) => ({ day: daysAgo(days).slice(0, 10), revision: 1, rowCount: 1 })),
    );
    const first = await get(server.url, `${DUMPS}?limit=2`);
    const second = await get(server.url, `${DUMPS}?limit=2&cursor=${first.json.nextCursor as string}`);
    expect([...first.json.items, ...second.json.items]).toEqual(json.items);
    expect(second.json.nextCursor).toBeNull();
    const totals = await get(server.url, TOTALS);
    expect(totals.json.games).toMatchObject([{ game: 'dofus', dayCount: 3, rowCount: 3 }]);
    expect(totals.json.games[0].dumps).toEqual([...json.items].reverse());
  });

  it('are files that say what they are, whole or in parts', async () => {
    const { url, sha256, sizeBytes } = (await get(server.url, DUMPS)).json.items[0];
    const load = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(server.url + url, { headers: { authorization: `Bearer ${READ_TOKEN}`, ...headers } });
    const response = await load();
    expect(response.headers.get('content-type')).toBe('application/gzip');
    expect(response.headers.get('content-encoding')).toBeNull();
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBe(sizeBytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    const [header, row] = gunzipSync(bytes).toString().split('\r\n');
    expect(header).toBe('id,server,itemId,externalId,capturedAt,unitPrice,lots,source');
    expect(row).toMatch(/^\d+,draconiros,\d+,303,\d{4}-\d\d-\d\dT[\d:.]+Z,11,1,/);
    const part = await load({ range: 'bytes=2-5' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${sizeBytes}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(2, 6));
    const etag = response.headers.get('etag')!;
    expect(etag).toBe(`"${sha256}"`);
    expect((await load({ 'if-none-match': etag })).status).toBe(304);
  });

  it.each(['2020-01-01.csv.gz', '2026-02-30.csv.gz', '..%2f..%2fetc', 'totals.csv', '2026-01-01'])(
    'do not include %s',
    async (name) => {
      expectProblem(await get(server.url, `${MARKET}/dumps/dofus/${name}`), 404, 'market/unknown-dump');
    },
  );

  it('refuse strangers, other games and broken cursors', async () => {
    expectProblem(await get(server.url, TOTALS, { token: null }), 401);
    expectProblem(await get(server.url, DUMPS.replace('dofus', 'nothing')), 404, 'market/unknown-game');
    const cursor = Buffer.from('["yesterday"]').toString('base64url');
    expectProblem(await get(server.url, `${DUMPS}?cursor=${cursor}`), 400);
  });
});

describe('pictures of an item', () => {
  const load = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server.url, 'GET', `${items}/${path}`, { headers });

  it.each([
    'sparkline.svg',
    'chart.svg',
    'chart.svg?window=365&theme=dark',
    'sparkline.svg?width=300&height=80',
  ])('%s is drawn, and not again while it is the same', async (path) => {
    const answer = await load(path);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^<svg [^]*<\/svg>\s*$/);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.* sandbox$/);
    const etag = answer.headers.get('etag')!;
    expect((await load(path, { 'if-none-match': etag })).status).toBe(304);
    expect((await load(path)).text).toBe(answer.text);
  });

  it('follow the prices', async () => {
    const before = await load('chart.svg');
    await post(server.url, OBSERVATIONS_PATH, [
      { externalId: 303, unitPrice: 30, capturedAt: new Date(Date.now() - 1_000).toISOString() },
    ]);
    await waitUntil(
      'the picture changes',
      60_000,
      async () => (await load('chart.svg')).text !== before.text,
    );
  });

  it.each([
    ['chart.svg?width=5000', 400],
    ['chart.svg?height=x', 400],
    ['chart.svg?theme=pink', 400],
    ['sparkline.svg?width=0', 400],
    ['chart.svg?from=2026-02-01&to=2026-01-01', 400],
    ['chart.svg?from=2020-01-01&to=2026-01-01', 422],
    ['chart.svg?window=8', 400],
  ])('%s is refused', async (path, status) => {
    expectProblem(await load(path), status);
  });

  it('are of items that there are', async () => {
    const path = items.replace(/\d+$/, '999999999');
    expectProblem(await get(server.url, `${path}/chart.svg`), 404, 'market/unknown-item');
    expectProblem(await get(server.url, `${items}/chart.svg`, { token: null }), 401);
  });
});
