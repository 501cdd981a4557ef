import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { TOMBSTONE_DAYS } from '../runs/run-terms.js';
import { AbandonedRecordingsRepository } from './abandoned-recordings.repository.js';
import { Recordings } from './recordings.service.js';
import { SWEEP_RECORDINGS } from './recordings.jobs.js';

/** A phone may be without network, or off, for a week-end; what comes later still finds its run. */
export const ABANDONED_AFTER_HOURS = 72;
const PORTION = 200;
/** Somebody whose cursor is as old as it may be reads on for a while. */
const GRACE_DAYS = 2;

/** A finish that never came is made up for: the run gets its track, and fixes that come later still go into it. */
@Injectable()
@HandlesJob(SWEEP_RECORDINGS)
export class SweepRecordingsHandler implements JobHandler<object> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly runs: RunsRepository,
    private readonly abandoned: AbandonedRecordingsRepository,
    private readonly recordings: Recordings,
  ) {}

  async handle(_payload: object, job: JobRun): Promise<void> {
    for (;;) {
      const found = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.abandoned.listAbandoned(tx, ABANDONED_AFTER_HOURS, PORTION),
      );
      for (const { id, userId } of found) {
        job.signal.throwIfAborted();
        await this.end(id, userId);
      }
      if (found.length < PORTION) break;
    }
    await job.once((tx) => this.runs.deleteOldTombstones(tx, TOMBSTONE_DAYS + GRACE_DAYS));
  }

  private async end(id: string, userId: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.runs.lockChanges(tx, userId);
      const run = await this.runs.findRun(tx, id);
      if (run?.status !== 'recording') return; // meanwhile its device has said so itself
      await this.recordings.end(tx, run, { lastSeq: null, finishedAtMs: null });
    });
  }
}
