import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../jobs/handles-job.js';
import type { JobHandler } from '../jobs/job-definition.js';
import { START_DUE_SYNCS } from './sync.jobs.js';
import { SyncStarter } from './sync-starter.service.js';

@Injectable()
@HandlesJob(START_DUE_SYNCS)
export class StartDueSyncsHandler implements JobHandler<{ sourceId: string | null }> {
  constructor(private readonly starter: SyncStarter) {}

  handle({ sourceId }: { sourceId: string | null }): Promise<void> {
    return this.starter.startDue(sourceId);
  }
}
