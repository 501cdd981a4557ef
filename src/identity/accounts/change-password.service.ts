import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { unknownAccount, wrongPassword } from '../identity.errors.js';
import { AccountsRepository } from './accounts.repository.js';
import { EndSessions } from './end-sessions.service.js';
import { PasswordProofs } from './password-proofs.service.js';
import { Passwords } from './passwords.service.js';

/** A new password, proved by the present one. */
export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
  endOtherSessions: boolean;
}

/** One's own password. The device that changes it stays signed in, and its access token good. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly proofs: PasswordProofs,
    private readonly ending: EndSessions,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError wrongPassword, not a fit new one; RateLimitError */
  async change(caller: Principal, change: PasswordChange): Promise<void> {
    const account = await this.system.run(SYSTEM_SCOPE, (tx) => this.accounts.findAccount(tx, caller.id));
    if (!account) throw unknownAccount();
    const { email, passwordHash } = account;
    if (!(await this.proofs.isRight(caller.id, change.currentPassword, passwordHash))) throw wrongPassword();
    const hash = await this.passwords.hashNew(change.newPassword, email ?? '');
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.accounts.updatePasswordHash(tx, caller.id, passwordHash, hash))) throw wrongPassword();
      await this.ending.ofHalf(tx, caller.id); // they stand for the old one
      await this.audit.record(tx, caller, {
        action: 'identity.password-changed',
        object: { type: 'identity.account', id: caller.id },
        after: { endOtherSessions: change.endOtherSessions },
      });
      if (change.endOtherSessions) await this.ending.ofOthers(tx, caller.id, caller.sessionId ?? null);
    });
  }
}
