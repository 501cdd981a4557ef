import { v7 as uuidv7 } from 'uuid';
import { BungieAccess } from '../../src/destiny/bungie/bungie-access.service.js';
import { BungieClient } from '../../src/destiny/bungie/bungie.client.js';
import { BUNGIE_PROVIDER, BungieProvider } from '../../src/destiny/bungie/bungie.provider.js';
import {
  BungieProfiles,
  DESTINY_DOMAIN,
  sourceIdOf,
} from '../../src/destiny/profiles/bungie-profiles.family.js';
import { ConnectionSecrets } from '../../src/identity/connections/connection-secrets.service.js';
import { ConnectionsRepository } from '../../src/identity/connections/connections.repository.js';
import { Connections } from '../../src/identity/connections/connections.service.js';
import type { Disconnect } from '../../src/identity/connections/disconnect.service.js';
import { OauthClient } from '../../src/identity/connections/oauth.client.js';
import { ProviderRegistry } from '../../src/identity/connections/provider-registry.service.js';
import { ProviderConnections } from '../../src/identity/identity.public.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import type { Outbound } from '../../src/platform/outbound/outbound.service.js';
import { Profiler } from '../../src/platform/profiling/profiler.service.js';
import type { BungieSandboxOptions } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { BUNGIE_CLIENT, BUNGIE_KEY, BungieTrial } from './bungie-trial.js';
import { openOutbound, type OutboundTrial } from './outbound-trial.js';
import { ProfileTrial, type TrialMembership } from './profile-trial.js';
import { DAY_MS, type Engine, HOUR_MS, SyncTrial, type WholeRun } from './sync-trial.js';
import { openVault } from './vault-world.js';

/** The whole path of a profile: engine, family, connection, way out, and a Bungie.net on loopback. Runs are driven by hand. */
export class ProfileSyncTrial {
  readonly store: ProfileTrial;
  private outbound: OutboundTrial;
  readonly connections: Connections;
  readonly family: BungieProfiles;
  private readonly secrets: ConnectionSecrets;
  /** The way out of the moment. */
  private readonly outboundNow: Outbound;

  private constructor(
    readonly bungie: BungieTrial,
    readonly sync: SyncTrial,
  ) {
    const { units, clock } = sync;
    // Bungie's time lies in the past, so that it can be moved on: minted times ahead of ours are not believed.
    clock.nowMs = Date.now();
    this.store = new ProfileTrial(units);
    this.outbound = this.openOutbound();
    const wayOut = new Proxy({} as Outbound, {
      get: (_, name) => {
        const { outbound } = this.outbound;
        const value: unknown = Reflect.get(outbound, name);
        return typeof value === 'function' ? (value.bind(outbound) as unknown) : value;
      },
    });
    this.outboundNow = wayOut;
    const registry = new ProviderRegistry(parseEnvironment({ NODE_ENV: 'test' }));
    this.secrets = new ConnectionSecrets(openVault(units, 'spec').vault);
    this.connections = new Connections(
      units.app,
      new ConnectionsRepository(),
      this.secrets,
      registry,
      new OauthClient(wayOut),
      new Audit(new AuditRepository()),
    );
    // Nobody disconnects here.
    const connections = new ProviderConnections(registry, this.connections, {} as Disconnect);
    const { id, secret } = BUNGIE_CLIENT;
    const env = { bungie: { apiKey: BUNGIE_KEY, client: { id, secret }, baseUrl: bungie.sandbox.url } };
    new BungieProvider(connections, env).onModuleInit();
    this.family = this.familyOf(new BungieClient(wayOut, env), connections);
    sync.registry.registerFamily(this.family);
  }

  static async open(options: Partial<BungieSandboxOptions> = {}): Promise<ProfileSyncTrial> {
    const startedMs = Date.now() - 60 * DAY_MS;
    const bungie = await BungieTrial.open({ nowMs: () => startedMs, ...options });
    return new ProfileSyncTrial(bungie, await SyncTrial.open({ domain: DESTINY_DOMAIN }));
  }

  /** As after a start anew: no circuit is open. */
  async renewOutbound(): Promise<void> {
    await this.outbound.outbound.onApplicationShutdown();
    this.outbound = this.openOutbound();
  }

  private openOutbound(): OutboundTrial {
    const { units, clock } = this.sync;
    const sleep = (ms: number): Promise<void> => Promise.resolve(clock.advance(ms));
    return openOutbound(units, { nowMs: () => clock.nowMs, sleep }, () => clock.nowMs);
  }

  /** Of an installation without a key. */
  keyless(): BungieProfiles {
    const client = new BungieClient(this.outboundNow, { bungie: undefined });
    return this.familyOf(client, {} as ProviderConnections);
  }

  private familyOf(client: BungieClient, connections: ProviderConnections): BungieProfiles {
    return new BungieProfiles(
      client,
      new BungieAccess(connections),
      this.store.profiles,
      this.store.snapshots,
      this.sync.units.system,
      new Profiler(),
    );
  }

  /** An account whose active membership is that player's, connected as a callback leaves it. */
  async connect(name: string): Promise<TrialMembership> {
    const { membership, membershipId } = this.bungie.sandbox.player(name).profile;
    const player = await this.store.addMembership({ membershipType: membership.type, membershipId });
    const { userId } = player;
    const { app } = this.sync.units;
    await this.sync.units.owner('INSERT INTO identity.account (id) VALUES ($1)', [userId]);
    const { access, refresh, answer } = await this.bungie.signIn(name);
    const grant = {
      accessToken: access,
      refreshToken: refresh,
      expiresInS: 3_600,
      scopes: [],
      subject: String(answer.body['membership_id']),
      identity: undefined,
    };
    const rows = new ConnectionsRepository();
    await app.run({ id: userId }, async (tx) => {
      const row = await rows.lockOrInsert(tx, uuidv7(), userId, BUNGIE_PROVIDER);
      const kept = { refreshToken: null, scopes: [] };
      await rows.updateConnected(tx, row.id, await this.secrets.seal(tx, row, grant, kept));
    });
    return player;
  }

  /** @returns the run's id */
  async start({ id, userId }: TrialMembership): Promise<string> {
    const outcome = await this.sync.units.app.run({ id: userId }, (tx) =>
      this.sync.engine.starter.start(tx, {
        sourceId: sourceIdOf(id),
        kind: 'incremental',
        trigger: 'request',
        range: null,
      }),
    );
    if (typeof outcome === 'string') throw new Error(`The run was not started: ${outcome}`);
    return outcome.run.id;
  }

  async run({ userId }: TrialMembership, id: string): Promise<WholeRun> {
    return (await this.sync.engine.desk.findRun({ id: userId }, DESTINY_DOMAIN, id)) as WholeRun;
  }

  /** One run, until it ends or waits for longer than a worker does. */
  async read(player: TrialMembership, engine?: Engine): Promise<WholeRun> {
    const id = await this.start(player);
    await this.sync.turn(id, engine);
    return this.run(player, id);
  }

  async connectionState({ userId }: TrialMembership): Promise<string | undefined> {
    return (await this.connections.find(userId, BUNGIE_PROVIDER))?.state;
  }

  /** As if nobody had ever come; what the last test has silenced or broken is whole again. */
  async forget(): Promise<void> {
    this.bungie.sandbox.faults.heal();
    this.bungie.sandbox.journal.length = 0;
    this.sync.clock.advance(2 * HOUR_MS);
    await this.renewOutbound();
    await this.sync.units.owner('DELETE FROM destiny.membership');
    await this.sync.forget();
  }

  async close(): Promise<void> {
    await this.outbound.outbound.onApplicationShutdown();
    await this.bungie.close();
    await this.sync.close();
  }
}
