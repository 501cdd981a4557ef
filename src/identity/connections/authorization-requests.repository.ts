import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { AuthorizationPurpose, AuthorizationRequestEntity } from './authorization-request.entity.js';

export type NewAuthorizationRequest = Omit<AuthorizationRequestEntity, 'createdAt' | 'expiresAt'> & {
  lifeS: number;
};
export type RedeemedRequest = Pick<
  AuthorizationRequestEntity,
  'purpose' | 'userId' | 'sessionId' | 'salt' | 'codeChallenge' | 'redirectUri' | 'returnTo'
>;

@Injectable()
export class AuthorizationRequestsRepository {
  /** In the scope of its account; of a sign-in for the system role. */
  async insertRequest(tx: Tx, row: NewAuthorizationRequest): Promise<void> {
    await tx.query({
      name: 'identity.authorization-requests.insert-request',
      text: `INSERT INTO identity.authorization_request (state_hash, purpose, provider, user_id, session_id, salt, browser_hash,
               code_challenge, redirect_uri, return_to, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11))`,
      values: [
        row.stateHash,
        row.purpose,
        row.provider,
        row.userId,
        row.sessionId,
        row.salt,
        row.browserHash,
        row.codeChallenge,
        row.redirectUri,
        row.returnTo,
        row.lifeS,
      ],
    });
  }

  /**
   * Uses it up: of many who bring it at once, one gets it. It counts as long as the session that began it is alive, and in no
   * browser that was given another one's. For the system role.
   * @param browserHash of the cookie that came along; null = none did
   */
  async deleteRedeemed(
    tx: Tx,
    given: {
      stateHash: Buffer;
      provider: string;
      purposes: readonly AuthorizationPurpose[];
      browserHash: Buffer | null;
    },
  ): Promise<RedeemedRequest | null> {
    const [row] = await tx.query<RedeemedRequest>({
      name: 'identity.authorization-requests.delete-redeemed',
      text: `DELETE FROM identity.authorization_request r
             WHERE state_hash = $1 AND provider = $2 AND purpose = ANY($3::text[]) AND expires_at > now()
               AND ($4::bytea IS NULL OR browser_hash IS NULL OR browser_hash = $4)
               AND (user_id IS NULL OR EXISTS (
                 SELECT FROM identity.session s JOIN identity.account a ON a.id = s.user_id
                 WHERE s.id = r.session_id AND s.user_id = r.user_id AND s.revoked_at IS NULL AND s.expires_at > now()
                   AND a.locked_at IS NULL))
             RETURNING purpose, user_id AS "userId", session_id AS "sessionId", salt, code_challenge AS "codeChallenge",
               redirect_uri AS "redirectUri", return_to AS "returnTo"`,
      values: [given.stateHash, given.provider, given.purposes, given.browserHash],
    });
    return row ?? null;
  }

  async deleteExpired(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.authorization-requests.delete-expired',
      text: 'DELETE FROM identity.authorization_request WHERE expires_at < now()',
      values: [],
    });
  }
}
