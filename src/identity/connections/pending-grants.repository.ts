import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { PendingGrantEntity, PendingPurpose } from './pending-grant.entity.js';

export type PendingGrantRow = Pick<
  PendingGrantEntity,
  'id' | 'userId' | 'purpose' | 'provider' | 'sealedGrant'
> & {
  /** Seconds since the provider gave it. */
  ageS: number;
};

const COLUMNS = `id, user_id AS "userId", purpose, provider, sealed_grant AS "sealedGrant",
  extract(epoch FROM now() - created_at)::int AS "ageS"`;

@Injectable()
export class PendingGrantsRepository {
  /** In the scope of its account. */
  async insertGrant(
    tx: Tx,
    row: Omit<PendingGrantRow, 'ageS'> & { codeHash: Buffer; lifeS: number },
  ): Promise<void> {
    await tx.query({
      name: 'identity.pending-grants.insert-grant',
      text: `INSERT INTO identity.pending_grant (id, user_id, code_hash, purpose, provider, sealed_grant, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
      values: [row.id, row.userId, row.codeHash, row.purpose, row.provider, row.sealedGrant, row.lifeS],
    });
  }

  /** Uses it up: of many who bring it at once, one gets it. In the scope of its account; for all others there is none. */
  async deleteRedeemed(
    tx: Tx,
    given: { codeHash: Buffer; purpose: PendingPurpose; provider: string },
  ): Promise<PendingGrantRow | null> {
    const [row] = await tx.query<PendingGrantRow>({
      name: 'identity.pending-grants.delete-redeemed',
      text: `DELETE FROM identity.pending_grant
             WHERE code_hash = $1 AND purpose = $2 AND provider = $3 AND expires_at > now() RETURNING ${COLUMNS}`,
      values: [given.codeHash, given.purpose, given.provider],
    });
    return row ?? null;
  }

  /** In the scope of their account. */
  listOwn(tx: Tx, userId: string): Promise<PendingGrantRow[]> {
    return tx.query({
      name: 'identity.pending-grants.list-own',
      text: `SELECT ${COLUMNS} FROM identity.pending_grant WHERE user_id = $1`,
      values: [userId],
    });
  }

  /** One that nobody can come for any more. For the system role. */
  async deleteLapsed(tx: Tx, id: string): Promise<PendingGrantRow | null> {
    const [row] = await tx.query<PendingGrantRow>({
      name: 'identity.pending-grants.delete-lapsed',
      text: `DELETE FROM identity.pending_grant WHERE id = $1 AND expires_at <= now() RETURNING ${COLUMNS}`,
      values: [id],
    });
    return row ?? null;
  }

  /** For the system role. @returns false when it is gone already */
  async deleteGrant(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.pending-grants.delete-grant',
      text: 'DELETE FROM identity.pending_grant WHERE id = $1 RETURNING 1',
      values: [id],
    });
    return rows.length === 1;
  }

  /** For the system role. */
  async deleteOlderThan(tx: Tx, days: number): Promise<void> {
    await tx.query({
      name: 'identity.pending-grants.delete-older-than',
      text: 'DELETE FROM identity.pending_grant WHERE expires_at < now() - make_interval(days => $1)',
      values: [days],
    });
  }
}
