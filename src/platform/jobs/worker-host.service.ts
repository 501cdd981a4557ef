import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError, WaitingError, type Worker } from 'bullmq';
import { DatabaseUnavailableError } from '../database/database.errors.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import type { AnyJob } from './job-definition.js';
import {
  JobCancelledError,
  JobTimeoutError,
  PoisonPayloadError,
  toFailure,
  WorkerStoppingError,
} from './job-errors.js';
import { endsWithin } from './ends-within.js';
import { JobRegistry, type RegisteredJob } from './job-registry.js';
import { JobStates } from './job-states.service.js';
import { JobStatistics } from './job-statistics.js';
import { runInSpanContext } from '../profiling/span.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs.tokens.js';
import type { QueuedJob } from './queue-backend.js';
import { Queues } from './queues.service.js';
import type { RunningJob } from './running-job.js';

// One BullMQ worker per queue. A try ends in one of five ways: its end is committed; it failed and is tried again; it failed
// for good (dead); somebody cancelled it; or this process goes down and gives the job back. Ends are written into the row
// by the try itself or by the failed hook; whatever dies in between is found by the relay's sweep.

const ASK_CANCELLED_EVERY_MS = 1_000;
/** What a told handler may take to stop before it is left behind. */
const STOPPING_MS = 3_000;
const IDLE_POLL_MS = 20;
/** When a job is tried again whose release, or whose database, is not here now; such tries do not count. */
const NO_HANDLER_DELAY_MS = 2_000;
const NO_DATABASE_DELAY_MS = 1_000;
/** A try that itself brings the database down must not do so for ever. */
const MOST_STARTS = 1_000;

@Injectable()
export class WorkerHost {
  private readonly workers: Worker<QueuedJob>[] = [];
  private readonly running = new Map<string, RunningJob>();
  private readonly writing = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    private readonly registry: JobRegistry,
    private readonly queues: Queues,
    private readonly states: JobStates,
    private readonly statistics: JobStatistics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    for (const { name, concurrency, limiter } of this.registry.catalog.queues) {
      const worker = this.queues.backend.worker(name, (job, token) => this.process(job, token), {
        concurrency,
        ...(limiter && { limiter: { max: limiter.max, duration: limiter.durationMs } }),
        lockDuration: this.options.lockMs,
        stalledInterval: this.options.lockMs,
      });
      worker.on('completed', (job) => this.leaveToOthers(job));
      worker.on('failed', (job, error) => this.track(this.recordFailure(job, error)));
      worker.on('stalled', (id) =>
        this.logger.warn({ jobId: id, queue: name }, 'a job stalled; it runs again'),
      );
      this.workers.push(worker);
      void worker
        .run()
        .catch((error: unknown) => this.logger.error({ err: error, queue: name }, 'a worker ended'));
    }
    this.timer = setInterval(() => this.track(this.stopCancelled()), ASK_CANCELLED_EVERY_MS);
  }

  /** Takes nothing new, lets running jobs end within the grace, then tells them to stop and gives them back. */
  async stop(): Promise<void> {
    const closing = Promise.allSettled(this.workers.map((worker) => worker.close()));
    if (!(await this.isIdleWithin(this.options.graceMs))) {
      for (const run of this.running.values()) run.abort(new WorkerStoppingError());
      await this.isIdleWithin(STOPPING_MS);
    }
    // What is left is the library's own; a lost connection can keep it waiting for ever.
    if (!(await endsWithin(closing, STOPPING_MS))) {
      await endsWithin(Promise.allSettled(this.workers.map((worker) => worker.close(true))), STOPPING_MS);
    }
    clearInterval(this.timer);
    await endsWithin(Promise.allSettled(this.writing), STOPPING_MS);
  }

  private async isIdleWithin(timeoutMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while (this.running.size > 0 && performance.now() < deadlineMs) await sleep(IDLE_POLL_MS);
    return this.running.size === 0;
  }

  private async process(job: Job<QueuedJob>, token: string | undefined): Promise<void> {
    const registered = this.registry.find(job.name);
    if (!registered) {
      // Another release has it: out of the queue. One that has failed stays, since its queue counts its tries.
      if (job.attemptsMade > 0) return giveBack(job, token, NO_HANDLER_DELAY_MS);
      return;
    }
    const run = this.states.newRun(job.id!, job.data.ownerId, job.attemptsMade + 1);
    const startedMs = performance.now();
    this.running.set(run.id, run);
    try {
      await runInSpanContext(
        {
          kind: 'job',
          endpoint: `job:${job.name}`,
          requestId: job.data.requestId ?? run.id,
          userId: run.ownerId,
        },
        () => this.attempt(registered, job, run),
      );
      this.statistics.ended(job.name, 'done', performance.now() - startedMs);
    } catch (error) {
      if (run.signal.reason instanceof WorkerStoppingError) return await giveBack(job, token, 0);
      if (error instanceof DatabaseUnavailableError && job.attemptsStarted < MOST_STARTS)
        return await giveBack(job, token, NO_DATABASE_DELAY_MS);
      this.statistics.ended(job.name, 'failed', performance.now() - startedMs);
      throw toFailure(error);
    } finally {
      this.running.delete(run.id);
    }
  }

  private async attempt(
    { definition, handler }: RegisteredJob,
    job: Job<QueuedJob>,
    run: RunningJob,
  ): Promise<void> {
    const payload = parsePayload(definition, job.data.payload);
    const dedupKey = definition.dedupKey?.(payload as never) ?? null;
    const verdict = await this.states.start(run, definition.name, dedupKey);
    if (verdict === 'over') return;
    if (verdict === 'cancel') throw new JobCancelledError();
    const timer = setTimeout(
      () => run.abort(new JobTimeoutError(definition.timeoutMs)),
      definition.timeoutMs,
    );
    try {
      await Promise.race([handler.handle(payload, run), aborted(run.signal)]);
      await run.finish();
    } catch (error) {
      // A handler that stops because it was told to may say so in its own words.
      throw run.signal.aborted ? (run.signal.reason as Error) : error;
    } finally {
      clearTimeout(timer);
      await run.settle();
    }
  }

  /**
   * What this worker does not know goes back into its row once its queue has forgotten it: relays hand over only what they know, and in the
   * queue this worker might be the faster one every time.
   */
  private leaveToOthers(job: Job<QueuedJob>): void {
    if (job.id && !this.registry.find(job.name)) this.track(this.states.reopen(job.id));
  }

  /** The failed hook: also for tries that never reached a handler, such as those of a job that stalled too often. */
  private async recordFailure(job: Job<QueuedJob> | undefined, error: Error): Promise<void> {
    if (!job?.id) return;
    const { id } = job;
    const isFinal = error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);
    const isCancelled = error instanceof JobCancelledError;
    if (isFinal && !isCancelled) this.statistics.died(job.name);
    this.logger.warn(
      { err: error, jobId: id, job: job.name, attempt: job.attemptsMade, isFinal },
      'a job failed',
    );
    const { attemptsMade: attempts } = job;
    const state = isCancelled ? 'cancelled' : 'dead';
    if (isFinal) await this.states.end(id, { state, error: error.message, attempts });
    else await this.states.fail(id, attempts, error.message);
  }

  private async stopCancelled(): Promise<void> {
    if (this.running.size === 0) return;
    const ids = await this.states.listCancelRequested([...this.running.keys()]);
    for (const id of ids) this.running.get(id)?.abort(new JobCancelledError());
  }

  /** Failures here are the database's; the relay's sweep writes later what could not be written now. */
  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the state of a job could not be written'))
      .finally(() => this.writing.delete(tracked));
    this.writing.add(tracked);
  }
}

/** Back into its queue without having failed. A queue that cannot be told lets the lock run out, which does the same. */
async function giveBack(job: Job<QueuedJob>, token: string | undefined, delayMs: number): Promise<never> {
  const moved = delayMs > 0 ? job.moveToDelayed(Date.now() + delayMs, token) : job.moveToWait(token);
  await moved.catch(() => undefined);
  throw delayMs > 0 ? new DelayedError() : new WaitingError();
}

function parsePayload(definition: AnyJob, payload: unknown): unknown {
  const parsed = definition.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`);
  throw new PoisonPayloadError(`The payload cannot be read: ${faults.join('; ')}`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
