import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Call, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import { RawConnection } from '../support/raw-socket.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { JSON_TYPE, requestHead } from '../support/stalled-clients.js';
import { waitUntil } from '../support/wait-until.js';

interface Line {
  level: number;
  msg: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  bytes: number;
  principal?: string;
  requestId: string;
  isAborted?: boolean;
  body?: unknown;
}

const CANARY = 'canary-that-no-log-may-hold';

describe.each([
  ['without DEBUG', {}],
  ['with DEBUG', { DEBUG: 'true' }],
])('the log %s', (_how, env: Record<string, string>) => {
  const isDebug = env['DEBUG'] !== undefined;
  let database: TestDatabase;
  let proxy: FlakyProxy;
  let server: ServerProcess;
  let count = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    // LOG_LEVEL is left to DEBUG.
    proxy = await FlakyProxy.before(database.url);
    server = await startServerProcess({ DATABASE_URL: proxy.urlOf(database.url), LOG_LEVEL: '', ...env });
  });

  afterAll(async () => {
    await server.stop();
    await proxy.close();
    await database.drop();
  });

  const lines = (): Line[] =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Line);
  /** The one line of a request. Lines leave in blocks, twice a second. */
  const answered = async (requestId: string): Promise<Line> => {
    await waitUntil('the line is written', 5_000, () => lines().some((line) => line.requestId === requestId));
    const found = lines().filter((line) => line.requestId === requestId && line.msg === 'answered');
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const lineOf = async (send: (headers: Record<string, string>) => Promise<unknown>): Promise<Line> => {
    const requestId = `log-test-${(count += 1)}`;
    await send({ 'x-request-id': requestId });
    return answered(requestId);
  };

  it('has one line per answer, with what an operator asks for', async () => {
    let bytes = 0;
    const line = await lineOf(async (headers) => {
      bytes = Buffer.byteLength(
        (await get(server.url, '/api/v1/market/games/dofus/items/7', { headers })).text,
      );
    });
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      role: 'all',
      msg: 'answered',
      method: 'GET',
      route: '/api/v1/market/games/:game/items/:itemId',
      status: 200,
      ms: expect.any(Number),
      bytes,
      principal: 'read-token',
      requestId: expect.any(String),
    });
    expect(line.ms).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(100);
  });

  it('names the pattern, never the path, and who asked', async () => {
    const items = '/api/v1/market/games/dofus/items';
    const seen = async (
      method: string,
      path: string,
      options: { token?: string | null; body?: unknown } = {},
    ) => {
      const line = await lineOf((headers) => call(server.url, method, path, { ...options, headers }));
      return [line.method, line.route, line.status, line.principal];
    };
    const list = '/api/v1/market/games/:game/items';
    const ingest = '/api/v1/market/games/:game/servers/:server/observations';
    expect(
      await Promise.all([
        seen('GET', `${items}?q=${CANARY}`),
        seen('GET', '/health/live', { token: null }),
        seen('GET', `/${CANARY}`),
        seen('GET', items, { token: CANARY }),
        seen('POST', OBSERVATIONS_PATH, { token: READ_TOKEN, body: [] }),
        seen('POST', OBSERVATIONS_PATH, { body: '[' }),
        seen('GET', '/compat/dofus/api/data?resource=categories', { token: null }),
      ]),
    ).toEqual([
      ['GET', list, 200, 'read-token'],
      ['GET', '/health/live', 200, undefined],
      ['GET', '(none)', 404, undefined],
      ['GET', list, 401, undefined],
      ['POST', ingest, 403, 'read-token'],
      ['POST', '(none)', 400, undefined],
      ['GET', '/compat/dofus/api/data', 200, 'compat-dofus'],
    ]);
  });

  it('tells of clients that went away, in their body or before their answer', async () => {
    const head = (requestId: string): Record<string, string> => ({ 'X-Request-Id': requestId });
    const inBody = new RawConnection(server.url);
    await inBody.write(
      `${requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, ...head('gone-in-body'), 'Content-Length': 100 })}[{`,
    );
    await get(server.url, '/health/live'); // by now the first has been read too
    inBody.destroy();
    await proxy.become('holding');
    const waiting = new RawConnection(server.url);
    await waiting.write(requestHead('GET', '/api/v1/market/games/dofus/items/7', head('gone-waiting')));
    await waitUntil('the statement is under way', 10_000, () => proxy.bytesFromClients > 0);
    waiting.destroy();
    const [first, second] = await Promise.all(['gone-in-body', 'gone-waiting'].map(answered));
    await proxy.become('passing');
    expect(first).toMatchObject({ method: 'POST', status: 400 });
    expect(second).toMatchObject({ method: 'GET', isAborted: true });
  });

  it(isDebug ? 'shows bodies, cut short' : 'shows no bodies', async () => {
    const element = { name: 'Objet du journal', unitPrice: 5, capturedAt: '2026-01-01T00:00:00Z' };
    const many = Array.from({ length: 9 }, () => element);
    const { body } = await lineOf((headers) => post(server.url, OBSERVATIONS_PATH, many, { headers }));
    expect(body).toEqual(
      isDebug ? [...Array(5).fill(element), expect.stringContaining('9 elements')] : undefined,
    );
    const long = await lineOf((headers) =>
      post(server.url, OBSERVATIONS_PATH, [{ name: 'n'.repeat(100_000) }], { headers }),
    );
    expect(JSON.stringify(long).length).toBeLessThan(1_000);
  });

  it('holds no secret, wherever it was sent', async () => {
    const secrets = {
      password: CANARY,
      apiToken: CANARY,
      api_key: CANARY,
      apiKey: CANARY,
      Authorization: CANARY,
      refresh_token: CANARY,
      clientSecret: CANARY,
      sessionCookie: CANARY,
      otp: CANARY,
      nested: { deep: [{ secret: { value: CANARY } }] },
    };
    const lines = (text: string) => ({ body: text, headers: { 'content-type': 'application/x-ndjson' } });
    const calls: [method: string, path: string, options: Call][] = [
      ['POST', OBSERVATIONS_PATH, { body: [secrets] }],
      ['POST', OBSERVATIONS_PATH, { body: secrets }],
      ['POST', OBSERVATIONS_PATH, lines(`${JSON.stringify(secrets)}\n`)],
      ['POST', OBSERVATIONS_PATH, lines(`{"password":"${CANARY}`)],
      ['POST', OBSERVATIONS_PATH, { body: `[{"password":"${CANARY}"` }],
      ['POST', '/compat/dofus/api/ingest', { body: [secrets] }],
      [
        'GET',
        `/health?token=${CANARY}`,
        {
          token: CANARY,
          headers: { cookie: `session=${CANARY}`, 'x-api-key': CANARY, 'idempotency-key': CANARY },
        },
      ],
    ];
    await Promise.all(
      calls.map(([method, path, options]) =>
        lineOf((headers) =>
          call(server.url, method, path, { ...options, headers: { ...options.headers, ...headers } }),
        ),
      ),
    );
    expect(server.output()).not.toContain(CANARY);
  });

  it('holds no token of ours', async () => {
    await server.stop();
    expect(lines().length).toBeGreaterThan(10);
    for (const token of [INGEST_TOKEN, READ_TOKEN, new URL(database.url).password])
      expect(server.output()).not.toContain(token);
  });

  it('is JSON line by line', () => {
    const printed = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(printed.filter((line) => !line.endsWith('}'))).toEqual([]);
    for (const line of lines()) expect([30, 40]).toContain(line.level);
  });
});
