import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { openOutbound, somePolicy } from '../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openVault } from '../../../test/support/vault-world.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { openDatabase, type OpenDatabase } from '../../platform/database/database.module.js';
import { type OauthSandbox, openOauthSandbox } from '../../sandbox/oauth/oauth-sandbox.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { ConnectionsRepository } from './connections.repository.js';
import { Connections } from './connections.service.js';
import { type Grant, OauthClient } from './oauth.client.js';
import type { ProviderDefinition } from './provider-definition.js';
import { ProviderRegistry } from './provider-registry.service.js';

/** What one process has: pool, vault, client and way out of its own. */
interface Process {
  connections: Connections;
  close(): Promise<void>;
}

const CLIENT = { id: 'guildhall', secret: 'secret-of-the-spec', redirectUris: [] };
const REDIRECT = 'http://127.0.0.1/callback';

let units: TestUnits;
let second: OpenDatabase;
let sandbox: OauthSandbox;
let processes: Process[];
let userId: string;

beforeAll(async () => {
  units = await openUnits();
  const target = { url: units.url, directUrl: units.url, pooler: 'none', poolMax: 4 } as const;
  second = await openDatabase(target, []);
});

beforeEach(async () => {
  sandbox = await openOauthSandbox({ clients: [CLIENT] });
  processes = [openProcess(units.app), openProcess(second.app)];
  userId = uuidv7();
  await units.app.run({ id: userId }, (tx) =>
    tx.query({
      name: 'identity.spec.insert-account',
      text: 'INSERT INTO identity.account (id) VALUES ($1)',
      values: [userId],
    }),
  );
});

afterEach(async () => {
  await Promise.all(processes.map((process) => process.close()));
  await sandbox.close();
});

afterAll(async () => {
  await second.close();
  await units.close();
});

function definition(): ProviderDefinition {
  return {
    id: 'sandbox',
    endpoints: {
      authorizeUrl: `${sandbox.url}/authorize`,
      tokenUrl: `${sandbox.url}/token`,
      revokeUrl: `${sandbox.url}/revoke`,
    },
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'form',
    usesPkce: false,
    scopes: ['read'],
    policy: somePolicy({ totalTimeoutMs: 2_000, mostTries: 1 }),
  };
}

function openProcess(app: TestUnits['app']): Process {
  const registry = new ProviderRegistry(parseEnvironment({ NODE_ENV: 'test' }));
  registry.add(definition());
  const { outbound } = openOutbound(units);
  const { vault } = openVault(units, 'spec');
  const connections = new Connections(
    app,
    new ConnectionsRepository(),
    new ConnectionSecrets(vault),
    registry,
    new OauthClient(outbound),
    new Audit(new AuditRepository()),
  );
  return { connections, close: () => outbound.onApplicationShutdown() };
}

const form = (fields: Record<string, string>): Promise<Response> =>
  fetch(`${sandbox.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT.id, client_secret: CLIENT.secret, ...fields }),
  });

/** A grant of the stand-in. @param endsInS of its access token */
async function authorize(endsInS: number, scope = 'read'): Promise<Grant> {
  const page = new URL('/authorize', sandbox.url);
  const query = { client_id: CLIENT.id, redirect_uri: REDIRECT, response_type: 'code', scope };
  for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
  const answer = await fetch(page, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const issued = (await (
    await form({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })
  ).json()) as Record<string, string>;
  return {
    accessToken: issued['access_token']!,
    refreshToken: issued['refresh_token'],
    expiresInS: endsInS,
    scopes: ['read'],
    subject: 'ada',
    identity: undefined,
  };
}

/** Kept for the account, as a callback does. */
async function store(grant: Grant): Promise<Grant> {
  const rows = new ConnectionsRepository();
  const secrets = new ConnectionSecrets(openVault(units, 'spec').vault);
  await units.app.run({ id: userId }, async (tx) => {
    const row = await rows.lockOrInsert(tx, uuidv7(), userId, 'sandbox');
    const kept = { refreshToken: null, scopes: [] };
    await rows.updateConnected(tx, row.id, await secrets.seal(tx, row, grant, kept));
  });
  return grant;
}

const connect = async (endsInS: number): Promise<Grant> => store(await authorize(endsInS));

const tokenCalls = (): number[] =>
  sandbox.calls.filter(({ route }) => route === 'token').map(({ status }) => status);

interface Seen {
  state: string;
  version: number;
  leaseId: string | null;
  isSealed: boolean;
}

async function seen(): Promise<Seen> {
  const [row] = await units.app.run({ id: userId }, (tx) =>
    tx.query<Seen>({
      name: 'identity.spec.read-connection',
      text: `SELECT state, version, lease_id AS "leaseId", sealed_access_token IS NOT NULL AS "isSealed"
             FROM identity.connection WHERE user_id = $1`,
      values: [userId],
    }),
  );
  return row!;
}

const ask = (index = 0): Promise<string> => processes[index]!.connections.accessToken(userId, 'sandbox');
const failure = (call: Promise<string>): Promise<{ code?: string }> =>
  call.then(
    () => ({}),
    (error: unknown) => error as { code?: string },
  );

describe('an access token', () => {
  it('is given as it is while it lasts', async () => {
    const { accessToken } = await connect(3_600);
    expect(await ask()).toBe(accessToken);
    expect(tokenCalls()).toEqual([200]);
  });

  it('is renewed once, however many of two processes ask at once, by a provider that rotates', async () => {
    const { accessToken } = await connect(30);
    sandbox.fail('token', 'slow', { delayMs: 300 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at % 2)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).not.toBe(accessToken);
    expect(tokenCalls()).toEqual([200, 200]);
    expect(await seen()).toMatchObject({ state: 'connected', leaseId: null });
  });

  it('is renewed again and again with the newest refresh token', async () => {
    await connect(30);
    for (let round = 0; round < 4; round += 1) {
      await units.app.run({ id: userId }, (tx) =>
        tx.query("UPDATE identity.connection SET access_expires_at = now() + interval '5 seconds'"),
      );
      await ask(round % 2);
    }
    expect(tokenCalls()).toEqual([200, 200, 200, 200, 200]);
  });

  it('is no more when the provider has taken it back: sign in again, and an event', async () => {
    await connect(30);
    sandbox.revokeAllOf('ada');
    const failures = await Promise.all([failure(ask(0)), failure(ask(1)), failure(ask(0))]);
    for (const error of failures) expect(error).toMatchObject({ code: 'identity/connection-lapsed' });
    expect(tokenCalls()).toEqual([200, 400]);
    expect(await seen()).toMatchObject({ state: 'needs-sign-in', isSealed: false, leaseId: null });
    const events = await units.owner(
      `SELECT d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'identity.connection-lapsed' AND d.user_id = $1`,
      [userId],
    );
    expect(events).toEqual([
      { after: { provider: 'sandbox', state: 'needs-sign-in', reason: 'invalid_grant' } },
    ]);
    expect(await failure(ask())).toMatchObject({ code: 'identity/connection-lapsed' });
    expect(tokenCalls()).toHaveLength(2);
  });

  it.each([
    ['error', 'outbound/unavailable'],
    ['unavailable', 'outbound/unavailable'],
    ['rate-limit', 'outbound/rate-limited'],
    ['html', 'outbound/bad-answer'],
    ['bad-json', 'outbound/bad-answer'],
    ['wrong-json', 'outbound/bad-answer'],
    ['hang', 'outbound/timeout'],
    ['huge', 'outbound/too-large'],
    ['half-body', 'outbound/connection-failed'],
  ] as const)('waits for better times when the provider answers with %s', async (fault, code) => {
    await connect(30);
    const before = await seen();
    sandbox.fail('token', fault);
    expect(await failure(ask())).toMatchObject({ code });
    expect(await seen()).toEqual(before);
    expect(await ask(1)).toMatch(/^sandbox-access-/);
  });

  it('is renewed by another process when the one that began has died', async () => {
    await connect(30);
    const startedMs = performance.now();
    await units.app.run({ id: userId }, (tx) =>
      tx.query(
        "UPDATE identity.connection SET lease_id = gen_random_uuid(), lease_until = now() + interval '1 second'",
      ),
    );
    expect(await ask(1)).toMatch(/^sandbox-access-/);
    expect(performance.now() - startedMs).toBeGreaterThan(800);
    expect(tokenCalls()).toEqual([200, 200]);
  });

  it('does not depend on the keys of its provider, which are for ID tokens', async () => {
    const { outbound } = openOutbound(units);
    const byIssuer = { ...definition(), endpoints: { issuer: sandbox.url }, scopes: ['openid', 'read'] };
    const { refreshToken } = await authorize(3_600, 'openid read');
    sandbox.fail('jwks', 'unavailable', { count: 1_000 });
    const renewed = await new OauthClient(outbound).refresh(byIssuer, refreshToken!);
    expect(renewed.accessToken).toMatch(/^sandbox-access-/);
    await outbound.onApplicationShutdown();
  });

  it('that comes after its connection was ended is taken back', async () => {
    await connect(30);
    sandbox.fail('token', 'slow', { delayMs: 1_000 });
    const late = ask().catch((error: unknown) => error);
    await waitUntil('it has begun', 1_000, async () => (await seen()).leaseId !== null);
    await units.app.run({ id: userId }, (tx) => tx.query('DELETE FROM identity.connection'));
    expect(await late).toMatchObject({ code: 'identity/unknown-connection' });
    expect(sandbox.calls.filter(({ route }) => route === 'revoke')).toHaveLength(1);
    expect(sandbox.revokeAllOf('ada')).toBe(0);
  });

  it('of an older authorization does not overwrite a newer one', async () => {
    await connect(30);
    const newer = await authorize(3_600);
    sandbox.fail('token', 'slow', { delayMs: 1_500 });
    const late = ask();
    await waitUntil('it has begun', 1_000, async () => (await seen()).leaseId !== null);
    await store(newer);
    expect(await late).toBe(newer.accessToken);
    expect(await ask(1)).toBe(newer.accessToken);
  });

  it('is nobody else’s', async () => {
    await connect(3_600);
    expect(await failure(processes[0]!.connections.accessToken(uuidv7(), 'sandbox'))).toMatchObject({
      code: 'identity/unknown-connection',
    });
    expect(await failure(processes[0]!.connections.accessToken(userId, 'nobody'))).toMatchObject({
      code: 'identity/unknown-provider',
    });
  });
});
