import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { KEEP_KEYS_FRESH } from '../accounts/accounts.jobs.js';
import { KeyRing } from './key-ring.service.js';

@Injectable()
@HandlesJob(KEEP_KEYS_FRESH)
export class KeepKeysFreshHandler implements JobHandler<object> {
  constructor(private readonly keys: KeyRing) {}

  handle(): Promise<void> {
    return this.keys.keepFresh();
  }
}
