import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { lastAdministrator, staleAccount, unknownAccount } from '../identity.errors.js';
import { AccountErasure } from '../data-rights/account-erasure.service.js';
import { AccountsRepository, type AccountRow } from './accounts.repository.js';

/** One's own account. */
@Injectable()
export class Accounts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly erasure: AccountErasure,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
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

  /**
   * Deletes the account: its tokens are void from then on, and all that is known of it is erased right after.
   * @throws AuthError without a fresh proof; DomainError for the last administrator
   */
  async remove(caller: Principal): Promise<void> {
    assertProved(caller, Date.now());
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const seen = await this.accounts.findAccount(tx, caller.id);
      if (seen?.role === 'administrator') {
        const others = await this.accounts.lockAdministrators(tx, this.env.smtpUrl !== undefined);
        if (others.length === 1 && others[0] === caller.id) throw lastAdministrator();
      }
      const row = await this.accounts.lockAccount(tx, caller.id);
      if (!row || !seen) throw unknownAccount();
      if (row.role !== seen.role) throw staleAccount(); // of a role that was given just now nobody has been asked
      await this.erasure.request(tx, caller, caller.id);
    });
  }
}

function objectOf({ id }: Principal): { type: string; id: string } {
  return { type: 'identity.account', id };
}
