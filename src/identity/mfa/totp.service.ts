import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { noSecondFactor, secondFactorExists, unknownAccount, wrongSecondFactor } from '../identity.errors.js';
import { TrustedTokens } from '../external/trusted-tokens.service.js';
import { sessionOf } from '../sessions/sessions.service.js';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-code.codec.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactors, seedPlace } from './second-factors.service.js';
import { enrolmentUri, newSeed, stepOfCode } from './totp.codec.js';

export interface TotpStatus {
  confirmedAt: Date | null;
  recoveryCodesLeft: number;
}

/** One's own second factor. An enrolment counts once a code of it was shown to be right. */
@Injectable()
export class Totp {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: SecondFactorsRepository,
    private readonly factors: SecondFactors,
    private readonly accounts: AccountsRepository,
    private readonly vault: Vault,
    private readonly trusted: TrustedTokens,
    private readonly audit: Audit,
  ) {}

  status(caller: Principal): Promise<TotpStatus> {
    return this.uow.run(caller, async (tx) => ({
      confirmedAt: (await this.rows.findTotp(tx, caller.id))?.confirmedAt ?? null,
      recoveryCodesLeft: await this.rows.countRecoveryCodes(tx, caller.id),
    }));
  }

  /** @returns the seed, which is never shown again @throws AuthError without a fresh proof; DomainError secondFactorExists */
  async enrol(caller: Principal): Promise<{ seed: string; uri: string }> {
    assertOwner(caller);
    const seed = newSeed();
    const email = await this.uow.run(caller, async (tx) => {
      const account = await this.accounts.findAccount(tx, caller.id);
      if (!account) throw unknownAccount();
      const sealed = await this.vault.seal(tx, seedPlace(caller.id), seed);
      if (!(await this.rows.upsertPending(tx, caller.id, sealed))) throw secondFactorExists();
      await this.record(tx, caller, 'identity.second-factor-begun');
      return account.email ?? caller.id;
    });
    return { seed, uri: enrolmentUri(seed, email) };
  }

  /** @returns recovery codes, which are never shown again @throws DomainError noSecondFactor, secondFactorExists, wrongSecondFactor */
  async confirm(caller: Principal, code: string, nowMs: number): Promise<string[]> {
    sessionOf(caller);
    await this.factors.count(caller.id);
    return this.uow.run(caller, async (tx) => {
      const totp = await this.rows.findTotp(tx, caller.id);
      if (!totp) throw noSecondFactor();
      if (totp.confirmedAt) throw secondFactorExists();
      const seed = await this.vault.open(tx, seedPlace(caller.id), totp.sealedSeed);
      const step = stepOfCode(seed.toString('utf8'), code, nowMs);
      seed.fill(0);
      if (step === undefined) throw wrongSecondFactor();
      if (!(await this.rows.updateConfirmed(tx, caller.id, totp.sealedSeed, step)))
        throw secondFactorExists();
      await this.trusted.revoke(tx, caller.id);
      await this.record(tx, caller, 'identity.second-factor-added');
      return this.renewCodes(tx, caller.id);
    });
  }

  /** @throws AuthError without a fresh proof, which took the second factor itself; DomainError noSecondFactor */
  async remove(caller: Principal): Promise<void> {
    assertOwner(caller);
    await this.uow.run(caller, async (tx) => {
      if ((await this.rows.deleteTotp(tx, caller.id)) === undefined) throw noSecondFactor();
      await this.rows.deleteRecoveryCodes(tx, caller.id);
      await this.record(tx, caller, 'identity.second-factor-removed');
    });
  }

  /** New codes; the old ones count no more. @throws AuthError without a fresh proof; DomainError noSecondFactor */
  async regenerateCodes(caller: Principal): Promise<string[]> {
    assertOwner(caller);
    return this.uow.run(caller, async (tx) => {
      if (!(await this.factors.isEnrolled(tx, caller.id))) throw noSecondFactor();
      await this.record(tx, caller, 'identity.recovery-codes-renewed');
      return this.renewCodes(tx, caller.id);
    });
  }

  private async renewCodes(tx: Tx, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.rows.deleteRecoveryCodes(tx, userId);
    await this.rows.insertRecoveryCodes(
      tx,
      userId,
      codes.map((code) => hashOfRecoveryCode(code)!),
    );
    return codes;
  }

  private record(tx: Tx, caller: Principal, action: string): Promise<void> {
    return this.audit.record(tx, caller, { action, object: { type: 'identity.account', id: caller.id } });
  }
}

/** Somebody at a device of theirs, who has proved it just now: neither a stolen token nor a key. */
function assertOwner(caller: Principal): void {
  sessionOf(caller);
  assertProved(caller, Date.now());
}
