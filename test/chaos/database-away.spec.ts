import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// The database goes away in every way a network knows, in the middle of requests. What must hold: an answer within 3 s
// (measured with a second of grace for a busy machine), 503 as a problem, no wrong answer, recovery without a restart, and
// every batch stored exactly once after its client has tried again with its Idempotency-Key.

const LIMIT_MS = 4_000;
const RECOVERY_MS = 10_000;
const GAME = '/api/v1/market/games/dofus';
/** Several batches wait for one lane; those of a new client need a second transaction. */
const BATCHES = [
  { key: 'draconiros', source: 'known' },
  { key: 'draconiros', source: 'known' },
  { key: 'draconiros', source: 'known' },
  { key: 'draconiros', source: 'new' },
  { key: 'brial', source: 'known' },
  { key: 'rafal', source: 'new' },
];
const ITEM_IDS = [31, 32, 33, 34];

interface Batch {
  key: string;
  path: string;
  body: string;
  name: string;
}

let database: TestDatabase;
let proxy: FlakyProxy;
let server: ServerProcess;
/** What the items looked like before any trouble. */
const truth = new Map<string, string>();
/** Batches that got no answer of success yet, and those that did. */
let open: Batch[] = [];
let acknowledged: Batch[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await FlakyProxy.before(database.url);
  server = await startServerProcess({ DATABASE_URL: proxy.urlOf(database.url) });
  for (const id of ITEM_IDS) {
    const path = `${GAME}/items/${id}`;
    const answer = await get(server.url, path);
    expect(answer.status).toBe(200);
    truth.set(path, answer.text);
  }
});

afterAll(async () => {
  await proxy.become('passing');
  await server.stop();
  await proxy.close();
  await database.drop();
});

beforeEach(async () => {
  open = [];
  acknowledged = [];
  await proxy.become('passing');
  await expectRecovery();
});

function makeBatch({ key, source }: (typeof BATCHES)[number]): Batch {
  const name = `lot ${randomUUID()}`;
  const capturedAt = new Date().toISOString();
  const element = { name, unitPrice: 7, capturedAt, source: source === 'new' ? name : source };
  return {
    key: name,
    path: `${GAME}/servers/${key}/observations`,
    body: JSON.stringify([element]),
    name,
  };
}

async function sendBatch(batch: Batch): Promise<Answer> {
  open.push(batch);
  const answer = await post(server.url, batch.path, batch.body, {
    headers: { 'idempotency-key': batch.key },
  });
  if (answer.status === 201) {
    open = open.filter((other) => other !== batch);
    acknowledged.push(batch);
  }
  return answer;
}

async function readItem(path: string): Promise<Answer> {
  const answer = await get(server.url, path);
  if (answer.status === 200) expect({ path, text: answer.text }).toEqual({ path, text: truth.get(path) });
  return answer;
}

/** Everything at once: reads, transactions of one lane and of several. */
function burst(): Promise<Answer[]> {
  return Promise.all([
    ...[...truth.keys()].map(readItem),
    get(server.url, `${GAME}/servers/draconiros/prices?ids=31,32`),
    get(server.url, `${GAME}/items?q=bois`),
    ...BATCHES.map((kind) => sendBatch(makeBatch(kind))),
  ]);
}

function expectBounded(answers: readonly Answer[], allowed: readonly number[]): void {
  const wrong = answers.filter(({ status, ms }) => !allowed.includes(status) || ms > LIMIT_MS);
  expect(wrong.map(({ status, ms, text }) => ({ status, ms: Math.round(ms), text }))).toEqual([]);
  for (const answer of answers.filter(({ status }) => status === 503)) {
    expectProblem(answer, 503, 'http/database-unavailable');
    expect(answer.headers.get('retry-after')).toBe(String(answer.json.retryAfterS));
  }
}

async function expectAway(): Promise<void> {
  const probes = await Promise.all(
    ['ready', 'db', ''].map((page) => get(server.url, `/health${page && `/${page}`}`)),
  );
  expect(probes.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(probes.map(({ json }) => json)).toEqual([
    { status: 'not ready' },
    { database: 'disconnected', latencyMs: null },
    expect.objectContaining({ status: 'unhealthy', database: 'disconnected' }),
  ]);
  expect(Math.max(...probes.map(({ ms }) => ms))).toBeLessThan(LIMIT_MS);
  expect((await get(server.url, '/health/live')).json).toEqual({ status: 'alive' });
  expectProblem(await get(server.url, `${GAME}/items`, { token: null }), 401);
}

/** By itself: whole bursts succeed again, several in a row. */
async function expectRecovery(): Promise<void> {
  let inARow = 0;
  await waitUntil('the server serves again', RECOVERY_MS, async () => {
    const answers = await burst();
    inARow = answers.every(({ status }) => status < 300) ? inARow + 1 : 0;
    return inARow === 3;
  });
  expect((await get(server.url, '/health/ready')).status).toBe(200);
}

/** Clients whose batch got no success send it again; then each batch is there once. */
async function expectExactlyOnce(): Promise<void> {
  for (const batch of [...open]) expect((await sendBatch(batch)).status).toBe(201);
  const rows = await queryRows<{ label: string; n: string }>(
    database.url,
    `SELECT i.label, count(*) AS n FROM market.observation o JOIN market.item i ON i.id = o.item_id
     WHERE i.label LIKE 'lot %' GROUP BY i.id`,
  );
  const counts = new Map(rows.map(({ label, n }) => [label, Number(n)]));
  const wrong = acknowledged.filter(({ name }) => counts.get(name) !== 1);
  expect(wrong.map(({ name }) => ({ name, count: counts.get(name) }))).toEqual([]);
}

describe('the database', () => {
  it('that cuts its connections costs the requests in flight at most', async () => {
    await proxy.become('holding');
    const inFlight = burst();
    await waitUntil('statements are under way', 10_000, () => proxy.bytesFromClients > 500);
    proxy.cut();
    await proxy.become('passing');
    expectBounded(await inFlight, [200, 201, 503]);
    await expectRecovery();
    await expectExactlyOnce();
  });

  it('that refuses connections is answered with 503 until it takes them again', async () => {
    await proxy.become('holding');
    const inFlight = burst();
    await waitUntil('statements are under way', 10_000, () => proxy.bytesFromClients > 500);
    await proxy.become('refusing');
    expectBounded(await inFlight, [200, 201, 503]);
    for (let round = 0; round < 3; round += 1) expectBounded(await burst(), [503]);
    await expectAway();
    await proxy.become('passing');
    await expectRecovery();
    await expectExactlyOnce();
  }, 30_000);

  it('that accepts and never answers is answered with 503 in time, and recovers', async () => {
    await proxy.become('holding');
    const inFlight = burst();
    await waitUntil('statements are under way', 10_000, () => proxy.bytesFromClients > 500);
    await proxy.become('halfOpen');
    const fresh = burst();
    expectBounded(await inFlight, [200, 201, 503]);
    expectBounded(await fresh, [503]);
    expectBounded(await burst(), [503]);
    await expectAway();
    await proxy.become('passing');
    await expectRecovery();
    await expectExactlyOnce();
  }, 40_000);

  it('whose open connections are silently lost is reached over new ones', async () => {
    proxy.loseConnections();
    expectBounded(await burst(), [200, 201, 503]);
    await expectRecovery();
    await expectExactlyOnce();
  }, 30_000);

  it('that answers too late never has its answers taken for those of others', async () => {
    await proxy.become('holding');
    const inFlight = burst();
    expectBounded(await inFlight, [503]);
    const others = burst();
    await proxy.become('passing');
    expectBounded(await others, [200, 201, 503]);
    await expectRecovery();
    await expectExactlyOnce();
  }, 30_000);

  it('that ends its sessions and takes no new ones is answered with 503 as well', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const endSessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = '${name}' AND pid <> pg_backend_pid() AND application_name LIKE 'guildhall %'`;
    const admin = new URL(database.url);
    admin.pathname = '/guildhall';
    const inFlight = burst();
    await queryRows(admin.href, `ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await queryRows(admin.href, endSessions);
    expectBounded(await inFlight, [200, 201, 503]);
    await queryRows(admin.href, endSessions);
    const answers = await burst();
    expectBounded(answers, [200, 201, 503]);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    await queryRows(admin.href, `ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    await expectRecovery();
    await expectExactlyOnce();
  }, 30_000);

  it('came and went without one line of a programming error in the log', async () => {
    await server.stop();
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{"level":50'));
    expect(lines).toEqual([]);
    expect(await server.exited).toBe(0);
  });
});
