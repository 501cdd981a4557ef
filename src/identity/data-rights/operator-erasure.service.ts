import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type AccountName, NamedAccounts } from '../accounts/named-accounts.service.js';
import { AccountErasure } from './account-erasure.service.js';

/** What an operator does who was asked by letter. Unlike a caller he may erase the last administrator. */
@Injectable()
export class OperatorErasure {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: NamedAccounts,
    private readonly erasure: AccountErasure,
  ) {}

  /** Deletes the account and goes through all handlers at once; interrupted, a worker does the rest. @throws StartupError */
  async erase(name: AccountName, onStep: (done: number, total: number) => void): Promise<void> {
    const id = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const account = await this.accounts.lock(tx, name);
      await this.erasure.request(tx, SYSTEM_SCOPE, account.id);
      return account.id;
    });
    await this.erasure.run(id, new AbortController().signal, onStep);
  }
}
