import { Injectable } from '@nestjs/common';
import type { Permission, Role } from '../../platform/auth/principal.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/** A key as its owner sees it. */
export interface ApiKeyRow {
  id: string;
  prefix: string;
  name: string;
  scopes: Permission[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** A key with what of its account decides. */
export interface KnownKey {
  id: string;
  userId: string;
  hash: Buffer;
  scopes: Permission[];
  expiresAt: Date | null;
  role: Role;
  tokenVersion: number;
  /** Neither past its time nor of a locked account. */
  isAlive: boolean;
}

export interface KeyUse {
  keyId: string;
  usedAt: Date;
}

const COLUMNS = `id, prefix, name, scopes, expires_at AS "expiresAt", last_used_at AS "lastUsedAt", created_at AS "createdAt"`;

@Injectable()
export class ApiKeysRepository {
  async insertKey(
    tx: Tx,
    key: {
      id: string;
      userId: string;
      prefix: string;
      hash: Buffer;
      name: string;
      scopes: readonly Permission[];
      expiresAt: Date | null;
    },
  ): Promise<ApiKeyRow> {
    const [row] = await tx.query<ApiKeyRow>({
      name: 'identity.api-keys.insert-key',
      text: `INSERT INTO identity.api_key (id, user_id, prefix, hash, name, scopes, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      values: [key.id, key.userId, key.prefix, key.hash, key.name, key.scopes, key.expiresAt],
    });
    return row!;
  }

  async countKeys(tx: Tx, userId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'identity.api-keys.count-keys',
      text: 'SELECT count(*)::int AS count FROM identity.api_key WHERE user_id = $1',
      values: [userId],
    });
    return row!.count;
  }

  /** Of the caller, newest first. An account has fifty at most. */
  listOwn(userId: string): Statement {
    return {
      name: 'identity.api-keys.list-own',
      text: `SELECT ${COLUMNS} FROM identity.api_key WHERE user_id = $1 ORDER BY id DESC`,
      values: [userId],
    };
  }

  /** @returns what was deleted; null when the scope has no such key */
  async deleteKey(tx: Tx, id: string): Promise<ApiKeyRow | null> {
    const [row] = await tx.query<ApiKeyRow>({
      name: 'identity.api-keys.delete-key',
      text: `DELETE FROM identity.api_key WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id],
    });
    return row ?? null;
  }

  /** All of an account. @returns how many */
  async deleteAllOf(tx: Tx, userId: string): Promise<number> {
    const rows = await tx.query({
      name: 'identity.api-keys.delete-all-of',
      text: 'DELETE FROM identity.api_key WHERE user_id = $1 RETURNING 1',
      values: [userId],
    });
    return rows.length;
  }

  /** For the system role: nobody knows yet whose it is. */
  async findByPrefix(tx: Tx, prefix: string): Promise<KnownKey | null> {
    const [row] = await tx.query<KnownKey>({
      name: 'identity.api-keys.find-by-prefix',
      text: `SELECT k.id, k.user_id AS "userId", k.hash, k.scopes, k.expires_at AS "expiresAt", a.role,
               a.token_version AS "tokenVersion",
               ((k.expires_at IS NULL OR k.expires_at > now()) AND a.locked_at IS NULL) AS "isAlive"
             FROM identity.api_key k JOIN identity.account a ON a.id = k.user_id WHERE k.prefix = $1`,
      values: [prefix],
    });
    return row ?? null;
  }

  /** For the system role. In the order of ids, so that two processes do not wait for each other in a circle. */
  async updateLastUsed(tx: Tx, uses: readonly KeyUse[]): Promise<void> {
    await tx.query({
      name: 'identity.api-keys.update-last-used',
      text: `WITH used AS (
               SELECT k.id, u.used_at
               FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, used_at) JOIN identity.api_key k ON k.id = u.id
               WHERE k.last_used_at IS NULL OR k.last_used_at < u.used_at
               ORDER BY k.id FOR UPDATE OF k)
             UPDATE identity.api_key k SET last_used_at = used.used_at FROM used WHERE k.id = used.id`,
      values: [uses.map(({ keyId }) => keyId), uses.map(({ usedAt }) => usedAt)],
    });
  }
}
