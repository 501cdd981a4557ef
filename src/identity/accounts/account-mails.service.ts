import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { type AccountMail, SEND_ACCOUNT_MAIL } from './accounts.jobs.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Asks for mails in the transaction of their reason; a worker sends them. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly jobs: Jobs,
    private readonly tokens: OneTimeTokensRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Whether any mail is sent here. */
  get isOn(): boolean {
    return this.env.smtpUrl !== undefined;
  }

  async ask(tx: Tx, accountId: string, mail: AccountMail): Promise<void> {
    if (!this.isOn) return;
    // Later, and not always as much later: sent at once it would keep this process busy just when its answer is due, and so
    // tell that there is somebody to write to.
    const delayMs = randomInt(400, 1_200);
    await this.jobs.enqueue(tx, { id: accountId }, SEND_ACCOUNT_MAIL, { accountId, mail }, { delayMs });
  }

  /**
   * For an account that somebody made and nobody confirmed. Whoever reads the mailbox sets the password anew: a code that
   * merely confirmed the address would make the password good of a stranger who was there first.
   */
  async askForOwner(tx: Tx, accountId: string): Promise<void> {
    await this.tokens.deleteOfKind(tx, accountId, 'email-verification');
    await this.ask(tx, accountId, 'reset-password');
  }
}
