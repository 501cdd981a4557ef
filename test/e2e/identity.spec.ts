import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  fromAnywhere,
  newAddress,
  newPerson,
  PASSWORD,
  type Person,
  signIn,
  signInAnswer,
} from '../support/people.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
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
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  other = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api', TRUST_PROXY: '1' });
  [anna, ben] = [await newPerson(server.url), await newPerson(server.url)];
});

afterAll(async () => {
  await Promise.all([server.stop(), other.stop()]);
  await database.drop();
});

const ACCOUNT = '/api/v1/account';
const account = (token: string, base = server.url): Promise<Answer> => get(base, ACCOUNT, { token });
const auth = (path: string, body: unknown, token: string | null = null): Promise<Answer> =>
  post(server.url, `/api/v1/auth/${path}`, body, { token, headers: fromAnywhere() });
const isRefused = async (token: string, base: string): Promise<boolean> =>
  (await account(token, base)).status === 401;

describe('registering', () => {
  it('makes a member who can sign in, whatever the case of the address', async () => {
    const email = newAddress();
    const answer = await auth('register', {
      email: email.toUpperCase(),
      password: PASSWORD,
      displayName: 'Jörg',
    });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 202, text: '' });
    const { accessToken } = await signIn(server.url, { email, password: PASSWORD });
    const { json, headers } = await account(accessToken);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email,
      displayName: 'Jörg',
      role: 'member',
      emailVerifiedAt: null,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(headers.get('etag')).toBe('"1"');
  });

  it('again changes nothing and says nothing', async () => {
    const again = await auth('register', { email: anna.email, password: 'another fine password' });
    expect({ status: again.status, text: again.text }).toEqual({ status: 202, text: '' });
    expect(
      (await signInAnswer(server.url, { email: anna.email, password: 'another fine password' })).status,
    ).toBe(401);
    expect((await account(anna.accessToken)).status).toBe(200);
  });

  it.each<[string, object, number, string]>([
    ['no address', { email: 'nobody', password: PASSWORD }, 400, 'http/malformed'],
    [
      'an address of another alphabet',
      { email: 'ä@example.org', password: PASSWORD },
      400,
      'identity/invalid-email',
    ],
    [
      'a header in it',
      { email: 'a@example.org\r\nBcc: b@example.org', password: PASSWORD },
      400,
      'http/malformed',
    ],
    ['a short password', { email: newAddress(), password: '1234567' }, 400, 'http/malformed'],
    ['a password of 1025', { email: newAddress(), password: 'xy'.repeat(512) + 'z' }, 400, 'http/malformed'],
    [
      'a common password',
      { email: newAddress(), password: 'Password123' },
      422,
      'identity/password-too-common',
    ],
    ['a role', { email: newAddress(), password: PASSWORD, role: 'administrator' }, 400, 'http/malformed'],
    ['an id', { email: newAddress(), password: PASSWORD, id: randomUUID() }, 400, 'http/malformed'],
    [
      'a prototype',
      JSON.parse(
        '{"email":"a@b.example","password":"12345678x","__proto__":{"role":"administrator"}}',
      ) as object,
      400,
      'http/malformed',
    ],
    ['a list', [], 400, 'http/malformed'],
    ['a password that is none', { email: newAddress(), password: { length: 9 } }, 400, 'http/malformed'],
  ])('with %s is refused', async (_what, body, status, code) => {
    expectProblem(await auth('register', body), status, code);
  });

  it('with a megabyte for a password is refused before anything is hashed', async () => {
    const huge = 'ab'.repeat(500_000);
    expectProblem(await auth('register', { email: newAddress(), password: huge }), 400, 'http/malformed');
    expectProblem(await auth('sign-in', { email: anna.email, password: huge }), 400, 'http/malformed');
    expectProblem(await auth('register', { email: newAddress(), password: huge + huge }), 413);
  });
});

describe('signing in', () => {
  it('gives tokens that no cache keeps', async () => {
    const answer = await signInAnswer(server.url, {
      email: anna.email,
      password: PASSWORD,
      deviceName: 'phone',
    });
    expect(answer.json).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresInS: 600,
      refreshToken: expect.stringMatching(/^ghr_/),
      sessionId: expect.any(String),
      sessionExpiresAt: expect.any(String),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('says the same to a wrong password and to an unknown address', async () => {
    const wrong = await signInAnswer(server.url, { email: anna.email, password: 'wrong password' });
    const unknown = await signInAnswer(server.url, { email: newAddress(), password: PASSWORD });
    const nonsense = await signInAnswer(server.url, { email: 'no address', password: PASSWORD });
    for (const answer of [wrong, unknown, nonsense]) {
      expectProblem(answer, 401, 'identity/invalid-credentials');
      expect({ ...answer.json, requestId: '' }).toEqual({ ...wrong.json, requestId: '' });
    }
  });

  it('goes on by refresh, and back by the parent only', async () => {
    const first = await signIn(server.url, anna);
    const second = (await auth('refresh', { refreshToken: first.refreshToken })).json as Person;
    expect(second.sessionId).toBe(first.sessionId);
    expect((await account(second.accessToken, other.url)).status).toBe(200);
    const repeated = (await auth('refresh', { refreshToken: first.refreshToken })).json as Person;
    expect(repeated.refreshToken).toBe(second.refreshToken);
    await auth('refresh', { refreshToken: second.refreshToken });
    expectProblem(
      await auth('refresh', { refreshToken: first.refreshToken }),
      401,
      'identity/invalid-refresh-token',
    );
    await waitUntil('the copied session is over here', 3_000, () =>
      isRefused(second.accessToken, server.url),
    );
    await waitUntil('and in the other process', 3_000, () => isRefused(second.accessToken, other.url));
  });

  it('twenty refreshes at once, over two processes, are one', async () => {
    const { refreshToken } = await signIn(server.url, anna);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        post(at % 2 ? server.url : other.url, '/api/v1/auth/refresh', { refreshToken }, { token: null }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ json }) => (json as Person).refreshToken)).size).toBe(1);
  });

  it('ends by signing out: here at once, elsewhere within a second, and for refreshing', async () => {
    const session = await signIn(server.url, anna);
    expect((await account(session.accessToken, other.url)).status).toBe(200);
    expect((await auth('sign-out', undefined, session.accessToken)).status).toBe(204);
    expectProblem(await account(session.accessToken), 401, 'auth/invalid-token');
    await waitUntil('the other process refuses it', 1_000, () => isRefused(session.accessToken, other.url));
    expectProblem(await auth('refresh', { refreshToken: session.refreshToken }), 401);
  });

  it('is not for services', async () => {
    for (const path of ['account', 'account/sessions'])
      expectProblem(await get(server.url, `/api/v1/${path}`, { token: INGEST_TOKEN }), 403, 'auth/forbidden');
  });
});

describe('the sessions of an account', () => {
  const list = async (who: { accessToken: string }): Promise<Record<string, unknown>[]> =>
    (
      (await get(server.url, `${ACCOUNT}/sessions`, { token: who.accessToken })).json as {
        items: Record<string, unknown>[];
      }
    ).items;
  const end = (who: { accessToken: string }, id: string): Promise<Answer> =>
    call(server.url, 'DELETE', `${ACCOUNT}/sessions/${id}`, { token: who.accessToken });

  it('are listed with device, times and which one asks, and nothing secret', async () => {
    const person = await newPerson(server.url);
    const second = await signIn(server.url, person);
    const sessions = await list(second);
    expect(sessions.map(({ id, isCurrent }) => ({ id, isCurrent }))).toEqual([
      { id: second.sessionId, isCurrent: true },
      { id: person.sessionId, isCurrent: false },
    ]);
    expect(Object.keys(sessions[0]!).sort()).toEqual(
      [
        'createdAt',
        'deviceName',
        'expiresAt',
        'id',
        'ipPrefix',
        'isCurrent',
        'lastUsedAt',
        'userAgent',
      ].sort(),
    );
    expect(sessions[0]).toMatchObject({
      ipPrefix: expect.stringMatching(/^10\.\d+\.\d+\.0\/24$/),
      userAgent: 'node',
    });
    expect((await end(second, person.sessionId)).status).toBe(204);
    expectProblem(await account(person.accessToken), 401, 'auth/invalid-token');
    expect(await list(second)).toHaveLength(1);
  });

  it('of others are as unknown as sessions that never were', async () => {
    const answers = [await end(ben, anna.sessionId), await end(ben, randomUUID()), await end(ben, 'no-id')];
    for (const answer of answers) {
      expectProblem(answer, 404, 'identity/unknown-session');
      expect(answer.json.detail).toBe(answers[0]!.json.detail);
    }
    expect((await account(anna.accessToken)).status).toBe(200);
  });
});

describe('an account', () => {
  const change = (token: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server.url, 'PATCH', ACCOUNT, { token, body, headers });

  it('is changed by who has seen its newest version', async () => {
    const person = await newPerson(server.url);
    const first = await change(person.accessToken, { displayName: 'One' }, { 'if-match': '"1"' });
    expect(first.json).toMatchObject({ displayName: 'One', version: 2 });
    expect(first.headers.get('etag')).toBe('"2"');
    expectProblem(
      await change(person.accessToken, { displayName: 'Two' }, { 'if-match': '"1"' }),
      412,
      'identity/stale-account',
    );
    expectProblem(
      await change(person.accessToken, { displayName: 'Two' }, { 'if-match': 'W/"2"' }),
      400,
      'identity/invalid-if-match',
    );
    expect((await change(person.accessToken, { displayName: null })).json).toMatchObject({
      displayName: null,
      version: 3,
    });
    const unchanged = await get(server.url, ACCOUNT, {
      token: person.accessToken,
      headers: { 'if-none-match': '"3"' },
    });
    expect(unchanged.status).toBe(304);
  });

  it.each([
    { role: 'administrator' },
    { displayName: 'x', role: 'administrator' },
    { displayName: 'x', email: 'root@example.org' },
    { displayName: 'x', id: randomUUID() },
    { displayName: 'x', tokenVersion: 0 },
    { displayName: 'x', emailVerifiedAt: '2020-01-01T00:00:00Z' },
    { displayName: '' },
    { displayName: 'line\nbreak' },
    { displayName: 'x'.repeat(101) },
    { displayName: 7 },
    {},
  ])('takes nothing but a name: %j', async (body) => {
    const before = await account(anna.accessToken);
    expectProblem(await change(anna.accessToken, body), 400, 'http/malformed');
    expect((await account(anna.accessToken)).json).toEqual(before.json);
  });

  it('changes its password by the present one, and may sign the other devices out', async () => {
    const person = await newPerson(server.url);
    const second = await signIn(server.url, person);
    const password = (body: object): Promise<Answer> =>
      post(server.url, `${ACCOUNT}/password`, body, { token: second.accessToken });
    expectProblem(
      await password({ currentPassword: 'wrong password', newPassword: 'the next password' }),
      422,
      'identity/wrong-password',
    );
    expectProblem(
      await password({ currentPassword: PASSWORD, newPassword: 'password1' }),
      422,
      'identity/password-too-common',
    );
    expect((await password({ currentPassword: PASSWORD, newPassword: 'the next password' })).status).toBe(
      204,
    );
    expect((await account(person.accessToken)).status).toBe(200);
    const end = {
      currentPassword: 'the next password',
      newPassword: 'the last password',
      endOtherSessions: true,
    };
    expect((await password(end)).status).toBe(204);
    expectProblem(await account(person.accessToken), 401);
    expect((await account(second.accessToken)).status).toBe(200);
    expect((await signInAnswer(server.url, { email: person.email, password: PASSWORD })).status).toBe(401);
    await signIn(server.url, { email: person.email, password: 'the last password' });
  });

  it('is deleted by who has proved the password just now, with all that hangs on it', async () => {
    const person = await newPerson(server.url);
    const remove = (token: string): Promise<Answer> => call(server.url, 'DELETE', ACCOUNT, { token });
    await queryRows(
      database.url,
      `UPDATE identity.session SET proved_at = now() - interval '6 minutes' WHERE id = $1`,
      [person.sessionId],
    );
    const stale = (await auth('refresh', { refreshToken: person.refreshToken })).json as Person;
    expectProblem(await remove(stale.accessToken), 403, 'auth/step-up-needed');
    const prove = (password: string): Promise<Answer> =>
      post(server.url, `${ACCOUNT}/step-up`, { password }, { token: stale.accessToken });
    expectProblem(await prove('wrong password'), 422, 'identity/wrong-password');
    const proved = (await prove(PASSWORD)).json as Person;
    expect(proved).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresInS: 600 });
    await account(proved.accessToken, other.url);
    expect((await remove(proved.accessToken)).status).toBe(204);
    for (const token of [proved.accessToken, stale.accessToken])
      expectProblem(await account(token), 401, 'auth/invalid-token');
    await waitUntil('the other process refuses it', 3_000, () => isRefused(proved.accessToken, other.url));
    expectProblem(await auth('refresh', { refreshToken: stale.refreshToken }), 401);
    expect((await signInAnswer(server.url, { email: person.email, password: PASSWORD })).status).toBe(401);
    const sessions = (): Promise<object[]> =>
      queryRows(database.url, 'SELECT FROM identity.session WHERE user_id = $1', [person.id]);
    await waitUntil('its sessions are erased', 20_000, async () => (await sessions()).length === 0);
  });
});

describe('administrators', () => {
  const ADMIN = '/api/v1/admin/accounts';
  const administer = (id: string, body: object, token = ADMIN_TOKEN, headers = {}): Promise<Answer> =>
    call(server.url, 'PATCH', `${ADMIN}/${id}`, { token, body, headers });

  it('list accounts page by page, and members do not', async () => {
    expectProblem(await get(server.url, ADMIN, { token: anna.accessToken }), 403, 'auth/forbidden');
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await get(server.url, `${ADMIN}?limit=2${cursor}`, { token: ADMIN_TOKEN })).json as {
        items: { id: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen).toEqual(expect.arrayContaining([anna.id, ben.id]));
    const one = await get(server.url, `${ADMIN}?email=${anna.email}`, { token: ADMIN_TOKEN });
    expect(one.json.items).toEqual([
      expect.objectContaining({ id: anna.id, role: 'member', lockedAt: null }),
    ]);
    expect(one.text).not.toMatch(/argon2|hash/i);
    expect((await get(server.url, `${ADMIN}?email=nobody`, { token: ADMIN_TOKEN })).json.items).toEqual([]);
  });

  it('give a role, which soon holds everywhere, and never leave the house without one of them', async () => {
    const person = await newPerson(server.url);
    expect((await get(server.url, ADMIN, { token: person.accessToken })).status).toBe(403);
    const changed = await administer(person.id, { role: 'administrator' }, ADMIN_TOKEN, {
      'if-match': '"1"',
    });
    expect(changed.json).toMatchObject({ role: 'administrator', version: 2 });
    expectProblem(await administer(person.id, { role: 'member' }, ADMIN_TOKEN, { 'if-match': '"1"' }), 412);
    await waitUntil('the old token is refused', 3_000, () => isRefused(person.accessToken, other.url));
    const fresh = (await auth('refresh', { refreshToken: person.refreshToken })).json as Person;
    expect((await get(server.url, ADMIN, { token: fresh.accessToken })).status).toBe(200);
    expectProblem(await administer(person.id, { role: 'member' }), 409, 'identity/last-administrator');
    expectProblem(await administer(person.id, { isLocked: true }), 409, 'identity/last-administrator');
    const otherSpelling = person.id.toUpperCase();
    expectProblem(await administer(otherSpelling, { role: 'member' }), 404, 'identity/unknown-account');
    expectProblem(
      await call(server.url, 'DELETE', ACCOUNT, { token: fresh.accessToken }),
      409,
      'identity/last-administrator',
    );
    await administer(ben.id, { role: 'administrator' });
    expect((await administer(person.id, { role: 'member' })).json).toMatchObject({ role: 'member' });
  });

  it('lock an account, which is signed out everywhere and stays out', async () => {
    const person = await newPerson(server.url);
    expect((await administer(person.id, { isLocked: true })).json.lockedAt).toEqual(expect.any(String));
    expectProblem(await account(person.accessToken), 401);
    expectProblem(await auth('refresh', { refreshToken: person.refreshToken }), 401);
    expectProblem(
      await signInAnswer(server.url, { email: person.email, password: PASSWORD }),
      403,
      'identity/account-locked',
    );
    expectProblem(
      await signInAnswer(server.url, { email: person.email, password: 'wrong password' }),
      401,
      'identity/invalid-credentials',
    );
    expect((await administer(person.id, { isLocked: false })).json.lockedAt).toBeNull();
    await signIn(server.url, person);
  });

  it('are refused what makes no sense', async () => {
    expectProblem(await administer(randomUUID(), { role: 'member' }), 404, 'identity/unknown-account');
    expectProblem(await administer('no-id', { role: 'member' }), 404, 'identity/unknown-account');
    for (const body of [{ role: 'owner' }, { isLocked: 'yes' }, { email: 'a@b.example' }, { role: null }])
      expectProblem(await administer(anna.id, body), 400, 'http/malformed');
    expectProblem(await administer(anna.id, { role: 'administrator' }, anna.accessToken), 403);
  });
});

describe('a WebSocket ticket', () => {
  it('is handed out to accounts, stored as a digest, and ends soon', async () => {
    const { json, headers } = await auth('ws-ticket', undefined, anna.accessToken);
    expect(json).toEqual({ ticket: expect.stringMatching(/^[\w-]{43}$/), expiresInS: 30 });
    expect(headers.get('cache-control')).toBe('no-store');
    const rows = await queryRows<{ all: string; lifeS: number }>(
      database.url,
      `SELECT t::text AS all, extract(epoch FROM expires_at - created_at)::float8 AS "lifeS"
       FROM identity.one_time_token t WHERE user_id = $1`,
      [anna.id],
    );
    expect(rows).toEqual([
      { all: expect.not.stringContaining((json as { ticket: string }).ticket), lifeS: 30 },
    ]);
    expectProblem(await auth('ws-ticket', undefined, INGEST_TOKEN), 403);
  });
});

describe('corrections of prices', () => {
  it('are for curators: a member sends prices and does not change what others sent', async () => {
    const path = '/api/v1/market/games/dofus/servers/draconiros/observations';
    const sent = await post(
      server.url,
      path,
      [{ externalId: 44, unitPrice: 5, capturedAt: new Date().toISOString() }],
      { token: anna.accessToken },
    );
    expect(sent.status).toBe(201);
    const id = (sent.json as { results: { observationId: number }[] }).results[0]!.observationId;
    for (const method of ['PATCH', 'DELETE'])
      expectProblem(
        await call(server.url, method, `${path}/${id}`, { token: anna.accessToken, body: { lots: 2 } }),
        403,
        'auth/forbidden',
      );
    expect((await call(server.url, 'PATCH', `${path}/${id}`, { body: { lots: 2 } })).status).toBe(200);
  });
});
