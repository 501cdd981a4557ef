import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ShareEntity } from './share.entity.js';

export type ShareRow = ShareEntity;

const SELECT = `
  SELECT id, user_id AS "userId", slug, shows, record_hash AS "recordHash", display_name AS "displayName",
    created_at AS "createdAt", expires_at AS "expiresAt"
  FROM destiny.share`;

/** Links, in the scope of their account; and the one that a stranger names, in the platform's. */
@Injectable()
export class SharesRepository {
  /** Until the end of the transaction nobody else adds to the account's; what has ended is forgotten. @returns how many there are */
  async lockRoom(tx: Tx, userId: string, now: Date): Promise<number> {
    await tx.query({
      name: 'destiny.shares.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.destinyShares}, hashtext($1))`,
      values: [userId],
    });
    await tx.query({
      name: 'destiny.shares.delete-expired',
      text: 'DELETE FROM destiny.share WHERE user_id = $1 AND expires_at <= $2',
      values: [userId, now],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'destiny.shares.count-shares',
      text: 'SELECT count(*)::int AS count FROM destiny.share WHERE user_id = $1',
      values: [userId],
    });
    return row!.count;
  }

  async insertShare(tx: Tx, row: ShareRow): Promise<void> {
    await tx.query({
      name: 'destiny.shares.insert-share',
      text: `INSERT INTO destiny.share (id, user_id, slug, shows, record_hash, display_name, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        row.id,
        row.userId,
        row.slug,
        row.shows,
        row.recordHash,
        row.displayName,
        row.createdAt,
        row.expiresAt,
      ],
    });
  }

  /** Newest first. */
  listShares(userId: string): Statement {
    return {
      name: 'destiny.shares.list-shares',
      text: `${SELECT} WHERE user_id = $1 ORDER BY id DESC`,
      values: [userId],
    };
  }

  /** @returns what was there; null where there is none of one's own */
  async deleteShare(tx: Tx, userId: string, id: string): Promise<ShareRow | null> {
    const [row] = await tx.query<ShareRow>({
      name: 'destiny.shares.delete-share',
      text: `DELETE FROM destiny.share WHERE id = $1 AND user_id = $2
             RETURNING id, user_id AS "userId", slug, shows, record_hash AS "recordHash", display_name AS "displayName",
               created_at AS "createdAt", expires_at AS "expiresAt"`,
      values: [id, userId],
    });
    return row ?? null;
  }

  /** Whosoever it is: for the platform's role. */
  findBySlug(slug: string, now: Date): Statement {
    return {
      name: 'destiny.shares.find-by-slug',
      text: `${SELECT} WHERE slug = $1 AND expires_at > $2`,
      values: [slug, now],
    };
  }
}
