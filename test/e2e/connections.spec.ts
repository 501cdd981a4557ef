import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import { type OauthSandbox, openOauthSandbox } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { agreeAtProvider, type BrowserWalk, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const RETURN_TO = 'guildhall-app://connected';
const PATH = '/api/v1/connections/sandbox';

let database: TestDatabase;
let sandbox: OauthSandbox;
let server: ServerProcess;
let person: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openOauthSandbox({
    clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }],
    isPkceRequired: true,
  });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    SANDBOX_OAUTH_URL: sandbox.url,
    APP_RETURN_URLS: RETURN_TO,
  });
  person = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

const begin = (who: Person, body: object = {}): Promise<Answer> =>
  post(server.url, `${PATH}/authorize`, body, { token: who.accessToken });

async function agree(
  who: Person,
  also: Record<string, string> = {},
  body: object = {},
): Promise<BrowserWalk> {
  const { json } = await begin(who, body);
  return agreeAtProvider(server.url, (json as { url: string }).url, 'grace', also);
}

/** What the app does with the code that it gets in the end. */
const finish = async (who: Person, end: Answer): Promise<Answer> =>
  post(server.url, `${PATH}/complete`, { code: codeAtTheEnd(end) }, { token: who.accessToken });

async function connect(who: Person): Promise<void> {
  const answer = await finish(who, await (await agree(who)).open());
  if (answer.status !== 204) throw new Error(`Connecting failed: ${answer.text}`);
}

async function statusOf(who: Person): Promise<unknown> {
  const { json } = await get(server.url, '/api/v1/connections', { token: who.accessToken });
  return (json.items as { provider: string }[]).find(({ provider }) => provider === 'sandbox');
}

/** The database as somebody's own scope shows it; the owner's eyes do not see these rows. */
function ownUrl(who: Person): string {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c app.user_id=${who.id}`);
  return url.href;
}

const rows = (who: Person): Promise<Record<string, unknown>[]> =>
  queryRows(ownUrl(who), 'SELECT c.*, c::text AS "all" FROM identity.connection c WHERE user_id = $1', [
    who.id,
  ]);

const refusal = { status: 400, json: { code: 'identity/invalid-state' } };

describe('a connection', () => {
  it('is made, shown as it was granted, and ended here and at the provider', async () => {
    expect(await statusOf(person)).toMatchObject({ state: 'none', scopes: [] });
    const { json, headers } = await begin(person);
    const url = new URL((json as { url: string }).url);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    const walk = await agreeAtProvider(server.url, url.href, 'grace', { sandbox_scope: 'openid read' });
    const page = await walk.open();
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Done.') });
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await statusOf(person)).toMatchObject({ state: 'none' });
    expect((await finish(person, page)).status).toBe(204);
    expect(await statusOf(person)).toMatchObject({
      state: 'connected',
      scopes: ['openid', 'read'],
      subject: 'grace',
    });
    const [kept] = await rows(person);
    expect(kept).toMatchObject({ sealed_access_token: expect.any(Buffer), lease_id: null });
    for (const name of ['sealed_access_token', 'sealed_refresh_token'])
      expect((kept![name] as Buffer).toString('latin1')).not.toContain('sandbox');
    expect(kept!['all']).not.toMatch(/sandbox-/);
    await queryRows(database.url, "UPDATE identity.session SET proved_at = now() - interval '1 hour'");
    expect((await call(server.url, 'DELETE', PATH, { token: person.accessToken })).status).toBe(204);
    expect(await statusOf(person)).toMatchObject({ state: 'none' });
    await waitUntil('the provider was told', 15_000, () =>
      Promise.resolve(sandbox.calls.some(({ route, status }) => route === 'revoke' && status === 200)),
    );
    await waitUntil('nothing is left', 5_000, async () => {
      const left = await queryRows(database.url, 'SELECT 1 FROM identity.parting_token');
      return left.length === 0;
    });
    expect(sandbox.revokeAllOf('grace')).toBe(0);
    expect((await call(server.url, 'DELETE', PATH, { token: person.accessToken })).status).toBe(404);
  });

  it('leads back to the app, and to no other address', async () => {
    const walk = await agree(person, {}, { returnTo: RETURN_TO });
    const answer = await walk.open();
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${RETURN_TO}?provider=sandbox&code=${codeAtTheEnd(answer)}`);
    for (const returnTo of ['https://evil.example', `${RETURN_TO}.evil`, `${RETURN_TO}?x=1`])
      expect(await begin(person, { returnTo })).toMatchObject({
        status: 400,
        json: { code: 'identity/invalid-return-url' },
      });
  });

  it('needs a fresh proof to be ended', async () => {
    const other = await newPerson(server.url);
    await connect(other);
    const stale = await staleToken(other);
    expect(await call(server.url, 'DELETE', PATH, { token: stale })).toMatchObject({
      status: 403,
      json: { code: 'auth/step-up-needed' },
    });
    expect(await rows(other)).toHaveLength(1);
  });

  it('comes back once: a replay, two at once, another provider, a wrong or old state change nothing', async () => {
    const other = await newPerson(server.url);
    const walk = await agree(other);
    const answers = await Promise.all([walk.open(), walk.open(), walk.open()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await walk.open()).toMatchObject(refusal);
    const third = await newPerson(server.url);
    const late = await agree(third);
    await queryRows(
      ownUrl(third),
      "UPDATE identity.authorization_request SET expires_at = now() - interval '1 second' WHERE user_id = $1",
      [third.id],
    );
    expect(await late.open()).toMatchObject(refusal);
    const wrong = late.callback.replace(/state=[\w-]+/, `state=${'x'.repeat(43)}`);
    for (const path of [
      wrong,
      wrong.replace(/state=[\w-]+/, 'state='),
      `${PATH}/callback`,
      `${PATH}/callback?state=a&state=b`,
      (await agree(third)).callback.replace('connections/sandbox', 'auth/external/sandbox'),
    ])
      expect(await get(server.url, path, { token: null })).toMatchObject(refusal);
    expect(await rows(third)).toEqual([]);
  });

  it('is not made across users, for a device that is signed out, or in a browser of another', async () => {
    const [ada, eve] = [await newPerson(server.url), await newPerson(server.url)];
    const eves = await begin(eve);
    const cookie = (eves.headers.get('set-cookie') ?? '').split(';')[0]!;
    expect(await (await agree(ada)).open({ cookie })).toMatchObject(refusal);
    const walk = await agree(ada);
    await post(server.url, '/api/v1/auth/sign-out', undefined, { token: ada.accessToken });
    expect(await walk.open()).toMatchObject(refusal);
    expect(await rows(ada)).toEqual([]);
    expect(await rows(eve)).toEqual([]);
    const own = await agreeAtProvider(server.url, (eves.json as { url: string }).url, 'grace');
    expect((await finish(eve, await own.open({ cookie }))).status).toBe(204);
    expect(await rows(eve)).toHaveLength(1);
  });

  it('is not made when the user says no', async () => {
    const other = await newPerson(server.url);
    const walk = await agree(other, { sandbox_deny: '1' });
    expect(await walk.open()).toMatchObject({
      status: 400,
      json: { code: 'identity/authorization-refused' },
    });
    expect(await rows(other)).toEqual([]);
  });

  it.each(['error', 'rate-limit', 'html', 'bad-json', 'wrong-json', 'unavailable', 'reset'] as const)(
    'is not half made when the provider answers with %s',
    async (fault) => {
      const other = await newPerson(server.url);
      const walk = await agree(other);
      sandbox.fail('token', fault);
      const answer = await walk.open();
      expect(answer.status).toBe(503);
      expect(answer.json.code).toMatch(/^outbound\//);
      expect(await rows(other)).toEqual([]);
      expect((await walk.open()).status).toBe(400);
      await connect(other);
    },
  );

  it('of another person there takes the place of the first one, whose grant ends at the provider', async () => {
    const other = await newPerson(server.url);
    const as = async (who: string): Promise<void> => {
      const { json } = await begin(other);
      const walk = await agreeAtProvider(server.url, (json as { url: string }).url, who);
      expect((await finish(other, await walk.open())).status).toBe(204);
    };
    await as('margaret');
    const revoked = (): number =>
      sandbox.calls.filter(({ route, status }) => route === 'revoke' && status === 200).length;
    const before = revoked();
    await as('margaret'); // the same person: at most providers the same grant
    await as('dorothy');
    expect(await statusOf(other)).toMatchObject({ state: 'connected', subject: 'dorothy' });
    await waitUntil('the provider was told', 15_000, () => revoked() > before);
    expect([sandbox.revokeAllOf('margaret'), sandbox.revokeAllOf('dorothy'), revoked()]).toEqual([
      1,
      1,
      before + 1,
    ]);
  });

  it('is made twice at once in one browser', async () => {
    const other = await newPerson(server.url);
    const started = [await begin(other), await begin(other)];
    const cookies = started.map(({ headers }) => (headers.get('set-cookie') ?? '').split(';')[0]!);
    expect(new Set(cookies.map((cookie) => cookie.split('=')[0])).size).toBe(2);
    for (const { json } of started) {
      const walk = await agreeAtProvider(server.url, (json as { url: string }).url, 'grace');
      expect((await finish(other, await walk.open({ cookie: cookies.join('; ') }))).status).toBe(204);
    }
  });

  it('is unknown of an unknown provider', async () => {
    for (const [method, path] of [
      ['POST', '/api/v1/connections/nobody/authorize'],
      ['GET', '/api/v1/connections/nobody/callback?state=x'],
      ['DELETE', '/api/v1/connections/nobody'],
      ['POST', '/api/v1/connections/nobody/complete'],
      ['GET', '/api/v1/auth/external/nobody/callback'],
    ] as const)
      expect(
        (
          await call(server.url, method, path, {
            token: person.accessToken,
            ...(path.endsWith('complete') && { body: { code: 'x' } }),
          })
        ).status,
      ).toBe(404);
  });

  it('leaves its tokens in no log, audit event or dump', async () => {
    const tables = ['platform.audit_event', 'platform.audit_detail', 'platform.job'];
    const dumps = await Promise.all(
      tables.map((table) => queryRows(database.url, `SELECT t::text AS row FROM ${table} t`)),
    );
    await connect(person);
    const text = server.output() + JSON.stringify([...dumps, ...(await rows(person)).map(({ all }) => all)]);
    expect(text).toContain('identity.connection-made');
    expect(text).toContain('identity.connection-ended');
    expect(text).not.toMatch(/sandbox-(?:access|refresh|code)-/);
    const hex = Buffer.from('sandbox-').toString('hex');
    expect(text).not.toContain(hex);
  });
});

/** A token whose proof is an hour old: what a refresh gives later. */
async function staleToken(who: Person): Promise<string> {
  await queryRows(
    database.url,
    "UPDATE identity.session SET proved_at = now() - interval '1 hour' WHERE id = $1",
    [who.sessionId],
  );
  const { json } = await post(
    server.url,
    '/api/v1/auth/refresh',
    { refreshToken: who.refreshToken },
    { token: null },
  );
  return (json as { accessToken: string }).accessToken;
}
