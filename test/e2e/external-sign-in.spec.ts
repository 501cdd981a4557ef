import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import { type OauthSandbox, openOauthSandbox } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ForgingIssuer, openForgingIssuer } from '../support/forging-issuer.js';
import { runCli } from '../support/cli-process.js';
import { agreeAtProvider } from '../support/oauth-browser.js';
import { newPerson, PASSWORD } from '../support/people.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const RETURN_TO = 'guildhall-app://signed-in';
const GOOGLE_ID = 'guildhall-at-google';
const SHARED_SECRET = createHash('sha256').update('shared by the specs').digest('hex');
const SUPABASE = 'https://project.supabase.example/auth/v1';

let database: TestDatabase;
let sandbox: OauthSandbox;
let forger: ForgingIssuer;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openOauthSandbox({ clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }] });
  forger = await openForgingIssuer(GOOGLE_ID);
  server = await startServerProcess({
    DATABASE_URL: database.url,
    SANDBOX_OAUTH_URL: sandbox.url,
    GOOGLE_CLIENT_ID: GOOGLE_ID,
    GOOGLE_CLIENT_SECRET: 'a-secret-of-the-specs',
    GOOGLE_ISSUER: forger.url,
    APP_RETURN_URLS: RETURN_TO,
    TRUST_PROXY: '1',
    TRUSTED_ISSUERS: JSON.stringify([
      { issuer: SUPABASE, audience: 'authenticated', sharedSecret: SHARED_SECRET },
      { issuer: forger.url, audience: 'guildhall-ios', jwksUrl: `${forger.url}/jwks`, algorithms: ['ES256'] },
    ]),
  });
});

afterAll(async () => {
  await server.stop();
  await forger.close();
  await sandbox.close();
  await database.drop();
});

/** Each test comes from an address of its own, so that limits do not add up. */
let address = 0;
beforeEach(() => void (address += 1));
const from = (): Record<string, string> => ({ 'x-forwarded-for': `198.51.100.${address}` });

interface App {
  verifier: string;
  url: string;
}

async function begin(provider = 'sandbox', returnTo?: string): Promise<App> {
  const verifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
  const body = { codeChallenge, ...(returnTo !== undefined && { returnTo }) };
  const answer = await post(server.url, `/api/v1/auth/external/${provider}/start`, body, {
    token: null,
    headers: from(),
  });
  if (answer.status !== 200) throw new Error(`The sign-in did not begin: ${answer.text}`);
  return { verifier, url: (answer.json as { url: string }).url };
}

const exchange = (code: string, codeVerifier: string): Promise<Answer> =>
  post(
    server.url,
    '/api/v1/auth/external/exchange',
    { code, codeVerifier, deviceName: 'a phone' },
    { token: null, headers: from() },
  );

/** The whole way of somebody at the stand-in. */
async function signInAs(who: string): Promise<Answer> {
  const app = await begin('sandbox', RETURN_TO);
  const end = await (await agreeAtProvider(server.url, app.url, who)).open(from());
  const code = new URL(end.headers.get('location') ?? '').searchParams.get('code') ?? '';
  return exchange(code, app.verifier);
}

const own = async (token: string, path = ''): Promise<Answer> =>
  get(server.url, `/api/v1/account${path}`, { token });

describe('a sign-in at a provider', () => {
  it('makes an account at first sight and finds it again, by issuer and subject', async () => {
    const first = await signInAs('grace');
    expect(first.status).toBe(200);
    const account = await own(first.json.accessToken);
    expect(account.json).toMatchObject({ email: null, displayName: 'Sandbox grace', role: 'member' });
    const again = await signInAs('grace');
    expect((await own(again.json.accessToken)).json.id).toBe(account.json.id);
    expect((await own((await signInAs('hedy')).json.accessToken)).json.id).not.toBe(account.json.id);
    expect((await own(again.json.accessToken, '/identities')).json.items).toEqual([
      expect.objectContaining({ provider: 'sandbox', issuer: sandbox.url, email: 'grace@sandbox.example' }),
    ]);
  });

  it('is not matched by an address', async () => {
    const person = await newPerson(server.url, 'lise@sandbox.example');
    const { json } = await signInAs('lise');
    expect((await own(json.accessToken)).json.id).not.toBe(person.id);
  });

  it('gives a code that works once, for the app that began', async () => {
    const app = await begin('sandbox', RETURN_TO);
    const walk = await agreeAtProvider(server.url, app.url, 'grace');
    const end = await walk.open(from());
    const code = new URL(end.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect((await exchange(code, randomBytes(32).toString('base64url'))).status).toBe(422);
    expect((await exchange(code, app.verifier)).status).toBe(422);
    const other = await begin();
    const page = await (await agreeAtProvider(server.url, other.url, 'grace')).open(from());
    const shown = /<code>([\w-]+)</.exec(page.text)?.[1] ?? '';
    const answers = await Promise.all([1, 2, 3].map(() => exchange(shown, other.verifier)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    expect(await walk.open(from())).toMatchObject({ status: 400, json: { code: 'identity/invalid-state' } });
  });

  it('is refused to a locked account', async () => {
    const { json } = await signInAs('locked');
    const { id } = (await own(json.accessToken)).json as { id: string };
    const locked = await call(server.url, 'PATCH', `/api/v1/admin/accounts/${id}`, {
      token: ADMIN_TOKEN,
      body: { isLocked: true },
    });
    expect(locked.status).toBe(200);
    const app = await begin();
    const answer = await (await agreeAtProvider(server.url, app.url, 'locked')).open(from());
    expect(answer).toMatchObject({ status: 403, json: { code: 'identity/account-locked' } });
  });

  const nowS = Math.floor(Date.now() / 1_000);
  const hidden = createHash('sha256').update('no secret').digest();
  it.each<[string, (nonce: string) => Promise<string>]>([
    ['as it should be', (nonce) => forger.token({ nonce })],
    ['without nonce', () => forger.token({})],
    ['with another nonce', () => forger.token({ nonce: 'x'.repeat(43) })],
    ['of another issuer', (nonce) => forger.token({ nonce, iss: 'https://accounts.google.com' })],
    ['for another audience', (nonce) => forger.token({ nonce, aud: 'another' })],
    [
      'for several, of which we are not meant',
      (nonce) => forger.token({ nonce, aud: [GOOGLE_ID, 'b'], azp: 'b' }),
    ],
    ['that has ended', (nonce) => forger.token({ nonce, iat: nowS - 900, exp: nowS - 600 })],
    ['without an end', (nonce) => forger.token({ nonce, exp: undefined })],
    ['without subject', (nonce) => forger.token({ nonce, sub: undefined })],
    ['signed by another key', (nonce) => forger.token({ nonce }, {}, forger.keys.stolen)],
    ['of an unknown key', (nonce) => forger.token({ nonce }, { kid: 'unknown' }, forger.keys.stolen)],
    [
      'signed by nobody',
      (nonce) =>
        Promise.resolve(
          new UnsecuredJWT({ nonce, sub: 'ada' })
            .setIssuer(forger.url)
            .setAudience(GOOGLE_ID)
            .setIssuedAt()
            .setExpirationTime('5m')
            .encode(),
        ),
    ],
    [
      'signed with a secret',
      (nonce) =>
        new SignJWT({ nonce, iss: forger.url, aud: GOOGLE_ID, sub: 'ada' })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(hidden),
    ],
    ['that is none', () => Promise.resolve('not.a.token')],
  ])('takes an ID token %s for what it is', async (name, forge) => {
    const isFit = name === 'as it should be';
    const app = await begin('google');
    const url = new URL(app.url);
    forger.nonce = url.searchParams.get('nonce') ?? '';
    forger.forge = forge;
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    const query = `?code=any&state=${url.searchParams.get('state') ?? ''}`;
    const answer = await get(server.url, back.pathname + query, { token: null, headers: from() });
    expect(answer.status).toBe(isFit ? 200 : 503);
    if (!isFit) expect(answer.json.code).toBe('outbound/bad-answer');
  });
});

describe('linking', () => {
  it('adds a way to sign in, and never takes the last one away', async () => {
    const person = await newPerson(server.url);
    const link = await post(
      server.url,
      '/api/v1/account/identities/sandbox/link',
      {},
      { token: person.accessToken },
    );
    const walk = await agreeAtProvider(server.url, (link.json as { url: string }).url, 'mary');
    expect((await walk.open(from())).status).toBe(200);
    const tokens = (await signInAs('mary')).json as { accessToken: string };
    expect((await own(tokens.accessToken)).json.id).toBe(person.id);
    const [identity] = (await own(tokens.accessToken, '/identities')).json.items as { id: string }[];
    const path = `/api/v1/account/identities/${identity!.id}`;
    const stranger = await newPerson(server.url);
    for (const [at, token] of [
      [path, stranger.accessToken],
      [`/api/v1/account/identities/${randomUUID()}`, tokens.accessToken],
      ['/api/v1/account/identities/x', tokens.accessToken],
    ] as const)
      expect((await call(server.url, 'DELETE', at, { token })).status).toBe(404);
    expect((await call(server.url, 'DELETE', path, { token: tokens.accessToken })).status).toBe(204);
    expect((await own(tokens.accessToken, '/identities')).json.items).toEqual([]);
    const alone = (await signInAs('alone')).json as { accessToken: string };
    const [only] = (await own(alone.accessToken, '/identities')).json.items as { id: string }[];
    const refused = await call(server.url, 'DELETE', `/api/v1/account/identities/${only!.id}`, {
      token: alone.accessToken,
    });
    expect(refused).toMatchObject({ status: 409, json: { code: 'identity/last-sign-in' } });
  });

  it('leaves what belongs to another account, and asks for a fresh proof', async () => {
    await signInAs('rosa');
    const person = await newPerson(server.url);
    const path = '/api/v1/account/identities/sandbox/link';
    const link = await post(server.url, path, {}, { token: person.accessToken });
    const walk = await agreeAtProvider(server.url, (link.json as { url: string }).url, 'rosa');
    expect(await walk.open(from())).toMatchObject({ status: 409, json: { code: 'identity/identity-taken' } });
    await queryRows(database.url, "UPDATE identity.session SET proved_at = now() - interval '1 hour'");
    const { refreshToken } = person;
    const stale = await post(server.url, '/api/v1/auth/refresh', { refreshToken }, { token: null });
    expect(await post(server.url, path, {}, { token: stale.json.accessToken })).toMatchObject({
      status: 403,
      json: { code: 'auth/step-up-needed' },
    });
  });
});

describe('a token of a trusted issuer', () => {
  const nowS = (): number => Math.floor(Date.now() / 1_000);
  /** As Supabase Auth makes them. */
  const supabase = (claims: Record<string, unknown> = {}, secret = SHARED_SECRET, header: object = {}) => {
    const usual = {
      iss: SUPABASE,
      aud: 'authenticated',
      sub: '0b9d1f5e-7d7a-4c7e-9a55-2f0d3c1b6a10',
      role: 'authenticated',
      email: 'ios@example.org',
      iat: nowS(),
      exp: nowS() + 3_600,
    };
    const given = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined);
    return new SignJWT(Object.fromEntries(given))
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
      .sign(new TextEncoder().encode(secret));
  };
  const ios = (claims: Record<string, unknown> = {}, header = {}, key = forger.keys.good) =>
    forger.token({ aud: 'guildhall-ios', sub: 'ios-user', ...claims }, header, key);

  it('is a user from the first sight on, with the permissions of a member', async () => {
    for (const token of [await supabase(), await ios()]) {
      const accounts = await Promise.all(Array.from({ length: 5 }, () => own(token)));
      expect(new Set(accounts.map(({ json }) => (json as { id: string }).id)).size).toBe(1);
      expect(accounts[0]!.json).toMatchObject({ role: 'member', email: null });
      expect((await get(server.url, '/api/v1/market/games', { token })).status).toBe(200);
      expect((await get(server.url, '/api/v1/admin/accounts', { token })).status).toBe(403);
      expect((await call(server.url, 'DELETE', '/api/v1/account', { token })).status).toBe(403);
    }
    const fetched = forger.keyFetches;
    for (let at = 0; at < 5; at += 1) await own(await ios({ sub: `ios-${at}` }));
    expect(forger.keyFetches).toBe(fetched);
  });

  it.each<[string, () => Promise<string>]>([
    ['of another secret', () => supabase({}, createHash('sha256').update('x').digest('hex'))],
    ['for another audience', () => supabase({ aud: 'anon' })],
    ['without audience', () => supabase({ aud: undefined })],
    ['of an unknown issuer', () => supabase({ iss: 'https://evil.example' })],
    ['of the other trusted issuer', () => supabase({ iss: forger.url, aud: 'guildhall-ios' })],
    ['that has ended', () => supabase({ iat: nowS() - 7_200, exp: nowS() - 60 })],
    ['without an end', () => supabase({ exp: undefined })],
    ['from nobody knows when', () => supabase({ iat: undefined })],
    ['not yet good', () => supabase({ nbf: nowS() + 600 })],
    ['without subject', () => supabase({ sub: undefined })],
    ['with an empty subject', () => supabase({ sub: '' })],
    ['with a subject too long', () => supabase({ sub: 'x'.repeat(256) })],
    ['of another type', () => supabase({}, SHARED_SECRET, { typ: 'logout+jwt' })],
    ['of another algorithm', () => supabase({}, SHARED_SECRET, { alg: 'HS512' })],
    ['signed by another key', () => ios({}, {}, forger.keys.stolen)],
    ['of an unknown key', () => ios({}, { kid: 'unknown' })],
    ['meant as ID token for another client', () => forger.token({ sub: 'ios-user' })],
    [
      'signed with the public issuer name as secret',
      () =>
        new SignJWT({ iss: forger.url, aud: 'guildhall-ios', sub: 'ios-user' })
          .setProtectedHeader({ alg: 'HS256', kid: 'good' })
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode(SHARED_SECRET)),
    ],
    [
      'signed by nobody',
      () =>
        Promise.resolve(
          new UnsecuredJWT({ sub: 'x' })
            .setIssuer(SUPABASE)
            .setAudience('authenticated')
            .setIssuedAt()
            .setExpirationTime('5m')
            .encode(),
        ),
    ],
  ])('%s is refused', async (_name, make) => {
    expect(await own(await make())).toMatchObject({ status: 401, json: { code: 'auth/invalid-token' } });
  });

  it('is void once the account is locked, or its tokens were taken back', async () => {
    const token = await supabase({ sub: 'to-be-locked', iat: nowS() - 5 });
    const { id } = (await own(token)).json as { id: string };
    const patch = (body: object): Promise<Answer> =>
      call(server.url, 'PATCH', `/api/v1/admin/accounts/${id}`, { token: ADMIN_TOKEN, body });
    await patch({ isLocked: true });
    expect((await own(token)).status).toBe(401);
    await patch({ isLocked: false });
    expect((await own(token)).status).toBe(401);
    await waitUntil('a newer token counts', 3_000, async () => {
      const newer = await supabase({ sub: 'to-be-locked', email: `${randomUUID()}@example.org` });
      return (await own(newer)).json.id === id;
    });
  });

  it('does not bring back who has left', async () => {
    const token = await supabase({ sub: 'leaving', iat: nowS() - 5 });
    const { id } = (await own(token)).json as { id: string };
    await queryRows(database.url, 'DELETE FROM identity.account WHERE id = $1', [id]);
    const twin = await supabase({ sub: 'leaving', iat: nowS() - 5, email: 'another@example.org' });
    expect((await own(twin)).status).toBe(401);
  });

  it('proves its user for minutes after a sign-in that it tells of, and the error says how', async () => {
    const sub = 'takes-it-along';
    const remove = (token: string): Promise<Answer> =>
      call(server.url, 'DELETE', '/api/v1/account', { token });
    const take = (token: string): Promise<Answer> =>
      call(server.url, 'POST', '/api/v1/account/export', { token });
    const signedIn = (agoS: number): Record<string, unknown> => ({
      sub,
      amr: [
        { method: 'password', timestamp: nowS() - agoS },
        { method: 'oauth', timestamp: nowS() - 9_000 },
      ],
    });
    for (const [claims, advice] of [
      [{ sub }, 'auth_time'],
      [{ sub, amr: ['pwd'] }, 'auth_time'],
      [{ sub, auth_time: nowS() + 60 }, 'auth_time'],
      [{ sub, auth_time: nowS() - 400 }, 'Sign in anew at the issuer'],
      [signedIn(400), 'Sign in anew at the issuer'],
    ] as const)
      for (const act of [take, remove])
        expect(await act(await supabase(claims))).toMatchObject({
          status: 403,
          json: { code: 'auth/step-up-needed', detail: expect.stringContaining(advice) },
        });
    const token = await supabase(signedIn(10));
    const asked = await take(token);
    expect(asked.status).toBe(202);
    const { jobId, fileId } = asked.json as { jobId: string; fileId: string };
    await waitUntil('the export is done', 20_000, async () => {
      const job = await get(server.url, `/api/v1/jobs/${jobId}`, { token });
      return job.json.state === 'done';
    });
    expect((await get(server.url, `/api/v1/files/${fileId}`, { token })).status).toBe(200);
    expect((await remove(await supabase({ sub, auth_time: nowS() }))).status).toBe(204);
    for (const late of [token, await supabase({ sub, iat: nowS() - 5 })])
      expect((await own(late)).status).toBe(401);
  }, 40_000);

  it('does not go round a second factor, not even one that was remembered', async () => {
    const sub = randomUUID();
    forger.forge = (nonce) => forger.token({ nonce, sub });
    const app = await begin('google');
    const out = new URL(app.url).searchParams;
    forger.nonce = out.get('nonce') ?? '';
    const back = new URL(out.get('redirect_uri') ?? '');
    const page = await get(server.url, `${back.pathname}?code=any&state=${out.get('state') ?? ''}`, {
      token: null,
      headers: from(),
    });
    const session = await exchange(/<code>([\w-]+)</.exec(page.text)?.[1] ?? '', app.verifier);
    const { accessToken } = session.json as { accessToken: string };
    const { id } = (await own(accessToken)).json as { id: string };
    const remembered = await ios({ sub });
    expect((await own(remembered)).json).toMatchObject({ id });
    await enrol(server.url, { accessToken });
    for (const token of [remembered, await ios({ sub, email: 'new@example.org' })])
      expect(await own(token)).toMatchObject({ status: 401, json: { code: 'auth/invalid-token' } });
    expect((await own(accessToken)).json).toMatchObject({ id });
    const taken = await runCli(['account', 'remove-second-factor', '--id', id], {
      DATABASE_URL: database.url,
    });
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect((await own(accessToken, '/totp')).json).toMatchObject({ isEnabled: false });
  }, 30_000);

  it('leaves its user to the operator, who names the account by its id', async () => {
    const { id } = (await own(await supabase({ sub: 'by-letter' }))).json as { id: string };
    const env = { DATABASE_URL: database.url };
    for (const args of [
      ['--id', randomUUID()],
      ['--id', 'x'],
    ])
      expect(await runCli(['account', 'erase', ...args], env)).toMatchObject({
        code: 1,
        stderr: `There is no account of ${args[1]}.\n`,
      });
    for (const args of [[], ['--id', id, '--email', 'ios@example.org']])
      expect(await runCli(['account', 'erase', ...args], env)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('One of --email and --id'),
      });
    const erased = await runCli(['account', 'erase', '--id', id], env);
    expect(erased).toMatchObject({ code: 0, stderr: '' });
    expect(await queryRows(database.url, 'SELECT FROM identity.account WHERE id = $1', [id])).toEqual([]);
  }, 60_000);

  it('is not taken by address for an account that is there', async () => {
    const person = await newPerson(server.url, 'same@example.org');
    const { json } = await own(await supabase({ sub: 'same', email: 'same@example.org' }));
    expect(json.id).not.toBe(person.id);
    const answer = await post(
      server.url,
      '/api/v1/auth/sign-in',
      { email: 'same@example.org', password: PASSWORD },
      { token: null },
    );
    expect(answer.status).toBe(200);
  });
});
