import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RunImportItemEntity } from './run-import-item.entity.js';
import type { RunImportEntity } from './run-import.entity.js';

export type RunImportRow = RunImportEntity;
export type RunImportItemRow = RunImportItemEntity;
export type NewRunImport = Pick<RunImportRow, 'id' | 'userId' | 'fileId' | 'jobId' | 'kind' | 'sizeBytes'>;
/** What an entry adds to the sums of its import. */
export interface ImportStep {
  readonly imported: number;
  readonly duplicate: number;
  readonly refused: number;
}
/** A run that is there, as much of it as tells whether another one is the same. */
export interface NearRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly distanceM: number | null;
}

const COLUMNS = `id, user_id AS "userId", file_id AS "fileId", job_id AS "jobId", kind, size_bytes::float8 AS "sizeBytes",
  entry_count AS "entryCount", next_entry AS "nextEntry", imported_count AS "importedCount", duplicate_count AS "duplicateCount",
  refused_count AS "refusedCount", refusal_code AS "refusalCode", created_at AS "createdAt", finished_at AS "finishedAt"`;
const ITEM_COLUMNS = `user_id AS "userId", import_id AS "importId", entry, activity, name, outcome, code, detail, run_id AS "runId",
  started_at AS "startedAt"`;

/** Imports of runs, in the scope of their owner. */
@Injectable()
export class RunImportsRepository {
  async insertImport(tx: Tx, row: NewRunImport): Promise<void> {
    await tx.query({
      name: 'running.run-imports.insert-import',
      text: `INSERT INTO running.run_import (id, user_id, file_id, job_id, kind, size_bytes) VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [row.id, row.userId, row.fileId, row.jobId, row.kind, row.sizeBytes],
    });
  }

  findStatement(id: string): Statement {
    return {
      name: 'running.run-imports.find-import',
      text: `SELECT ${COLUMNS} FROM running.run_import WHERE id = $1`,
      values: [id],
    };
  }

  async findImport(tx: Tx, id: string): Promise<RunImportRow | null> {
    const [row] = await tx.query<RunImportRow>(this.findStatement(id));
    return row ?? null;
  }

  /** The same, and nobody else changes it until the end of the transaction. */
  async lockImport(tx: Tx, id: string): Promise<RunImportRow | null> {
    const [row] = await tx.query<RunImportRow>({
      name: 'running.run-imports.lock-import',
      text: `SELECT ${COLUMNS} FROM running.run_import WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  /** Newest first. @param before id of the last one of the page before */
  listImports(tx: Tx, before: string | null, limit: number): Promise<RunImportRow[]> {
    return tx.query({
      name: 'running.run-imports.list-imports',
      text: `SELECT ${COLUMNS} FROM running.run_import WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      values: [before, limit],
    });
  }

  /** Until the end of the transaction nobody else adds an import of the user. @param lock its number among advisory locks */
  async lockRoom(tx: Tx, lock: number, userId: string): Promise<void> {
    await tx.query({
      name: 'running.run-imports.lock-room',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [lock, userId],
    });
  }

  /** Those that may have a job still. */
  async countUnfinished(tx: Tx, userId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'running.run-imports.count-unfinished',
      text: 'SELECT count(*)::int AS count FROM running.run_import WHERE user_id = $1 AND finished_at IS NULL',
      values: [userId],
    });
    return row!.count;
  }

  async deleteFinished(tx: Tx, userId: string, days: number): Promise<void> {
    await tx.query({
      name: 'running.run-imports.delete-finished',
      text: `DELETE FROM running.run_import WHERE user_id = $1 AND finished_at < now() - make_interval(days => $2)`,
      values: [userId, days],
    });
  }

  async deleteImport(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.run-imports.delete-import',
      text: 'DELETE FROM running.run_import WHERE id = $1',
      values: [id],
    });
  }

  async updateJob(tx: Tx, id: string, jobId: string): Promise<void> {
    await tx.query({
      name: 'running.run-imports.update-job',
      text: 'UPDATE running.run_import SET job_id = $2 WHERE id = $1',
      values: [id, jobId],
    });
  }

  async updateEntryCount(tx: Tx, id: string, entryCount: number): Promise<void> {
    await tx.query({
      name: 'running.run-imports.update-entry-count',
      text: 'UPDATE running.run_import SET entry_count = $2 WHERE id = $1',
      values: [id, entryCount],
    });
  }

  /** Moves on to the next entry. @returns false when somebody else has moved it meanwhile */
  async updatePosition(tx: Tx, id: string, entry: number, step: ImportStep): Promise<boolean> {
    const rows = await tx.query({
      name: 'running.run-imports.update-position',
      text: `UPDATE running.run_import SET next_entry = $2 + 1, imported_count = imported_count + $3,
               duplicate_count = duplicate_count + $4, refused_count = refused_count + $5
             WHERE id = $1 AND next_entry = $2 AND finished_at IS NULL RETURNING 1`,
      values: [id, entry, step.imported, step.duplicate, step.refused],
    });
    return rows.length === 1;
  }

  async updateFinished(tx: Tx, id: string, refusalCode: string | null): Promise<void> {
    await tx.query({
      name: 'running.run-imports.update-finished',
      text: `UPDATE running.run_import SET finished_at = now(), file_id = NULL, refusal_code = $2 WHERE id = $1`,
      values: [id, refusalCode],
    });
  }

  async insertItems(tx: Tx, items: readonly RunImportItemRow[]): Promise<void> {
    await tx.query({
      name: 'running.run-imports.insert-items',
      text: `INSERT INTO running.run_import_item
               (user_id, import_id, entry, activity, name, outcome, code, detail, run_id, started_at)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
               $9::uuid[], $10::timestamptz[])`,
      values: [
        items.map((item) => item.userId),
        items.map((item) => item.importId),
        items.map((item) => item.entry),
        items.map((item) => item.activity),
        items.map((item) => item.name),
        items.map((item) => item.outcome),
        items.map((item) => item.code),
        items.map((item) => item.detail),
        items.map((item) => item.runId),
        items.map((item) => item.startedAt),
      ],
    });
  }

  /** In the file's order. @param after entry and activity of the last one of the page before */
  listItems(
    tx: Tx,
    importId: string,
    outcome: string | null,
    after: readonly [number, number],
    limit: number,
  ): Promise<RunImportItemRow[]> {
    return tx.query({
      name: 'running.run-imports.list-items',
      text: `SELECT ${ITEM_COLUMNS} FROM running.run_import_item
             WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2) AND (entry, activity) > ($3, $4)
             ORDER BY entry, activity LIMIT $5`,
      values: [importId, outcome, after[0], after[1], limit],
    });
  }

  /** Runs of whatever source that began about then. */
  listRunsAround(tx: Tx, userId: string, startedAt: Date, withinMs: number): Promise<NearRun[]> {
    return tx.query({
      name: 'running.run-imports.list-runs-around',
      text: `SELECT id, started_at AS "startedAt", distance_m AS "distanceM" FROM running.run
             WHERE user_id = $1 AND started_at BETWEEN $2::timestamptz - $3 * interval '1 millisecond'
               AND $2::timestamptz + $3 * interval '1 millisecond'
             ORDER BY started_at, id`,
      values: [userId, startedAt, withinMs],
    });
  }
}
