import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { firstKeptMonth } from './kept-months.js';
import { DROP_PAYLOADS } from './payloads.jobs.js';
import { RawRowsRepository } from './raw-rows.repository.js';

@Injectable()
@HandlesJob(DROP_PAYLOADS)
export class DropPayloadsHandler implements JobHandler<object> {
  constructor(
    @Inject(ENV) private readonly env: Pick<Env, 'agentPayloadMonths'>,
    private readonly system: SystemUnitOfWork,
    private readonly rows: RawRowsRepository,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const month = firstKeptMonth(Date.now(), this.env.agentPayloadMonths);
    if (month === null) return;
    const dropped = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.dropPayloadMonths(tx, month));
    run.progress({ done: dropped, total: dropped, note: `texts before ${month}` });
  }
}
