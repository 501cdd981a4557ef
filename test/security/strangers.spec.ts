import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { type Answer, call, get, post } from '../support/api-client.js';
import { expectProblem, TRACE_OF_CODE } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Operation, type Parameter, readOpenApi, samplePath } from '../support/open-api.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import {
  CLOSED_COMPAT_REFUSALS,
  DOCUMENTATION_ROUTES,
  PUBLIC_COMPAT_REFUSALS,
  PUBLIC_ROUTES,
} from './public-routes.js';
import { listRoutes, type RouteTable } from './route-table.js';

// Generated from the OpenAPI document of the running server, so a new route is covered the day it appears. The server runs
// as in production, where nothing is open for convenience.

/** A link that carries its own permission is no link without it. */
const isNeededInQuery = ({ in: place, required }: Parameter): boolean =>
  place === 'query' && required === true;
/** Works out routes for readers, and writes for those who may: the resource in the query says (compat-resources.service.ts). */
const SHARED_ADDRESS = 'POST /compat/dofus/api/data';
const isCompat = ({ path }: Operation): boolean => path.startsWith('/compat/');
/** Its original tells whoever is nobody so in its own words, with or without a token. */
const isFastApi = ({ path }: Operation): boolean => path.startsWith('/compat/destiny/');
const WRONG_TOKENS = [
  'Bearer wrong-token-of-a-stranger-0123456789',
  `Bearer ${INGEST_TOKEN}x`,
  `Bearer ${INGEST_TOKEN.slice(0, -1)}`,
  `Bearer ${INGEST_TOKEN.toUpperCase()}`,
];
const NO_TOKENS = [
  undefined,
  `Basic ${Buffer.from(`user:${INGEST_TOKEN}`).toString('base64')}`,
  'Bearer',
  'Bearer ',
  `Bearer ${INGEST_TOKEN} ${INGEST_TOKEN}`,
  `Bearer ${'x'.repeat(5_000)}`,
  INGEST_TOKEN,
];

describe('a stranger', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let operations: Operation[];
  let table: RouteTable;

  beforeAll(async () => {
    database = await createTestDatabase();
    table = await listRoutes(database.url);
    server = await startServerProcess({
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      TRUST_PROXY: '1',
      CORS_ORIGINS: 'https://tracker.example.org',
    });
    ({ operations } = await readOpenApi(server.url));
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const knock = (operation: Operation, authorization: string | undefined, path = samplePath(operation)) =>
    call(server.url, operation.method, path, {
      token: null,
      headers: authorization === undefined ? {} : { authorization },
      ...(operation.bodySchema ? { body: [] } : {}),
    });
  const closed = (): Operation[] => operations.filter(({ id }) => !PUBLIC_ROUTES.includes(id));

  it('finds the same routes running, documented and in the table of permissions', () => {
    const documented = operations.map(({ id }) => id).sort();
    expect(documented.length).toBeGreaterThan(8);
    const declared = [...documented, ...PUBLIC_COMPAT_REFUSALS, ...CLOSED_COMPAT_REFUSALS];
    expect(table.running).toEqual([...declared, ...DOCUMENTATION_ROUTES].sort());
    expect(Object.keys(table.permissions).sort()).toEqual(declared.sort());
  });

  it('is asked for what docs/permissions.json says (else run: npm run cli -- permissions)', () => {
    expect(JSON.parse(readFileSync('docs/permissions.json', 'utf8'))).toEqual(table.permissions);
  });

  it('is let in by the routes of the committed list and by no other', () => {
    const open = Object.entries(table.permissions).filter(([, permission]) => permission === 'public');
    expect(open.map(([id]) => id).sort()).toEqual([...PUBLIC_ROUTES, ...PUBLIC_COMPAT_REFUSALS].sort());
  });

  it('gets through the open doors without a token', async () => {
    for (const operation of operations.filter(({ id }) => PUBLIC_ROUTES.includes(id))) {
      // Those that read a body are looked at behind the door: what is sent here is none.
      const isAsked = operation.bodySchema || operation.parameters.some(isNeededInQuery);
      const isNowhere = /\{provider\}|\{slug\}|\/icons\/\{id\}$/.test(operation.path); // none is configured, none was sent
      expect({ id: operation.id, status: (await knock(operation, undefined)).status }).toEqual({
        id: operation.id,
        status: isAsked ? 400 : isNowhere ? 404 : 200,
      });
    }
  });

  it('is refused by every other operation without a token', async () => {
    const wrong: unknown[] = [];
    for (const operation of closed()) {
      for (const authorization of NO_TOKENS) {
        const answer = await knock(operation, authorization);
        if (!isRefusal(operation, answer, 401, 'auth/missing-token', 'unauthorized'))
          wrong.push({ id: operation.id, authorization, status: answer.status, text: answer.text });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is refused by every other operation with a wrong token', async () => {
    const wrong: unknown[] = [];
    for (const operation of closed()) {
      for (const authorization of WRONG_TOKENS) {
        const answer = await knock(operation, authorization);
        const status = isCompat(operation) && !isFastApi(operation) && !isWisp(operation) ? 403 : 401;
        if (!isRefusal(operation, answer, status, 'auth/invalid-token', 'forbidden'))
          wrong.push({ id: operation.id, authorization, status: answer.status, text: answer.text });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is told of a wrong method by the originals’ routes, and nothing else', async () => {
    const paths = [...PUBLIC_COMPAT_REFUSALS, ...CLOSED_COMPAT_REFUSALS].map((id) => id.split(' ')[1]!);
    for (const path of new Set(paths)) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (operations.some((operation) => operation.id === `${method} ${path}`)) continue;
        const isOpen = PUBLIC_COMPAT_REFUSALS.includes(`ALL ${path}`);
        const answer = await call(server.url, method, path, { token: null });
        const isServedAsGet = method === 'HEAD' && operations.some(({ id }) => id === `GET ${path}`);
        expect({ path, method, status: answer.status }).toEqual({
          path,
          method,
          status: isOpen && !isServedAsGet ? 405 : 401,
        });
      }
      const preflight = await call(server.url, 'OPTIONS', path, { token: null });
      expect({ path, ok: preflight.status < 300, text: preflight.text }).toEqual({
        path,
        ok: true,
        text: '',
      });
    }
  });

  it('learns nothing of what exists: an unknown game answers like a known one', async () => {
    for (const operation of closed().filter(({ path }) => path.includes('{game}'))) {
      const unknown = operation.path.replace(/\{\w+\}/g, 'no-such-thing');
      const answer = await knock(operation, undefined, unknown);
      expect({ id: operation.id, status: answer.status }).toEqual({ id: operation.id, status: 401 });
    }
  });

  it('is not helped by a token in the query or in a cookie', async () => {
    const answer = await call(
      server.url,
      'GET',
      `/api/v1/market/games?access_token=${READ_TOKEN}&token=${READ_TOKEN}`,
      { token: null, headers: { cookie: `token=${READ_TOKEN}; authorization=Bearer ${READ_TOKEN}` } },
    );
    expectProblem(answer, 401, 'auth/missing-token');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is refused where the read token is held and more is needed', async () => {
    const outcomes = await Promise.all(
      operations.map(async (operation) => {
        const { status, json } = await knock(operation, `Bearer ${READ_TOKEN}`);
        const error = json?.code ?? json?.error?.code ?? json?.error;
        return { id: operation.id, status, error: isWisp(operation) ? wispError(error) : error };
      }),
    );
    const held = ['public', 'market:read', 'agents:read', 'destiny:read', 'tabletop:read', 'jobs:own'];
    const mayRead = (id: string): boolean => held.includes(table.permissions[id] ?? '');
    const refused = outcomes.filter(({ id, status }) => mayRead(id) && (status === 401 || status === 403));
    expect(refused.filter(({ id }) => id !== SHARED_ADDRESS)).toEqual([]);
    const beyond = outcomes.filter(({ id }) => !mayRead(id));
    expect(beyond.length).toBeGreaterThan(0);
    expect(beyond.filter(({ status }) => status !== 403)).toEqual([]);
    expect(beyond.filter(({ error }) => error !== 'auth/forbidden' && error !== 'forbidden')).toEqual([]);
  });

  it('never sees a stack trace, whatever goes wrong', async () => {
    const games = '/api/v1/market/games';
    const answers = [
      ...(await Promise.all(operations.map((operation) => knock(operation, `Bearer ${INGEST_TOKEN}`)))),
      ...(await Promise.all(operations.map((operation) => knock(operation, undefined)))),
      await get(server.url, '/no/such/path'),
      await get(server.url, '/%E0%A4%A'),
      await get(server.url, `${games}/%E0%A4%A/items`),
      await get(server.url, `${games}/dofus/items?limit=zero&cursor=%7B`),
      await get(server.url, `${games}/dofus/items/9007199254740993`),
      await call(server.url, 'DELETE', games),
      await post(server.url, `${games}/dofus/servers/draconiros/observations`, '{"a":'),
      await post(server.url, `${games}/dofus/servers/draconiros/observations`, 'x', {
        headers: { 'content-type': 'application/json; charset=no-such' },
      }),
      await post(server.url, '/compat/dofus/api/ingest', '{"a":'),
    ];
    const wrong = answers.filter(({ status, text }) => status >= 500 || TRACE_OF_CODE.test(text));
    expect(wrong.map(({ status, text }) => ({ status, text }))).toEqual([]);
  });

  it('cannot TRACE', async () => {
    for (const path of ['/', '/health', '/api/v1/market/games']) {
      const { status, body } = await trace(server.url, path);
      expect({ path, status }).toEqual({ path, status: 405 });
      expect(body).not.toContain('secret-of-a-browser');
      expect(JSON.parse(body)).toMatchObject({ status: 405, code: 'http/method-not-allowed' });
    }
  });

  it('gets the same protecting headers with every kind of answer', async () => {
    const answers = {
      json: await get(server.url, '/health'),
      refused: await get(server.url, '/api/v1/market/games', { token: null }),
      missing: await get(server.url, '/no/such/path'),
      page: await get(server.url, '/docs'),
    };
    const names = [
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'content-security-policy',
      'cache-control',
      'access-control-allow-origin',
      'x-powered-by',
      'server',
    ];
    const shown = Object.entries(answers).map(([kind, { headers }]) => [
      kind,
      Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)]] : []))),
    ]);
    const always = {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    };
    const nothingLoads = "default-src 'none'; frame-ancestors 'none'";
    expect(Object.fromEntries(shown)).toEqual({
      json: { ...always, 'content-security-policy': nothingLoads },
      refused: { ...always, 'content-security-policy': nothingLoads, 'cache-control': 'no-store' },
      missing: { ...always, 'content-security-policy': nothingLoads, 'cache-control': 'no-store' },
      page: always,
    });
  });

  it('is allowed by CORS from the listed origin only', async () => {
    const from = async (origin: string) =>
      (await get(server.url, '/health', { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await from('https://tracker.example.org')).toBe('https://tracker.example.org');
    for (const origin of [
      'https://evil.example.org',
      'http://tracker.example.org',
      'https://tracker.example.org.evil.example',
      'null',
      'http://localhost:8000',
    ])
      expect({ origin, allowed: await from(origin) }).toEqual({ origin, allowed: null });
  });

  it('gets back the request id it sent, if that is harmless, else one of ours', async () => {
    const idOf = async (sent: string): Promise<string> =>
      (await get(server.url, '/health/live', { headers: { 'x-request-id': sent } })).headers.get(
        'x-request-id',
      ) ?? '';
    for (const good of ['a', 'trace-01:2.3_4', 'x'.repeat(64)]) expect(await idOf(good)).toBe(good);
    const seen = new Set<string>();
    for (const bad of ['', ' ', 'a b', 'x'.repeat(65), '<script>', '"quoted"', 'é', 'a;b=c', '${jndi}']) {
      const id = await idOf(bad);
      expect({ bad, id }).toEqual({ bad, id: expect.stringMatching(/^[0-9a-f]{12}-[0-9a-z]+$/) });
      seen.add(id);
    }
    expect(seen.size).toBe(9);
    const refused = await get(server.url, '/api/v1/market/games', {
      token: null,
      headers: { 'x-request-id': 'mine-1' },
    });
    expect(refused.json.requestId).toBe('mine-1');
  });
});

/** Running's original, which says so in two shapes. */
const isWisp = ({ path }: Operation): boolean => path.startsWith('/compat/wisp/');
const wispError = (error: unknown): unknown =>
  error === true || error === 'FORBIDDEN' ? 'forbidden' : error;

function isRefusal(
  operation: Operation,
  { status, json, headers, text }: Answer,
  expected: number,
  code: string,
  compatError: string,
): boolean {
  if (status !== expected || TRACE_OF_CODE.test(text)) return false;
  if (isWisp(operation)) return json?.error === true || json?.error?.code === 'UNAUTHORIZED';
  if (isFastApi(operation)) return json?.error === 'auth_required';
  if (isCompat(operation)) return json?.error === compatError;
  return json?.code === code && headers.get('content-type') === 'application/problem+json';
}

/** fetch refuses to send it. */
function trace(base: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(base + path, { method: 'TRACE', headers: { cookie: 'secret-of-a-browser' } });
    sent.once('error', reject).once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.end();
  });
}
