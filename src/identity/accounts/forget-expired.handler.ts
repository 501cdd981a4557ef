import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { SecondFactorsRepository } from '../mfa/second-factors.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { RevocationsRepository } from '../tokens/revocations.repository.js';
import { KEPT_MS } from '../tokens/revoked.js';
import { FORGET_EXPIRED } from './accounts.jobs.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** An ended session is kept for as long as somebody may want to know where it was. */
const ENDED_SESSIONS_DAYS = 30;

@Injectable()
@HandlesJob(FORGET_EXPIRED)
export class ForgetExpiredHandler implements JobHandler<object> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly revocations: RevocationsRepository,
    private readonly factors: SecondFactorsRepository,
  ) {}

  async handle(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.sessions.deleteEnded(tx, ENDED_SESSIONS_DAYS);
      await this.tokens.deleteExpired(tx);
      await this.factors.deleteExpiredChallenges(tx);
      await this.revocations.deleteOlderThan(tx, KEPT_MS / 1_000);
    });
  }
}
