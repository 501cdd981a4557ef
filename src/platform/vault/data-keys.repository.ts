import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';

export interface DataKeyRow {
  userId: string;
  id: string;
  kid: string;
  wrapped: Buffer;
}

const COLUMNS = 'user_id AS "userId", id, kid, wrapped';

@Injectable()
export class DataKeysRepository {
  async findKey(tx: Tx, userId: string): Promise<DataKeyRow | undefined> {
    const [row] = await tx.query<DataKeyRow>({
      name: 'platform.data-keys.find-key',
      text: `SELECT ${COLUMNS} FROM platform.data_key WHERE user_id = $1`,
      values: [userId],
    });
    return row;
  }

  /**
   * Waits for another transaction that makes the key of this user.
   * @returns false when that one has committed
   */
  async insertKey(tx: Tx, row: DataKeyRow): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.data-keys.insert-key',
      text: `INSERT INTO platform.data_key (user_id, id, kid, wrapped) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id) DO NOTHING RETURNING 1`,
      values: [row.userId, row.id, row.kid, row.wrapped],
    });
    return rows.length === 1;
  }

  async deleteKey(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'platform.data-keys.delete-key',
      text: 'DELETE FROM platform.data_key WHERE user_id = $1',
      values: [userId],
    });
  }

  /** Locks keys that are wrapped by one of `kids`; those that another rotation has in hand are left to it. */
  listWrappedBy(tx: Tx, kids: readonly string[], limit: number): Promise<DataKeyRow[]> {
    return tx.query<DataKeyRow>({
      name: 'platform.data-keys.list-wrapped-by',
      text: `SELECT ${COLUMNS} FROM platform.data_key WHERE kid = ANY ($1::text[]) LIMIT $2 FOR UPDATE SKIP LOCKED`,
      values: [kids, limit],
    });
  }

  async updateWrapped(tx: Tx, kid: string, rows: readonly DataKeyRow[]): Promise<void> {
    await tx.query({
      name: 'platform.data-keys.update-wrapped',
      text: `UPDATE platform.data_key k SET kid = $1, wrapped = t.wrapped
             FROM unnest($2::uuid[], $3::bytea[]) AS t (user_id, wrapped) WHERE k.user_id = t.user_id`,
      values: [kid, rows.map((row) => row.userId), rows.map((row) => row.wrapped)],
    });
  }

  /** Names of the keys in use with the number of data keys under each. */
  countByKid(tx: Tx): Promise<{ kid: string; count: number }[]> {
    return tx.query({
      name: 'platform.data-keys.count-by-kid',
      text: 'SELECT kid, count(*)::int AS count FROM platform.data_key GROUP BY kid ORDER BY kid',
      values: [],
    });
  }

  /** Names of the keys in use; one look at the index per name, however many data keys there are. */
  async listKids(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ kid: string }>({
      name: 'platform.data-keys.list-kids',
      text: `WITH RECURSIVE k AS (
               (SELECT kid FROM platform.data_key ORDER BY kid LIMIT 1)
               UNION ALL
               SELECT (SELECT d.kid FROM platform.data_key d WHERE d.kid > k.kid ORDER BY d.kid LIMIT 1) FROM k WHERE k.kid IS NOT NULL)
             SELECT kid FROM k WHERE kid IS NOT NULL`,
      values: [],
    });
    return rows.map(({ kid }) => kid);
  }
}
