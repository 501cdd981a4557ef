import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { MATCH_RUN } from './routes.jobs.js';
import { RunMatcher } from './run-matcher.service.js';

@Injectable()
@HandlesJob(MATCH_RUN)
export class MatchRunHandler implements JobHandler<{ runId: string }> {
  constructor(
    private readonly runs: RunsRepository,
    private readonly tracks: RunTracks,
    private readonly matcher: RunMatcher,
  ) {}

  async handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const row = await this.runs.findRun(tx, runId);
      if (row === null) return; // deleted meanwhile, and with it what it was to routes
      await this.matcher.match(tx, row.userId, runId, await this.tracks.find(tx, runId));
    });
  }
}
