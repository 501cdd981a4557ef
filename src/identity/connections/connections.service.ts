import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { connectionBusy, connectionLapsed, unknownConnection } from '../identity.errors.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { type ConnectionRow, ConnectionsRepository, type HeldConnection } from './connections.repository.js';
import { isAnother } from './is-another.js';
import { type Grant, OauthClient } from './oauth.client.js';
import type { ProviderDefinition } from './provider-definition.js';
import { ProviderRegistry } from './provider-registry.service.js';
import { ProviderRefusalError } from './provider-refusal.error.js';

// Providers that rotate refresh tokens take one that comes twice for a theft and end the whole connection. So of all processes one at
// a time asks: it takes a lease on the row in a short transaction, calls without one, and writes back only if the lease is still its
// own. The others look again until the new token is there. Who dies with the lease holds them up until it ends.

/** Longer than the two calls of a refresh can take: what the provider says of itself, and the tokens (10 s each, see outbound). */
const LEASE_S = 30;
const LOOK_EVERY_MS = 100;
/** Longer than that: whoever waits may have to take the lease of one that died. */
const WAIT_MS = 35_000;

export interface ConnectionStatus {
  provider: string;
  /** Undefined: not connected. */
  connection: ConnectionRow | undefined;
}

type Taken =
  | { kind: 'fresh'; accessToken: string }
  | { kind: 'busy' }
  | { kind: 'lease'; leaseId: string; row: HeldConnection; refreshToken: string | null };

/** What accounts have given us at third parties. Rooms that call a provider ask here for an access token. */
@Injectable()
export class Connections {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: ConnectionsRepository,
    private readonly secrets: ConnectionSecrets,
    private readonly providers: ProviderRegistry,
    private readonly oauth: OauthClient,
    private readonly audit: Audit,
  ) {}

  /** Every provider there is, and what is left of those that are no more. */
  async list(caller: Principal): Promise<ConnectionStatus[]> {
    const rows = await this.uow.read<ConnectionRow>(caller, this.rows.listOwn());
    const names = new Set(
      [...this.providers.list(), ...rows.map(({ provider: id }) => ({ id }))].map(({ id }) => id),
    );
    return [...names].sort().map((provider) => ({
      provider,
      connection: rows.find((row) => row.provider === provider),
    }));
  }

  /**
   * An access token that lasts for another minute at least, if the provider's last that long.
   * @throws DomainError unknownProvider, unknownConnection, connectionLapsed (its user has to connect again), connectionBusy;
   *   OutboundError when the provider gives none just now
   */
  async accessToken(userId: string, providerId: string): Promise<string> {
    const definition = this.providers.get(providerId);
    const endsAtMs = performance.now() + WAIT_MS;
    for (;;) {
      const taken = await this.take(userId, providerId);
      if (taken.kind === 'fresh') return taken.accessToken;
      const renewed = taken.kind === 'lease' ? await this.renew(definition, taken) : undefined;
      if (renewed !== undefined) return renewed;
      if (performance.now() > endsAtMs) throw connectionBusy();
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** How the account stands at a provider; undefined: not connected. */
  async find(userId: string, provider: string): Promise<ConnectionRow | undefined> {
    const row = await this.uow.run({ id: userId }, (tx) => this.rows.findHeld(tx, userId, provider));
    return row ?? undefined;
  }

  /** The provider does not take a token that should last: whoever asks next gets a new one, if it is still the one that is held. */
  async distrust(userId: string, provider: string, accessToken: string): Promise<void> {
    await this.uow.run({ id: userId }, async (tx) => {
      const row = await this.rows.findHeld(tx, userId, provider);
      if (!row || row.sealedAccessToken === null) return;
      const { sealedAccessToken } = row;
      const held = await this.secrets.accessToken(tx, { ...row, sealedAccessToken });
      if (held === accessToken) await this.rows.updateDistrusted(tx, row.id, sealedAccessToken);
    });
  }

  private take(userId: string, provider: string): Promise<Taken> {
    return this.uow.run({ id: userId }, async (tx) => {
      const row = await this.rows.findHeld(tx, userId, provider);
      if (!row) throw unknownConnection();
      const { sealedAccessToken, sealedRefreshToken } = row;
      if (sealedAccessToken === null) throw connectionLapsed();
      if (row.isFresh)
        return {
          kind: 'fresh',
          accessToken: await this.secrets.accessToken(tx, { ...row, sealedAccessToken }),
        };
      const leaseId = uuidv7();
      if (!(await this.rows.updateLeased(tx, row.id, leaseId, LEASE_S))) return { kind: 'busy' };
      // Read again: between the look and the lease somebody else may have renewed it and given the lease back.
      const leased = (await this.rows.findHeld(tx, userId, provider)) ?? row;
      const sealed = leased.sealedRefreshToken ?? sealedRefreshToken;
      const refreshToken =
        sealed === null
          ? null
          : await this.secrets.refreshToken(tx, { ...leased, sealedRefreshToken: sealed });
      return { kind: 'lease', leaseId, row: leased, refreshToken };
    });
  }

  /** @returns undefined when the connection is another one by now */
  private async renew(
    definition: ProviderDefinition,
    { leaseId, row, refreshToken }: Taken & { kind: 'lease' },
  ): Promise<string | undefined> {
    let grant: Grant;
    try {
      if (refreshToken === null) throw new ProviderRefusalError(definition.id, 'invalid_grant');
      grant = await this.oauth.refresh(definition, refreshToken);
    } catch (error) {
      if (!(error instanceof ProviderRefusalError)) {
        await this.uow.run({ id: row.userId }, (tx) => this.rows.updateReleased(tx, row.id, leaseId));
        throw error;
      }
      if (await this.lapse(row, leaseId, error.reason)) throw connectionLapsed();
      return undefined;
    }
    const isOurs = await this.uow.run({ id: row.userId }, async (tx) => {
      const kept = { refreshToken: row.sealedRefreshToken, scopes: row.grantedScopes };
      const sealed = await this.secrets.seal(tx, row, grant, kept);
      return this.rows.updateRefreshed(tx, row.id, leaseId, sealed);
    });
    if (isOurs) return grant.accessToken;
    await this.giveBack(definition, row, grant);
    return undefined;
  }

  /**
   * Tokens that came too late for their connection: it was ended meanwhile, or is somebody else's. A newer one of the same person is
   * the same grant at most providers, and stays.
   */
  private async giveBack(definition: ProviderDefinition, row: ConnectionRow, grant: Grant): Promise<void> {
    const now = await this.uow.run({ id: row.userId }, (tx) =>
      this.rows.findHeld(tx, row.userId, row.provider),
    );
    if (now && !isAnother(now, row)) return;
    await this.oauth.revoke(definition, grant.refreshToken ?? grant.accessToken).catch(() => undefined);
  }

  private lapse(row: ConnectionRow, leaseId: string, reason: string): Promise<boolean> {
    return this.uow.run({ id: row.userId }, async (tx) => {
      const isOurs = await this.rows.updateLapsed(tx, row.id, leaseId);
      if (isOurs)
        await this.audit.record(
          tx,
          { id: row.userId },
          {
            action: 'identity.connection-lapsed',
            object: { type: 'identity.connection', id: row.id },
            before: { provider: row.provider, state: 'connected' },
            after: { provider: row.provider, state: 'needs-sign-in', reason },
          },
        );
      return isOurs;
    });
  }
}
