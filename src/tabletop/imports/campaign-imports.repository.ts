import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { CampaignImportEntity } from './campaign-import.entity.js';
import type { ImportProgress } from './import-outcome.js';
import type { ImportSourceEntity } from './import-source.entity.js';
import type { ImportSource, MappingReport } from './mapping-report.js';

export type CampaignImportRow = Omit<CampaignImportEntity, 'file'>;
export type ImportSourceRow = ImportSourceEntity;

const IMPORT = `
  id, campaign_id AS "campaignId", imported_by AS "importedBy", source, kind, state, position, total, counts, objects, conflicts, report, error,
  job_id AS "jobId", created_at AS "createdAt", finished_at AS "finishedAt"`;
const SOURCE = `
  s.id, s.campaign_id AS "campaignId", s.object_id AS "objectId", s.source, s.source_key AS "sourceKey", s.imported_by AS "importedBy", s.mapped,
  s.original, s.imported_at AS "importedAt"`;

/** Files that came into campaigns, and where objects came from; in the scope of whoever asks. */
@Injectable()
export class CampaignImportsRepository {
  async insertImport(
    tx: Tx,
    row: Pick<
      CampaignImportEntity,
      'id' | 'campaignId' | 'importedBy' | 'source' | 'kind' | 'file' | 'jobId'
    >,
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.imports.insert-import',
      text: `INSERT INTO tabletop.import (id, campaign_id, imported_by, source, kind, file, job_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [row.id, row.campaignId, row.importedBy, row.source, row.kind, row.file, row.jobId],
    });
  }

  async findImport(tx: Tx, id: string): Promise<CampaignImportRow | null> {
    const [row] = await tx.query<CampaignImportRow>({
      name: 'tabletop.imports.find-import',
      text: `SELECT ${IMPORT} FROM tabletop.import WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** Newest first. */
  listImports(campaignId: string, before: string | null, limit: number): Statement {
    return {
      name: 'tabletop.imports.list-imports',
      text: `SELECT ${IMPORT} FROM tabletop.import WHERE campaign_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      values: [campaignId, before, limit],
    };
  }

  async findFile(tx: Tx, id: string): Promise<Buffer | null> {
    const [row] = await tx.query<{ file: Buffer | null }>({
      name: 'tabletop.imports.find-file',
      text: 'SELECT file FROM tabletop.import WHERE id = $1',
      values: [id],
    });
    return row?.file ?? null;
  }

  /** @returns false where another try has come further */
  async updateProgress(
    tx: Tx,
    id: string,
    from: number,
    to: { position: number; total: number; progress: ImportProgress; report: MappingReport; isOver: boolean },
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.imports.update-progress',
      text: `UPDATE tabletop.import SET position = $3, total = $4, counts = $5, objects = $6, conflicts = $7, report = $8,
               state = CASE WHEN $9 THEN 'finished' ELSE state END, file = CASE WHEN $9 THEN NULL ELSE file END,
               finished_at = CASE WHEN $9 THEN now() END
             WHERE id = $1 AND position = $2 AND state = 'waiting' RETURNING 1`,
      values: [
        id,
        from,
        to.position,
        to.total,
        JSON.stringify(to.progress.counts),
        JSON.stringify(to.progress.objects),
        JSON.stringify(to.progress.conflicts),
        JSON.stringify(to.report),
        to.isOver,
      ],
    });
    return rows.length === 1;
  }

  async failImport(tx: Tx, id: string, error: string): Promise<void> {
    await tx.query({
      name: 'tabletop.imports.fail-import',
      text: `UPDATE tabletop.import SET state = 'failed', error = $2, file = NULL, finished_at = now() WHERE id = $1 AND state = 'waiting'`,
      values: [id, error],
    });
  }

  /** Until the transaction ends nobody else brings the same thing. */
  async lockKey(tx: Tx, lock: number, key: string): Promise<void> {
    await tx.query({
      name: 'tabletop.imports.lock-key',
      text: `SELECT pg_advisory_xact_lock(${lock}, hashtext($1))`,
      values: [key],
    });
  }

  /** Of objects that are there: one's own import first, then the newest. */
  async listSources(
    tx: Tx,
    campaignId: string,
    source: ImportSource,
    keys: readonly string[],
    userId: string,
  ): Promise<ImportSourceRow[]> {
    return tx.query<ImportSourceRow>({
      name: 'tabletop.imports.list-sources',
      text: `SELECT ${SOURCE} FROM tabletop.import_source s JOIN tabletop.object o ON o.id = s.object_id AND o.deleted_at IS NULL
             WHERE s.campaign_id = $1 AND s.source = $2 AND s.source_key = ANY ($3::text[])
             ORDER BY s.source_key, (s.imported_by IS NOT DISTINCT FROM $4::uuid) DESC, s.imported_at DESC`,
      values: [campaignId, source, keys, userId],
    });
  }

  async findSourceOf(tx: Tx, objectId: string): Promise<ImportSourceRow | null> {
    const [row] = await tx.query<ImportSourceRow>({
      name: 'tabletop.imports.find-source-of',
      text: `SELECT ${SOURCE} FROM tabletop.import_source s WHERE s.object_id = $1`,
      values: [objectId],
    });
    return row ?? null;
  }

  async upsertSource(tx: Tx, row: Omit<ImportSourceRow, 'importedAt'>): Promise<void> {
    await tx.query({
      name: 'tabletop.imports.upsert-source',
      text: `INSERT INTO tabletop.import_source (id, campaign_id, object_id, source, source_key, imported_by, mapped, original)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (object_id) DO UPDATE SET mapped = $7, original = $8, imported_at = now()`,
      values: [
        row.id,
        row.campaignId,
        row.objectId,
        row.source,
        row.sourceKey,
        row.importedBy,
        row.mapped,
        row.original,
      ],
    });
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.imports.list-campaign',
      text: `SELECT ${IMPORT} FROM tabletop.import WHERE campaign_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }

  /** All of a campaign by id: so many, or fewer as soon as they hold so many bytes, at least one. */
  listSourcesOf(campaignId: string, after: string, most: { rows: number; bytes: number }): Statement {
    return {
      name: 'tabletop.imports.list-sources-of',
      text: `SELECT ${SOURCE} FROM (
               SELECT c.id, sum(octet_length(c.mapped) + coalesce(octet_length(c.original), 0)) OVER (ORDER BY c.id)
                 - octet_length(c.mapped) - coalesce(octet_length(c.original), 0) AS before
               FROM (SELECT * FROM tabletop.import_source i WHERE i.campaign_id = $1 AND i.id > $2
                       AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = i.object_id AND p.deleted_at IS NULL) ORDER BY i.id LIMIT $3) c
             ) few JOIN tabletop.import_source s ON s.id = few.id
             WHERE few.before < $4 ORDER BY s.id`,
      values: [campaignId, after, most.rows, most.bytes],
    };
  }
}
