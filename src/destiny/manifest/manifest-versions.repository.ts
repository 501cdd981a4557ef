import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ManifestState, ManifestVersionEntity, TableProgress } from './manifest-version.entity.js';
import type { NewDefinition } from './read-definition.js';

export type VersionRow = Omit<ManifestVersionEntity, 'runId'>;

/** A version that a run has taken up. */
export interface ClaimedVersion {
  id: number;
  state: ManifestState;
  isCurrent: boolean;
  tables: Record<string, TableProgress>;
}

export interface CurrentVersion {
  id: number;
  language: string;
  version: string;
}

/** Who is silent for so long is taken for dead, and another run may take an import up. */
const LEASE_S = 120;

const COLUMNS = `id, language, version, origin, state, is_current AS "isCurrent", tables, fault, job_id AS "jobId",
  started_at AS "startedAt", touched_at AS "touchedAt", switched_at AS "switchedAt"`;

/** Versions of the manifest and the writing of their definitions. Whatever writes is for the system role. */
@Injectable()
export class ManifestVersionsRepository {
  /** The current one of each language, by language. */
  currentStatement(): Statement {
    return {
      name: 'destiny.manifest-versions.list-current',
      text: 'SELECT id, language, version FROM destiny.manifest_version WHERE is_current ORDER BY language',
      values: [],
    };
  }

  /** What is current, what is under way, what failed: newest first. */
  newestStatement(limit: number): Statement {
    return {
      name: 'destiny.manifest-versions.list-newest',
      text: `SELECT ${COLUMNS} FROM destiny.manifest_version WHERE state <> 'dropped'
             ORDER BY is_current DESC, started_at DESC, id DESC LIMIT $1`,
      values: [limit],
    };
  }

  /** Whoever asks for an import waits for whoever does so already. */
  async lockRequests(tx: Tx): Promise<void> {
    await tx.query({
      name: 'destiny.manifest-versions.lock-requests',
      text: 'SELECT pg_advisory_xact_lock($1, 0)',
      values: [ADVISORY_LOCK.destinyManifest],
    });
  }

  /** The job of an import that is alive. */
  async findActiveJob(tx: Tx): Promise<string | undefined> {
    const [row] = await tx.query<{ jobId: string }>({
      name: 'destiny.manifest-versions.find-active-job',
      text: `SELECT job_id AS "jobId" FROM destiny.manifest_version
             WHERE state = 'importing' AND run_id IS NOT NULL AND job_id IS NOT NULL
               AND touched_at > clock_timestamp() - make_interval(secs => ${LEASE_S})
             ORDER BY touched_at DESC LIMIT 1`,
      values: [],
    });
    return row?.jobId;
  }

  /**
   * Takes a version up for a run, with a partition to write into. What an earlier run has done stays.
   * @param jobId null for the command line
   * @returns undefined while another job's run is alive
   */
  async claimVersion(
    tx: Tx,
    version: Pick<VersionRow, 'language' | 'version' | 'origin' | 'jobId'>,
    runId: string,
  ): Promise<ClaimedVersion | undefined> {
    const [row] = await tx.query<ClaimedVersion>({
      name: 'destiny.manifest-versions.claim-version',
      text: `INSERT INTO destiny.manifest_version AS v (language, version, origin, job_id, run_id) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (language, version) DO UPDATE SET run_id = excluded.run_id, job_id = excluded.job_id,
               touched_at = clock_timestamp(), fault = NULL,
               state = CASE v.state WHEN 'loaded' THEN 'loaded' ELSE 'importing' END,
               tables = CASE v.state WHEN 'dropped' THEN '{}' ELSE v.tables END
             WHERE v.state <> 'importing' OR v.run_id IS NULL OR v.job_id = excluded.job_id
               OR v.touched_at < clock_timestamp() - make_interval(secs => ${LEASE_S})
             RETURNING id, state, is_current AS "isCurrent", tables`,
      values: [version.language, version.version, version.origin, version.jobId, runId],
    });
    if (row?.state === 'importing')
      await tx.query({
        name: 'destiny.manifest-versions.create-partition',
        text: 'SELECT destiny.create_manifest_partition($1)',
        values: [row.id],
      });
    return row;
  }

  /** Writes how far a table is. @returns false when this run may write no more */
  async updateTable(
    tx: Tx,
    id: number,
    runId: string,
    table: string,
    progress: TableProgress,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'destiny.manifest-versions.update-table',
      text: `UPDATE destiny.manifest_version SET touched_at = clock_timestamp(), tables = tables || jsonb_build_object($3::text, $4::jsonb)
             WHERE id = $1 AND run_id = $2 AND state = 'importing' RETURNING 1`,
      values: [id, runId, table, JSON.stringify(progress)],
    });
    return rows.length === 1;
  }

  async deleteDefinitions(tx: Tx, versionId: number, table: string): Promise<void> {
    await tx.query({
      name: 'destiny.manifest-versions.delete-definitions',
      text: 'DELETE FROM destiny.manifest_definition WHERE version_id = $1 AND type = $2',
      values: [versionId, table],
    });
  }

  /** A hash that the file has twice is stored once. */
  async insertDefinitions(
    tx: Tx,
    versionId: number,
    table: string,
    definitions: readonly NewDefinition[],
  ): Promise<void> {
    // One text of JSON: what the definitions are stays as it came, and the driver has nothing to escape.
    const rows = definitions.map(
      ({ hash, nameFold, json }) => `[${hash},${JSON.stringify(nameFold)},${json}]`,
    );
    await tx.query({
      name: 'destiny.manifest-versions.insert-definitions',
      text: `INSERT INTO destiny.manifest_definition (version_id, type, hash, name_fold, json)
             SELECT $1, $2, (d -> 0)::bigint, d ->> 1, d -> 2 FROM jsonb_array_elements($3::jsonb) AS t (d)
             ON CONFLICT DO NOTHING`,
      values: [versionId, table, `[${rows.join(',')}]`],
    });
  }

  async countDefinitions(tx: Tx, versionId: number, table: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'destiny.manifest-versions.count-definitions',
      text: 'SELECT count(*)::int AS count FROM destiny.manifest_definition WHERE version_id = $1 AND type = $2',
      values: [versionId, table],
    });
    return row!.count;
  }

  /** All tables are in. @returns false when this run may write no more */
  async updateLoaded(tx: Tx, id: number, runId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'destiny.manifest-versions.update-loaded',
      text: `UPDATE destiny.manifest_version SET state = 'loaded', touched_at = clock_timestamp()
             WHERE id = $1 AND run_id = $2 AND state = 'importing' RETURNING 1`,
      values: [id, runId],
    });
    if (rows.length === 0) return false;
    await tx.query({
      name: 'destiny.manifest-versions.analyze-partition',
      text: 'SELECT destiny.analyze_manifest_partition($1)',
      values: [id],
    });
    return true;
  }

  /** Lets go of what a run had in hand. @param fault null where it was only interrupted, and goes on later */
  async updateReleased(tx: Tx, runId: string, fault: string | null): Promise<void> {
    await tx.query({
      name: 'destiny.manifest-versions.update-released',
      text: `UPDATE destiny.manifest_version SET run_id = NULL, touched_at = clock_timestamp(), fault = $2,
               state = CASE WHEN $2::text IS NULL THEN state ELSE 'failed' END
             WHERE run_id = $1 AND state = 'importing'`,
      values: [runId, fault],
    });
  }

  /**
   * Makes these versions those that are read, all at once; imports of others in their languages are over.
   * @returns those that were not current before
   */
  async updateCurrent(tx: Tx, ids: readonly number[], runId: string): Promise<CurrentVersion[]> {
    await this.lockRequests(tx);
    await tx.query({
      name: 'destiny.manifest-versions.update-former',
      text: `UPDATE destiny.manifest_version v SET is_current = false,
               state = CASE v.state WHEN 'importing' THEN 'failed' ELSE v.state END,
               fault = CASE v.state WHEN 'importing' THEN 'Another version became current first.' ELSE v.fault END, run_id = NULL
             FROM destiny.manifest_version n
             WHERE n.id = ANY ($1::int[]) AND n.run_id = $2 AND n.state = 'loaded' AND NOT n.is_current
               AND v.language = n.language AND v.id <> n.id AND (v.is_current OR v.state = 'importing')`,
      values: [ids, runId],
    });
    return tx.query<CurrentVersion>({
      name: 'destiny.manifest-versions.update-current',
      text: `UPDATE destiny.manifest_version SET is_current = true, switched_at = clock_timestamp(), run_id = NULL, fault = NULL
             WHERE id = ANY ($1::int[]) AND run_id = $2 AND state = 'loaded' AND NOT is_current
             RETURNING id, language, version`,
      values: [ids, runId],
    });
  }

  /** Versions whose definitions nobody reads or writes any more. */
  async listDroppable(tx: Tx): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'destiny.manifest-versions.list-droppable',
      text: `SELECT v.id FROM destiny.manifest_version v
             WHERE v.state IN ('loaded', 'failed') AND NOT v.is_current AND v.run_id IS NULL AND EXISTS (
               SELECT FROM destiny.manifest_version n WHERE n.language = v.language AND n.is_current AND n.switched_at >= v.touched_at)
             ORDER BY v.id`,
      values: [],
    });
    return rows.map(({ id }) => id);
  }

  /** @throws Error of the database when readers are in the way; it is tried again later */
  async dropDefinitions(tx: Tx, id: number): Promise<void> {
    await tx.query({
      name: 'destiny.manifest-versions.drop-partition',
      text: 'SELECT destiny.drop_manifest_partition($1)',
      values: [id],
    });
    await tx.query({
      name: 'destiny.manifest-versions.update-dropped',
      text: `UPDATE destiny.manifest_version SET state = 'dropped' WHERE id = $1`,
      values: [id],
    });
  }
}
