import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
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
