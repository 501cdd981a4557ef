import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { ApiKeysRepository } from '../keys/api-keys.repository.js';
import { SecondFactorsRepository } from '../mfa/second-factors.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Revocations } from '../tokens/revocations.service.js';
import { AccountsRepository } from './accounts.repository.js';

/** Signing devices out, in the transaction of whatever is the reason. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly revocations: Revocations,
  ) {}

  /** All of an account but one. */
  async ofOthers(tx: Tx, accountId: string, keptId: string | null): Promise<void> {
    const ended = await this.sessions.updateAllRevoked(tx, accountId, keptId);
    await this.revocations.revoke(
      tx,
      ended.map((subjectId) => ({ kind: 'session', subjectId })),
    );
  }

  /** All of an account, and every token of it. */
  async ofAccount(tx: Tx, accountId: string): Promise<void> {
    await this.sessions.updateAllRevoked(tx, accountId, null);
    await this.voidTokens(tx, accountId, await this.accounts.updateTokenVersion(tx, accountId));
  }

  /** After the keys of an account were forgotten, in the same transaction: other processes forget them within a second. */
  dropKeys(tx: Tx, accountId: string): Promise<void> {
    return this.revocations.revoke(tx, [{ kind: 'data-key', subjectId: accountId }]);
  }

  /**
   * All of an account, and its keys: whoever has made them may not be who comes back. @param tx of the system role
   * @returns how many keys there were
   */
  async ofAccountAndKeys(tx: Tx, accountId: string): Promise<number> {
    await this.ofAccount(tx, accountId);
    return this.keys.deleteAllOf(tx, accountId);
  }

  /** Sign-ins that wait for their second factor. @param tx of the system role */
  ofHalf(tx: Tx, accountId: string): Promise<void> {
    return this.factors.deleteChallengesOf(tx, accountId);
  }

  /** Access tokens below a version, where the account has that version already. */
  voidTokens(tx: Tx, accountId: string, minTokenVersion: number): Promise<void> {
    return this.revocations.revoke(tx, [{ kind: 'account', subjectId: accountId, minTokenVersion }]);
  }
}
