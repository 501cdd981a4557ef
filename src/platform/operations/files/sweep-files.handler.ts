import { Inject, Injectable } from '@nestjs/common';
import { HandlesJob } from '../../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../jobs/job-definition.js';
import { type Logger, LOGGER } from '../../logging/logger.js';
import { Storage } from '../../storage/storage.service.js';
import { SWEEP_FILES } from './sweep-files.jobs.js';

@Injectable()
@HandlesJob(SWEEP_FILES)
export class SweepFilesHandler implements JobHandler<object> {
  constructor(
    private readonly storage: Storage,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const swept = await this.storage.sweep(Date.now(), run.signal);
    if (swept.expired + swept.orphans > 0) this.logger.info(swept, 'files were swept');
  }
}
