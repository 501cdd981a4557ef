import { Inject, Injectable } from '@nestjs/common';
import { HandlesJob } from '../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../jobs/job-definition.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { describeRotation, KeyRotation } from '../vault/key-rotation.service.js';
import { ROTATE_KEYS } from './rotate-keys.jobs.js';

@Injectable()
@HandlesJob(ROTATE_KEYS)
export class RotateKeysHandler implements JobHandler<object> {
  constructor(
    private readonly rotation: KeyRotation,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const report = await this.rotation.rotate({
      signal: run.signal,
      onProgress: (progress) => run.progress({ ...progress, note: 'data keys' }),
    });
    run.progress({ done: report.rewrapped, total: report.rewrapped, note: describeRotation(report) });
    this.logger.info(report, describeRotation(report));
  }
}
