import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { Authorizations, type Begun, type WayBack } from '../connections/authorizations.service.js';
import { ProviderRegistry } from '../connections/provider-registry.service.js';

/** The way out of linking; the way back is that of a sign-in. */
@Injectable()
export class LinkIdentity {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly authorizations: Authorizations,
  ) {}

  /** @throws AuthError without a fresh proof; DomainError; OutboundError */
  async begin(caller: Principal, providerId: string, back: WayBack): Promise<Begun> {
    assertProved(caller, Date.now());
    return this.authorizations.beginFor(caller, 'link', this.providers.getForSignIn(providerId), back);
  }
}
