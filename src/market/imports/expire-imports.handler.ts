import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { importState } from './import-state.js';
import { EXPIRE_IMPORTS } from './imports.jobs.js';
import { ImportsRepository } from './imports.repository.js';

const KEPT_DAYS = 7;
/** Per run; what is left waits for the next one. */
const MOST = 1_000;

/** Runs in the system's name: the imports are everybody's. One that still waits for its turn is never given up. */
@Injectable()
@HandlesJob(EXPIRE_IMPORTS)
export class ExpireImportsHandler implements JobHandler<object> {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly jobRows: JobsRepository,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const abandoned = await this.imports.listAbandoned(tx, KEPT_DAYS, MOST);
      const jobIds = abandoned.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]));
      const jobs = new Map((await this.jobRows.listByIds(tx, jobIds)).map((job) => [job.id, job.state]));
      const idle = abandoned.filter(
        ({ jobId }) => importState({ jobId, finishedAt: null }, jobs.get(jobId ?? '')) !== 'running',
      );
      await this.imports.deleteImports(
        tx,
        idle.map(({ id }) => id),
      );
    });
  }
}
