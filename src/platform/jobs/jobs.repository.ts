import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import type { Statement, Tx } from '../database/unit-of-work.js';
import { currentRequestId } from '../profiling/span.js';
import type { JobProgress } from './job-definition.js';
import type { JobState } from './job.entity.js';

/** A row to insert. */
export interface NewJob {
  id: string;
  name: string;
  queue: string;
  payload: unknown;
  dedupKey: string | null;
  /** Not before so many milliseconds from now. */
  delayMs: number;
  parentId: string | null;
  /** Number of children it waits for. */
  waitingFor: number;
}

/** What the relay hands over. */
export interface RelayRow {
  id: string;
  userId: string;
  name: string;
  queue: string;
  payload: unknown;
  delayMs: number;
  relayCount: number;
  isCancelRequested: boolean;
  requestId: string | null;
}

/** An end without an effect. */
export interface JobEnd {
  state: 'dead' | 'cancelled';
  error: string;
  /** Tries that have failed. */
  attempts: number;
}

/** A job as its owner and operators see it. */
export interface JobRow {
  id: string;
  userId: string;
  name: string;
  queue: string;
  state: JobState;
  isCancelRequested: boolean;
  attempts: number;
  progress: JobProgress | null;
  error: string | null;
  version: number;
  createdAt: Date;
  runAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const COLUMNS = `id, user_id AS "userId", name, queue, state, is_cancel_requested AS "isCancelRequested", attempts, progress,
  error, version, created_at AS "createdAt", run_at AS "runAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

/** May a job run, or its effect be committed? `over`: it has ended already, or its row is gone. */
export type JobVerdict = 'go' | 'cancel' | 'over';

/**
 * Who enqueues under a key shares its lock until the commit, and a start takes it alone: a job that swallows another one of
 * its key therefore starts after the transaction that asked for that one, and sees what it did. In the order of keys, so
 * that two transactions with several do not wait for each other.
 */
const INSERT_JOBS = `
  WITH job AS MATERIALIZED (
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::float8[], $8::uuid[], $9::int[])
      AS t (id, name, queue, payload, dedup_key, delay_ms, parent_id, waiting_for)
  ), locked AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(${ADVISORY_LOCK.jobDedupKey}, k.hash)
    FROM (SELECT DISTINCT hashtext(name || '/' || dedup_key) AS hash FROM job WHERE dedup_key IS NOT NULL ORDER BY 1) k
  )
  INSERT INTO platform.job (id, user_id, name, queue, payload, dedup_key, run_at, parent_id, waiting_for, state, request_id)
  SELECT id, $1, name, queue, payload, dedup_key, now() + delay_ms * interval '1 millisecond', parent_id, waiting_for,
    CASE WHEN waiting_for > 0 THEN 'waiting' ELSE 'open' END, $10
  FROM job WHERE (SELECT count(*) FROM locked) >= 0
  ON CONFLICT DO NOTHING`;

function insertValues(userId: string, jobs: readonly NewJob[]): unknown[] {
  return [
    userId,
    jobs.map((job) => job.id),
    jobs.map((job) => job.name),
    jobs.map((job) => job.queue),
    jobs.map((job) => JSON.stringify(job.payload)),
    jobs.map((job) => job.dedupKey),
    jobs.map((job) => job.delayMs),
    jobs.map((job) => job.parentId),
    jobs.map((job) => job.waitingFor),
    currentRequestId() ?? null,
  ];
}

/** Everything that the outbox asks of PostgreSQL. Who asks as which role says each method's service. */
@Injectable()
export class JobsRepository {
  /** @returns the ids that were inserted; a job whose key already waits, or whose id is there, is left out */
  async insertJobs(tx: Tx, userId: string, jobs: readonly NewJob[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.jobs.insert-jobs',
      text: `${INSERT_JOBS} RETURNING id`,
      values: insertValues(userId, jobs),
    });
    return new Set(rows.map((row) => row.id));
  }

  /** The same for an owner whose rows the asking scope may add to but not see. */
  async insertSharedJobs(tx: Tx, userId: string, jobs: readonly NewJob[]): Promise<void> {
    await tx.query({
      name: 'platform.jobs.insert-shared-jobs',
      text: INSERT_JOBS,
      values: insertValues(userId, jobs),
    });
  }

  /** Locks the next due jobs of these names against other relays. */
  listDue(tx: Tx, names: readonly string[], limit: number, horizonMs: number): Promise<RelayRow[]> {
    return tx.query<RelayRow>({
      name: 'platform.jobs.list-due',
      text: `SELECT id, user_id AS "userId", name, queue, payload, relay_count AS "relayCount",
               is_cancel_requested AS "isCancelRequested", request_id AS "requestId",
               greatest(0, extract(epoch FROM run_at - clock_timestamp()) * 1000)::float8 AS "delayMs"
             FROM platform.job WHERE state = 'open' AND run_at <= clock_timestamp() + $3 * interval '1 millisecond' AND name = ANY ($1::text[])
             ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      values: [names, limit, horizonMs],
    });
  }

  async updateRelayed(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-relayed',
      text: `UPDATE platform.job SET state = 'relayed', relayed_at = clock_timestamp(), relay_count = relay_count + 1
             WHERE id = ANY ($1::uuid[])`,
      values: [ids],
    });
  }

  /** Jobs that were handed over so long ago that one asks whether the queue still knows them; they are asked after in turn. */
  listOverdue(tx: Tx, names: readonly string[], overdueMs: number, limit: number): Promise<RelayRow[]> {
    return tx.query<RelayRow>({
      name: 'platform.jobs.list-overdue',
      text: `UPDATE platform.job SET relayed_at = clock_timestamp()
             WHERE id IN (
               SELECT id FROM platform.job
               WHERE state = 'relayed' AND relayed_at < clock_timestamp() - $2 * interval '1 millisecond' AND run_at < now()
                 AND name = ANY ($1::text[])
               ORDER BY relayed_at LIMIT $3 FOR UPDATE SKIP LOCKED)
             RETURNING id, user_id AS "userId", name, queue, payload, relay_count AS "relayCount",
               is_cancel_requested AS "isCancelRequested", request_id AS "requestId", 0::float8 AS "delayMs"`,
      values: [names, overdueMs, limit],
    });
  }

  /** What the queue has lost or let go is handed over anew. Its row may still be in the hands of the relay, whose commit this waits for. */
  async updateReopened(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-reopened',
      text: `UPDATE platform.job SET state = 'open' WHERE id = ANY ($1::uuid[]) AND state IN ('open', 'relayed')`,
      values: [ids],
    });
  }

  /** The end of a job, in the transaction of its effect. Only after `go` may that effect be committed. */
  async updateDone(tx: Tx, id: string): Promise<JobVerdict> {
    const [done] = await tx.query<{ parentId: string | null }>({
      name: 'platform.jobs.update-done',
      text: `UPDATE platform.job SET state = 'done', finished_at = clock_timestamp(), error = NULL, version = version + 1
             WHERE id = $1 AND state IN ('open', 'relayed') AND NOT is_cancel_requested RETURNING parent_id AS "parentId"`,
      values: [id],
    });
    if (done) {
      if (done.parentId !== null) await this.updateParentOfDone(tx, done.parentId);
      return 'go';
    }
    const [refused] = await tx.query<{ id: string }>(this.startsOf([id]));
    return refused ? 'cancel' : 'over';
  }

  /** A committed end frees a parent that waited for it; the last child opens it. One that has ended meanwhile counts on, for its redrive. */
  private async updateParentOfDone(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-parent-of-done',
      text: `UPDATE platform.job SET waiting_for = waiting_for - 1, version = version + 1,
               state = CASE WHEN waiting_for = 1 AND state = 'waiting' THEN 'open' ELSE state END
             WHERE id = $1 AND waiting_for > 0`,
      values: [id],
    });
  }

  /** Those of the jobs that have not ended, and whether somebody wants them cancelled. */
  startsOf(ids: readonly string[]): Statement {
    return {
      name: 'platform.jobs.list-starts',
      text: `SELECT id, is_cancel_requested AS "isCancelRequested" FROM platform.job
             WHERE id = ANY ($1::uuid[]) AND state IN ('open', 'relayed')`,
      values: [ids],
    };
  }

  /**
   * Waits for the transactions that enqueue under the same key.
   * @returns whether the job may run: it has not ended meanwhile and nobody wants it cancelled
   */
  async updateStarted(tx: Tx, id: string, name: string, dedupKey: string): Promise<JobVerdict> {
    const [row] = await tx.query<{ isCancelRequested: boolean }>({
      name: 'platform.jobs.update-started',
      text: `WITH locked AS MATERIALIZED (
               SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.jobDedupKey}, hashtext($2 || '/' || $3)))
             UPDATE platform.job SET started_at = coalesce(started_at, clock_timestamp()), version = version + 1
             WHERE id = $1 AND state IN ('open', 'relayed') AND (SELECT count(*) FROM locked) = 1
             RETURNING is_cancel_requested AS "isCancelRequested"`,
      values: [id, name, dedupKey],
    });
    if (!row) return 'over';
    return row.isCancelRequested ? 'cancel' : 'go';
  }

  async updateFailedTry(tx: Tx, id: string, attempts: number, error: string): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-failed-try',
      text: `UPDATE platform.job SET attempts = $2, error = $3, version = version + 1
             WHERE id = $1 AND state IN ('open', 'relayed')`,
      values: [id, attempts, error],
    });
  }

  /** The end of a job that had no effect; its parents, who would wait for ever, end with it. */
  async updateEnded(tx: Tx, id: string, { state, error, attempts }: JobEnd): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-ended',
      text: `WITH RECURSIVE ended AS MATERIALIZED (
               -- Locked before it is judged: a try that commits at this moment wins.
               SELECT id, parent_id FROM platform.job WHERE id = $1 AND state IN ('waiting', 'open', 'relayed') FOR UPDATE),
             line AS (
               SELECT id, parent_id, 0 AS depth FROM ended
               UNION ALL
               SELECT p.id, p.parent_id, line.depth + 1 FROM line JOIN platform.job p ON p.id = line.parent_id
               WHERE p.state = 'waiting')
             UPDATE platform.job j
             SET state = $2, finished_at = clock_timestamp(), version = j.version + 1,
                 attempts = CASE WHEN line.depth = 0 THEN $4 ELSE j.attempts END,
                 error = CASE WHEN line.depth = 0 THEN $3 ELSE 'The job ' || $1 || ' that it waited for ended ' || $2 END
             FROM line WHERE j.id = line.id`,
      values: [id, state, error, attempts],
    });
  }

  /** Of running jobs those that somebody wants cancelled. */
  async listCancelRequested(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.jobs.list-cancel-requested',
      text: 'SELECT id FROM platform.job WHERE id = ANY ($1::uuid[]) AND is_cancel_requested',
      values: [ids],
    });
    return rows.map((row) => row.id);
  }

  async updateProgress(tx: Tx, id: string, progress: JobProgress): Promise<void> {
    await tx.query({
      name: 'platform.jobs.update-progress',
      text: `UPDATE platform.job SET progress = $2, version = version + 1, started_at = coalesce(started_at, clock_timestamp())
             WHERE id = $1 AND state IN ('open', 'relayed')`,
      values: [id, JSON.stringify(progress)],
    });
  }

  /** Those of the jobs that the asking scope may see. */
  listByIds(tx: Tx, ids: readonly string[]): Promise<JobRow[]> {
    return tx.query<JobRow>({
      name: 'platform.jobs.list-by-ids',
      text: `SELECT ${COLUMNS} FROM platform.job WHERE id = ANY ($1::uuid[])`,
      values: [ids],
    });
  }

  /** One that the asking scope may see, as it is until the end of the transaction. */
  async lockJob(tx: Tx, id: string): Promise<JobRow | undefined> {
    const [row] = await tx.query<JobRow>({
      name: 'platform.jobs.lock-job',
      text: `SELECT ${COLUMNS} FROM platform.job WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row;
  }

  /** Newest first. */
  listPage(
    tx: Tx,
    filter: { state: JobState | null; name: string | null; before: string | null; limit: number },
  ): Promise<JobRow[]> {
    return tx.query<JobRow>({
      name: 'platform.jobs.list-page',
      text: `SELECT ${COLUMNS} FROM platform.job
             WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR name = $2) AND ($3::uuid IS NULL OR id < $3)
             ORDER BY id DESC LIMIT $4`,
      values: [filter.state, filter.name, filter.before, filter.limit],
    });
  }

  /**
   * What no queue has yet ends here, with the jobs that it waits for and those that wait for it; what a queue has is asked about
   * at its start, at its end and every second in between.
   * @returns the job afterwards, or undefined for a stranger's
   */
  async updateCancelRequested(tx: Tx, id: string): Promise<JobRow | undefined> {
    await tx.query({
      name: 'platform.jobs.update-cancel-requested',
      text: `WITH RECURSIVE target AS MATERIALIZED (
               SELECT id, parent_id, state FROM platform.job WHERE id = $1 AND state IN ('waiting', 'open', 'relayed') FOR UPDATE),
             below AS (
               SELECT id FROM target
               UNION ALL
               SELECT child.id FROM below JOIN platform.job child ON child.parent_id = below.id),
             above AS (
               SELECT parent_id AS id FROM target WHERE state <> 'relayed'
               UNION ALL
               SELECT parent.parent_id FROM above JOIN platform.job parent ON parent.id = above.id)
             UPDATE platform.job j
             SET is_cancel_requested = true, version = j.version + 1,
                 state = CASE j.state WHEN 'relayed' THEN 'relayed' ELSE 'cancelled' END,
                 finished_at = CASE j.state WHEN 'relayed' THEN NULL ELSE clock_timestamp() END
             WHERE j.id IN (SELECT id FROM below UNION SELECT id FROM above) AND j.state IN ('waiting', 'open', 'relayed')
               AND NOT j.is_cancel_requested`,
      values: [id],
    });
    return (await this.listByIds(tx, [id]))[0];
  }

  /**
   * A dead or cancelled job gets all its tries once more, and those that ended with it wait for it again.
   * @returns false when it is neither, when a child of its own has to be driven first, or when a job with its key waits already
   */
  async updateRedriven(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.jobs.update-redriven',
      text: `WITH RECURSIVE driven AS (
               UPDATE platform.job j SET state = 'open', run_at = now(), attempts = 0, is_cancel_requested = false, error = NULL,
                 started_at = NULL, finished_at = NULL, progress = NULL, version = version + 1
               WHERE id = $1 AND state IN ('dead', 'cancelled') AND waiting_for = 0 AND NOT EXISTS (
                 SELECT FROM platform.job other WHERE other.name = j.name AND other.dedup_key = j.dedup_key
                   AND other.state IN ('open', 'relayed') AND other.started_at IS NULL AND NOT other.is_cancel_requested)
               RETURNING parent_id),
             above AS (
               SELECT parent_id AS id FROM driven
               UNION ALL
               SELECT parent.parent_id FROM above JOIN platform.job parent ON parent.id = above.id),
             revived AS (
               UPDATE platform.job j SET state = 'waiting', is_cancel_requested = false, error = NULL, finished_at = NULL,
                 version = version + 1
               FROM above WHERE j.id = above.id AND j.state IN ('dead', 'cancelled') AND j.waiting_for > 0)
             SELECT 1 FROM driven`,
      values: [id],
    });
    return rows.length === 1;
  }

  /** For metrics: how many jobs stand where, and since when the oldest waits. */
  countByState(tx: Tx): Promise<{ queue: string; state: JobState; count: number; oldestS: number }[]> {
    return tx.query({
      name: 'platform.jobs.count-by-state',
      text: `SELECT queue, state, count(*)::int AS count, extract(epoch FROM now() - min(run_at))::float8 AS "oldestS"
             FROM platform.job WHERE state IN ('waiting', 'open', 'relayed', 'dead') GROUP BY 1, 2`,
      values: [],
    });
  }
}
