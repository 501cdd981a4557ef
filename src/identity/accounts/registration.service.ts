import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { invalidCode, invalidEmail, registrationClosed } from '../identity.errors.js';
import { SEND_ACCOUNT_MAIL } from './accounts.jobs.js';
import { AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { atEvenTime } from './even-time.clock.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { Passwords } from './passwords.service.js';

export interface NewAccount {
  email: string;
  password: string;
  displayName: string | null;
}

/** People make themselves an account. Whoever asks learns nothing about addresses: known or not, the answer is the same. */
@Injectable()
export class Registration {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly passwords: Passwords,
    private readonly jobs: Jobs,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws DomainError closed, no address, not a fit password, too many at once; none of them depends on who has an account */
  async register(given: NewAccount): Promise<void> {
    if (!this.env.isRegistrationOpen) throw registrationClosed();
    const email = normaliseEmail(given.email);
    if (email === undefined) throw invalidEmail();
    await atEvenTime(async () => {
      const passwordHash = await this.passwords.hashNew(given.password, email);
      const account = { id: uuidv7(), email, passwordHash, displayName: given.displayName };
      const isNew = await this.uow.run(account, async (tx) => {
        const isInserted = await this.accounts.insertAccount(tx, account);
        if (isInserted) await this.mail(tx, account.id, 'verify-address');
        return isInserted;
      });
      if (!isNew) await this.tellOwner(email);
    });
  }

  /** @param code from the mail @throws DomainError invalidCode */
  async verifyAddress(code: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const redeemed = await this.tokens.deleteRedeemed(tx, sha256(code), 'email-verification');
      if (!redeemed) throw invalidCode();
      await this.accounts.updateVerified(tx, redeemed.userId);
    });
  }

  /** Only the owner of the mailbox hears that it has an account. */
  private async tellOwner(email: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.findByEmail(tx, email);
      if (account)
        await this.mail(tx, account.id, account.verifiedAt ? 'already-registered' : 'verify-address');
    });
  }

  private async mail(
    tx: Tx,
    accountId: string,
    mail: 'verify-address' | 'already-registered',
  ): Promise<void> {
    if (this.env.smtpUrl !== undefined)
      await this.jobs.enqueue(tx, { id: accountId }, SEND_ACCOUNT_MAIL, { accountId, mail });
  }
}
