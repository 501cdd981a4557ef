import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RawPartitionsService } from './raw-partitions.service.js';
import { DETACH_RAW } from './rollups.jobs.js';

@Injectable()
@HandlesJob(DETACH_RAW)
export class DetachRawHandler implements JobHandler<object> {
  constructor(private readonly partitions: RawPartitionsService) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const kept = await this.partitions.detachOldPartitions(Date.now(), run.signal);
    run.progress({ done: kept.length, total: kept.length, note: kept.join(' ') });
    run.signal.throwIfAborted();
  }
}
