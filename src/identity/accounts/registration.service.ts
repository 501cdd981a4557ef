import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalidEmail, registrationClosed } from '../identity.errors.js';
import { AccountMails } from './account-mails.service.js';
import { AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { atEvenTime } from './even-time.clock.js';
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
    private readonly passwords: Passwords,
    private readonly mails: AccountMails,
    private readonly audit: Audit,
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
        if (!isInserted) return false;
        await this.mails.ask(tx, account.id, 'verify-address');
        await this.audit.record(tx, account, {
          action: 'identity.account-created',
          object: { type: 'identity.account', id: account.id },
          after: { email, displayName: given.displayName, role: 'member' },
        });
        return true;
      });
      if (!isNew) await this.tellOwner(email);
    });
  }

  /** Only the owner of the mailbox hears that it has an account. */
  private async tellOwner(email: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.findByEmail(tx, email);
      if (!account) return;
      if (account.verifiedAt) await this.mails.ask(tx, account.id, 'already-registered');
      else await this.mails.askForOwner(tx, account.id);
    });
  }
}
