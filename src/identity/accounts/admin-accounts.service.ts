import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal, Role } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { badCursor, lastAdministrator, staleAccount, unknownAccount } from '../identity.errors.js';
import { ApiKeysRepository } from '../keys/api-keys.repository.js';
import { assertMayGrant } from '../sessions/sessions.service.js';
import { AccountsRepository, type AccountRow } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { EndSessions } from './end-sessions.service.js';

export interface AccountFilter {
  email: string | null;
  role: Role | null;
  /** Id of the last row of the page before. */
  before: string | null;
  limit: number;
}

export interface Administration {
  role?: Role | undefined;
  isLocked?: boolean | undefined;
}

/** Everybody's accounts, as administrators see and change them: never a password, never what belongs to their owners. */
@Injectable()
export class AdminAccounts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly ending: EndSessions,
    private readonly keys: ApiKeysRepository,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws DomainError badCursor */
  async list(filter: AccountFilter): Promise<AccountRow[]> {
    const email = filter.email === null ? null : normaliseEmail(filter.email);
    if (filter.before !== null && !isUuid(filter.before)) throw badCursor();
    if (email === undefined) return [];
    return this.system.run(SYSTEM_SCOPE, (tx) => this.accounts.listPage(tx, { ...filter, email }));
  }

  /**
   * Gives a role, locks or unlocks. The account's tokens are void within a second; a locked one is signed out everywhere.
   * @param version that the caller has seen; undefined = any
   * @throws DomainError for a role by a key; AuthError for a role without a fresh proof
   */
  administer(
    caller: Principal,
    id: string,
    change: Administration,
    version: number | undefined,
  ): Promise<AccountRow> {
    if (!isUuid(id)) return Promise.reject(unknownAccount());
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const administrators = await this.accounts.lockAdministrators(tx, this.env.smtpUrl !== undefined);
      const row = await this.accounts.lockAccount(tx, id);
      if (!row) throw unknownAccount();
      if (version !== undefined && version !== row.version) throw staleAccount();
      const role = change.role ?? row.role;
      const isLocked = change.isLocked ?? row.lockedAt !== null;
      if (role === row.role && isLocked === (row.lockedAt !== null)) return row;
      if (role !== row.role) assertMayGrant(caller);
      const isLost = role !== 'administrator' || isLocked;
      if (isLost && administrators.length === 1 && administrators[0] === id) throw lastAdministrator();
      const changed = await this.accounts.updateAdministered(tx, id, { role, isLocked });
      if (isLocked) {
        await this.ending.ofOthers(tx, id, null);
        await this.keys.deleteAllOf(tx, id); // whoever made them may not be who comes back
      }
      await this.ending.voidTokens(tx, id, changed.tokenVersion);
      await this.audit.record(tx, caller, {
        action: 'identity.account-administered',
        object: { type: 'identity.account', id },
        subjectId: id,
        before: { role: row.role, isLocked: row.lockedAt !== null },
        after: { role, isLocked },
      });
      return changed;
    });
  }
}
