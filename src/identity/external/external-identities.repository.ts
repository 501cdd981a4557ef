import { Injectable } from '@nestjs/common';
import { sha256 } from '../../platform/crypto/digest.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { AccountRow } from '../accounts/accounts.repository.js';
import type { ExternalIdentityEntity } from './external-identity.entity.js';

export type ExternalIdentityRow = ExternalIdentityEntity;

/** The account behind an identity, as far as a sign-in asks. */
export type ExternalAccount = Pick<
  AccountRow,
  'id' | 'role' | 'tokenVersion' | 'lockedAt' | 'tokensSince'
> & {
  identityId: string;
  hasSecondFactor: boolean;
};

const COLUMNS = `id, user_id AS "userId", issuer, subject, provider, email, created_at AS "createdAt"`;

@Injectable()
export class ExternalIdentitiesRepository {
  /** For the system role. */
  findAccount(issuer: string, subject: string): Statement {
    return {
      name: 'identity.external-identities.find-account',
      text: `SELECT a.id, a.role, a.token_version AS "tokenVersion", a.locked_at AS "lockedAt", a.tokens_since AS "tokensSince",
               e.id AS "identityId",
               EXISTS (SELECT FROM identity.totp t WHERE t.user_id = a.id AND t.confirmed_at IS NOT NULL) AS "hasSecondFactor"
             FROM identity.external_identity e JOIN identity.account a ON a.id = e.user_id
             WHERE e.issuer = $1 AND e.subject = $2`,
      values: [issuer, subject],
    };
  }

  /** One row if the identity has left at or after that time. For the system role. @param sinceS Unix time in seconds */
  findDeparted(issuer: string, subject: string, sinceS: number): Statement {
    return {
      name: 'identity.external-identities.find-departed',
      text: 'SELECT 1 AS found FROM identity.departed_identity WHERE hash = $1 AND left_at >= to_timestamp($2)',
      values: [sha256(`${issuer}\n${subject}`), sinceS],
    };
  }

  async deleteDeparted(tx: Tx, days: number): Promise<void> {
    await tx.query({
      name: 'identity.external-identities.delete-departed',
      text: 'DELETE FROM identity.departed_identity WHERE left_at < now() - make_interval(days => $1)',
      values: [days],
    });
  }

  /** An account without address and password, in its own scope. */
  async insertAccount(tx: Tx, id: string, displayName: string | null): Promise<void> {
    await tx.query({
      name: 'identity.external-identities.insert-account',
      text: 'INSERT INTO identity.account (id, display_name) VALUES ($1, $2)',
      values: [id, displayName],
    });
  }

  /** In the scope of its account. @returns false when somebody has it already */
  async insertIdentity(tx: Tx, row: Omit<ExternalIdentityRow, 'createdAt'>): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.external-identities.insert-identity',
      text: `INSERT INTO identity.external_identity (id, user_id, issuer, subject, provider, email)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (issuer, subject) DO NOTHING RETURNING 1`,
      values: [row.id, row.userId, row.issuer, row.subject, row.provider, row.email],
    });
    return rows.length === 1;
  }

  listOwn(userId: string): Statement {
    return {
      name: 'identity.external-identities.list-own',
      text: `SELECT ${COLUMNS} FROM identity.external_identity WHERE user_id = $1 ORDER BY id`,
      values: [userId],
    };
  }

  /** In the scope of its account. */
  async deleteOwn(tx: Tx, id: string): Promise<ExternalIdentityRow | null> {
    const [row] = await tx.query<ExternalIdentityRow>({
      name: 'identity.external-identities.delete-own',
      text: `DELETE FROM identity.external_identity WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id],
    });
    return row ?? null;
  }
}
