import type { SystemUnitOfWork } from '../database/database.module.js';
import type { Tx } from '../database/unit-of-work.js';
import { JobCancelledError } from './job-errors.js';
import type { JobProgress, JobRun } from './job-definition.js';
import type { JobsRepository } from './jobs.repository.js';

const PROGRESS_EVERY_MS = 250;

/** One try while it runs: what its handler sees, and how the worker host stops it. */
export class RunningJob implements JobRun {
  /** The end has been committed; nothing is left to be written. */
  isDone = false;
  private readonly controller = new AbortController();
  private newest: JobProgress | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly ownerId: string,
    readonly attempt: number,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** @param reason an Error; the try fails with it */
  abort(reason: Error): void {
    this.controller.abort(reason);
  }

  progress(progress: JobProgress): void {
    this.newest = progress;
    this.timer ??= setTimeout(() => this.writeProgress(), PROGRESS_EVERY_MS);
  }

  async once<T>(work: (tx: Tx) => Promise<T>): Promise<T | undefined> {
    if (this.isDone) throw new Error('run.once was called again after the end of the job');
    this.signal.throwIfAborted();
    await this.writing; // or the last step of the progress bar would find the job done
    const result = await this.system.run({ id: this.ownerId }, async (tx) => {
      const progress = this.takeProgress();
      if (progress) await this.rows.updateProgress(tx, this.id, progress);
      // Taken first: a second try of the same job, on whatever machine, waits here and then finds it done.
      const verdict = await this.rows.updateDone(tx, this.id);
      if (verdict === 'cancel') throw new JobCancelledError();
      if (verdict === 'over') return undefined;
      const value = await work(tx);
      this.signal.throwIfAborted(); // who was told to stop must not commit later
      return value;
    });
    this.isDone = true;
    return result;
  }

  /** Ends a job whose handler had nothing to commit by itself, and writes what is left of its progress. */
  async finish(): Promise<void> {
    await this.settle();
    if (!this.isDone) await this.once(() => Promise.resolve());
  }

  /** Writes the newest progress and waits for it. */
  async settle(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.newest !== undefined && !this.isDone) this.writeProgress();
    await this.writing;
  }

  private takeProgress(): JobProgress | undefined {
    const progress = this.newest;
    this.newest = undefined;
    return progress;
  }

  private writeProgress(): void {
    this.timer = undefined;
    const progress = this.takeProgress();
    if (!progress) return;
    this.writing = this.writing.then(
      () =>
        this.system
          .run({ id: this.ownerId }, (tx) => this.rows.updateProgress(tx, this.id, progress))
          .catch(() => undefined), // a lost step of a progress bar fails no job
    );
  }
}
