import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

let database: TestDatabase;
let server: ServerProcess;
/** A second process on the same database. */
let other: ServerProcess;
let anna: Person;
let ben: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' };
  server = await startServerProcess({ ...env, DEBUG: 'true', LOG_LEVEL: 'debug' });
  other = await startServerProcess({ ...env, GUILDHALL_ROLE: 'api' });
  [anna, ben] = [await newPerson(server.url), await newPerson(server.url)];
});

afterAll(async () => {
  await Promise.all([server.stop(), other.stop()]);
  await database.drop();
});

interface Key {
  id: string;
  key: string;
  prefix: string;
}

const ACCOUNT = '/api/v1/account';
const KEYS = `${ACCOUNT}/keys`;
const GAMES = '/api/v1/market/games';
const made: Key[] = [];
const create = (person: Person, body: object = {}): Promise<Answer> =>
  post(
    server.url,
    KEYS,
    { name: 'collector', scopes: ['market:read'], ...body },
    { token: person.accessToken },
  );
async function newKey(person: Person, body: object = {}): Promise<Key> {
  const answer = await create(person, body);
  if (answer.status !== 201) throw new Error(`No key: ${answer.text}`);
  made.push(answer.json as Key);
  return answer.json as Key;
}
const remove = (person: Person, id: string): Promise<Answer> =>
  call(server.url, 'DELETE', `${KEYS}/${id}`, { token: person.accessToken });
const games = (token: string, base = server.url): Promise<Answer> => get(base, GAMES, { token });
const isRefused = async (token: string, base = server.url): Promise<boolean> =>
  (await games(token, base)).status === 401;
const administer = (id: string, body: object): Promise<Answer> =>
  call(server.url, 'PATCH', `/api/v1/admin/accounts/${id}`, { token: ADMIN_TOKEN, body });
const aPrice = (): object => ({
  externalId: 970_000_001,
  unitPrice: 5,
  capturedAt: new Date().toISOString(),
});

describe('a key', () => {
  it('is shown once, and works within its scopes', async () => {
    const answer = await create(anna, { scopes: ['market:read', 'market:ingest'], expiresAt: null });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { key, id, prefix } = answer.json as Key;
    made.push(answer.json as Key);
    const shown = {
      id,
      name: 'collector',
      prefix,
      scopes: ['market:read', 'market:ingest'],
      expiresAt: null,
      lastUsedAt: null,
      createdAt: expect.any(String),
    };
    expect(answer.json).toEqual({ ...shown, key: expect.stringMatching(/^gh_[0-9a-z]{12}_[\w-]{43}$/) });
    expect((await get(server.url, KEYS, { token: anna.accessToken })).json).toEqual({ items: [shown] });
    expect((await games(key)).status).toBe(200);
    expect((await post(server.url, OBSERVATIONS_PATH, [aPrice()], { token: key })).status).toBe(201);
    expectProblem(await get(server.url, ACCOUNT, { token: key }), 403, 'auth/forbidden');
    const reader = await newKey(anna);
    expectProblem(
      await post(server.url, OBSERVATIONS_PATH, [aPrice()], { token: reader.key }),
      403,
      'auth/forbidden',
    );
  });

  it('opens a compat mount as well', async () => {
    const { key } = await newKey(anna, { scopes: ['market:read', 'market:ingest'] });
    const path = '/compat/dofus/api/market_v2?action=servers';
    const { status } = await get(server.url, path, { token: key });
    expect([200, 400]).toContain(status); // behind the door
    expect((await get(server.url, path, { token: null })).status).toBe(401);
    expect((await get(server.url, path, { token: `${key.slice(0, -1)}_` })).status).toBe(403);
    const sent = await post(
      server.url,
      '/compat/dofus/api/ingest',
      {
        item_name: 'Bois de Frêne',
        ankama_id: 303,
        server: 'Hell Mina',
        price_unit_avg: 12,
        captured_at: new Date().toISOString(),
        nb_lots: 1,
        source_client: 'spec',
        client_version: '1',
      },
      { token: key },
    );
    expect(sent.status).toBeLessThan(300);
  });

  it('is refused when one character is another, and when it is invented', async () => {
    const { key, prefix } = await newKey(anna);
    const last = key.endsWith('A') ? 'B' : 'A';
    for (const wrong of [`${key.slice(0, -1)}${last}`, `${prefix}_${'A'.repeat(43)}`, `${key}x`, prefix])
      expectProblem(await games(wrong), 401, 'auth/invalid-token');
    expect((await games(key)).status).toBe(200);
  });

  it('has no session: it neither proves anything nor makes, deletes or ends anything that needs one', async () => {
    const { key, id } = await newKey(anna, { scopes: ['account:own'] });
    expect((await get(server.url, ACCOUNT, { token: key })).status).toBe(200);
    const refused: [string, string, unknown?][] = [
      ['POST', '/api/v1/auth/sign-out'],
      ['POST', '/api/v1/auth/ws-ticket'],
      ['POST', `${ACCOUNT}/step-up`, { password: anna.password }],
      ['POST', KEYS, { name: 'child', scopes: ['account:own'] }],
      ['DELETE', `${KEYS}/${id}`],
      ['POST', `${ACCOUNT}/totp`],
      ['POST', `${ACCOUNT}/totp/confirm`, { code: '123456' }],
      ['DELETE', `${ACCOUNT}/totp`],
      ['POST', `${ACCOUNT}/recovery-codes`],
    ];
    for (const [method, path, body] of refused) {
      const answer = await call(server.url, method, path, {
        token: key,
        ...(body === undefined ? {} : { body }),
      });
      expect({ path, status: answer.status, code: answer.json?.code }).toEqual({
        path,
        status: 403,
        code: 'identity/account-needed',
      });
    }
    expectProblem(await call(server.url, 'DELETE', ACCOUNT, { token: key }), 403, 'auth/step-up-needed');
  });

  it('ends by its time', async () => {
    const { key } = await newKey(anna, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect((await games(key)).status).toBe(200);
    await waitUntil('it has ended, also for who remembers it', 3_000, () => isRefused(key));
  });

  it('ends everywhere when it is deleted', async () => {
    const { key, id } = await newKey(anna);
    const survivor = await newKey(anna);
    for (const base of [server.url, other.url]) expect((await games(key, base)).status).toBe(200);
    expect((await remove(anna, id)).status).toBe(204);
    expectProblem(await games(key), 401, 'auth/invalid-token');
    await waitUntil('the other process refuses it', 3_000, () => isRefused(key, other.url));
    expect((await games(survivor.key, other.url)).status).toBe(200);
    expectProblem(await remove(anna, id), 404, 'identity/unknown-key');
  });

  it('narrows with its account', async () => {
    // Two, since the last one cannot be demoted.
    for (const { id } of [ben, await newPerson(server.url)]) await administer(id, { role: 'administrator' });
    const administrator = { ...ben, ...(await refreshed(ben)) };
    ben = administrator;
    const { key } = await newKey(administrator, { scopes: ['admin:read', 'market:read'] });
    const list = (base: string): Promise<Answer> => get(base, '/api/v1/admin/accounts', { token: key });
    for (const base of [server.url, other.url]) expect((await list(base)).status).toBe(200);
    expect((await administer(ben.id, { role: 'member' })).status).toBe(200);
    expectProblem(await list(server.url), 403, 'auth/forbidden');
    await waitUntil('the other process knows', 3_000, async () => (await list(other.url)).status === 403);
    expect((await games(key)).status).toBe(200);
    ben = { ...ben, ...(await refreshed(ben)) };
  });

  it('ends with a lock for good, and with the account', async () => {
    const person = await newPerson(server.url);
    const { key } = await newKey(person);
    expect((await games(key, other.url)).status).toBe(200);
    await administer(person.id, { isLocked: true });
    expectProblem(await games(key), 401, 'auth/invalid-token');
    await waitUntil('the other process refuses it', 3_000, () => isRefused(key, other.url));
    await administer(person.id, { isLocked: false });
    expectProblem(await games(key), 401, 'auth/invalid-token');
    const leaving = await newPerson(server.url);
    const last = await newKey(leaving);
    expect((await games(last.key, other.url)).status).toBe(200);
    expect((await call(server.url, 'DELETE', ACCOUNT, { token: leaving.accessToken })).status).toBe(204);
    expectProblem(await games(last.key), 401, 'auth/invalid-token');
    await waitUntil('the other process refuses it', 3_000, () => isRefused(last.key, other.url));
  });
});

async function refreshed(person: Person): Promise<Person> {
  const { json } = await post(
    server.url,
    '/api/v1/auth/refresh',
    { refreshToken: person.refreshToken },
    { token: null },
  );
  return json as Person;
}

describe('making a key', () => {
  it('takes a fresh proof', async () => {
    const person = await newPerson(server.url);
    await queryRows(
      database.url,
      `UPDATE identity.session SET proved_at = now() - interval '6 minutes' WHERE id = $1`,
      [person.sessionId],
    );
    expectProblem(await create({ ...person, ...(await refreshed(person)) }), 403, 'auth/step-up-needed');
  });

  it.each<[string, object, number, string]>([
    [
      'more than the account may do',
      { scopes: ['market:read', 'admin:read'] },
      422,
      'identity/scopes-not-held',
    ],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 422, 'identity/key-expired'],
    ['an end that is no time', { expiresAt: 'tomorrow' }, 400, 'http/malformed'],
    ['no scopes', { scopes: [] }, 400, 'http/malformed'],
    ['a scope twice', { scopes: ['market:read', 'market:read'] }, 400, 'http/malformed'],
    ['an unknown scope', { scopes: ['market:*'] }, 400, 'http/malformed'],
    ['no name', { name: '' }, 400, 'http/malformed'],
    ['a line end in its name', { name: 'a\r\nb' }, 400, 'http/malformed'],
    ['what it may not say', { userId: randomUUID() }, 400, 'http/malformed'],
  ])('refuses %s', async (_what, body, status, code) => {
    expectProblem(await create(anna, body), status, code);
  });

  it('is refused to strangers', async () => {
    expectProblem(await post(server.url, KEYS, {}, { token: null }), 401, 'auth/missing-token');
    expectProblem(await get(server.url, KEYS, { token: null }), 401, 'auth/missing-token');
  });

  it('is done fifty times at most, also all at once', async () => {
    const person = await newPerson(server.url);
    const answers = await Promise.all(Array.from({ length: 55 }, () => create(person)));
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect({ made: count(201), refused: count(409) }).toEqual({ made: 50, refused: 5 });
  });
});

describe('keys of others', () => {
  it('are neither seen nor deleted, and not told from ids that nobody has', async () => {
    const { id, key } = await newKey(anna);
    const bodyOf = ({ json }: Answer): object => ({ ...json, requestId: '', instance: '' });
    const theirs = await remove(ben, id);
    expectProblem(theirs, 404, 'identity/unknown-key');
    expect(bodyOf(theirs)).toEqual(bodyOf(await remove(ben, randomUUID())));
    expect(bodyOf(theirs)).toEqual(bodyOf(await remove(ben, 'x')));
    const { json } = await get(server.url, KEYS, { token: ben.accessToken });
    expect(JSON.stringify(json)).not.toContain(id);
    expect((await games(key)).status).toBe(200);
  });
});

describe('what is left of keys', () => {
  it('is their last use, their prefix in the figures, and no key anywhere', async () => {
    const { key, id, prefix } = await newKey(anna);
    expect((await games(key, other.url)).status).toBe(200);
    await other.stop();
    const [row] = await queryRows<{ lastUsedAt: Date | null }>(
      database.url,
      'SELECT last_used_at AS "lastUsedAt" FROM identity.api_key WHERE id = $1',
      [id],
    );
    expect(Date.now() - row!.lastUsedAt!.getTime()).toBeLessThan(60_000);
    await waitUntil('its use is in the figures', 10_000, async () => {
      const { json } = await get(server.url, '/api/v1/admin/profiling/usage?by=key', { token: ADMIN_TOKEN });
      return JSON.stringify(json).includes(prefix);
    });
    const rows = await queryRows<{ row: string }>(
      database.url,
      `SELECT k::text AS row FROM identity.api_key k UNION ALL SELECT d::text FROM platform.audit_detail d
       UNION ALL SELECT p::text FROM platform.api_performance_logs p`,
    );
    const seen = rows.map((one) => one.row).join('\n') + server.output() + other.output();
    expect(made.length).toBeGreaterThan(8);
    for (const one of made) {
      const secret = one.key.slice(one.prefix.length + 1);
      expect(seen).toContain(one.prefix);
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(Buffer.from(one.key).toString('hex'));
    }
  });
});
