import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

@Injectable()
export class SignInCodesRepository {
  /** In the scope of its account. */
  async insertCode(
    tx: Tx,
    code: { hash: Buffer; userId: string; codeChallenge: string; lifeS: number },
  ): Promise<void> {
    await tx.query({
      name: 'identity.sign-in-codes.insert-code',
      text: `INSERT INTO identity.sign_in_code (hash, user_id, code_challenge, expires_at)
             VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
      values: [code.hash, code.userId, code.codeChallenge, code.lifeS],
    });
  }

  /** Uses it up, whether the challenge fits or not: a second guess is not given. For the system role. */
  async deleteRedeemed(tx: Tx, hash: Buffer): Promise<{ userId: string; codeChallenge: string } | null> {
    const [row] = await tx.query<{ userId: string; codeChallenge: string }>({
      name: 'identity.sign-in-codes.delete-redeemed',
      text: `DELETE FROM identity.sign_in_code WHERE hash = $1 AND expires_at > now()
             RETURNING user_id AS "userId", code_challenge AS "codeChallenge"`,
      values: [hash],
    });
    return row ?? null;
  }

  async deleteExpired(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.sign-in-codes.delete-expired',
      text: 'DELETE FROM identity.sign_in_code WHERE expires_at < now()',
      values: [],
    });
  }
}
