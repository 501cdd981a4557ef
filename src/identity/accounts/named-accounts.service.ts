import { Injectable } from '@nestjs/common';
import { StartupError } from '../../platform/config/startup-error.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { AccountsRepository, type AccountRow } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';

/** How an operator names an account. People of other issuers have no address here: they go by the id that `/account` shows them. */
export type AccountName = { readonly email: string } | { readonly id: string };

export const textOf = (name: AccountName): string => ('id' in name ? name.id : name.email);

/** Accounts for the operator's commands. */
@Injectable()
export class NamedAccounts {
  constructor(private readonly accounts: AccountsRepository) {}

  /** @param tx of the system role @returns the account under a lock @throws StartupError with a sentence for the operator */
  async lock(tx: Tx, name: AccountName): Promise<AccountRow> {
    const id = 'id' in name ? name.id : await this.idOf(tx, name.email);
    const account = id !== undefined && isUuid(id) ? await this.accounts.lockAccount(tx, id) : null;
    if (!account) throw new StartupError(`There is no account of ${textOf(name)}.`);
    return account;
  }

  private async idOf(tx: Tx, address: string): Promise<string | undefined> {
    const email = normaliseEmail(address);
    return email === undefined ? undefined : (await this.accounts.findByEmail(tx, email))?.id;
  }
}
