import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { SessionTextsRepository } from '../figures/session-texts.repository.js';
import { firstKeptMonth } from './kept-months.js';
import { DROP_PAYLOADS } from './payloads.jobs.js';
import { RawRowsRepository } from './raw-rows.repository.js';

/** So many sessions lose their lines in one transaction. */
const SESSIONS_AT_ONCE = 1_000;

@Injectable()
@HandlesJob(DROP_PAYLOADS)
export class DropPayloadsHandler implements JobHandler<object> {
  constructor(
    @Inject(ENV) private readonly env: Pick<Env, 'agentPayloadMonths'>,
    private readonly system: SystemUnitOfWork,
    private readonly rows: RawRowsRepository,
    private readonly texts: SessionTextsRepository,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const month = firstKeptMonth(Date.now(), this.env.agentPayloadMonths);
    if (month === null) return;
    const dropped = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.dropPayloadMonths(tx, month));
    await this.dropLines(month, run.signal);
    run.progress({ done: dropped, total: dropped, note: `texts before ${month}` });
  }

  /** After the texts that they were made of, so that no rebuild makes them anew. */
  private async dropLines(month: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const count = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.texts.dropLinesBefore(tx, month, SESSIONS_AT_ONCE),
      );
      if (count < SESSIONS_AT_ONCE) return;
    }
  }
}
