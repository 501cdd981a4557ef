import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { JobsRepository, type JobVerdict } from './jobs.repository.js';
import { RunningJob } from './running-job.js';

/** What a worker asks and writes about the rows of the jobs that it runs. */
@Injectable()
export class JobStates {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
  ) {}

  /** @param attempt 1 at the first try */
  newRun(id: string, ownerId: string, attempt: number): RunningJob {
    return new RunningJob(id, ownerId, attempt, this.system, this.rows);
  }

  /** May it start? A job with a dedup key no longer stands in the way of the next one from here on. */
  async start({ id, ownerId }: RunningJob, hasDedupKey: boolean): Promise<JobVerdict> {
    if (hasDedupKey) return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateStarted(tx, id));
    // As the owner, whose short reads travel together on a shared connection: every job pays for this question.
    const [row] = await this.uow.read<{ isCancelRequested: boolean }>(
      { id: ownerId },
      this.rows.startsOf([id]),
    );
    if (!row) return 'over';
    return row.isCancelRequested ? 'cancel' : 'go';
  }

  async fail(id: string, attempts: number, error: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateFailedTry(tx, id, attempts, error));
  }

  async end(id: string, state: 'dead' | 'cancelled', error: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateEnded(tx, id, state, error));
  }

  listCancelRequested(ids: readonly string[]): Promise<string[]> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listCancelRequested(tx, ids));
  }
}
