import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';

export interface StoredResponse {
  bodyHash: Buffer;
  status: number;
  response: unknown;
}

@Injectable()
export class IdempotencyRepository {
  /**
   * Takes the key for this transaction. A second request with the same key waits here until the first has committed or
   * rolled back.
   * @returns false when a committed request already has it
   */
  async insertKey(tx: Tx, userId: string, route: string, key: string, bodyHash: Buffer): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.idempotency.insert-key',
      text: `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [userId, route, key, bodyHash],
    });
    return rows.length === 1;
  }

  async updateResponse(
    tx: Tx,
    userId: string,
    route: string,
    key: string,
    status: number,
    body: string,
  ): Promise<void> {
    await tx.query({
      name: 'platform.idempotency.update-response',
      text: `UPDATE platform.idempotency_key SET status = $4, response = $5::json
             WHERE user_id = $1 AND route = $2 AND key = $3`,
      values: [userId, route, key, status, body],
    });
  }

  async findResponse(
    tx: Tx,
    userId: string,
    route: string,
    key: string,
  ): Promise<StoredResponse | undefined> {
    const [row] = await tx.query<StoredResponse>({
      name: 'platform.idempotency.find-response',
      text: `SELECT body_hash AS "bodyHash", status, response FROM platform.idempotency_key
             WHERE user_id = $1 AND route = $2 AND key = $3`,
      values: [userId, route, key],
    });
    return row;
  }

  /** Forgets keys that are older than their promise. @returns how many */
  async deleteOlderThan(tx: Tx, hours: number): Promise<number> {
    const rows = await tx.query({
      name: 'platform.idempotency.delete-older-than',
      text: `DELETE FROM platform.idempotency_key WHERE created_at < now() - make_interval(hours => $1) RETURNING 1`,
      values: [hours],
    });
    return rows.length;
  }
}
