import type { PlayerOptions } from '../../src/sandbox/bungie/sandbox-player.js';
import { v7 as uuidv7 } from 'uuid';
import { BungieAccess } from '../../src/destiny/bungie/bungie-access.service.js';
import { BungieClient } from '../../src/destiny/bungie/bungie.client.js';
import { BUNGIE_PROVIDER, BungieProvider } from '../../src/destiny/bungie/bungie.provider.js';
import { BungieLink } from '../../src/destiny/link/bungie-link.service.js';
import { MembershipLists } from '../../src/destiny/link/membership-lists.service.js';
import { MembershipsRepository } from '../../src/destiny/link/memberships.repository.js';
import { Memberships } from '../../src/destiny/link/memberships.service.js';
import { ReadMemberships } from '../../src/destiny/link/read-memberships.service.js';
import { ConnectionSecrets } from '../../src/identity/connections/connection-secrets.service.js';
import { ConnectionsRepository } from '../../src/identity/connections/connections.repository.js';
import { Connections } from '../../src/identity/connections/connections.service.js';
import { Disconnect } from '../../src/identity/connections/disconnect.service.js';
import { OauthClient } from '../../src/identity/connections/oauth.client.js';
import { PartingTokensRepository } from '../../src/identity/connections/parting-tokens.repository.js';
import { PartingTokens } from '../../src/identity/connections/parting-tokens.service.js';
import { ProviderRegistry } from '../../src/identity/connections/provider-registry.service.js';
import { ProviderConnections } from '../../src/identity/identity.public.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import type { Principal } from '../../src/platform/auth/principal.js';
import { Caches } from '../../src/platform/cache/caches.service.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import {
  type BungieSandbox,
  type BungieSandboxOptions,
  openBungieSandbox,
} from '../../src/sandbox/bungie/bungie-sandbox.js';
import { openOutbound } from './outbound-trial.js';
import type { TestUnits } from './units.js';
import { openVault } from './vault-world.js';

/** One of each kind of account at Bungie. */
export const LINK_PLAYERS: readonly PlayerOptions[] = [
  { name: 'ada' },
  { name: 'grace', memberships: [{ type: 1 }, { type: 3 }, { type: 2 }], crossSave: 3 },
  { name: 'linus', memberships: [{ type: 6 }, { type: 2 }] },
  { name: 'nobody', hasNoDestiny: true },
  { name: 'split', memberships: [{ type: 1, isOverridden: true }, { type: 2 }] },
];

export const BUNGIE_API_KEY = 'sandbox-key-0123456789';
export const BUNGIE_CLIENT = { id: '43210', secret: 'sandbox-secret-0123456789', redirectUris: [] };
const REDIRECT = 'http://127.0.0.1/callback';

/** What one process has of Bungie and of connections to it. */
export interface BungieServices {
  readonly client: BungieClient;
  readonly access: BungieAccess;
  readonly connections: ProviderConnections;
  readonly memberships: Memberships;
  readonly caches: Caches;
  readonly link: BungieLink;
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** The stand-in and accounts that are connected to it. Nobody really waits: the budget goes by a clock that waiting moves on. */
export interface LinkTrial extends BungieServices {
  readonly sandbox: BungieSandbox;
  /** Another process. */
  open(): BungieServices;
  newAccount(): Promise<Principal>;
  /** @param expiresInS of the access token, as we believe */
  connect(account: Principal, player: string, expiresInS?: number): Promise<void>;
}

/** Each trial is later than the one before, whose silences have ended then. */
let epochMs = Date.now();

export async function openLinkTrial(
  units: TestUnits,
  options: Partial<BungieSandboxOptions> = {},
): Promise<LinkTrial> {
  const sandbox = await openBungieSandbox({ clients: [BUNGIE_CLIENT], apiKey: BUNGIE_API_KEY, ...options });
  const opened: BungieServices[] = [];
  epochMs += 7_200_000;
  const clock = { nowMs: epochMs };
  const open = (): BungieServices => {
    const services = openServices(units, sandbox.url, clock);
    opened.push(services);
    return services;
  };
  return {
    ...open(),
    sandbox,
    open,
    newAccount: () => newAccount(units),
    connect: async (account, player, expiresInS = 3_600) => {
      const rows = new ConnectionsRepository();
      const grant = await grantOf(sandbox, player);
      await units.app.run(account, async (tx) => {
        const row = await rows.lockOrInsert(tx, uuidv7(), account.id, BUNGIE_PROVIDER);
        const sealed = await new ConnectionSecrets(openVault(units, 'spec').vault).seal(
          tx,
          row,
          { ...grant, expiresInS },
          { refreshToken: null, scopes: [] },
        );
        await rows.updateConnected(tx, row.id, sealed);
      });
    },
    close: async () => {
      for (const services of opened) await services.close();
      await sandbox.close();
    },
  };
}

function openServices(units: TestUnits, url: string, clock: { nowMs: number }): BungieServices {
  const env = parseEnvironment({
    NODE_ENV: 'test',
    BUNGIE_API_KEY,
    BUNGIE_CLIENT_ID: BUNGIE_CLIENT.id,
    BUNGIE_CLIENT_SECRET: BUNGIE_CLIENT.secret,
    BUNGIE_URL: url,
  });
  const sleep = (ms: number): Promise<void> => Promise.resolve(void (clock.nowMs += ms));
  const { outbound, logged } = openOutbound(units, { sleep, nowMs: () => clock.nowMs }, () => clock.nowMs);
  const { vault } = openVault(units, 'spec');
  const audit = new Audit(new AuditRepository());
  const [rows, secrets, registry] = [
    new ConnectionsRepository(),
    new ConnectionSecrets(vault),
    new ProviderRegistry(env),
  ];
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const parting = new PartingTokens(new PartingTokensRepository(), vault, jobs);
  const connections = new ProviderConnections(
    registry,
    new Connections(units.app, rows, secrets, registry, new OauthClient(outbound), audit),
    new Disconnect(units.app, rows, secrets, parting, audit),
  );
  new BungieProvider(connections, env).onModuleInit();
  const client = new BungieClient(outbound, env);
  const access = new BungieAccess(connections);
  const memberships = new MembershipsRepository();
  const caches = new Caches({
    redisUrl: undefined,
    log: { info: () => undefined, warn: () => undefined },
    nowMs: () => performance.now(),
  });
  const lists = new MembershipLists(units.app, memberships, caches);
  const reading = new ReadMemberships(units.app, memberships, connections, access, client, audit);
  return {
    client,
    access,
    caches,
    connections,
    memberships: new Memberships(units.app, memberships, lists, reading, audit),
    link: new BungieLink(units.app, memberships, lists, connections, reading, audit),
    logged,
    close: () => outbound.onApplicationShutdown(),
  };
}

/** Somebody who has just proved who they are. */
async function newAccount(units: TestUnits): Promise<Principal> {
  const id = uuidv7();
  await units.app.run({ id }, (tx) =>
    tx.query({
      name: 'destiny.spec.insert-account',
      text: 'INSERT INTO identity.account (id) VALUES ($1)',
      values: [id],
    }),
  );
  return {
    id,
    kind: 'account',
    name: 'spec',
    permissions: new Set(['destiny:own', 'destiny:read', 'account:own']),
    provedAtMs: Date.now(),
  };
}

/** What the stand-in grants, as it comes out of the way there and back. */
async function grantOf(
  sandbox: BungieSandbox,
  player: string,
): Promise<{
  accessToken: string;
  refreshToken: string;
  scopes: string[];
  subject: string;
  identity: undefined;
}> {
  const page = new URL('/en/OAuth/Authorize', sandbox.url);
  const query = { client_id: BUNGIE_CLIENT.id, response_type: 'code', state: 'spec', redirect_uri: REDIRECT };
  for (const [name, value] of Object.entries({ ...query, login_hint: player }))
    page.searchParams.set(name, value);
  const answer = await fetch(page, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const issued = (await (
    await fetch(`${sandbox.url}/platform/app/oauth/token/`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: BUNGIE_CLIENT.id,
        client_secret: BUNGIE_CLIENT.secret,
      }),
    })
  ).json()) as Record<string, string>;
  return {
    accessToken: issued['access_token']!,
    refreshToken: issued['refresh_token']!,
    scopes: [],
    subject: issued['membership_id']!,
    identity: undefined,
  };
}
