import { Inject, Injectable } from '@nestjs/common';
import type { BulkJobOptions, Queue } from 'bullmq';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { JobRegistry } from './job-registry.js';
import { JobsRepository, type RelayRow } from './jobs.repository.js';
import { JOBS_OPTIONS, type JobsOptions, type RelayTimes } from './jobs.tokens.js';
import { type QueuedJob, QUEUE_JOB_OPTIONS } from './queue-backend.js';
import { Queues } from './queues.service.js';

// From the outbox to the queue. Rows stay locked while they are handed over, so several relays share the work, and a relay
// that dies in between leaves them open: they are handed over again under the same id, which the queue then ignores.
//
// A queue can lose what it was given (a flushed or replaced Redis), so every job that has been relayed for a while is asked
// after: unknown to its queue means handed over anew, failed there means that its end was not written here.

const BATCH = 500;
/** What is due later than this stays a row alone. */
const HORIZON_MS = 20_000;
const TIMES: RelayTimes = { pollMs: 500, sweepEveryMs: 5_000, overdueMs: 10_000 };

@Injectable()
export class Relay {
  private isStopped = true;
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private hasRung = false;
  private sweptAtMs = 0;
  private readonly times: RelayTimes;

  constructor(
    @Inject(JOBS_OPTIONS) options: JobsOptions,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
    private readonly registry: JobRegistry,
    private readonly queues: Queues,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.times = { ...TIMES, ...options.relay };
  }

  start(): void {
    this.isStopped = false;
    this.running = this.loop();
  }

  /** There is something to hand over. */
  ring(): void {
    this.hasRung = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.isStopped) {
      this.hasRung = false;
      let count = 0;
      try {
        count = await this.relayOnce();
        if (Date.now() - this.sweptAtMs > this.times.sweepEveryMs) await this.sweep();
      } catch (error) {
        this.logger.warn({ err: error }, 'the relay of jobs failed; it goes on');
      }
      if (count < BATCH) await this.rest();
    }
  }

  private rest(): Promise<void> {
    if (this.hasRung || this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.times.pollMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Hands over the next due jobs. @returns their number */
  async relayOnce(): Promise<number> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const rows = await this.rows.listDue(tx, this.registry.names(), BATCH, HORIZON_MS);
      const relayed: string[] = [];
      for (const [queue, batch] of this.byQueue(rows)) {
        for (const row of batch) if (row.relayCount > 0) await queue.remove(row.id);
        await queue.addBulk(batch.map((row) => this.queued(row)));
        relayed.push(...batch.map((row) => row.id));
      }
      if (relayed.length > 0) await this.rows.updateRelayed(tx, relayed);
      return rows.length;
    });
  }

  /** Asks after what was handed over long ago. */
  async sweep(): Promise<void> {
    this.sweptAtMs = Date.now();
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const lost: string[] = [];
      for (const row of await this.rows.listOverdue(tx, this.registry.names(), this.times.overdueMs, BATCH)) {
        if (!(await this.isKnown(tx, row))) lost.push(row.id);
      }
      if (lost.length === 0) return;
      await this.rows.updateReopened(tx, lost);
      this.logger.warn({ count: lost.length }, 'jobs that their queue had lost are handed over again');
      this.hasRung = true;
    });
  }

  private async isKnown(tx: Tx, row: RelayRow): Promise<boolean> {
    const job = await this.queueOf(row).getJob(row.id);
    if (!job) return false;
    const state = await job.getState();
    if (state === 'failed')
      await this.rows.updateEnded(tx, row.id, {
        state: row.isCancelRequested ? 'cancelled' : 'dead',
        error: job.failedReason,
        attempts: job.attemptsMade,
      });
    return state !== 'completed' && state !== 'unknown';
  }

  private byQueue(rows: readonly RelayRow[]): Map<Queue<QueuedJob>, RelayRow[]> {
    const batches = new Map<Queue<QueuedJob>, RelayRow[]>();
    for (const row of rows) {
      const queue = this.queueOf(row);
      const batch = batches.get(queue);
      if (batch) batch.push(row);
      else batches.set(queue, [row]);
    }
    return batches;
  }

  /** By the definition, not by the row: a release may have moved the job to another queue. */
  private queueOf(row: RelayRow): Queue<QueuedJob> {
    return this.queues.get(this.registry.find(row.name)!.definition.queue);
  }

  private queued(row: RelayRow): { name: string; data: QueuedJob; opts: BulkJobOptions } {
    const { attempts, backoff } = this.registry.find(row.name)!.definition;
    return {
      name: row.name,
      data: {
        payload: row.payload,
        ownerId: row.userId,
        ...(row.requestId !== null && { requestId: row.requestId }),
      },
      opts: {
        ...QUEUE_JOB_OPTIONS,
        jobId: row.id,
        attempts,
        backoff: { type: backoff.kind, delay: backoff.delayMs },
        delay: Math.round(row.delayMs),
      },
    };
  }
}
