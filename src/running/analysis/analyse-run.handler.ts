import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { ANALYSE_RUN } from './analysis.jobs.js';
import { RunAnalyser } from './run-analyser.service.js';

@Injectable()
@HandlesJob(ANALYSE_RUN)
export class AnalyseRunHandler implements JobHandler<{ runId: string }> {
  constructor(private readonly analyser: RunAnalyser) {}

  async handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    const store = await this.analyser.analyse(runId, run.signal);
    if (store !== null) await run.once(store);
  }
}
