import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import * as oidc from 'openid-client';
import { z } from 'zod';
import {
  failureOf,
  openOutbound,
  type OutboundTrial,
  somePolicy,
} from '../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { OAUTH_FAULTS } from './oauth-faults.js';
import { challengeOf, GrantError, OauthGrants } from './oauth-grants.js';
import { type OauthSandbox, openOauthSandbox, SANDBOX_HEADER } from './oauth-sandbox.js';

const CLIENT = { id: 'guildhall', secret: 's3cret/ü', redirectUris: ['http://127.0.0.1/callback'] };
const PUBLIC_CLIENT = { id: 'app', redirectUris: [] };
const REDIRECT = CLIENT.redirectUris[0]!;

let units: TestUnits;
let trial: OutboundTrial;
let sandbox: OauthSandbox;
let nowMs: number;

beforeAll(async () => {
  units = await openUnits();
});

beforeEach(async () => {
  nowMs = Date.now();
  trial = openOutbound(units);
  sandbox = await openOauthSandbox({ clients: [CLIENT, PUBLIC_CLIENT], nowMs: () => nowMs });
});

afterEach(async () => {
  await trial.outbound.onApplicationShutdown();
  await sandbox.close();
});

afterAll(() => units.close());

/** A certified client, with our way out as its `fetch`. */
async function discover(client: typeof CLIENT | typeof PUBLIC_CLIENT = CLIENT): Promise<oidc.Configuration> {
  const secret = 'secret' in client ? client.secret : undefined;
  const auth = secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret);
  return oidc.discovery(new URL(sandbox.url), client.id, secret, auth, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: trial.outbound.fetchFor(somePolicy({ mostTries: 1 })) as oidc.CustomFetch,
  });
}

async function authorize(query: Record<string, string>): Promise<URL> {
  const url = new URL('/authorize', sandbox.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.headers.get(SANDBOX_HEADER)).toBe('oauth');
  return new URL(answer.headers.get('location') ?? `error:${answer.status}`);
}

const post = (path: string, form: Record<string, string>): Promise<Response> =>
  fetch(new URL(path, sandbox.url), {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT.id, client_secret: CLIENT.secret, ...form }),
  });

async function signIn(sub = 'grace', scope = 'openid profile read'): Promise<Record<string, string>> {
  const query = {
    client_id: CLIENT.id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    login_hint: sub,
    scope,
  };
  const code = (await authorize(query)).searchParams.get('code') ?? '';
  const answer = await post('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
  return (await answer.json()) as Record<string, string>;
}

const refresh = (token: string): Promise<Response> =>
  post('/token', { grant_type: 'refresh_token', refresh_token: token });

describe('the stand-in', () => {
  it('is a provider to a certified client: discovery, PKCE, nonce, ES256, user, refresh, revocation', async () => {
    const config = await discover();
    const [verifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
    const target = oidc.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
      login_hint: 'grace',
    });
    const back = new URL((await fetch(target, { redirect: 'manual' })).headers.get('location')!);
    const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state };
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()).toMatchObject({
      sub: 'grace',
      aud: CLIENT.id,
      nonce,
      email: 'grace@sandbox.example',
    });
    expect(await oidc.fetchUserInfo(config, tokens.access_token, 'grace')).toMatchObject({
      name: 'Sandbox grace',
    });
    await sandbox.rotateKeys();
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    await oidc.tokenRevocation(config, next.refresh_token!);
    await expect(oidc.fetchUserInfo(config, next.access_token, 'grace')).rejects.toThrow();
    await expect(oidc.refreshTokenGrant(config, next.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('says of every answer that it is a sandbox’s', async () => {
    for (const path of [
      '/jwks',
      '/userinfo',
      '/token',
      '/authorize',
      '/nowhere',
      '/.well-known/openid-configuration',
    ])
      expect((await fetch(`${sandbox.url}${path}`, { redirect: 'manual' })).headers.get(SANDBOX_HEADER)).toBe(
        'oauth',
      );
    for (const kind of ['error', 'unavailable', 'rate-limit', 'html', 'wrong-json', 'bad-json'] as const) {
      sandbox.fail('jwks', kind);
      expect((await fetch(`${sandbox.url}/jwks`)).headers.get(SANDBOX_HEADER)).toBe('oauth');
    }
  });

  it('lets a user say no, and grant less than was asked for', async () => {
    const query = {
      client_id: CLIENT.id,
      redirect_uri: REDIRECT,
      response_type: 'code',
      state: 'x y',
      scope: 'read write',
    };
    const denied = await authorize({ ...query, sandbox_deny: '1' });
    expect([denied.searchParams.get('error'), denied.searchParams.get('state')]).toEqual([
      'access_denied',
      'x y',
    ]);
    const code = (await authorize({ ...query, sandbox_scope: 'read' })).searchParams.get('code')!;
    const answer = await post('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
    expect(await answer.json()).toMatchObject({ scope: 'read' });
  });

  it('sends nothing to an address that its client has not registered', async () => {
    const query = { client_id: CLIENT.id, redirect_uri: 'https://evil.example/', response_type: 'code' };
    expect((await authorize(query)).protocol).toBe('error:');
    expect((await authorize({ ...query, client_id: 'nobody' })).protocol).toBe('error:');
  });

  it('asks public clients for PKCE, and means it', async () => {
    const query = { client_id: 'app', redirect_uri: 'myapp://done', response_type: 'code', scope: 'read' };
    expect((await authorize(query)).searchParams.get('error')).toBe('invalid_request');
    const pkce = { code_challenge: challengeOf('right'), code_challenge_method: 'S256' };
    expect(
      (await authorize({ ...query, ...pkce, code_challenge_method: 'plain' })).searchParams.get('error'),
    ).toBe('invalid_request');
    for (const [verifier, status] of [
      ['wrong', 400],
      ['right', 200],
    ] as const) {
      const code = (await authorize({ ...query, ...pkce })).searchParams.get('code')!;
      const form = { grant_type: 'authorization_code', code, redirect_uri: 'myapp://done', client_id: 'app' };
      const answer = await fetch(`${sandbox.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, code_verifier: verifier }),
      });
      expect(answer.status).toBe(status);
    }
  });

  it('redeems a code once, for its own address, within a minute; a second time revokes', async () => {
    const query = { client_id: CLIENT.id, redirect_uri: REDIRECT, response_type: 'code', scope: 'read' };
    const redeem = (code: string, redirect_uri = REDIRECT): Promise<Response> =>
      post('/token', { grant_type: 'authorization_code', code, redirect_uri });
    const codeOf = async (): Promise<string> => (await authorize(query)).searchParams.get('code')!;
    expect((await redeem(await codeOf(), 'http://127.0.0.1/else')).status).toBe(400);
    const code = await codeOf();
    const tokens = (await (await redeem(code)).json()) as Record<string, string>;
    expect((await redeem(code)).status).toBe(400);
    expect((await refresh(tokens['refresh_token']!)).status).toBe(400);
    const late = await codeOf();
    nowMs += 61_000;
    expect((await redeem(late)).status).toBe(400);
    expect(
      (await post('/token', { grant_type: 'authorization_code', code, client_secret: 'wrong' })).status,
    ).toBe(401);
  });

  it('ends what a user ends at the provider', async () => {
    const tokens = await signIn('grace');
    expect(sandbox.revokeAllOf('grace')).toBe(1);
    expect((await refresh(tokens['refresh_token']!)).status).toBe(400);
  });
});

describe('refresh tokens', () => {
  it('rotate: one is live, and one that comes twice ends the grant (any sequence of uses)', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 12 }), (uses) => {
        const grants = new OauthGrants(() => 0, 3_600, true);
        const given = {
          clientId: CLIENT.id,
          sub: 'a',
          scopes: ['read'],
          nonce: undefined,
          challenge: undefined,
        };
        const code = grants.newCode({ ...given, redirectUri: REDIRECT });
        const tokens = [grants.redeem(CLIENT, code, REDIRECT, undefined).refreshToken!];
        let isDead = false;
        for (const use of uses) {
          const index = use % tokens.length;
          const isLive = !isDead && index === tokens.length - 1;
          try {
            tokens.push(grants.refresh(CLIENT, tokens[index]!, undefined).refreshToken!);
            expect(isLive).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(GrantError);
            expect(isLive).toBe(false);
            isDead = true;
          }
        }
      }),
    );
  });

  it('may be lost on the way: the provider has rotated and nobody has the new one', async () => {
    const tokens = await signIn();
    sandbox.fail('token', 'lost');
    await expect(refresh(tokens['refresh_token']!)).rejects.toThrow();
    expect((await refresh(tokens['refresh_token']!)).status).toBe(400);
  });

  it('give no more than was granted', async () => {
    const tokens = await signIn();
    const form = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token']! };
    expect(await (await post('/token', { ...form, scope: 'read write' })).json()).toMatchObject({
      error: 'invalid_scope',
    });
    expect(await (await post('/token', { ...form, scope: 'read' })).json()).toMatchObject({ scope: 'read' });
  });
});

describe('faults', () => {
  const shape = z.object({ keys: z.array(z.object({ kid: z.string() })) });
  const EXPECTED: Record<(typeof OAUTH_FAULTS)[number], string> = {
    error: 'outbound/unavailable',
    unavailable: 'outbound/unavailable',
    'rate-limit': 'outbound/rate-limited',
    slow: 'outbound/timeout',
    hang: 'outbound/timeout',
    reset: 'outbound/connection-failed',
    'half-body': 'outbound/connection-failed',
    'bad-json': 'outbound/bad-answer',
    'wrong-json': 'outbound/bad-answer',
    html: 'outbound/bad-answer',
    huge: 'outbound/too-large',
    lost: 'outbound/connection-failed',
  };

  it.each(OAUTH_FAULTS)('of the kind %s are typed errors to our way out, and pass', async (kind) => {
    const policy = somePolicy({ mostTries: 1, totalTimeoutMs: 400, mostResponseBytes: 200_000 });
    const ask = { url: `${sandbox.url}/jwks` };
    sandbox.fail('jwks', kind, { count: 1, delayMs: 800, retryAfterS: 7 });
    const error = await failureOf(trial.outbound.requestJson(policy, ask, shape));
    expect(error.code).toBe(EXPECTED[kind]);
    if (kind === 'rate-limit') expect(error.retryAfterMs).toBe(7_000);
    const { value } = await trial.outbound.requestJson(policy, ask, shape);
    expect(value.keys).toHaveLength(1);
  });

  it('can be asked for over HTTP, for a demo', async () => {
    const answer = await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({ route: 'jwks', kind: 'rate-limit', retryAfterS: 3, count: 2 }),
    });
    expect(answer.status).toBe(204);
    for (const status of [429, 429, 200]) expect((await fetch(`${sandbox.url}/jwks`)).status).toBe(status);
    await sleep(20);
    expect(sandbox.calls.filter(({ route }) => route === 'jwks').map(({ status }) => status)).toEqual([
      429, 429, 200,
    ]);
    expect((await fetch(`${sandbox.url}/sandbox/faults`, { method: 'POST', body: '{}' })).status).toBe(400);
  });
});
