import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/unit-of-work.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { EndSessions } from './accounts/end-sessions.service.js';
import { assertMayGrant } from './sessions/sessions.service.js';

/** What domains may do to accounts. */
@Injectable()
export class AccountRights {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly ending: EndSessions,
  ) {}

  /** Before somebody gives or takes rights. @throws DomainError for API keys; AuthError without a fresh proof */
  assertMayGrant(caller: Principal): void {
    assertMayGrant(caller);
  }

  /** Waits for everybody else who changes the account. @param tx of the system role @returns whether there is one */
  async lock(tx: Tx, accountId: string): Promise<boolean> {
    return (await this.accounts.lockAccount(tx, accountId)) !== null;
  }

  /**
   * After a change of what the account may do, in its transaction: tokens so far are void within a second, and clients refresh; keys
   * are judged anew. @param tx of the system role
   */
  async changed(tx: Tx, accountId: string): Promise<void> {
    await this.ending.voidTokens(tx, accountId, await this.accounts.updateTokenVersion(tx, accountId));
  }
}
