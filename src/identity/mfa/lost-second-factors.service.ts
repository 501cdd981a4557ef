import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { normaliseEmail } from '../accounts/email-address.js';
import { SecondFactorsRepository } from './second-factors.repository.js';

/** For who has lost phone and recovery codes, and convinced the operator of being who they say. */
@Injectable()
export class LostSecondFactors {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly rows: SecondFactorsRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws StartupError with a sentence for the operator */
  async remove(address: string): Promise<void> {
    const email = normaliseEmail(address) ?? '';
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.findByEmail(tx, email);
      if (!account) throw new StartupError(`There is no account of ${address}.`);
      if ((await this.rows.deleteTotp(tx, account.id)) === undefined)
        throw new StartupError(`The account of ${address} has no second factor.`);
      await this.rows.deleteRecoveryCodes(tx, account.id);
      await this.audit.record(tx, SYSTEM_SCOPE, {
        action: 'identity.second-factor-removed',
        object: { type: 'identity.account', id: account.id },
        subjectId: account.id,
      });
    });
  }
}
