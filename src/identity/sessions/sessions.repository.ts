import { Injectable } from '@nestjs/common';
import type { Role } from '../../platform/auth/principal.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/** A session under its lock, with what of its account a token says. */
export interface LockedSession {
  id: string;
  userId: string;
  counter: number;
  refreshHash: Buffer;
  parentHash: Buffer | null;
  markKey: Buffer;
  rotationNonce: Buffer | null;
  rotatedAgoMs: number | null;
  provedAt: Date;
  expiresAt: Date;
  /** Neither ended, nor forgotten, nor of a locked account. */
  isAlive: boolean;
  role: Role;
  tokenVersion: number;
}

/** A session as its owner sees it. */
export interface SessionRow {
  id: string;
  deviceName: string | null;
  userAgent: string | null;
  ipPrefix: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

export interface NewSession {
  id: string;
  userId: string;
  deviceName: string | null;
  userAgent: string | null;
  ipPrefix: string | null;
  refreshHash: Buffer;
  markKey: Buffer;
  lifeDays: number;
  /** Of the account when it proved who it is. */
  tokenVersion: number;
  /** That the proof was made by; null for one without a password. */
  passwordHash: string | null;
}

const ALIVE = 'revoked_at IS NULL AND expires_at > now()';

@Injectable()
export class SessionsRepository {
  /**
   * Looks at the account under a lock: hashing takes its time, and a reset, a lock or another password may have come meanwhile.
   * @returns when it ends if nobody uses it, and when its user proved who they are: now; null when the proof counts no more
   */
  async insertSession(tx: Tx, session: NewSession): Promise<{ expiresAt: Date; provedAt: Date } | null> {
    const [row] = await tx.query<{ expiresAt: Date; provedAt: Date }>({
      name: 'identity.sessions.insert-session',
      text: `INSERT INTO identity.session
               (id, user_id, device_name, user_agent, ip_prefix, refresh_hash, mark_key, expires_at)
             SELECT $1, id, $3, $4, $5, $6, $7, now() + make_interval(days => $8) FROM identity.account
             WHERE id = $2 AND locked_at IS NULL AND token_version = $9 AND ($10::text IS NULL OR password_hash = $10)
             FOR SHARE
             RETURNING expires_at AS "expiresAt", proved_at AS "provedAt"`,
      values: [
        session.id,
        session.userId,
        session.deviceName,
        session.userAgent,
        session.ipPrefix,
        session.refreshHash,
        session.markKey,
        session.lifeDays,
        session.tokenVersion,
        session.passwordHash,
      ],
    });
    return row ?? null;
  }

  /** Whoever else brings a token of this session waits until the transaction has ended. For the system role. */
  async lockSession(tx: Tx, id: string): Promise<LockedSession | null> {
    const [row] = await tx.query<LockedSession>({
      name: 'identity.sessions.lock-session',
      text: `SELECT s.id, s.user_id AS "userId", s.counter, s.refresh_hash AS "refreshHash", s.parent_hash AS "parentHash",
               s.mark_key AS "markKey", s.rotation_nonce AS "rotationNonce",
               (extract(epoch FROM clock_timestamp() - s.rotated_at) * 1000)::float8 AS "rotatedAgoMs",
               s.proved_at AS "provedAt", s.expires_at AS "expiresAt",
               (s.revoked_at IS NULL AND s.expires_at > now() AND a.locked_at IS NULL) AS "isAlive",
               a.role, a.token_version AS "tokenVersion"
             FROM identity.session s JOIN identity.account a ON a.id = s.user_id WHERE s.id = $1 FOR UPDATE OF s`,
      values: [id],
    });
    return row ?? null;
  }

  /** The current token becomes the parent. @returns when the session ends if nobody uses it any more */
  async updateRotated(
    tx: Tx,
    id: string,
    next: { refreshHash: Buffer; nonce: Buffer; lifeDays: number },
  ): Promise<Date> {
    const [row] = await tx.query<{ expiresAt: Date }>({
      name: 'identity.sessions.update-rotated',
      text: `UPDATE identity.session
             SET parent_hash = refresh_hash, refresh_hash = $2, rotation_nonce = $3, counter = counter + 1,
               rotated_at = clock_timestamp(), last_used_at = now(), expires_at = now() + make_interval(days => $4)
             WHERE id = $1 RETURNING expires_at AS "expiresAt"`,
      values: [id, next.refreshHash, next.nonce, next.lifeDays],
    });
    return row!.expiresAt;
  }

  /** Of the caller, most recently used first; at most two hundred. */
  listAlive(): Statement {
    return {
      name: 'identity.sessions.list-alive',
      text: `SELECT id, device_name AS "deviceName", user_agent AS "userAgent", ip_prefix AS "ipPrefix",
               created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
             FROM identity.session WHERE ${ALIVE} ORDER BY last_used_at DESC, id DESC LIMIT 200`,
      values: [],
    };
  }

  /** @returns false when there is no such session alive in the scope */
  async updateRevoked(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.sessions.update-revoked',
      text: `UPDATE identity.session SET revoked_at = now() WHERE id = $1 AND ${ALIVE} RETURNING 1`,
      values: [id],
    });
    return rows.length === 1;
  }

  /** Ends all sessions of an account, or all but one. @returns their ids */
  async updateAllRevoked(tx: Tx, userId: string, exceptId: string | null): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'identity.sessions.update-all-revoked',
      text: `UPDATE identity.session SET revoked_at = now()
             WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid AND ${ALIVE} RETURNING id`,
      values: [userId, exceptId],
    });
    return rows.map(({ id }) => id);
  }

  /** @returns when; null when there is no such session alive in the scope */
  async updateProved(tx: Tx, id: string): Promise<Date | null> {
    const [row] = await tx.query<{ provedAt: Date }>({
      name: 'identity.sessions.update-proved',
      text: `UPDATE identity.session SET proved_at = now() WHERE id = $1 AND ${ALIVE} RETURNING proved_at AS "provedAt"`,
      values: [id],
    });
    return row?.provedAt ?? null;
  }

  /** Sessions that ended more than so many days ago. */
  async deleteEnded(tx: Tx, days: number): Promise<void> {
    await tx.query({
      name: 'identity.sessions.delete-ended',
      text: `DELETE FROM identity.session
             WHERE expires_at < now() - make_interval(days => $1) OR revoked_at < now() - make_interval(days => $1)`,
      values: [days],
    });
  }
}
