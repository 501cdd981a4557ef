import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../platform/auth/principal.js';
import { DomainError } from '../platform/http/domain-error.js';
import type { Tx } from '../platform/database/unit-of-work.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { EndSessions } from './accounts/end-sessions.service.js';
import { rememberBrowser, wayBackOf } from './connections/browser-flow.adapter.js';
import { Connect } from './connections/connect.service.js';
import { Connections } from './connections/connections.service.js';
import { Disconnect } from './connections/disconnect.service.js';
import type { ProviderDefinition } from './connections/provider-definition.js';
import { type ConnectedListener, ProviderRegistry } from './connections/provider-registry.service.js';
import { IDENTITY_ERROR } from './identity.errors.js';
import { assertMayGrant } from './sessions/sessions.service.js';

/** What domains may do to accounts. */
@Injectable()
export class AccountRights {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly ending: EndSessions,
  ) {}

  /** Before somebody gives or takes rights. @throws DomainError for API keys; AuthError without a fresh proof */
  assertMayGrant(caller: Principal): void {
    assertMayGrant(caller);
  }

  /** Waits for everybody else who changes the account. @param tx of the system role @returns whether there is one */
  async lock(tx: Tx, accountId: string): Promise<boolean> {
    return (await this.accounts.lockAccount(tx, accountId)) !== null;
  }

  /**
   * After a change of what the account may do, in its transaction: tokens so far are void within a second, and clients refresh; keys
   * are judged anew. @param tx of the system role
   */
  async changed(tx: Tx, accountId: string): Promise<void> {
    await this.ending.voidTokens(tx, accountId, await this.accounts.updateTokenVersion(tx, accountId));
  }
}

export interface ProviderConnectionState {
  /** `needs-sign-in`: the provider has taken its permission back; the user has to connect again. */
  readonly state: 'none' | 'connected' | 'needs-sign-in';
  /** What the provider calls the account, where it says so. */
  readonly subject: string | null;
}

export type ProviderAccess =
  | { readonly state: 'connected'; readonly accessToken: string }
  | { readonly state: 'none' | 'needs-sign-in' };

/** What domains may know and do of the accounts' connections to third parties. */
@Injectable()
export class ProviderConnections {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly connections: Connections,
    private readonly disconnects: Disconnect,
  ) {}

  /** Whether people can connect to it here. */
  isThere(providerId: string): boolean {
    return this.providers.find(providerId) !== undefined;
  }

  /** When the domain's module starts. @throws Error for a name that is taken or none */
  register(definition: ProviderDefinition): void {
    this.providers.add(definition);
  }

  /** When the domain's module starts: what follows from a sign-in there, the first one or another. */
  onConnected(providerId: string, listener: ConnectedListener): void {
    this.providers.onConnected(providerId, listener);
  }

  async state(userId: string, providerId: string): Promise<ProviderConnectionState> {
    const row = await this.connections.find(userId, providerId);
    return { state: row?.state ?? 'none', subject: row?.subject ?? null };
  }

  /** As below. @throws DomainError also unknownProvider, unknownConnection and connectionLapsed */
  accessToken(userId: string, providerId: string): Promise<string> {
    return this.connections.accessToken(userId, providerId);
  }

  /** For a call as that user. @throws DomainError connectionBusy; OutboundError when the provider gives none just now */
  async access(userId: string, providerId: string): Promise<ProviderAccess> {
    try {
      if (this.providers.find(providerId) === undefined) return { state: 'none' };
      return { state: 'connected', accessToken: await this.connections.accessToken(userId, providerId) };
    } catch (error) {
      const code = error instanceof DomainError ? error.code : undefined;
      if (code === IDENTITY_ERROR.unknownConnection) return { state: 'none' };
      if (code === IDENTITY_ERROR.connectionLapsed) return { state: 'needs-sign-in' };
      throw error;
    }
  }

  /** The provider has refused a token before its time: the next one is new, or the connection has lapsed. */
  distrust(userId: string, providerId: string, accessToken: string): Promise<void> {
    return this.connections.distrust(userId, providerId, accessToken);
  }

  /**
   * Ends the connection here and at the provider.
   * @param also what the domain has of it, in the same transaction
   * @returns false when there was none, and nothing has been done
   * @throws AuthError without a fresh proof
   */
  async disconnect(caller: Principal, providerId: string, also: (tx: Tx) => Promise<void>): Promise<boolean> {
    try {
      await this.disconnects.disconnect(caller, providerId, also);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === IDENTITY_ERROR.unknownConnection) return false;
      throw error;
    }
  }
}

/** How a domain's own routes lead people to a third party and home again; the same way as `/connections/{provider}`. */
@Injectable()
export class ProviderWays {
  constructor(private readonly connect: Connect) {}

  /**
   * Begins a connection. What the browser is known by again is set on the answer.
   * @returns the address that the user opens
   * @throws DomainError unknownProvider
   */
  async begin(request: Request, response: Response, caller: Principal, providerId: string): Promise<string> {
    const begun = await this.connect.begin(caller, providerId, wayBackOf(request, undefined));
    rememberBrowser(request, response, begun);
    return begun.url;
  }

  /** @param code of the way back @throws DomainError unknownProvider, accountNeeded, invalidCode */
  complete(caller: Principal, providerId: string, code: string): Promise<void> {
    return this.connect.complete(caller, providerId, code);
  }
}
