import { Injectable } from '@nestjs/common';
import { DomainRoles } from '../../platform/auth/domain-roles.js';
import type { Permission } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';

/** What domains grant to an account, for whatever is about to say it in a token. */
@Injectable()
export class AccountGrants {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly roles: DomainRoles,
  ) {}

  /** To be asked after the account's token version was read: who loses a role meanwhile has a higher one by then. */
  async grantedTo(accountId: string): Promise<Permission[]> {
    if (this.roles.isEmpty) return [];
    return this.system.run(SYSTEM_SCOPE, (tx) => this.roles.permissionsOf(tx, accountId));
  }
}
