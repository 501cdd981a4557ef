import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { HistoryImportEntity, ImportFault } from './history-import.entity.js';

/** An import with what its parts amount to. */
export type ImportRow = Omit<HistoryImportEntity, 'userId' | 'touchedAt'> & {
  /** Number of parts that are stored. */
  partCount: number;
  /** Bytes of those. */
  sizeBytes: number;
};

/** Where the next rows of an import stand. */
export interface ImportPosition {
  part: number;
  row: number;
}

export interface ImportStep {
  acceptedCount: number;
  duplicateCount: number;
  displacedCount: number;
  rejectedCount: number;
  faults: readonly ImportFault[];
}

const SELECT = `
  SELECT i.id, i.server_id AS "serverId", i.format, i.job_id AS "jobId", i.next_part AS "nextPart", i.next_row AS "nextRow",
    i.accepted_count AS "acceptedCount", i.duplicate_count AS "duplicateCount", i.displaced_count AS "displacedCount",
    i.rejected_count AS "rejectedCount", i.faults, i.created_at AS "createdAt", i.finished_at AS "finishedAt", p.count AS "partCount", p.bytes AS "sizeBytes"
  FROM market.history_import i
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, coalesce(sum(size_bytes), 0)::float8 AS bytes
    FROM market.history_import_part p WHERE p.user_id = i.user_id AND p.import_id = i.id) p`;

export const MAX_FAULTS = 100;

@Injectable()
export class ImportsRepository {
  async insertImport(
    tx: Tx,
    row: { id: string; userId: string; serverId: number; format: string },
  ): Promise<void> {
    await tx.query({
      name: 'market.imports.insert-import',
      text: 'INSERT INTO market.history_import (id, user_id, server_id, format) VALUES ($1, $2, $3, $4)',
      values: [row.id, row.userId, row.serverId, row.format],
    });
  }

  async findImport(tx: Tx, id: string): Promise<ImportRow | null> {
    const [row] = await tx.query<ImportRow>({
      name: 'market.imports.find-import',
      text: `${SELECT} WHERE i.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** Of one server, newest first. */
  listImports(tx: Tx, serverId: number, before: string | null, limit: number): Promise<ImportRow[]> {
    return tx.query<ImportRow>({
      name: 'market.imports.list-imports',
      text: `${SELECT} WHERE i.server_id = $1 AND ($2::uuid IS NULL OR i.id < $2) ORDER BY i.id DESC LIMIT $3`,
      values: [serverId, before, limit],
    });
  }

  /** The same under a lock: parts are neither added nor replaced while it starts. */
  async lockImport(tx: Tx, id: string): Promise<ImportRow | null> {
    await tx.query({
      name: 'market.imports.lock-import',
      text: 'SELECT 1 FROM market.history_import WHERE id = $1 FOR UPDATE',
      values: [id],
    });
    return this.findImport(tx, id);
  }

  /** Sent again, a part replaces what it was. */
  async upsertPart(
    tx: Tx,
    part: { userId: string; importId: string; part: number; sizeBytes: number; body: string },
  ): Promise<void> {
    await tx.query({
      name: 'market.imports.upsert-part',
      text: `INSERT INTO market.history_import_part (user_id, import_id, part, size_bytes, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, import_id, part) DO UPDATE SET size_bytes = excluded.size_bytes, body = excluded.body`,
      values: [part.userId, part.importId, part.part, part.sizeBytes, part.body],
    });
    await tx.query({
      name: 'market.imports.update-touched',
      text: 'UPDATE market.history_import SET touched_at = now() WHERE id = $1',
      values: [part.importId],
    });
  }

  /** Numbers of the stored parts, ascending, with their bytes. */
  listParts(tx: Tx, importId: string): Promise<{ part: number; sizeBytes: number }[]> {
    return tx.query({
      name: 'market.imports.list-parts',
      text: `SELECT part, size_bytes AS "sizeBytes" FROM market.history_import_part WHERE import_id = $1 ORDER BY part`,
      values: [importId],
    });
  }

  async getPart(tx: Tx, importId: string, part: number): Promise<string> {
    const [row] = await tx.query<{ body: string }>({
      name: 'market.imports.get-part',
      text: 'SELECT body FROM market.history_import_part WHERE import_id = $1 AND part = $2',
      values: [importId, part],
    });
    if (!row) throw new Error(`Part ${part} of import ${importId} is gone`);
    return row.body;
  }

  async updateStarted(tx: Tx, id: string, jobId: string): Promise<void> {
    await tx.query({
      name: 'market.imports.update-started',
      text: 'UPDATE market.history_import SET job_id = $2, touched_at = now() WHERE id = $1',
      values: [id, jobId],
    });
  }

  /** Moves on from `from` to `to`. @returns false when somebody else has moved it meanwhile */
  async updatePosition(
    tx: Tx,
    id: string,
    from: ImportPosition,
    to: ImportPosition,
    step: ImportStep,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.imports.update-position',
      text: `UPDATE market.history_import
             SET touched_at = now(), next_part = $4, next_row = $5, accepted_count = accepted_count + $6, duplicate_count = duplicate_count + $7,
               rejected_count = rejected_count + $8, displaced_count = displaced_count + $9,
               faults = CASE WHEN jsonb_array_length(faults) < ${MAX_FAULTS} THEN faults || $10::jsonb ELSE faults END
             WHERE id = $1 AND next_part = $2 AND next_row = $3 RETURNING 1`,
      values: [
        id,
        from.part,
        from.row,
        to.part,
        to.row,
        step.acceptedCount,
        step.duplicateCount,
        step.rejectedCount,
        step.displacedCount,
        JSON.stringify(step.faults),
      ],
    });
    return rows.length === 1;
  }

  async updateFinished(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'market.imports.update-finished',
      text: 'UPDATE market.history_import SET finished_at = now() WHERE id = $1',
      values: [id],
    });
    await tx.query({
      name: 'market.imports.delete-parts',
      text: 'DELETE FROM market.history_import_part WHERE import_id = $1',
      values: [id],
    });
  }

  async deleteImport(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'market.imports.delete-import',
      text: 'DELETE FROM market.history_import WHERE id = $1',
      values: [id],
    });
  }

  /** Locks unfinished imports to which nothing has happened for so long. */
  listAbandoned(tx: Tx, days: number, limit: number): Promise<{ id: string; jobId: string | null }[]> {
    return tx.query({
      name: 'market.imports.list-abandoned',
      text: `SELECT id, job_id AS "jobId" FROM market.history_import
             WHERE finished_at IS NULL AND touched_at < now() - make_interval(days => $1)
             ORDER BY touched_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      values: [days, limit],
    });
  }

  async deleteImports(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query({
      name: 'market.imports.delete-imports',
      text: 'DELETE FROM market.history_import WHERE id = ANY ($1::uuid[])',
      values: [ids],
    });
  }
}
