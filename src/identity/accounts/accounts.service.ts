import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { lastAdministrator, staleAccount, unknownAccount, wrongPassword } from '../identity.errors.js';
import { AccountErasure } from '../data-rights/account-erasure.service.js';
import { AccountsRepository, type AccountRow } from './accounts.repository.js';
import { EndSessions } from './end-sessions.service.js';
import { Passwords } from './passwords.service.js';

/** A new password, proved by the present one. */
export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
  endOtherSessions: boolean;
}

/** One's own account. */
@Injectable()
export class Accounts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly ending: EndSessions,
    private readonly erasure: AccountErasure,
    private readonly audit: Audit,
  ) {}

  async get(caller: Principal): Promise<AccountRow> {
    const [row] = await this.uow.read<AccountRow>(caller, this.accounts.readOwn(caller.id));
    if (!row) throw unknownAccount();
    return row;
  }

  /** @param version that the caller has seen; undefined = any @throws DomainError staleAccount */
  rename(caller: Principal, displayName: string | null, version: number | undefined): Promise<AccountRow> {
    return this.uow.run(caller, async (tx) => {
      const row = await this.accounts.lockAccount(tx, caller.id);
      if (!row) throw unknownAccount();
      if (version !== undefined && version !== row.version) throw staleAccount();
      await this.audit.record(tx, caller, {
        action: 'identity.account-changed',
        object: objectOf(caller),
        before: { displayName: row.displayName },
        after: { displayName },
      });
      return this.accounts.updateDisplayName(tx, caller.id, displayName);
    });
  }

  /** @throws DomainError wrongPassword; not a fit new one */
  async changePassword(caller: Principal, change: PasswordChange): Promise<void> {
    const { email, passwordHash } = await this.get(caller);
    if (!(await this.passwords.isRight(change.currentPassword, passwordHash))) throw wrongPassword();
    const hash = await this.passwords.hashNew(change.newPassword, email ?? '');
    await this.uow.run(caller, async (tx) => {
      if (!(await this.accounts.updatePasswordHash(tx, caller.id, passwordHash, hash))) throw wrongPassword();
      const after = { endOtherSessions: change.endOtherSessions };
      await this.audit.record(tx, caller, {
        action: 'identity.password-changed',
        object: objectOf(caller),
        after,
      });
      if (change.endOtherSessions) await this.ending.ofOthers(tx, caller.id, caller.sessionId ?? null);
    });
  }

  /**
   * Deletes the account: its tokens are void from then on, and all that is known of it is erased right after.
   * @throws AuthError without a fresh proof; DomainError for the last administrator
   */
  async remove(caller: Principal): Promise<void> {
    assertProved(caller, Date.now());
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const administrators = await this.accounts.lockAdministrators(tx);
      if (administrators.length === 1 && administrators[0] === caller.id) throw lastAdministrator();
      if (!(await this.accounts.lockAccount(tx, caller.id))) throw unknownAccount();
      await this.erasure.request(tx, caller, caller.id);
    });
  }
}

function objectOf({ id }: Principal): { type: string; id: string } {
  return { type: 'identity.account', id };
}
