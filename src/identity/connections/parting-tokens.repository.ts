import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { PartingTokenEntity } from './parting-token.entity.js';

export type PartingTokenRow = Omit<PartingTokenEntity, 'createdAt'>;

const COLUMNS = 'id, user_id AS "userId", provider, sealed_token AS "sealedToken"';

@Injectable()
export class PartingTokensRepository {
  /** In the scope of its account; nobody's for the system role. */
  async insertToken(tx: Tx, row: PartingTokenRow): Promise<void> {
    await tx.query({
      name: 'identity.parting-tokens.insert-token',
      text: 'INSERT INTO identity.parting_token (id, user_id, provider, sealed_token) VALUES ($1, $2, $3, $4)',
      values: [row.id, row.userId, row.provider, row.sealedToken],
    });
  }

  /** For the system role. */
  async findToken(tx: Tx, id: string): Promise<PartingTokenRow | null> {
    const [row] = await tx.query<PartingTokenRow>({
      name: 'identity.parting-tokens.find-token',
      text: `SELECT ${COLUMNS} FROM identity.parting_token WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** In the scope of their account. */
  listOwn(tx: Tx, userId: string): Promise<PartingTokenRow[]> {
    return tx.query({
      name: 'identity.parting-tokens.list-own',
      text: `SELECT ${COLUMNS} FROM identity.parting_token WHERE user_id = $1`,
      values: [userId],
    });
  }

  /** Of those that have waited so long for their provider, ids of the oldest. For the system role. */
  async listWaiting(tx: Tx, hours: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'identity.parting-tokens.list-waiting',
      text: `SELECT id FROM identity.parting_token WHERE created_at < now() - make_interval(hours => $1)
             ORDER BY created_at LIMIT 1000`,
      values: [hours],
    });
    return rows.map(({ id }) => id);
  }

  /** For the system role. @returns false when it is gone already */
  async deleteToken(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.parting-tokens.delete-token',
      text: 'DELETE FROM identity.parting_token WHERE id = $1 RETURNING 1',
      values: [id],
    });
    return rows.length === 1;
  }

  async deleteOlderThan(tx: Tx, days: number): Promise<void> {
    await tx.query({
      name: 'identity.parting-tokens.delete-older-than',
      text: 'DELETE FROM identity.parting_token WHERE created_at < now() - make_interval(days => $1)',
      values: [days],
    });
  }
}
