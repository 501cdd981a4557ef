import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { OneTimeTokenKind } from './one-time-token.entity.js';

export interface RedeemedToken {
  userId: string;
  sessionId: string | null;
}

@Injectable()
export class OneTimeTokensRepository {
  async insertToken(
    tx: Tx,
    token: {
      hash: Buffer;
      userId: string;
      kind: OneTimeTokenKind;
      sessionId: string | null;
      lifeS: number;
    },
  ): Promise<void> {
    await tx.query({
      name: 'identity.one-time-tokens.insert-token',
      text: `INSERT INTO identity.one_time_token (hash, user_id, kind, session_id, expires_at)
             VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      values: [token.hash, token.userId, token.kind, token.sessionId, token.lifeS],
    });
  }

  /** Those that a newer one replaces. */
  async deleteOfKind(tx: Tx, userId: string, kind: OneTimeTokenKind): Promise<void> {
    await tx.query({
      name: 'identity.one-time-tokens.delete-of-kind',
      text: 'DELETE FROM identity.one_time_token WHERE user_id = $1 AND kind = $2',
      values: [userId, kind],
    });
  }

  async hasOfKind(tx: Tx, userId: string, kind: OneTimeTokenKind): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.one-time-tokens.has-of-kind',
      text: `SELECT 1 FROM identity.one_time_token
             WHERE user_id = $1 AND kind = $2 AND expires_at > now() LIMIT 1`,
      values: [userId, kind],
    });
    return rows.length === 1;
  }

  /** Whose it is, without using it up. For the system role. */
  async findOwner(tx: Tx, hash: Buffer, kind: OneTimeTokenKind): Promise<string | null> {
    const [row] = await tx.query<{ userId: string }>({
      name: 'identity.one-time-tokens.find-owner',
      text: `SELECT user_id AS "userId" FROM identity.one_time_token
             WHERE hash = $1 AND kind = $2 AND expires_at > now()`,
      values: [hash, kind],
    });
    return row?.userId ?? null;
  }

  /** Uses it up: of many who bring it at once, one gets it. For the system role. */
  async deleteRedeemed(tx: Tx, hash: Buffer, kind: OneTimeTokenKind): Promise<RedeemedToken | null> {
    const [row] = await tx.query<RedeemedToken>({
      name: 'identity.one-time-tokens.delete-redeemed',
      text: `DELETE FROM identity.one_time_token WHERE hash = $1 AND kind = $2 AND expires_at > now()
             RETURNING user_id AS "userId", session_id AS "sessionId"`,
      values: [hash, kind],
    });
    return row ?? null;
  }

  async deleteExpired(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.one-time-tokens.delete-expired',
      text: 'DELETE FROM identity.one_time_token WHERE expires_at < now()',
      values: [],
    });
  }
}
