import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type AccountName, NamedAccounts, textOf } from '../accounts/named-accounts.service.js';
import { SecondFactorsRepository } from './second-factors.repository.js';

/** For who has lost phone and recovery codes, and convinced the operator of being who they say. */
@Injectable()
export class LostSecondFactors {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: NamedAccounts,
    private readonly rows: SecondFactorsRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws StartupError with a sentence for the operator */
  async remove(name: AccountName): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.lock(tx, name);
      if ((await this.rows.deleteTotp(tx, account.id)) === undefined)
        throw new StartupError(`The account of ${textOf(name)} has no second factor.`);
      await this.rows.deleteRecoveryCodes(tx, account.id);
      await this.audit.record(tx, SYSTEM_SCOPE, {
        action: 'identity.second-factor-removed',
        object: { type: 'identity.account', id: account.id },
        subjectId: account.id,
      });
    });
  }
}
