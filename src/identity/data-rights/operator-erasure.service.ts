import { Injectable } from '@nestjs/common';
import { StartupError } from '../../platform/config/startup-error.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { normaliseEmail } from '../accounts/email-address.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { AccountErasure } from './account-erasure.service.js';

/** What an operator does who was asked by letter. Unlike a caller he may erase the last administrator. */
@Injectable()
export class OperatorErasure {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly erasure: AccountErasure,
  ) {}

  /** Deletes the account and goes through all handlers at once; interrupted, a worker does the rest. @throws StartupError */
  async erase(address: string, onStep: (done: number, total: number) => void): Promise<void> {
    const email = normaliseEmail(address);
    const id = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const found = email === undefined ? null : await this.accounts.findByEmail(tx, email);
      const account = found && (await this.accounts.lockAccount(tx, found.id));
      if (!account) throw new StartupError(`There is no account of ${address}.`);
      await this.erasure.request(tx, SYSTEM_SCOPE, account.id);
      return account.id;
    });
    await this.erasure.run(id, new AbortController().signal, onStep);
  }
}
