import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { RawConnection } from '../support/raw-socket.js';
import { requestHead } from '../support/stalled-clients.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

const PROFILING = '/api/v1/admin/profiling';
const ITEM = '/api/v1/market/games/dofus/items/7';
const ITEM_ROUTE = 'GET /api/v1/market/games/:game/items/:itemId';
const SLOW_MS = 1_000;
const READER = '00000000-0000-7000-8000-000000000002';
const WRITER = '00000000-0000-7000-8000-000000000001';

interface Node {
  operation: string;
  startMs: number;
  durationMs: number;
  children?: Node[];
}

let database: TestDatabase;
let owner: pg.Client;
let server: ServerProcess;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  server = await startServerProcess({ DATABASE_URL: database.url, SLOW_REQUEST_MS: String(SLOW_MS) });
});

afterAll(async () => {
  await server.stop();
  await owner.end();
  await database.drop();
});

const admin = (path: string, base = server.url): Promise<Answer> => get(base, path, { token: ADMIN_TOKEN });

/** Sends a request under a name of its own. @returns its id and its answer */
async function named(
  send: (headers: Record<string, string>) => Promise<Answer>,
): Promise<{ id: string; answer: Answer }> {
  count += 1;
  const id = `profiled-${count}`;
  return { id, answer: await send({ 'x-request-id': id }) };
}

/** Rows of one request, once they have been written. */
function rowsOf(
  id: string,
  most = 1,
): Promise<any[]> /* eslint-disable-line @typescript-eslint/no-explicit-any */ {
  return waitUntil(`the rows of ${id} are stored`, 10_000, async () => {
    const { json } = await admin(`${PROFILING}/logs?requestId=${id}`);
    return json.items.length >= most && json.items;
  });
}

describe('the row of a request', () => {
  it('says who asked what, how it went and where the time was spent', async () => {
    const { id } = await named((headers) => get(server.url, ITEM, { headers }));
    const rows = await rowsOf(id);
    expect(rows).toEqual([
      {
        id: expect.any(Number),
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        endpoint: ITEM_ROUTE,
        operation: 'request',
        durationMs: expect.any(Number),
        userId: READER,
        conversationId: null,
        messageId: null,
        requestId: id,
        extraData: { status: 200, key: 'read-token', spans: expect.any(Array) },
      },
    ]);
    const spans = rows[0].extraData.spans as [string, number, number, number?][];
    const names = spans.map(([operation]) => operation);
    expect(names).toEqual(
      expect.arrayContaining(['handler', 'sql:market.items.get', 'sql:market.items.get-recipe']),
    );
    for (const [operation, , , parent = -1] of spans)
      expect(parent).toBe(operation === 'handler' ? -1 : names.indexOf('handler'));
  });

  it.each<[string, string, string | null, number, string]>([
    ['a path without a route', '/no/such/path', READ_TOKEN, 404, 'GET (none)'],
    ['a stranger', ITEM, null, 401, ITEM_ROUTE],
    ['a caller who may not', `${PROFILING}/logs`, READ_TOKEN, 403, `GET ${PROFILING}/logs`],
    ['a thing that is missing', '/api/v1/market/games/dofus/items/99999999', READ_TOKEN, 404, ITEM_ROUTE],
    [
      'malformed input',
      '/api/v1/market/games/dofus/items?limit=x',
      READ_TOKEN,
      400,
      'GET /api/v1/market/games/:game/items',
    ],
  ])('is there for %s', async (_what, path, token, status, endpoint) => {
    const { id, answer } = await named((headers) => get(server.url, path, { token, headers }));
    expect(answer.status).toBe(status);
    const [row] = await rowsOf(id);
    expect(row).toMatchObject({ endpoint, operation: 'request', extraData: { status } });
  });

  it('tells of a client that went away', async () => {
    const unlock = await lockCatalog();
    const connection = new RawConnection(server.url);
    await connection.write(
      requestHead('GET', ITEM, { Authorization: `Bearer ${READ_TOKEN}`, 'X-Request-Id': 'gone-away' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    connection.destroy();
    const [row] = await rowsOf('gone-away');
    await unlock();
    expect(row.extraData).toMatchObject({ isAborted: true });
  });
});

/** Nobody can read items until it is undone. */
async function lockCatalog(): Promise<() => Promise<unknown>> {
  await owner.query('BEGIN; LOCK TABLE market.item IN ACCESS EXCLUSIVE MODE');
  return () => owner.query('ROLLBACK');
}

describe('a slow request', () => {
  it('raises one alert with the whole tree, and a line in the log', async () => {
    const unlock = await lockCatalog();
    const sent = named((headers) =>
      post(
        server.url,
        OBSERVATIONS_PATH,
        [{ externalId: 303, unitPrice: 3, capturedAt: new Date().toISOString() }],
        { headers },
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS + 500));
    await unlock();
    const { id, answer } = await sent;
    expect(answer.status).toBe(201);
    const rows = await rowsOf(id, 3); // the refresh that it asked for counts as its own
    expect(rows.map(({ operation }) => operation).sort()).toEqual(['job', 'request', 'slow_request_alert']);
    const alert = rows.find(({ operation }) => operation === 'slow_request_alert');
    const request = rows.find(({ operation }) => operation === 'request');
    expect(alert).toMatchObject({
      userId: WRITER,
      durationMs: request.durationMs,
      extraData: { status: 201, reason: 'total' },
    });
    const tree = alert.extraData.tree as Node[];
    const flatten = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flatten)];
    const nodes = tree.flatMap(flatten);
    expect(nodes).toHaveLength(request.extraData.spans.length);
    expect(tree.map(({ operation }) => operation)).toEqual(['handler']);
    const transactions = tree[0]!.children!.filter(({ operation }) => operation === 'transaction');
    const ofStore = transactions.at(-1)!.children!.map(({ operation }) => operation);
    expect(ofStore[0]).toBe('sql:market.ingest.lock-lane');
    expect(ofStore.at(-2)).toMatch(/^sql:market\.ingest\.store/);
    expect(ofStore.at(-1)).toBe('sql:platform.jobs.insert-shared-jobs');
    // What the request waited for is in the tree, not beside it.
    const longest = nodes
      .filter(({ children }) => children === undefined)
      .reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(longest).toBeGreaterThan(SLOW_MS);
    for (const { startMs, durationMs, children = [] } of nodes) {
      for (const child of children) {
        expect(child.startMs).toBeGreaterThanOrEqual(startMs);
        expect(child.startMs + child.durationMs).toBeLessThanOrEqual(startMs + durationMs + 0.01);
      }
    }
    await waitUntil('the log says so', 5_000, () => server.output().includes('"msg":"slow request"'));
    const alerts = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"slow request"') && line.includes(`"${id}"`));
    expect(alerts).toHaveLength(1);
  });

  it('is one with a slow operation too', async () => {
    const other = await startServerProcess({ DATABASE_URL: database.url, SLOW_OPERATION_MS: '1' });
    const unlock = await lockCatalog();
    const sent = named((headers) => get(other.url, ITEM, { headers }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await unlock();
    const { id } = await sent;
    await other.stop(); // writes what waits
    const rows = await rowsOf(id, 2);
    expect(rows.map(({ operation }) => operation).sort()).toEqual(['request', 'slow_request_alert']);
    const alert = rows.find(({ operation }) => operation === 'slow_request_alert');
    expect(alert.extraData.reason).toBe('operation');
  });
});

describe('unknown errors', () => {
  it('are one group per fault, with the requests that met it', async () => {
    const list = '/api/v1/market/games/dofus/categories';
    await owner.query('ALTER TABLE market.category RENAME COLUMN name TO renamed');
    const failed: string[] = [];
    for (let time = 0; time < 6; time += 1) {
      const { id, answer } = await named((headers) => get(server.url, list, { headers }));
      expectProblem(answer, 500, 'http/internal');
      failed.push(id);
    }
    await owner.query('ALTER TABLE market.category RENAME COLUMN renamed TO name');
    const group = await waitUntil('the group is complete', 10_000, async () => {
      const { json } = await admin(`${PROFILING}/errors`);
      return json.items.find((item: { count: number }) => item.count === 6);
    });
    expect(group).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      code: '42703',
      message: 'column "name" does not exist',
      sampleRequestIds: failed.slice(-5),
    });
    expect(Date.parse(group.firstSeenAt)).toBeLessThanOrEqual(Date.parse(group.lastSeenAt));
    const summary = await admin(`${PROFILING}/summary?limit=200`);
    const ofList = summary.json.items.filter((item: { endpoint: string }) =>
      item.endpoint.endsWith('/categories'),
    );
    const errors = Object.fromEntries(
      ofList.map((item: { operation: string; errorCount: number }) => [item.operation, item.errorCount]),
    );
    expect(errors).toMatchObject({ request: 6, handler: 6, 'sql:market.catalog.list-categories': 6 });
  });
});

describe('the read side', () => {
  it('is for administrators', async () => {
    for (const path of [
      ...['logs', 'summary', 'slowest', 'usage', 'errors'].map((name) => `${PROFILING}/${name}`),
      '/metrics',
    ]) {
      expectProblem(await get(server.url, path, { token: null }), 401, 'auth/missing-token');
      for (const token of [READ_TOKEN, INGEST_TOKEN])
        expectProblem(await get(server.url, path, { token }), 403, 'auth/forbidden');
      expect((await admin(path)).status).toBe(200);
    }
    expect((await get(server.url, ITEM, { token: ADMIN_TOKEN })).status).toBe(403);
  });

  it.each([
    'logs?limit=0',
    'logs?limit=201',
    'logs?cursor=x',
    'logs?userId=me',
    'logs?minDurationMs=1e3',
    'logs?from=yesterday',
    'logs?endpoint=%00',
    'logs?unknown=1',
    'usage?by=colour',
    'errors?cursor=1.2',
    'summary?to=2026-13-01T00:00:00Z',
    'summary?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'logs?from=2026-02-01T00:00:00Z&to=2026-01-31',
  ])('refuses %s', async (query) => {
    expectProblem(await admin(`${PROFILING}/${query}`), 400, 'http/malformed');
  });

  it('pages, and counts by route, key and account', async () => {
    const first = await admin(`${PROFILING}/logs?limit=1`);
    expect(first.json.nextCursor).toEqual(expect.any(String));
    const second = await admin(`${PROFILING}/logs?limit=1&cursor=${first.json.nextCursor}`);
    expect(second.json.items[0].id).not.toBe(first.json.items[0].id);
    const [routes, keys, accounts] = [
      await admin(`${PROFILING}/usage?by=route`),
      await admin(`${PROFILING}/usage?by=key`),
      await admin(`${PROFILING}/usage?by=account`),
    ];
    expect(routes.json.items.map((item: { key: string }) => item.key)).toContain(ITEM_ROUTE);
    expect(keys.json.items.map((item: { key: string | null }) => item.key)).toEqual(
      expect.arrayContaining([null, 'read-token', 'ingest-token', 'admin-token']),
    );
    expect(accounts.json.items.map((item: { key: string }) => item.key)).toEqual(
      expect.arrayContaining([null, READER, WRITER]),
    );
    const own = await admin(`${PROFILING}/logs?userId=${READER}&minDurationMs=0.001&from=2020-01-01`);
    expect(own.json.items.length).toBeGreaterThan(0);
    for (const { userId } of own.json.items) expect(userId).toBe(READER);
    const { json } = await admin(`${PROFILING}/slowest?limit=3`);
    expect(json.items).toHaveLength(3);
    expect(json.items[0].durationMs).toBeGreaterThan(SLOW_MS);
  });
});

describe('/metrics', () => {
  it('counts requests by route and class of status, in the text format', async () => {
    const figure = (text: string, name: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length) ?? 0,
      );
    const labels = 'method="GET",route="/health/live",status="2xx"';
    const before = (await admin('/metrics')).text;
    for (let time = 0; time < 3; time += 1) await get(server.url, '/health/live', { token: null });
    const answer = await admin('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { text } = answer;
    const name = `http_requests_total{${labels}}`;
    expect(figure(text, name) - figure(before, name)).toBe(3);
    expect(figure(text, `http_request_duration_seconds_count{${labels}}`)).toBe(figure(text, name));
    expect(figure(text, `http_request_duration_seconds_bucket{${labels},le="+Inf"}`)).toBe(
      figure(text, name),
    );
    expect(figure(text, `http_request_duration_seconds_bucket{${labels},le="10"}`)).toBe(figure(text, name));
    for (const other of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'profiling_rows_stored_total',
    ])
      expect(figure(text, other)).toBeGreaterThan(0);
    expect(text).toMatch(/^database_pool_connections\{pool="app",state="idle"\} \d+$/m); // none after ten idle seconds
    expect(text).toMatch(/^profiling_rows_dropped_total 0$/m);
    // Whole lines of the format and no client's words among the labels.
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
      expect(line).toMatch(/^[a-zA-Z_:][\w:]*(\{[^{}]*\})? (-?[\d.e+-]+|Nan|\+Inf)$/);
    expect(text).not.toContain('no/such/path');
  });
});

describe('Server-Timing', () => {
  it('is there in development, with the longest operations', async () => {
    const other = await startServerProcess({ DATABASE_URL: database.url, NODE_ENV: 'development' });
    const header = (await get(other.url, ITEM)).headers.get('server-timing') ?? '';
    expect(header).toMatch(/^total;dur=[\d.]+, handler;dur=[\d.]+, sql_market\.\S+;dur=[\d.]+/);
    for (const path of ['/no/such/path', '/docs/', '/openapi.json', '/health/live'])
      expect((await get(other.url, path, { token: null })).headers.get('server-timing')).toMatch(
        /^total;dur=/,
      );
    await other.stop();
  });

  it('is not there otherwise', async () => {
    const other = await startServerProcess({
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      TRUST_PROXY: '1',
    });
    for (const { url } of [server, other]) {
      expect((await get(url, ITEM)).headers.has('server-timing')).toBe(false);
      expect((await get(url, '/no/such/path')).headers.has('server-timing')).toBe(false);
    }
    await other.stop();
  });
});

describe('PROFILING=off', () => {
  it('writes no rows, and still counts for /metrics', async () => {
    const other = await startServerProcess({ DATABASE_URL: database.url, PROFILING: 'off' });
    const { id } = await named((headers) => get(other.url, ITEM, { headers }));
    const { text } = await admin('/metrics', other.url);
    expect(text).toContain(`route="/api/v1/market/games/:game/items/:itemId",status="2xx"} 1`);
    await other.stop();
    const { rowCount } = await owner.query(
      'SELECT FROM platform.api_performance_logs WHERE request_id = $1',
      [id],
    );
    expect(rowCount).toBe(0);
  });
});

describe('an interrupt', () => {
  it('loses no row', async () => {
    const other = await startServerProcess({ DATABASE_URL: database.url });
    const sent = await Promise.all(
      Array.from({ length: 40 }, () => named((headers) => get(other.url, ITEM, { headers }))),
    );
    await other.stop();
    const { rowCount } = await owner.query(
      'SELECT FROM platform.api_performance_logs WHERE request_id = ANY ($1)',
      [sent.map(({ id }) => id)],
    );
    expect(rowCount).toBe(40);
  });
});
