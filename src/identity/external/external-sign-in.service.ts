import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  Authorizations,
  type Begun,
  type CameBack,
  type CameHome,
  type WayBack,
} from '../connections/authorizations.service.js';
import { newFlowSecret } from '../connections/authorization-state.codec.js';
import { PendingGrants } from '../connections/pending-grants.service.js';
import { ProviderRegistry } from '../connections/provider-registry.service.js';
import { accountLocked, authorizationRefused, registrationClosed } from '../identity.errors.js';
import { ExternalAccounts, type OutsidePerson } from './external-accounts.service.js';
import { SignInCodesRepository } from './sign-in-codes.repository.js';

/** Seconds that the app has to exchange the code. */
export const CODE_LIFE_S = 60;

/**
 * Signing in with a provider of OpenID Connect. The tokens do not come by way of the browser: the app gets a code, and exchanges
 * it with the verifier that only the app that began can know.
 */
@Injectable()
export class ExternalSignIn {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly providers: ProviderRegistry,
    private readonly authorizations: Authorizations,
    private readonly accounts: ExternalAccounts,
    private readonly pending: PendingGrants,
    private readonly codes: SignInCodesRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  begin(providerId: string, codeChallenge: string, back: WayBack): Promise<Begun> {
    return this.authorizations.beginSignIn(this.providers.getForSignIn(providerId), codeChallenge, back);
  }

  /** The way back of a sign-in, and of a link, which has the same address at the provider. @throws DomainError; OutboundError */
  async comeBack(providerId: string, cameBack: CameBack): Promise<CameHome> {
    const definition = this.providers.getForSignIn(providerId);
    const back = await this.authorizations.comeBack(['sign-in', 'link'], definition, cameBack);
    const { identity } = back.grant;
    if (!identity) throw authorizationRefused();
    const code =
      back.userId === null
        ? await this.giveCode({ ...identity, provider: providerId }, back.codeChallenge!)
        : await this.pending.keepIdentity({ id: back.userId }, providerId, identity);
    return { returnTo: back.returnTo, code };
  }

  private async giveCode(person: OutsidePerson, codeChallenge: string): Promise<string> {
    const known = await this.accounts.find(person);
    if (!known && !this.env.isRegistrationOpen) throw registrationClosed();
    const account = known ?? (await this.accounts.findOrCreate(person));
    if (account.lockedAt) throw accountLocked();
    const code = newFlowSecret();
    await this.uow.run(account, (tx) =>
      this.codes.insertCode(tx, {
        hash: sha256(code),
        userId: account.id,
        codeChallenge,
        lifeS: CODE_LIFE_S,
      }),
    );
    return code;
  }
}
