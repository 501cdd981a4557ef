import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Authorizations, type Begun, type WayBack } from '../connections/authorizations.service.js';
import { PendingGrants } from '../connections/pending-grants.service.js';
import { ProviderRegistry } from '../connections/provider-registry.service.js';
import { sessionOf } from '../sessions/sessions.service.js';
import { IdentityLinks } from './identity-links.service.js';

/** Begin and end of linking; the way back is that of a sign-in. */
@Injectable()
export class LinkIdentity {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly providers: ProviderRegistry,
    private readonly authorizations: Authorizations,
    private readonly pending: PendingGrants,
    private readonly links: IdentityLinks,
  ) {}

  /** @throws AuthError without a fresh proof; DomainError; OutboundError */
  async begin(caller: Principal, providerId: string, back: WayBack): Promise<Begun> {
    assertProved(caller, Date.now());
    return this.authorizations.beginFor(caller, 'link', this.providers.getForSignIn(providerId), back);
  }

  /** @param code of the way back @throws DomainError unknownProvider, accountNeeded, invalidCode, identityTaken */
  async complete(caller: Principal, providerId: string, code: string): Promise<void> {
    sessionOf(caller);
    this.providers.getForSignIn(providerId);
    await this.uow.run(caller, async (tx) => {
      const identity = await this.pending.takeIdentity(tx, caller, providerId, code);
      await this.links.link(tx, caller, { ...identity, provider: providerId });
    });
  }
}
