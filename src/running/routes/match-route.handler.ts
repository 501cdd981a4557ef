import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RouteRematcher } from './route-rematcher.service.js';
import { MATCH_ROUTE } from './routes.jobs.js';

@Injectable()
@HandlesJob(MATCH_ROUTE)
export class MatchRouteHandler implements JobHandler<{ routeId: string }> {
  constructor(private readonly rematcher: RouteRematcher) {}

  async handle({ routeId }: { routeId: string }, run: JobRun): Promise<void> {
    await this.rematcher.rematch(routeId, run.signal);
  }
}
