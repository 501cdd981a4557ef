import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { KEEP_KEYS_FRESH } from '../accounts/accounts.jobs.js';
import { SigningKeys } from './signing-keys.service.js';

@Injectable()
@HandlesJob(KEEP_KEYS_FRESH)
export class KeepKeysFreshHandler implements JobHandler<object> {
  constructor(private readonly keys: SigningKeys) {}

  handle(): Promise<void> {
    return this.keys.keepFresh();
  }
}
