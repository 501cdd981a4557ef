import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

export interface TotpRow {
  userId: string;
  sealedSeed: Buffer;
  confirmedAt: Date | null;
}

export interface OpenChallenge {
  userId: string;
  tokenVersion: number;
}

@Injectable()
export class SecondFactorsRepository {
  async findTotp(tx: Tx, userId: string): Promise<TotpRow | null> {
    const [row] = await tx.query<TotpRow>({
      name: 'identity.second-factors.find-totp',
      text: `SELECT user_id AS "userId", sealed_seed AS "sealedSeed", confirmed_at AS "confirmedAt"
             FROM identity.totp WHERE user_id = $1`,
      values: [userId],
    });
    return row ?? null;
  }

  /** Replaces an enrolment that was not confirmed. @returns false when there is one that was */
  async upsertPending(tx: Tx, userId: string, sealedSeed: Buffer): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.second-factors.upsert-pending',
      text: `INSERT INTO identity.totp AS t (user_id, sealed_seed) VALUES ($1, $2)
             ON CONFLICT (user_id) DO UPDATE SET sealed_seed = $2, last_step = 0, created_at = now()
             WHERE t.confirmed_at IS NULL RETURNING 1`,
      values: [userId, sealedSeed],
    });
    return rows.length === 1;
  }

  /** @param sealedSeed that the code was checked against: another enrolment may have replaced it. @returns whether it was this call */
  async updateConfirmed(tx: Tx, userId: string, sealedSeed: Buffer, step: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.second-factors.update-confirmed',
      text: `UPDATE identity.totp SET confirmed_at = now(), last_step = $3
             WHERE user_id = $1 AND sealed_seed = $2 AND confirmed_at IS NULL RETURNING 1`,
      values: [userId, sealedSeed, step],
    });
    return rows.length === 1;
  }

  /** Of many who bring the code of one step at once, one gets through. @returns whether it was this call */
  async updateLastStep(tx: Tx, userId: string, step: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.second-factors.update-last-step',
      text: `UPDATE identity.totp SET last_step = $2
             WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL RETURNING 1`,
      values: [userId, step],
    });
    return rows.length === 1;
  }

  /** @returns whether there was one that was confirmed; undefined when there was none at all */
  async deleteTotp(tx: Tx, userId: string): Promise<boolean | undefined> {
    const [row] = await tx.query<{ isConfirmed: boolean }>({
      name: 'identity.second-factors.delete-totp',
      text: `DELETE FROM identity.totp WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS "isConfirmed"`,
      values: [userId],
    });
    return row?.isConfirmed;
  }

  async insertRecoveryCodes(tx: Tx, userId: string, hashes: readonly Buffer[]): Promise<void> {
    await tx.query({
      name: 'identity.second-factors.insert-recovery-codes',
      text: 'INSERT INTO identity.recovery_code (user_id, hash) SELECT $1, unnest($2::bytea[])',
      values: [userId, hashes],
    });
  }

  /** Uses it up: of many who bring it at once, one gets through. @returns whether it was this call */
  async deleteRecoveryCode(tx: Tx, userId: string, hash: Buffer): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.second-factors.delete-recovery-code',
      text: 'DELETE FROM identity.recovery_code WHERE user_id = $1 AND hash = $2 RETURNING 1',
      values: [userId, hash],
    });
    return rows.length === 1;
  }

  async deleteRecoveryCodes(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'identity.second-factors.delete-recovery-codes',
      text: 'DELETE FROM identity.recovery_code WHERE user_id = $1',
      values: [userId],
    });
  }

  async countRecoveryCodes(tx: Tx, userId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'identity.second-factors.count-recovery-codes',
      text: 'SELECT count(*)::int AS count FROM identity.recovery_code WHERE user_id = $1',
      values: [userId],
    });
    return row!.count;
  }

  /** For the system role. */
  async insertChallenge(tx: Tx, challenge: OpenChallenge & { hash: Buffer; lifeS: number }): Promise<void> {
    await tx.query({
      name: 'identity.second-factors.insert-challenge',
      text: `INSERT INTO identity.sign_in_challenge (hash, user_id, token_version, expires_at)
             VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
      values: [challenge.hash, challenge.userId, challenge.tokenVersion, challenge.lifeS],
    });
  }

  /** Counts a try. For the system role. @returns null when it is unknown, too old or tried too often */
  async updateTried(tx: Tx, hash: Buffer, maxTries: number): Promise<OpenChallenge | null> {
    const [row] = await tx.query<OpenChallenge>({
      name: 'identity.second-factors.update-tried',
      text: `UPDATE identity.sign_in_challenge SET tries = tries + 1
             WHERE hash = $1 AND tries < $2 AND expires_at > now()
             RETURNING user_id AS "userId", token_version AS "tokenVersion"`,
      values: [hash, maxTries],
    });
    return row ?? null;
  }

  /** For the system role. @returns false when somebody else was faster */
  async deleteChallenge(tx: Tx, hash: Buffer): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.second-factors.delete-challenge',
      text: 'DELETE FROM identity.sign_in_challenge WHERE hash = $1 RETURNING 1',
      values: [hash],
    });
    return rows.length === 1;
  }

  /** All of an account. For the system role. */
  async deleteChallengesOf(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'identity.second-factors.delete-challenges-of',
      text: 'DELETE FROM identity.sign_in_challenge WHERE user_id = $1',
      values: [userId],
    });
  }

  /** For the system role. */
  async deleteExpiredChallenges(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.second-factors.delete-expired-challenges',
      text: 'DELETE FROM identity.sign_in_challenge WHERE expires_at < now()',
      values: [],
    });
  }
}
