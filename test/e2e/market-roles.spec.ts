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
let other: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  other = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
});

afterAll(async () => {
  await Promise.all([server.stop(), other.stop()]);
  await database.drop();
});

const ROLES = '/api/v1/admin/market/roles';
const admin = (method: string, path: string, body?: object): Promise<Answer> =>
  call(server.url, method, `${ROLES}${path}`, { token: ADMIN_TOKEN, ...(body && { body }) });
const give = (id: string): Promise<Answer> => admin('PUT', `/${id}`, { role: 'curator' });
const take = (id: string): Promise<Answer> => admin('DELETE', `/${id}`);

async function refreshed(person: Person): Promise<Person> {
  const { json } = await post(
    server.url,
    '/api/v1/auth/refresh',
    { refreshToken: person.refreshToken },
    { token: null },
  );
  return { ...person, ...(json as Person) };
}

/** Whether a correction is let through the door: what it names does not exist. */
const curates = async (token: string, base = server.url): Promise<number> =>
  (await call(base, 'PATCH', `${OBSERVATIONS_PATH}/999999999`, { token, body: { unitPrice: 3 } })).status;

describe('a role in a domain', () => {
  it('adds its permissions to tokens and keys, and takes them away again within a second', async () => {
    let anna = await newPerson(server.url);
    expect(await curates(anna.accessToken)).toBe(403);
    const given = await give(anna.id);
    expect({ status: given.status, json: given.json }).toEqual({
      status: 200,
      json: { accountId: anna.id, role: 'curator', givenAt: expect.any(String) },
    });
    expect(await curates(anna.accessToken)).toBe(401); // void: what it says is no longer so
    anna = await refreshed(anna);
    expect(await curates(anna.accessToken)).toBe(404);
    expect(await curates(anna.accessToken, other.url)).toBe(404);
    const key = await post(
      server.url,
      '/api/v1/account/keys',
      { name: 'corrections', scopes: ['market:curate', 'market:read'] },
      { token: anna.accessToken },
    );
    const { key: token } = key.json as { key: string };
    for (const base of [server.url, other.url]) expect(await curates(token, base)).toBe(404);

    expect((await take(anna.id)).status).toBe(204);
    expect(await curates(anna.accessToken)).toBe(401);
    expect(await curates(token)).toBe(403);
    await waitUntil(
      'the other process knows',
      1_000,
      async () =>
        (await curates(anna.accessToken, other.url)) === 401 && (await curates(token, other.url)) === 403,
    );
    anna = await refreshed(anna);
    expect(await curates(anna.accessToken)).toBe(403);
    expect((await get(server.url, '/api/v1/market/games', { token })).status).toBe(200);
  });

  it('given twice changes nothing the second time', async () => {
    let anna = await newPerson(server.url);
    const first = await give(anna.id);
    anna = await refreshed(anna);
    expect((await give(anna.id)).json).toEqual(first.json);
    expect(await curates(anna.accessToken)).toBe(404);
  });

  it('goes with the account', async () => {
    let anna = await newPerson(server.url);
    await give(anna.id);
    anna = await refreshed(anna);
    await call(server.url, 'DELETE', '/api/v1/account', { token: anna.accessToken });
    await waitUntil(
      'it is erased',
      20_000,
      async () => (await take(anna.id)).json?.code === 'market/unknown-member',
    );
    expect(JSON.stringify((await admin('GET', '')).json)).not.toContain(anna.id);
  });

  it('is listed page by page', async () => {
    const people = [await newPerson(server.url), await newPerson(server.url)];
    for (const { id } of people) await give(id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await admin('GET', `?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(json.items).toHaveLength(1);
      seen.push(json.items[0].accountId as string);
      cursor = json.nextCursor as string;
    } while (cursor);
    expect(seen).toEqual([...seen].sort().reverse());
    for (const { id } of people) expect(seen).toContain(id);
    expectProblem(await admin('GET', '?cursor=x'), 400);
    expectProblem(await admin('GET', `?cursor=${Buffer.from('["x"]').toString('base64url')}`), 400);
    expectProblem(await admin('GET', '?limit=0'), 400);
  });

  it('is for accounts that exist and roles that exist', async () => {
    const anna = await newPerson(server.url);
    expectProblem(await give(randomUUID()), 404, 'market/unknown-member');
    expectProblem(await give('x'), 404, 'market/unknown-member');
    expectProblem(await take(anna.id), 404, 'market/no-member-role');
    expectProblem(await admin('PUT', `/${anna.id}`, { role: 'administrator' }), 400, 'http/malformed');
    expectProblem(await admin('PUT', `/${anna.id}`, {}), 400, 'http/malformed');
  });

  it('is given by administrators only', async () => {
    const anna = await newPerson(server.url);
    const body = { role: 'curator' };
    for (const [token, status] of [
      [anna.accessToken, 403],
      [null, 401],
    ] as const) {
      expectProblem(await call(server.url, 'PUT', `${ROLES}/${anna.id}`, { token, body }), status);
      expectProblem(await call(server.url, 'DELETE', `${ROLES}/${anna.id}`, { token }), status);
      expectProblem(await get(server.url, ROLES, { token }), status);
    }
  });

  it('is given by no key of an administrator, and by no token whose proof is old', async () => {
    let [boss, anna] = [await newPerson(server.url), await newPerson(server.url)];
    const promoted = { token: ADMIN_TOKEN, body: { role: 'administrator' } };
    await call(server.url, 'PATCH', `/api/v1/admin/accounts/${boss.id}`, promoted);
    boss = await refreshed(boss);
    const { key } = (
      await post(
        server.url,
        '/api/v1/account/keys',
        { name: 'webhooks', scopes: ['admin:write'] },
        { token: boss.accessToken },
      )
    ).json as { key: string };
    const give = (token: string): Promise<Answer> =>
      call(server.url, 'PUT', `${ROLES}/${anna.id}`, { token, body: { role: 'curator' } });
    expectProblem(await give(key), 403, 'identity/account-needed');
    expect((await give(boss.accessToken)).status).toBe(200);
    await queryRows(database.url, "UPDATE identity.session SET proved_at = now() - interval '6 min'");
    boss = await refreshed(boss);
    anna = await newPerson(server.url);
    expectProblem(await give(boss.accessToken), 403, 'auth/step-up-needed');
  });
});
