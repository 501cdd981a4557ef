import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import type { Tx } from '../database/unit-of-work.js';
import type { SyncErrorKind } from './sync-run.entity.js';
import { RUN_COLUMNS, type RunRow } from './sync-runs.repository.js';
import { ACTIVE, nowSql } from './sync-sql.js';

/** A run as who wants to take it up finds it. */
export interface HeldRow extends RunRow {
  jobId: string | null;
  takes: number;
  /** A sign of life that is fresh enough. */
  isAlive: boolean;
}

export interface RunEnd {
  state: 'succeeded' | 'failed' | 'cancelled';
  errorKind: SyncErrorKind | null;
  error: string | null;
}

/** Who has a run in hand. All that a worker writes of its run goes through its fence. */
@Injectable()
export class SyncHoldsRepository {
  /** The source of a run. */
  async findSource(tx: Tx, id: string): Promise<string | undefined> {
    const [row] = await tx.query<{ sourceId: string }>({
      name: 'platform.sync-holds.find-source',
      text: 'SELECT source_id AS "sourceId" FROM platform.sync_run WHERE id = $1',
      values: [id],
    });
    return row?.sourceId;
  }

  /** One worker at a time looks at what a source's runs are doing. Held until the end of the transaction. */
  async lockSource(tx: Tx, sourceId: string): Promise<void> {
    await tx.query({
      name: 'platform.sync-holds.lock-source',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [ADVISORY_LOCK.syncSource, sourceId],
    });
  }

  async lockRun(tx: Tx, id: string, staleMs: number, nowMs: number | null): Promise<HeldRow | undefined> {
    const [row] = await tx.query<HeldRow>({
      name: 'platform.sync-holds.lock-run',
      text: `SELECT ${RUN_COLUMNS}, r.job_id AS "jobId", r.takes,
               r.alive_at >= ${nowSql(3)} - $2 * interval '1 millisecond' AS "isAlive"
             FROM platform.sync_run r WHERE id = $1 FOR UPDATE`,
      values: [id, staleMs, nowMs],
    });
    return row;
  }

  /**
   * Sets aside the source's other runs whose workers are gone: whatever those still write is refused from here on.
   * @returns whether another one is in good hands
   */
  async updateOthers(
    tx: Tx,
    { id, sourceId }: RunRow,
    staleMs: number,
    nowMs: number | null,
  ): Promise<boolean> {
    await tx.query({
      name: 'platform.sync-holds.update-others-stale',
      text: `UPDATE platform.sync_run SET state = 'queued', fence = fence + 1, job_id = NULL
             WHERE source_id = $1 AND id <> $2 AND state IN ('running', 'rate_limited')
               AND alive_at < ${nowSql(4)} - $3 * interval '1 millisecond'`,
      values: [sourceId, id, staleMs, nowMs],
    });
    const others = await tx.query({
      name: 'platform.sync-holds.list-others-held',
      text: `SELECT id FROM platform.sync_run WHERE source_id = $1 AND id <> $2 AND state IN ('running', 'rate_limited')`,
      values: [sourceId, id],
    });
    return others.length > 0;
  }

  /** It waits for its turn, and somebody has just looked after it. */
  async updateWaiting(tx: Tx, id: string, nowMs: number | null): Promise<void> {
    await tx.query({
      name: 'platform.sync-holds.update-waiting',
      text: `UPDATE platform.sync_run SET alive_at = ${nowSql(2)} WHERE id = $1 AND state = 'queued'`,
      values: [id, nowMs],
    });
  }

  async updateTaken(
    tx: Tx,
    id: string,
    jobId: string,
    nowMs: number | null,
  ): Promise<{ fence: number; now: Date }> {
    const [row] = await tx.query<{ fence: number; now: Date }>({
      name: 'platform.sync-holds.update-taken',
      text: `UPDATE platform.sync_run r SET state = 'running', fence = fence + 1, takes = takes + 1, job_id = $2, retry_at = NULL,
               alive_at = t.now, started_at = coalesce(started_at, t.now)
             FROM (SELECT ${nowSql(3)} AS now) t WHERE id = $1 RETURNING fence, t.now`,
      values: [id, jobId, nowMs],
    });
    return row!;
  }

  /**
   * A page of the run, first statement of its transaction: locks the run against whoever would take it over. Pages do not wait for
   * the disk: a database that loses the newest of them loses position and rows together, and they are read again.
   * @returns undefined where somebody else has the run
   */
  async updateTurned(
    tx: Tx,
    id: string,
    fence: number,
    nowMs: number | null,
  ): Promise<{ isCancelRequested: boolean } | undefined> {
    const [row] = await tx.query<{ isCancelRequested: boolean }>({
      name: 'platform.sync-holds.update-turned',
      text: `UPDATE platform.sync_run SET state = 'running', retry_at = NULL, takes = 0, alive_at = ${nowSql(3)}
             WHERE id = $1 AND fence = $2 AND state IN ('running', 'rate_limited')
             RETURNING is_cancel_requested AS "isCancelRequested", set_config('synchronous_commit', 'off', true)`,
      values: [id, fence, nowMs],
    });
    return row;
  }

  /** A sign of life. @param retryAtMs the run rests until then; undefined leaves its state alone @returns as `updateTurned` */
  async updateAlive(
    tx: Tx,
    id: string,
    fence: number,
    nowMs: number | null,
    retryAtMs?: number,
  ): Promise<{ isCancelRequested: boolean } | undefined> {
    const [row] = await tx.query<{ isCancelRequested: boolean }>({
      name: 'platform.sync-holds.update-alive',
      text: `UPDATE platform.sync_run SET alive_at = ${nowSql(3)},
               state = CASE WHEN $4::float8 IS NULL THEN state ELSE 'rate_limited' END,
               retry_at = coalesce(to_timestamp($4::float8 / 1000), retry_at)
             WHERE id = $1 AND fence = $2 AND state IN ('running', 'rate_limited')
             RETURNING is_cancel_requested AS "isCancelRequested"`,
      values: [id, fence, nowMs, retryAtMs ?? null],
    });
    return row;
  }

  /** Out of hands, to be taken up again at `retryAtMs`; null = as soon as somebody can. @returns whether it was ours */
  async updateReleased(
    tx: Tx,
    id: string,
    fence: number,
    retryAtMs: number | null,
    nowMs: number | null,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.sync-holds.update-released',
      text: `UPDATE platform.sync_run SET state = CASE WHEN $3::float8 IS NULL THEN 'queued' ELSE 'rate_limited' END,
               retry_at = to_timestamp($3::float8 / 1000), alive_at = coalesce(to_timestamp($3::float8 / 1000), ${nowSql(4)}),
               job_id = NULL, takes = 0
             WHERE id = $1 AND fence = $2 AND state IN ('running', 'rate_limited') RETURNING id`,
      values: [id, fence, retryAtMs, nowMs],
    });
    return rows.length === 1;
  }

  /** @param fence null = whoever has it @returns whether it was active and ours */
  async updateEnded(
    tx: Tx,
    id: string,
    fence: number | null,
    { state, errorKind, error }: RunEnd,
    nowMs: number | null,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.sync-holds.update-ended',
      text: `UPDATE platform.sync_run SET state = $3, error_kind = $4, error = $5, retry_at = NULL, job_id = NULL,
               finished_at = ${nowSql(6)}, alive_at = ${nowSql(6)}
             WHERE id = $1 AND ($2::int IS NULL OR fence = $2) AND state IN ${ACTIVE} RETURNING id`,
      values: [id, fence, state, errorKind, error, nowMs],
    });
    return rows.length === 1;
  }

  /** Of the source's other runs the one that has waited longest. */
  async findNextQueued(tx: Tx, { id, sourceId }: RunRow): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }>({
      name: 'platform.sync-holds.find-next-queued',
      text: `SELECT id FROM platform.sync_run WHERE source_id = $1 AND id <> $2 AND state = 'queued' ORDER BY id LIMIT 1`,
      values: [sourceId, id],
    });
    return row?.id;
  }

  /** Active runs without a fresh sign of life. */
  async listStale(
    tx: Tx,
    sourceIds: readonly string[],
    staleMs: number,
    nowMs: number | null,
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.sync-holds.list-stale',
      text: `SELECT id FROM platform.sync_run WHERE source_id = ANY ($1::text[]) AND state IN ${ACTIVE}
               AND alive_at < ${nowSql(3)} - $2 * interval '1 millisecond' ORDER BY id`,
      values: [sourceIds, staleMs, nowMs],
    });
    return rows.map(({ id }) => id);
  }

  /** Those of sources whose ids begin so. */
  async listStaleOf(tx: Tx, prefix: string, staleMs: number, nowMs: number | null): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.sync-holds.list-stale-of',
      text: `SELECT id FROM platform.sync_run WHERE starts_with(source_id, $1) AND state IN ${ACTIVE}
               AND alive_at < ${nowSql(3)} - $2 * interval '1 millisecond' ORDER BY id`,
      values: [prefix, staleMs, nowMs],
    });
    return rows.map(({ id }) => id);
  }
}
