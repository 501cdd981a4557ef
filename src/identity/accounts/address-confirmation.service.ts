import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { invalidCode } from '../identity.errors.js';
import { AccountsRepository } from './accounts.repository.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Whoever has the code of a mail reads its mailbox. */
@Injectable()
export class AddressConfirmation {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError invalidCode */
  async confirm(code: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const redeemed = await this.tokens.deleteRedeemed(tx, sha256(code), 'email-verification');
      if (!redeemed) throw invalidCode();
      const { userId: id } = redeemed;
      await this.accounts.updateVerified(tx, id);
      await this.audit.record(
        tx,
        { id },
        { action: 'identity.address-confirmed', object: { type: 'identity.account', id } },
      );
    });
  }
}
