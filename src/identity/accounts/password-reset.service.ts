import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { invalidCode } from '../identity.errors.js';
import { SEND_ACCOUNT_MAIL } from './accounts.jobs.js';
import { AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { EndSessions } from './end-sessions.service.js';
import { atEvenTime } from './even-time.clock.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { Passwords } from './passwords.service.js';

/** A forgotten password. Its owner is whoever reads the mailbox; all devices are signed out with it. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly passwords: Passwords,
    private readonly ending: EndSessions,
    private readonly jobs: Jobs,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Sends a code where there is an account, and says nothing about it. Without SMTP_URL nothing is sent. */
  async request(given: string): Promise<void> {
    const email = normaliseEmail(given);
    if (email === undefined || this.env.smtpUrl === undefined) return;
    await atEvenTime(() =>
      this.system.run(SYSTEM_SCOPE, async (tx) => {
        const account = await this.accounts.findByEmail(tx, email);
        if (!account) return;
        const payload = { accountId: account.id, mail: 'reset-password' } as const;
        await this.jobs.enqueue(tx, { id: account.id }, SEND_ACCOUNT_MAIL, payload);
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
      await this.ending.ofAccount(tx, locked.id);
    });
  }
}
