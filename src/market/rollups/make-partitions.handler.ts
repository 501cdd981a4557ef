import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { RawPartitionsService } from './raw-partitions.service.js';
import { MAKE_PARTITIONS } from './rollups.jobs.js';

@Injectable()
@HandlesJob(MAKE_PARTITIONS)
export class MakePartitionsHandler implements JobHandler<object> {
  constructor(private readonly partitions: RawPartitionsService) {}

  handle(): Promise<void> {
    return this.partitions.makePartitionsAhead();
  }
}
