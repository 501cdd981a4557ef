import { Inject, Injectable } from '@nestjs/common';
import { DelayedError, type Job, type Queue, type RepeatOptions, type Worker } from 'bullmq';
import { v5 as uuidv5 } from 'uuid';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { JOB_CATALOG, type JobCatalog, SCHEDULE_QUEUE, type ScheduleDefinition } from './job-catalog.js';
import { Jobs } from './jobs.service.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs.tokens.js';
import type { QueuedJob } from './queue-backend.js';
import { Queues } from './queues.service.js';

// The queue library keeps the calendar; what is due is enqueued through the outbox like everything else. The job's id derives
// from the due time, so a tick that runs twice enqueues once.

const NAMESPACE = '6f1d9c1e-3d0e-5c53-9d4f-5a1b8f2f7c11';
/** A flushed Redis forgets the calendar too. */
const RENEW_EVERY_MS = 60_000;
/** A tick of a schedule that this process does not know is left for one that does. */
const STRANGERS_DELAY_MS = 2_000;
/** So often, which is for ten minutes. */
const MOST_PASSES = 300;

@Injectable()
export class Schedules {
  private queue: Queue<QueuedJob> | undefined;
  private worker: Worker<QueuedJob> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JOB_CATALOG) private readonly catalog: JobCatalog,
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    private readonly queues: Queues,
    private readonly system: SystemUnitOfWork,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.queue = this.queues.backend.queue(SCHEDULE_QUEUE);
    this.worker = this.queues.backend.worker(SCHEDULE_QUEUE, (job, token) => this.enqueueDue(job, token), {
      concurrency: 1,
      lockDuration: this.options.lockMs,
      stalledInterval: this.options.lockMs,
    });
    void this.worker
      .run()
      .catch((error: unknown) => this.logger.error({ err: error }, 'the schedules ended'));
    void this.renew();
    this.timer = setInterval(() => void this.renew(), this.options.renewSchedulesEveryMs ?? RENEW_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.worker?.close(), this.queue?.close()]);
  }

  private async renew(): Promise<void> {
    try {
      await this.apply(this.queue!);
    } catch (error) {
      this.logger.warn({ err: error }, 'schedules could not be written; they are tried again');
    }
  }

  /**
   * Writes what is missing or different, and takes away what the catalogue says is retired. What it does not know stays: it
   * may be another release's, or that of a domain which this process does not serve.
   */
  private async apply(queue: Queue<QueuedJob>): Promise<void> {
    const known = await queue.getJobSchedulers(0, -1);
    for (const schedule of this.catalog.schedules) {
      const { due } = schedule;
      const found = known.find(({ key }) => key === schedule.id);
      const isSame =
        'everyMs' in due
          ? Number(found?.every) === due.everyMs
          : found?.pattern === due.cron && found.tz === due.tz;
      if (isSame) continue;
      await queue.upsertJobScheduler(schedule.id, repeatOf(schedule), {
        name: schedule.id,
        opts: {
          removeOnComplete: true,
          removeOnFail: { count: 100 },
          attempts: 5,
          backoff: { type: 'fixed', delay: 2_000 },
        },
      });
    }
    for (const { key } of known) {
      if (this.catalog.retiredSchedules?.includes(key)) await queue.removeJobScheduler(key);
    }
  }

  private async enqueueDue(tick: Job<QueuedJob>, token: string | undefined): Promise<void> {
    const schedule = this.catalog.schedules.find(({ id }) => id === tick.name);
    if (!schedule) {
      const isForNobody =
        this.catalog.retiredSchedules?.includes(tick.name) || tick.attemptsStarted > MOST_PASSES;
      if (isForNobody) return;
      await tick.moveToDelayed(Date.now() + STRANGERS_DELAY_MS, token);
      throw new DelayedError();
    }
    const id = uuidv5(tick.id ?? '', NAMESPACE);
    await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.jobs.enqueue(tx, SYSTEM_SCOPE, schedule.job as never, schedule.payload as never, { id }),
    );
  }
}

function repeatOf({ due }: ScheduleDefinition): RepeatOptions {
  return 'everyMs' in due ? { every: due.everyMs } : { pattern: due.cron, tz: due.tz };
}
