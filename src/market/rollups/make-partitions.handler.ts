import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { RawPartitionsService } from './raw-partitions.service.js';

@Injectable()
export class MakePartitionsHandler implements JobHandler<object> {
  constructor(private readonly partitions: RawPartitionsService) {}

  handle(): Promise<void> {
    return this.partitions.makePartitionsAhead();
  }
}
