import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { SyncErrorKind, SyncRunState } from './sync-run.entity.js';
import { ACTIVE, nowSql } from './sync-sql.js';
import type { SyncKind } from './sync-window.js';

export interface RunRow {
  id: string;
  sourceId: string;
  kind: SyncKind;
  trigger: 'schedule' | 'request';
  state: SyncRunState;
  askedFrom: Date | null;
  askedTo: Date | null;
  isCancelRequested: boolean;
  createdAt: Date;
  startedAt: Date | null;
  aliveAt: Date;
  retryAt: Date | null;
  finishedAt: Date | null;
  errorKind: SyncErrorKind | null;
  error: string | null;
}

export interface NewRun {
  id: string;
  sourceId: string;
  kind: SyncKind;
  trigger: 'schedule' | 'request';
  askedFrom: Date | null;
  askedTo: Date | null;
}

/** The newest end of a kind, and whether one is active. */
export interface KindFacts {
  sourceId: string;
  kind: SyncKind;
  isActive: boolean;
  lastState: 'succeeded' | 'failed' | 'cancelled' | null;
  lastFinishedAt: Date | null;
  lastSucceededAt: Date | null;
  /** Of the runs that are still remembered. */
  firstSucceededAt: Date | null;
}

export const RUN_COLUMNS = `r.id, r.source_id AS "sourceId", r.kind, r.trigger, r.state, r.asked_from AS "askedFrom", r.asked_to AS "askedTo",
  r.is_cancel_requested AS "isCancelRequested", r.created_at AS "createdAt", r.started_at AS "startedAt", r.alive_at AS "aliveAt",
  r.retry_at AS "retryAt", r.finished_at AS "finishedAt", r.error_kind AS "errorKind", r.error`;

/** The run log, as requests and schedules see it. */
@Injectable()
export class SyncRunsRepository {
  /** @returns false where the source has an active run of the kind */
  async insertRun(tx: Tx, run: NewRun, nowMs: number | null): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.sync-runs.insert-run',
      text: `INSERT INTO platform.sync_run (id, source_id, kind, trigger, asked_from, asked_to, created_at, alive_at)
             SELECT $1, $2, $3, $4, $5, $6, t.now, t.now FROM (SELECT ${nowSql(7)} AS now) t
             ON CONFLICT (source_id, kind) WHERE state IN ${ACTIVE} DO NOTHING RETURNING id`,
      values: [run.id, run.sourceId, run.kind, run.trigger, run.askedFrom, run.askedTo, nowMs],
    });
    return rows.length === 1;
  }

  /** Incremental runs of schedules, many at once. @returns ids of those that were begun; sources with an active one are left out */
  async insertDueRuns(
    tx: Tx,
    runs: readonly { id: string; sourceId: string }[],
    nowMs: number | null,
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.sync-runs.insert-due-runs',
      text: `INSERT INTO platform.sync_run (id, source_id, kind, trigger, created_at, alive_at)
             SELECT g.id, g.source_id, 'incremental', 'schedule', t.now, t.now
             FROM unnest($1::uuid[], $2::text[]) AS g (id, source_id), (SELECT ${nowSql(3)} AS now) t
             ON CONFLICT (source_id, kind) WHERE state IN ${ACTIVE} DO NOTHING RETURNING id`,
      values: [runs.map(({ id }) => id), runs.map(({ sourceId }) => sourceId), nowMs],
    });
    return rows.map(({ id }) => id);
  }

  async findActive(tx: Tx, sourceId: string, kind: SyncKind): Promise<RunRow | undefined> {
    const [row] = await tx.query<RunRow>({
      name: 'platform.sync-runs.find-active',
      text: `SELECT ${RUN_COLUMNS} FROM platform.sync_run r WHERE source_id = $1 AND kind = $2 AND state IN ${ACTIVE}`,
      values: [sourceId, kind],
    });
    return row;
  }

  async findRun(tx: Tx, id: string): Promise<RunRow | undefined> {
    const [row] = await tx.query<RunRow>({
      name: 'platform.sync-runs.find-run',
      text: `SELECT ${RUN_COLUMNS} FROM platform.sync_run r WHERE id = $1`,
      values: [id],
    });
    return row;
  }

  /** Of a source, newest first. @param before id of the last run of the page before */
  listPage(
    tx: Tx,
    filter: {
      sourceIds: readonly string[];
      kind: SyncKind | null;
      state: SyncRunState | null;
      before: string | null;
      limit: number;
    },
  ): Promise<RunRow[]> {
    return tx.query<RunRow>({
      name: 'platform.sync-runs.list-page',
      text: `SELECT ${RUN_COLUMNS} FROM platform.sync_run r
             WHERE source_id = ANY ($1::text[]) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3)
               AND ($4::uuid IS NULL OR id < $4)
             ORDER BY id DESC LIMIT $5`,
      values: [filter.sourceIds, filter.kind, filter.state, filter.before, filter.limit],
    });
  }

  listActive(tx: Tx, sourceIds: readonly string[]): Promise<RunRow[]> {
    return tx.query<RunRow>({
      name: 'platform.sync-runs.list-active',
      text: `SELECT ${RUN_COLUMNS} FROM platform.sync_run r WHERE source_id = ANY ($1::text[]) AND state IN ${ACTIVE} ORDER BY id`,
      values: [sourceIds],
    });
  }

  /** The newest incremental run of each source that has ended and was not cancelled. */
  listLastIncremental(tx: Tx, sourceIds: readonly string[]): Promise<RunRow[]> {
    return tx.query<RunRow>({
      name: 'platform.sync-runs.list-last-incremental',
      text: `SELECT ${RUN_COLUMNS} FROM unnest($1::text[]) AS s (id)
             CROSS JOIN LATERAL (
               SELECT * FROM platform.sync_run x
               WHERE x.source_id = s.id AND x.kind = 'incremental' AND x.finished_at IS NOT NULL AND x.state <> 'cancelled'
               ORDER BY x.finished_at DESC LIMIT 1) r`,
      values: [sourceIds],
    });
  }

  /** For each source and kind what its schedule hangs on. */
  listKindFacts(tx: Tx, sourceIds: readonly string[]): Promise<KindFacts[]> {
    return tx.query<KindFacts>({
      name: 'platform.sync-runs.list-kind-facts',
      text: `SELECT s.id AS "sourceId", k.kind,
               EXISTS (SELECT FROM platform.sync_run a WHERE a.source_id = s.id AND a.kind = k.kind AND a.state IN ${ACTIVE}) AS "isActive",
               e.state AS "lastState", e.finished_at AS "lastFinishedAt", w.finished_at AS "lastSucceededAt", f.finished_at AS "firstSucceededAt"
             FROM unnest($1::text[]) AS s (id)
             CROSS JOIN unnest(ARRAY['incremental', 'backfill', 'reconcile', 'verify']) AS k (kind)
             LEFT JOIN LATERAL (
               SELECT state, finished_at FROM platform.sync_run x
               WHERE x.source_id = s.id AND x.kind = k.kind AND x.finished_at IS NOT NULL ORDER BY x.finished_at DESC LIMIT 1) e ON true
             LEFT JOIN LATERAL (
               SELECT finished_at FROM platform.sync_run x
               WHERE x.source_id = s.id AND x.kind = k.kind AND x.finished_at IS NOT NULL AND x.state = 'succeeded'
               ORDER BY x.finished_at DESC LIMIT 1) w ON true
             LEFT JOIN LATERAL (
               SELECT finished_at FROM platform.sync_run x
               WHERE x.source_id = s.id AND x.kind = k.kind AND x.finished_at IS NOT NULL AND x.state = 'succeeded'
               ORDER BY x.finished_at LIMIT 1) f ON true`,
      values: [sourceIds],
    });
  }

  /**
   * Nobody has the run in hand: it ends at once. Somebody has: they are told, and stop at the next page.
   * @returns the run afterwards; undefined where it was not active
   */
  async updateCancelRequested(tx: Tx, id: string, nowMs: number | null): Promise<RunRow | undefined> {
    const [row] = await tx.query<RunRow>({
      name: 'platform.sync-runs.update-cancel-requested',
      text: `UPDATE platform.sync_run r SET is_cancel_requested = true,
               state = CASE WHEN job_id IS NULL THEN 'cancelled' ELSE state END,
               finished_at = CASE WHEN job_id IS NULL THEN ${nowSql(2)} END
             WHERE id = $1 AND state IN ${ACTIVE} RETURNING ${RUN_COLUMNS}`,
      values: [id, nowMs],
    });
    return row;
  }

  /** Runs that ended so long ago, with what they left; a piece at a time. */
  async deleteForgotten(tx: Tx, olderMs: number, nowMs: number | null): Promise<void> {
    await tx.query({
      name: 'platform.sync-runs.delete-forgotten',
      text: `DELETE FROM platform.sync_run WHERE id IN (
               SELECT id FROM platform.sync_run r
               WHERE finished_at < ${nowSql(2)} - $1 * interval '1 millisecond'
                 -- Of each kind the newest success stays: schedules count from it.
                 AND EXISTS (SELECT FROM platform.sync_run n WHERE n.source_id = r.source_id AND n.kind = r.kind
                   AND n.finished_at > r.finished_at AND n.state = 'succeeded')
               ORDER BY finished_at LIMIT 1000)`,
      values: [olderMs, nowMs],
    });
  }

  /** The database's word for now. */
  async findNow(tx: Tx, nowMs: number | null): Promise<Date> {
    const [row] = await tx.query<{ now: Date }>({
      name: 'platform.sync-runs.find-now',
      text: `SELECT ${nowSql(1)} AS now`,
      values: [nowMs],
    });
    return row!.now;
  }
}
