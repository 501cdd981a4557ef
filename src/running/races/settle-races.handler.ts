import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RaceNews } from './race-news.service.js';
import { SETTLE_RACES } from './races.jobs.js';
import { SettleRaces } from './settle-races.service.js';

@Injectable()
@HandlesJob(SETTLE_RACES)
export class SettleRacesHandler implements JobHandler<{ runId: string }> {
  constructor(
    private readonly races: SettleRaces,
    private readonly news: RaceNews,
  ) {}

  async handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    const settled = await run.once((tx) => this.races.settle(tx, runId));
    if (settled) await this.news.tellSettled(settled.raceId, runId);
  }
}
