import { Injectable } from '@nestjs/common';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { Mailer } from '../../platform/notifications/mailer.service.js';
import { ExternalIdentitiesRepository } from '../external/external-identities.repository.js';
import { newSecret } from '../sessions/refresh-token.codec.js';
import { accountMailText } from './account-mail.js';
import { type AccountMail, SEND_ACCOUNT_MAIL } from './accounts.jobs.js';
import { AccountsRepository } from './accounts.repository.js';
import type { OneTimeTokenKind } from './one-time-token.entity.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

const CODES: Partial<Record<AccountMail, { kind: OneTimeTokenKind; lifeS: number }>> = {
  'verify-address': { kind: 'email-verification', lifeS: 86_400 },
  'reset-password': { kind: 'password-reset', lifeS: 1_800 },
  'confirm-new-address': { kind: 'email-change', lifeS: 86_400 },
};

@Injectable()
@HandlesJob(SEND_ACCOUNT_MAIL)
export class AccountMailHandler implements JobHandler<{ accountId: string; mail: AccountMail }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly identities: ExternalIdentitiesRepository,
    private readonly mailer: Mailer,
  ) {}

  async handle({ accountId, mail }: { accountId: string; mail: AccountMail }): Promise<void> {
    const prepared = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.lockAccount(tx, accountId); // one code of an account after the other
      const to = mail === 'confirm-new-address' ? account?.pendingEmail : account?.email;
      if (!account || !to || (mail === 'verify-address' && account.verifiedAt)) return undefined;
      const plan = CODES[mail];
      const isConfirmed = account.verifiedAt !== null;
      const linkedIdentities = (await tx.query(this.identities.listOwn(accountId))).length;
      const occasion = { isConfirmed, linkedIdentities };
      if (!plan) return { to, ...occasion, code: null };
      if (!isConfirmed && !(await this.makeWay(tx, accountId, mail))) return undefined;
      const code = newSecret().toString('base64url');
      await this.tokens.deleteOfKind(tx, accountId, plan.kind);
      await this.tokens.insertToken(tx, {
        hash: sha256(code),
        userId: accountId,
        kind: plan.kind,
        sessionId: null,
        lifeS: plan.lifeS,
      });
      return { to, ...occasion, code };
    });
    if (prepared) await this.mailer.send({ to: prepared.to, ...accountMailText(mail, prepared) });
  }

  /**
   * Mails overtake each other. While an account is unconfirmed, a code that sets its password leaves none about that confirms the
   * password of whoever registered first (`AccountMails.askForOwner`). @returns false when this mail comes too late
   */
  private async makeWay(tx: Tx, accountId: string, mail: AccountMail): Promise<boolean> {
    if (mail === 'verify-address') return !(await this.tokens.hasOfKind(tx, accountId, 'password-reset'));
    await this.tokens.deleteOfKind(tx, accountId, 'email-verification');
    return true;
  }
}
