import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** Everything here is for the system role. */
@Injectable()
export class ErasuresRepository {
  /** From now on nobody signs in as the account, and its address is free; who it was is gone from the row already. */
  async updateAccountMarked(tx: Tx, accountId: string): Promise<void> {
    await tx.query({
      name: 'identity.erasures.update-account-marked',
      text: `UPDATE identity.account
             SET email = 'erased-' || id || '@erased.invalid', pending_email = NULL, password_hash = NULL, display_name = NULL, role = 'member',
               verified_at = NULL, locked_at = coalesce(locked_at, now()), version = version + 1, updated_at = now()
             WHERE id = $1`,
      values: [accountId],
    });
  }

  async insertErasure(tx: Tx, accountId: string): Promise<void> {
    await tx.query({
      name: 'identity.erasures.insert-erasure',
      text: 'INSERT INTO identity.erasure (user_id) VALUES ($1) ON CONFLICT DO NOTHING',
      values: [accountId],
    });
  }

  /** Those at work on it wait for each other. */
  async lockErasure(tx: Tx, accountId: string): Promise<{ finishedAt: Date | null } | undefined> {
    const [row] = await tx.query<{ finishedAt: Date | null }>({
      name: 'identity.erasures.lock-erasure',
      text: 'SELECT finished_at AS "finishedAt" FROM identity.erasure WHERE user_id = $1 FOR UPDATE',
      values: [accountId],
    });
    return row;
  }

  async hasStep(tx: Tx, accountId: string, handler: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.erasures.has-step',
      text: 'SELECT 1 FROM identity.erasure_step WHERE user_id = $1 AND handler = $2',
      values: [accountId, handler],
    });
    return rows.length === 1;
  }

  async insertStep(tx: Tx, accountId: string, handler: string): Promise<void> {
    await tx.query({
      name: 'identity.erasures.insert-step',
      text: 'INSERT INTO identity.erasure_step (user_id, handler) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [accountId, handler],
    });
  }

  /** @returns whether it was not finished before */
  async updateFinished(tx: Tx, accountId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.erasures.update-finished',
      text: `UPDATE identity.erasure SET finished_at = now() WHERE user_id = $1 AND finished_at IS NULL RETURNING 1`,
      values: [accountId],
    });
    return rows.length === 1;
  }

  /** With their account's id: those that have not come to their end, and those that ended so long ago. */
  async listDue(tx: Tx, afterS: number): Promise<{ accountId: string; isFinished: boolean }[]> {
    return tx.query({
      name: 'identity.erasures.list-due',
      text: `SELECT user_id AS "accountId", finished_at IS NOT NULL AS "isFinished" FROM identity.erasure
             WHERE finished_at IS NULL OR finished_at < now() - make_interval(secs => $1) ORDER BY requested_at LIMIT 500`,
      values: [afterS],
    });
  }

  async deleteErasure(tx: Tx, accountId: string): Promise<void> {
    await tx.query({
      name: 'identity.erasures.delete-erasure',
      text: 'DELETE FROM identity.erasure WHERE user_id = $1',
      values: [accountId],
    });
  }
}
