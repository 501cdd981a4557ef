import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Authorizations, type Begun, type CameBack, type WayBack } from './authorizations.service.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { ConnectionsRepository } from './connections.repository.js';
import { OauthClient } from './oauth.client.js';
import { ProviderRegistry } from './provider-registry.service.js';

/** Connecting an account to a third party: to its page and back. */
@Injectable()
export class Connect {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly providers: ProviderRegistry,
    private readonly authorizations: Authorizations,
    private readonly rows: ConnectionsRepository,
    private readonly secrets: ConnectionSecrets,
    private readonly oauth: OauthClient,
    private readonly audit: Audit,
  ) {}

  begin(caller: Principal, providerId: string, back: WayBack): Promise<Begun> {
    return this.authorizations.beginFor(caller, 'connect', this.providers.get(providerId), back);
  }

  /** @returns where the browser goes now; null = a page of ours @throws DomainError; OutboundError */
  async complete(providerId: string, cameBack: CameBack): Promise<string | null> {
    const definition = this.providers.get(providerId);
    const { userId, sessionId, returnTo, grant } = await this.authorizations.comeBack(
      ['connect'],
      definition,
      cameBack,
    );
    const actor = { id: userId!, sessionId: sessionId! };
    await this.uow
      .run(actor, async (tx) => {
        const row = await this.rows.lockOrInsert(tx, uuidv7(), actor.id, providerId);
        const kept = { refreshToken: null, scopes: definition.scopes };
        const sealed = await this.secrets.seal(tx, row, grant, kept);
        await this.rows.updateConnected(tx, row.id, sealed);
        await this.audit.record(tx, actor, {
          action: 'identity.connection-made',
          object: { type: 'identity.connection', id: row.id },
          before: { provider: providerId, state: row.state, scopes: row.grantedScopes },
          after: { provider: providerId, state: 'connected', scopes: sealed.scopes },
        });
      })
      .catch(async (error: unknown) => {
        // Nobody holds these tokens; the provider shall not either.
        await this.oauth.revoke(definition, grant.refreshToken ?? grant.accessToken).catch(() => undefined);
        throw error;
      });
    return returnTo;
  }
}
