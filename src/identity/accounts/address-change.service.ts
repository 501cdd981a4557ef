import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { invalidCode, invalidEmail, unknownAccount } from '../identity.errors.js';
import { sessionOf } from '../sessions/sessions.service.js';
import { AccountMails } from './account-mails.service.js';
import { type AccountRow, AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { atEvenTime } from './even-time.clock.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

// Another address for an account. Where mail is sent it counts when its mailbox was shown to be read, and the mailbox so far hears of the
// wish, in time to object. An address that another account has is answered alike: its owner gets a mail instead of a code. Where no mail
// is sent nobody can show anything: the address counts at once, if it is free.

@Injectable()
export class AddressChange {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: AccountMails,
    private readonly audit: Audit,
  ) {}

  /** @throws AuthError without a fresh proof; DomainError invalidEmail, unknownAccount */
  async request(caller: Principal, given: string): Promise<void> {
    assertProved(caller, Date.now());
    sessionOf(caller);
    const email = normaliseEmail(given);
    if (email === undefined) throw invalidEmail();
    await atEvenTime(() => this.system.run(SYSTEM_SCOPE, (tx) => this.wish(tx, caller, email)));
  }

  /** @param code of the mail to the new address @throws DomainError invalidCode, also when the address was taken meanwhile */
  async confirm(caller: Principal, code: string): Promise<void> {
    sessionOf(caller);
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const redeemed = await this.tokens.deleteRedeemed(tx, sha256(code), 'email-change');
      if (redeemed?.userId !== caller.id) throw invalidCode();
      const account = await this.accounts.lockAccount(tx, caller.id);
      if (!account || account.lockedAt || account.pendingEmail === null) throw invalidCode();
      if (!(await this.change(tx, caller, account, account.pendingEmail, true))) throw invalidCode();
    });
  }

  private async wish(tx: Tx, caller: Principal, email: string): Promise<void> {
    const account = await this.accounts.lockAccount(tx, caller.id);
    if (!account || account.lockedAt) throw unknownAccount();
    if (!this.mails.isOn) {
      await this.change(tx, caller, account, email, false);
      return;
    }
    const holder = await this.accounts.findByEmail(tx, email);
    // A code of a former wish counts no more; that the address is free shows in nothing that the caller sees.
    await this.tokens.deleteOfKind(tx, caller.id, 'email-change');
    await this.accounts.updatePendingEmail(tx, caller.id, holder ? null : email);
    if (account.email !== null) await this.mails.ask(tx, caller.id, 'address-wish');
    if (holder) await this.mails.ask(tx, holder.id, 'address-wanted');
    else await this.mails.ask(tx, caller.id, 'confirm-new-address');
    await this.audit.record(tx, caller, {
      action: 'identity.address-change-requested',
      object: { type: 'identity.account', id: caller.id },
      after: { email },
    });
  }

  /** @returns false when another account has the address */
  private async change(
    tx: Tx,
    caller: Principal,
    account: AccountRow,
    email: string,
    isProved: boolean,
  ): Promise<boolean> {
    if (!(await this.accounts.updateEmail(tx, account.id, email, isProved))) return false;
    // What was sent to the former address opens nothing any more.
    for (const kind of ['password-reset', 'email-verification', 'email-change'] as const)
      await this.tokens.deleteOfKind(tx, account.id, kind);
    await this.audit.record(tx, caller, {
      action: 'identity.address-changed',
      object: { type: 'identity.account', id: account.id },
      before: { email: account.email },
      after: { email, isProved },
    });
    return true;
  }
}
