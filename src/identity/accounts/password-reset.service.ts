import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { invalidCode } from '../identity.errors.js';
import { AccountMails } from './account-mails.service.js';
import { AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { EndSessions } from './end-sessions.service.js';
import { atEvenTime } from './even-time.clock.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { Passwords } from './passwords.service.js';

/** A forgotten password. Its owner is whoever reads the mailbox; all devices are signed out with it, and keys end. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly passwords: Passwords,
    private readonly ending: EndSessions,
    private readonly mails: AccountMails,
    private readonly audit: Audit,
  ) {}

  /** Sends a code where there is an account, and says nothing about it. Without SMTP_URL nothing is sent. */
  async request(given: string): Promise<void> {
    const email = normaliseEmail(given);
    if (email === undefined || !this.mails.isOn) return;
    await atEvenTime(() =>
      this.system.run(SYSTEM_SCOPE, async (tx) => {
        const account = await this.accounts.findByEmail(tx, email);
        if (account) await this.mails.ask(tx, account.id, 'reset-password');
      }),
    );
  }

  /** @throws DomainError invalidCode; not a fit password, and then the code still works */
  async confirm(code: string, password: string): Promise<void> {
    const hash = sha256(code);
    const account = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const userId = await this.tokens.findOwner(tx, hash, 'password-reset');
      return userId === null ? null : this.accounts.findAccount(tx, userId);
    });
    if (!account) throw invalidCode();
    const passwordHash = await this.passwords.hashNew(password, account.email ?? '');
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.tokens.deleteRedeemed(tx, hash, 'password-reset'))) throw invalidCode();
      const locked = await this.accounts.lockAccount(tx, account.id);
      if (!locked) throw invalidCode();
      await this.accounts.updatePasswordHash(tx, locked.id, locked.passwordHash, passwordHash);
      await this.accounts.updateVerified(tx, locked.id); // the code came by that mailbox
      const deletedKeys = await this.ending.ofAccountAndKeys(tx, locked.id);
      await this.audit.record(
        tx,
        { id: locked.id },
        {
          action: 'identity.password-reset',
          object: { type: 'identity.account', id: locked.id },
          after: { deletedKeys },
        },
      );
    });
  }
}
