import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import type { Tx } from '../database/unit-of-work.js';
import type { StoredFileEntity } from './stored-file.entity.js';

export type StoredFileRow = StoredFileEntity;
export type NewStoredFile = Omit<StoredFileRow, 'createdAt'>;

const COLUMNS = `id, user_id AS "userId", purpose, media_type AS "mediaType", size_bytes::float8 AS "sizeBytes", sha256,
  created_at AS "createdAt", expires_at AS "expiresAt"`;

@Injectable()
export class StoredFilesRepository {
  /** Until the end of the transaction nobody else counts or adds files of the user. */
  async lockQuota(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'platform.stored-files.lock-quota',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.storageQuota}, hashtext($1))`,
      values: [userId],
    });
  }

  /** @param exempt purposes that do not count @returns bytes */
  async sumSizes(tx: Tx, userId: string, exempt: readonly string[]): Promise<number> {
    const [row] = await tx.query<{ bytes: number }>({
      name: 'platform.stored-files.sum-sizes',
      text: `SELECT coalesce(sum(size_bytes), 0)::float8 AS bytes FROM platform.stored_file
             WHERE user_id = $1 AND purpose <> ALL ($2::text[])`,
      values: [userId, exempt],
    });
    return row!.bytes;
  }

  async insertFile(tx: Tx, file: NewStoredFile): Promise<StoredFileRow> {
    const [row] = await tx.query<StoredFileRow>({
      name: 'platform.stored-files.insert-file',
      text: `INSERT INTO platform.stored_file (id, user_id, purpose, media_type, size_bytes, sha256, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      values: [
        file.id,
        file.userId,
        file.purpose,
        file.mediaType,
        file.sizeBytes,
        file.sha256,
        file.expiresAt,
      ],
    });
    return row!;
  }

  /** One that has not expired. */
  async findFile(tx: Tx, id: string): Promise<StoredFileRow | undefined> {
    const [row] = await tx.query<StoredFileRow>({
      name: 'platform.stored-files.find-file',
      text: `SELECT ${COLUMNS} FROM platform.stored_file WHERE id = $1 AND (expires_at IS NULL OR expires_at > now())`,
      values: [id],
    });
    return row;
  }

  /** Newest first. */
  listPage(
    tx: Tx,
    filter: { purpose: string | null; before: string | null; limit: number },
  ): Promise<StoredFileRow[]> {
    return tx.query<StoredFileRow>({
      name: 'platform.stored-files.list-page',
      text: `SELECT ${COLUMNS} FROM platform.stored_file
             WHERE ($1::text IS NULL OR purpose = $1) AND ($2::uuid IS NULL OR id < $2)
               AND (expires_at IS NULL OR expires_at > now())
             ORDER BY id DESC LIMIT $3`,
      values: [filter.purpose, filter.before, filter.limit],
    });
  }

  /** For the system role. @param purpose null = all */
  listOwned(tx: Tx, userId: string, purpose: string | null): Promise<StoredFileRow[]> {
    return tx.query<StoredFileRow>({
      name: 'platform.stored-files.list-owned',
      text: `SELECT ${COLUMNS} FROM platform.stored_file WHERE user_id = $1 AND ($2::text IS NULL OR purpose = $2) ORDER BY id`,
      values: [userId, purpose],
    });
  }

  /** For the system role. */
  listExpired(tx: Tx, limit: number): Promise<{ id: string }[]> {
    return tx.query({
      name: 'platform.stored-files.list-expired',
      text: `SELECT id FROM platform.stored_file WHERE expires_at <= now() ORDER BY expires_at LIMIT $1`,
      values: [limit],
    });
  }

  /** Which of the ids have a row. */
  async listKnown(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.stored-files.list-known',
      text: 'SELECT id FROM platform.stored_file WHERE id = ANY ($1::uuid[])',
      values: [ids],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** @returns those that were there */
  deleteFiles(tx: Tx, ids: readonly string[]): Promise<StoredFileRow[]> {
    return tx.query<StoredFileRow>({
      name: 'platform.stored-files.delete-files',
      text: `DELETE FROM platform.stored_file WHERE id = ANY ($1::uuid[]) RETURNING ${COLUMNS}`,
      values: [ids],
    });
  }
}
