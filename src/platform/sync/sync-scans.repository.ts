import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import { nowSql } from './sync-sql.js';
import type { SyncWindow } from './sync-source.js';

/** One stream in the hands of one run. */
export interface Scan {
  sourceId: string;
  runId: string;
  stream: string;
}

export interface GapRow {
  sourceId: string;
  stream: string;
  windowFrom: Date;
  windowTo: Date;
  upstreamCount: number;
  storedCount: number;
  foundAt: Date;
  checkedAt: Date;
  repairedAt: Date | null;
}

/** What scans have met and missed. */
@Injectable()
export class SyncScansRepository {
  async insertSeen(tx: Tx, { runId, stream }: Scan, keys: readonly string[]): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.insert-seen',
      text: `INSERT INTO platform.sync_seen (run_id, stream, key) SELECT $1, $2, k FROM unnest($3::text[]) AS k ON CONFLICT DO NOTHING`,
      values: [runId, stream, keys],
    });
  }

  async countSeen(tx: Tx, { runId, stream }: Scan): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'platform.sync-scans.count-seen',
      text: 'SELECT count(*)::int AS count FROM platform.sync_seen WHERE run_id = $1 AND stream = $2',
      values: [runId, stream],
    });
    return row!.count;
  }

  /** Those of the keys that the scan has not met. */
  async listUnseen(tx: Tx, { runId, stream }: Scan, keys: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ key: string }>({
      name: 'platform.sync-scans.list-unseen',
      text: `SELECT k AS key FROM unnest($3::text[]) AS k
             WHERE NOT EXISTS (SELECT FROM platform.sync_seen s WHERE s.run_id = $1 AND s.stream = $2 AND s.key = k)`,
      values: [runId, stream, keys],
    });
    return rows.map(({ key }) => key);
  }

  async deleteSeen(tx: Tx, { runId, stream }: Scan): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.delete-seen',
      text: 'DELETE FROM platform.sync_seen WHERE run_id = $1 AND stream = $2',
      values: [runId, stream],
    });
  }

  /** What runs that have ended have left. */
  async deleteLeftSeen(tx: Tx): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.delete-left-seen',
      text: `DELETE FROM platform.sync_seen WHERE run_id IN (
               SELECT s.run_id FROM (SELECT DISTINCT run_id FROM platform.sync_seen) s
               LEFT JOIN platform.sync_run r ON r.id = s.run_id WHERE r.id IS NULL OR r.finished_at IS NOT NULL)`,
      values: [],
    });
  }

  /** Notes keys that a full scan has missed. @returns those that an earlier run had missed too, whose notes are gone now */
  async updateMissed(tx: Tx, scan: Scan, keys: readonly string[], nowMs: number | null): Promise<string[]> {
    const { sourceId, stream, runId } = scan;
    const twice = await tx.query<{ key: string }>({
      name: 'platform.sync-scans.delete-missed-twice',
      text: `DELETE FROM platform.sync_absence WHERE source_id = $1 AND stream = $2 AND key = ANY ($3::text[]) AND run_id <> $4 RETURNING key`,
      values: [sourceId, stream, keys, runId],
    });
    const gone = new Set(twice.map(({ key }) => key));
    await tx.query({
      name: 'platform.sync-scans.insert-missed',
      text: `INSERT INTO platform.sync_absence (source_id, stream, key, run_id, missed_at)
             SELECT $1, $2, k, $4, ${nowSql(5)} FROM unnest($3::text[]) AS k ON CONFLICT DO NOTHING`,
      values: [sourceId, stream, keys.filter((key) => !gone.has(key)), runId, nowMs],
    });
    return [...gone];
  }

  /** They are there after all. */
  async deleteMissed(tx: Tx, { sourceId, stream }: Scan, keys: readonly string[]): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.delete-missed',
      text: 'DELETE FROM platform.sync_absence WHERE source_id = $1 AND stream = $2 AND key = ANY ($3::text[])',
      values: [sourceId, stream, keys],
    });
  }

  async upsertGap(
    tx: Tx,
    { sourceId, stream, runId }: Scan,
    window: SyncWindow,
    counts: { upstream: number; stored: number },
    nowMs: number | null,
  ): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.upsert-gap',
      text: `INSERT INTO platform.sync_gap AS g
               (source_id, stream, run_id, window_from, window_to, upstream_count, stored_count, found_at, checked_at)
             SELECT $1, $2, $3, $4, $5, $6, $7, t.now, t.now FROM (SELECT ${nowSql(8)} AS now) t
             ON CONFLICT (source_id, stream, window_from) DO UPDATE SET window_to = excluded.window_to,
               upstream_count = excluded.upstream_count, stored_count = excluded.stored_count, run_id = excluded.run_id,
               found_at = CASE WHEN g.repaired_at IS NULL THEN g.found_at ELSE excluded.found_at END,
               checked_at = excluded.checked_at, repaired_at = NULL`,
      values: [sourceId, stream, runId, window.from, window.to, counts.upstream, counts.stored, nowMs],
    });
  }

  /** The window has been counted again. Nothing happens where no gap was open. */
  async updateGap(
    tx: Tx,
    { sourceId, stream, runId }: Scan,
    window: SyncWindow,
    counts: { upstream: number; stored: number },
    nowMs: number | null,
  ): Promise<void> {
    await tx.query({
      name: 'platform.sync-scans.update-gap',
      text: `UPDATE platform.sync_gap SET window_to = $5, upstream_count = $6::int, stored_count = $7::int, checked_at = ${nowSql(8)}, run_id = $3,
               repaired_at = CASE WHEN $6::int = $7::int THEN ${nowSql(8)} END
             WHERE source_id = $1 AND stream = $2 AND window_from = $4 AND repaired_at IS NULL`,
      values: [sourceId, stream, runId, window.from, window.to, counts.upstream, counts.stored, nowMs],
    });
  }

  /** Newest window first. @param before window and stream of the last gap of the page before */
  listGaps(
    tx: Tx,
    filter: {
      sourceIds: readonly string[];
      isOpen: boolean | null;
      before: { windowFrom: Date; sourceId: string; stream: string } | null;
      limit: number;
    },
  ): Promise<GapRow[]> {
    return tx.query<GapRow>({
      name: 'platform.sync-scans.list-gaps',
      text: `SELECT source_id AS "sourceId", stream, window_from AS "windowFrom", window_to AS "windowTo",
               upstream_count AS "upstreamCount", stored_count AS "storedCount", found_at AS "foundAt", checked_at AS "checkedAt",
               repaired_at AS "repairedAt"
             FROM platform.sync_gap
             WHERE source_id = ANY ($1::text[]) AND ($2::bool IS NULL OR (repaired_at IS NULL) = $2)
               AND ($3::timestamptz IS NULL OR (window_from, source_id, stream) < ($3, $4, $5))
             ORDER BY window_from DESC, source_id DESC, stream DESC LIMIT $6`,
      values: [
        filter.sourceIds,
        filter.isOpen,
        filter.before?.windowFrom ?? null,
        filter.before?.sourceId ?? null,
        filter.before?.stream ?? null,
        filter.limit,
      ],
    });
  }
}
