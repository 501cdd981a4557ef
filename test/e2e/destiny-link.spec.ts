import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { agreeAtProvider, type BrowserWalk, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const API_KEY = 'sandbox-key-0123456789';
const CLIENT = { id: '43210', secret: 'sandbox-secret-0123456789', redirectUris: [] };
const CONNECTION = '/api/v1/connections/bungie';
const LINK = '/api/v1/destiny/link';
const MEMBERSHIPS = '/api/v1/destiny/memberships';

let database: TestDatabase;
let sandbox: BungieSandbox;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openBungieSandbox({ clients: [CLIENT], apiKey: API_KEY });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    BUNGIE_API_KEY: API_KEY,
    BUNGIE_CLIENT_ID: CLIENT.id,
    BUNGIE_CLIENT_SECRET: CLIENT.secret,
    BUNGIE_URL: sandbox.url,
  });
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

/** The player's way to Bungie's page, not yet back. */
async function agree(who: Person, player: string): Promise<BrowserWalk> {
  const begun = await post(server.url, `${CONNECTION}/authorize`, {}, { token: who.accessToken });
  const { url } = begun.json as { url: string };
  // Bungie refuses a scope, and knows of no challenges.
  const query = new URL(url).searchParams;
  expect([...query.keys()].sort()).toEqual(['client_id', 'redirect_uri', 'response_type', 'state']);
  return agreeAtProvider(server.url, url, player);
}

const finish = (who: Person, end: Answer): Promise<Answer> =>
  post(server.url, `${CONNECTION}/complete`, { code: codeAtTheEnd(end) }, { token: who.accessToken });

async function connect(who: Person, player: string): Promise<void> {
  const answer = await finish(who, await (await agree(who, player)).open());
  if (answer.status !== 204) throw new Error(`Connecting failed: ${answer.text}`);
}

const look = (who: Person, path = LINK): Promise<Answer> => get(server.url, path, { token: who.accessToken });

describe('a link to Bungie.net', () => {
  it('is made once, shown with its memberships, changed, and ended', async () => {
    const person = await newPerson(server.url);
    expect(await look(person)).toMatchObject({
      status: 200,
      json: { state: 'not-connected', canConnect: true, memberships: [] },
    });
    await connect(person, 'linus');
    const { json } = await look(person);
    expect(json).toMatchObject({
      state: 'connected',
      bungieId: sandbox.player('linus').bungieMembershipId,
      readAt: expect.any(String),
      memberships: [{ isActive: true }, { isActive: false }],
    });
    const { items } = (await look(person, MEMBERSHIPS)).json as { items: { id: string; platform: string }[] };
    expect(items.map(({ platform }) => platform).sort()).toEqual(['epic', 'playstation']);
    const chosen = await call(server.url, 'PUT', `${MEMBERSHIPS}/active`, {
      token: person.accessToken,
      body: { id: items[1]!.id },
    });
    expect(chosen).toMatchObject({ status: 200, json: { id: items[1]!.id, isActive: true } });
    const again = await post(server.url, `${LINK}/refresh`, undefined, { token: person.accessToken });
    expect(again).toMatchObject({ status: 429, json: { code: 'destiny/asked-just-now' } });
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(30);
    expect((await call(server.url, 'DELETE', LINK, { token: person.accessToken })).status).toBe(204);
    expect((await look(person)).json).toMatchObject({ state: 'not-connected', memberships: [] });
    expect((await look(person, '/api/v1/connections')).json).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ provider: 'bungie', state: 'none' })]),
    });
  });

  it('that is made again makes what lapsed with it due at once', async () => {
    const person = await newPerson(server.url);
    await connect(person, 'grace');
    const [active] = ((await look(person)).json as { memberships: { id: string }[] }).memberships;
    const due = `INSERT INTO destiny.profile AS p (membership_id, user_id, due_at)
      SELECT id, user_id, now() + interval '60 days' FROM destiny.membership WHERE id = '${active!.id}'
      ON CONFLICT (membership_id) DO UPDATE SET due_at = excluded.due_at RETURNING 1`;
    expect(await queryRows(database.url, due)).toHaveLength(1);
    await connect(person, 'grace');
    // Due, or read by now and due again at its usual time.
    const days = `SELECT extract(epoch FROM due_at - now())::float8 / 86400 AS left FROM destiny.profile
      WHERE membership_id = '${active!.id}'`;
    expect((await queryRows<{ left: number }>(database.url, days))[0]!.left).toBeLessThan(2);
  });

  it('takes no id of a stranger’s membership, and none that is no id', async () => {
    const [ada, eve] = [await newPerson(server.url), await newPerson(server.url)];
    await connect(ada, 'ada');
    const { memberships } = (await look(ada)).json as { memberships: { id: string }[] };
    const choose = (id: string): Promise<Answer> =>
      call(server.url, 'PUT', `${MEMBERSHIPS}/active`, { token: eve.accessToken, body: { id } });
    expect(await choose(memberships[0]!.id)).toMatchObject({
      status: 404,
      json: { code: 'destiny/unknown-membership' },
    });
    expect((await choose('7')).status).toBe(400);
    expect((await look(eve)).json).toMatchObject({ memberships: [] });
  });

  // Faults of the original (section 1.8 of its description), as the tests that would have found them.

  it('fault 2: a state that nobody checks, an account that the client names', async () => {
    const [ada, eve] = [await newPerson(server.url), await newPerson(server.url)];
    const walk = await agree(eve, 'grace');
    const forged = walk.callback.replace(/state=[\w-]+/, `state=${'x'.repeat(43)}`);
    for (const path of [forged, walk.callback.replace(/state=[\w-]+&?/, '')])
      expect(await get(server.url, path, { token: null })).toMatchObject({
        status: 400,
        json: { code: 'identity/invalid-state' },
      });
    const end = await walk.open();
    expect(await walk.open()).toMatchObject({ status: 400, json: { code: 'identity/invalid-state' } });
    // What Eve was given counts for Eve alone, whoever brings it and whatever they say.
    expect(
      await post(
        server.url,
        `${CONNECTION}/complete`,
        { code: codeAtTheEnd(end), userId: eve.id },
        { token: ada.accessToken },
      ),
    ).toMatchObject({ status: 400 });
    expect(await finish(ada, end)).toMatchObject({ status: 422, json: { code: 'identity/invalid-code' } });
    expect((await look(ada)).json).toMatchObject({ state: 'not-connected' });
    expect((await finish(eve, end)).status).toBe(204);
    expect((await look(eve)).json).toMatchObject({
      state: 'connected',
      bungieId: sandbox.player('grace').bungieMembershipId,
    });
  });

  it('fault 3: tokens and keys in the log, and somebody else’s words in answers', async () => {
    const person = await newPerson(server.url);
    await connect(person, 'ada');
    await look(person);
    for (const kind of ['cut-json', 'html', 'wrong-json'] as const) {
      await queryRows(
        database.url,
        "UPDATE destiny.bungie_link SET asked_at = now() - interval '1 hour'",
        [],
      );
      sandbox.faults.next({ kind, path: 'GetMemberships' });
      const answer = await post(server.url, `${LINK}/refresh`, undefined, { token: person.accessToken });
      expect(answer).toMatchObject({ status: 503, json: { code: 'destiny/bungie-fault' } });
      expect(answer.text).not.toMatch(/sandbox|Response|html/i);
    }
    expect(server.output()).not.toMatch(/sandbox-(?:access|refresh|code|key|secret)/);
  });

  it('fault 4: an expired token that is good for new ones for ever', async () => {
    const { accessToken } = await newPerson(server.url);
    const answer = await post(
      server.url,
      '/api/v1/auth/refresh',
      { refreshToken: accessToken },
      { token: null },
    );
    expect(answer.status).toBe(400); // it has not even the shape of what renews
    const [header, payload] = accessToken.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { exp: number };
    expect(claims.exp * 1_000 - Date.now()).toBeLessThanOrEqual(3_600_000);
    const later = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 9e6 })).toString('base64url');
    for (const token of [`${header}.${later}.${accessToken.split('.')[2]}`, `${header}.${payload}.`])
      expect((await get(server.url, LINK, { token })).status).toBe(401);
  });
});
