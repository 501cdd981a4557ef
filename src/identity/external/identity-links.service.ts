import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { AccountsRepository, type AccountRow } from '../accounts/accounts.repository.js';
import { ProviderRegistry } from '../connections/provider-registry.service.js';
import { identityTaken, lastSignIn, unknownAccount, unknownIdentity } from '../identity.errors.js';
import type { OutsidePerson } from './external-accounts.service.js';
import { ExternalIdentitiesRepository, type ExternalIdentityRow } from './external-identities.repository.js';
import { TrustedTokens } from './trusted-tokens.service.js';

/** Who one's own account is elsewhere. */
@Injectable()
export class IdentityLinks {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: ExternalIdentitiesRepository,
    private readonly accounts: AccountsRepository,
    private readonly trusted: TrustedTokens,
    private readonly providers: ProviderRegistry,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  list(caller: Principal): Promise<ExternalIdentityRow[]> {
    return this.uow.read<ExternalIdentityRow>(caller, this.rows.listOwn(caller.id));
  }

  /** In the caller's own scope. Linked twice is linked. @throws DomainError identityTaken when it is another account's */
  async link(tx: Tx, caller: Principal, person: OutsidePerson): Promise<void> {
    const { issuer, subject, provider, email } = person;
    const identity = { id: uuidv7(), userId: caller.id, issuer, subject, provider, email };
    if (!(await this.rows.insertIdentity(tx, identity))) {
      const own = await tx.query<ExternalIdentityRow>(this.rows.listOwn(caller.id));
      if (own.some((row) => row.issuer === issuer && row.subject === subject)) return;
      throw identityTaken();
    }
    await this.audit.record(tx, caller, {
      action: 'identity.identity-linked',
      object: { type: 'identity.external-identity', id: identity.id },
      after: { issuer, provider },
    });
  }

  /** @throws AuthError without a fresh proof; DomainError unknownIdentity, lastSignIn */
  async unlink(caller: Principal, id: string): Promise<void> {
    assertProved(caller, Date.now());
    if (!isUuid(id)) throw unknownIdentity();
    await this.uow.run(caller, async (tx) => {
      const account = await this.accounts.lockAccount(tx, caller.id); // two at once must not take the last two
      if (!account) throw unknownAccount();
      const gone = await this.rows.deleteOwn(tx, id);
      if (!gone) throw unknownIdentity();
      if (!(await this.canSignIn(tx, account))) throw lastSignIn();
      await this.trusted.forget(tx, id); // where its issuer is trusted, tokens of it may still be about
      await this.audit.record(tx, caller, {
        action: 'identity.identity-unlinked',
        object: { type: 'identity.external-identity', id },
        before: { issuer: gone.issuer, provider: gone.provider },
      });
    });
  }

  private async canSignIn(tx: Tx, account: AccountRow): Promise<boolean> {
    if (account.email !== null && account.passwordHash !== null) return true;
    const left = await tx.query<ExternalIdentityRow>(this.rows.listOwn(account.id));
    return left.some(({ provider, issuer }) =>
      provider === null
        ? this.env.trustedIssuers.some((trusted) => trusted.issuer === issuer)
        : this.providers.find(provider)?.signInScopes !== undefined,
    );
  }
}
