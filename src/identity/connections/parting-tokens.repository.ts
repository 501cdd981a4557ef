import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { PartingTokenEntity } from './parting-token.entity.js';

export type PartingTokenRow = Omit<PartingTokenEntity, 'createdAt'>;

@Injectable()
export class PartingTokensRepository {
  /** In the scope of its account. */
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
      text: `SELECT id, user_id AS "userId", provider, sealed_token AS "sealedToken" FROM identity.parting_token WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  async deleteToken(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'identity.parting-tokens.delete-token',
      text: 'DELETE FROM identity.parting_token WHERE id = $1',
      values: [id],
    });
  }

  async deleteOlderThan(tx: Tx, days: number): Promise<void> {
    await tx.query({
      name: 'identity.parting-tokens.delete-older-than',
      text: 'DELETE FROM identity.parting_token WHERE created_at < now() - make_interval(days => $1)',
      values: [days],
    });
  }
}
