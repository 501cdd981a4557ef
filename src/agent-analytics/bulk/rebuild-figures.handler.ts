import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Figures } from '../figures/figures.service.js';
import { REBUILD_FIGURES } from './bulk.jobs.js';

/** The request has marked the project. What a cancelled rebuild has not come to is made with the next run of the source. */
@Injectable()
@HandlesJob(REBUILD_FIGURES)
export class RebuildFiguresHandler implements JobHandler<{ project: string }> {
  constructor(private readonly figures: Figures) {}

  async handle({ project }: { project: string }, run: JobRun): Promise<void> {
    await this.figures.rebuildDirty(project, run.signal, (done, total) =>
      run.progress({ done, total, note: 'traces, sessions and days' }),
    );
  }
}
