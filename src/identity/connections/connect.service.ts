import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { sessionOf } from '../sessions/sessions.service.js';
import {
  Authorizations,
  type Begun,
  type CameBack,
  type CameHome,
  type WayBack,
} from './authorizations.service.js';
import { ConnectionsRepository } from './connections.repository.js';
import { PendingGrants } from './pending-grants.service.js';
import { ProviderRegistry } from './provider-registry.service.js';
import { ReplacedGrants } from './replaced-grants.service.js';

/** Connecting an account to a third party: to its page, back, and home to the account. */
@Injectable()
export class Connect {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly providers: ProviderRegistry,
    private readonly authorizations: Authorizations,
    private readonly rows: ConnectionsRepository,
    private readonly replaced: ReplacedGrants,
    private readonly pending: PendingGrants,
    private readonly audit: Audit,
  ) {}

  begin(caller: Principal, providerId: string, back: WayBack): Promise<Begun> {
    return this.authorizations.beginFor(caller, 'connect', this.providers.get(providerId), back);
  }

  /** What the provider grants waits for its account. @returns where the browser goes now, and with what @throws DomainError; OutboundError */
  async comeBack(providerId: string, cameBack: CameBack): Promise<CameHome> {
    const definition = this.providers.get(providerId);
    const { userId, returnTo, grant } = await this.authorizations.comeBack(['connect'], definition, cameBack);
    return { returnTo, code: await this.pending.keepTokens({ id: userId! }, definition, grant) };
  }

  /** @param code of the way back @throws DomainError unknownProvider, accountNeeded, invalidCode */
  async complete(caller: Principal, providerId: string, code: string): Promise<void> {
    sessionOf(caller);
    const definition = this.providers.get(providerId);
    await this.uow.run(caller, async (tx) => {
      const grant = await this.pending.takeTokens(tx, caller, providerId, code);
      const row = await this.rows.lockOrInsert(tx, uuidv7(), caller.id, providerId);
      const sealed = await this.replaced.seal(tx, row, grant, definition.scopes);
      await this.rows.updateConnected(tx, row.id, sealed);
      await this.providers.tellConnected(tx, providerId, caller.id);
      await this.audit.record(tx, caller, {
        action: 'identity.connection-made',
        object: { type: 'identity.connection', id: row.id },
        before: { provider: providerId, state: row.state, scopes: row.grantedScopes },
        after: { provider: providerId, state: 'connected', scopes: sealed.scopes },
      });
    });
  }
}
