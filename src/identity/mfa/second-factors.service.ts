import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Quota } from '../../platform/http/rate-limit.decorator.js';
import { RateLimitError } from '../../platform/http/rate-limit.error.js';
import { RateLimits } from '../../platform/http/rate-limits.service.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import { secondFactorNeeded, wrongSecondFactor } from '../identity.errors.js';
import { hashOfRecoveryCode } from './recovery-code.codec.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { stepOfCode } from './totp.codec.js';

/** A code of the app, or one of those kept for its loss. */
export interface SecondFactor {
  code?: string | undefined;
  recoveryCode?: string | undefined;
}

/**
 * Of one account, over all processes. By account alone: who gets here has proved the password, so a stranger cannot lock the owner
 * out.
 */
const CHECKS: Quota = { points: 15, durationS: 60 };

export const seedPlace = (userId: string): SecretPlace => ({
  table: 'identity.totp',
  column: 'sealed_seed',
  rowId: userId,
  userId,
});

/** Whether a second factor is needed, and whether one is right. Every code counts once. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: SecondFactorsRepository,
    private readonly vault: Vault,
    private readonly limits: RateLimits,
    private readonly audit: Audit,
  ) {}

  async isEnrolled(tx: Tx, accountId: string): Promise<boolean> {
    return (await this.rows.findTotp(tx, accountId))?.confirmedAt != null;
  }

  /** Counts a look at a code, before it is looked at. @throws RateLimitError */
  async count(accountId: string): Promise<void> {
    const key = sha256(accountId).toString('base64url');
    const { isAllowed, resetS } = await this.limits.take('second-factor', CHECKS, key);
    if (!isAllowed) throw new RateLimitError(resetS);
  }

  /**
   * For an account without a second factor nothing is asked.
   * @returns whether one is enrolled, and was proved therefore
   * @throws DomainError secondFactorNeeded, wrongSecondFactor; RateLimitError
   */
  async demand(accountId: string, given: SecondFactor, nowMs: number): Promise<boolean> {
    const isEnrolled = await this.system.run(SYSTEM_SCOPE, (tx) => this.isEnrolled(tx, accountId));
    if (!isEnrolled) return false;
    assertGiven(given);
    await this.count(accountId);
    const isRight = await this.system.run(SYSTEM_SCOPE, (tx) => this.use(tx, accountId, given, nowMs));
    if (!isRight) throw wrongSecondFactor();
    return true;
  }

  /** Uses it up, if it is right. @param tx of the system role */
  async use(tx: Tx, accountId: string, given: SecondFactor, nowMs: number): Promise<boolean> {
    if (given.code !== undefined) return this.useCode(tx, accountId, given.code, nowMs);
    const hash = given.recoveryCode === undefined ? undefined : hashOfRecoveryCode(given.recoveryCode);
    if (hash === undefined || !(await this.rows.deleteRecoveryCode(tx, accountId, hash))) return false;
    const left = await this.rows.countRecoveryCodes(tx, accountId);
    await this.audit.record(
      tx,
      { id: accountId },
      {
        action: 'identity.recovery-code-used',
        object: { type: 'identity.account', id: accountId },
        after: { left },
      },
    );
    return true;
  }

  private async useCode(tx: Tx, accountId: string, code: string, nowMs: number): Promise<boolean> {
    const totp = await this.rows.findTotp(tx, accountId);
    if (!totp?.confirmedAt) return false;
    const seed = await this.vault.open(tx, seedPlace(accountId), totp.sealedSeed);
    const step = stepOfCode(seed.toString('utf8'), code, nowMs);
    seed.fill(0);
    return step !== undefined && this.rows.updateLastStep(tx, accountId, step);
  }
}

/** @throws DomainError */
export function assertGiven(given: SecondFactor): void {
  if (given.code === undefined && given.recoveryCode === undefined) throw secondFactorNeeded();
}
