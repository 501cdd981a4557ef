import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { ExternalIdentitiesRepository } from '../external/external-identities.repository.js';
import { SignInCodesRepository } from '../external/sign-in-codes.repository.js';
import { AuthorizationRequestsRepository } from './authorization-requests.repository.js';
import { FORGET_AUTHORIZATIONS, REVOKE_TOKEN } from './connections.jobs.js';
import { PartingTokensRepository } from './parting-tokens.repository.js';
import { PendingGrantsRepository } from './pending-grants.repository.js';

/** A provider that was not told by then will not be. */
const PARTING_DAYS = 7;
/** The job that tells it has given up by then. */
const TOLD_AGAIN_AFTER_HOURS = 1;
/** Longer than any issuer's access token should live. */
const DEPARTED_DAYS = 8;

@Injectable()
@HandlesJob(FORGET_AUTHORIZATIONS)
export class ForgetAuthorizationsHandler implements JobHandler<object> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly requests: AuthorizationRequestsRepository,
    private readonly codes: SignInCodesRepository,
    private readonly parting: PartingTokensRepository,
    private readonly identities: ExternalIdentitiesRepository,
    private readonly pending: PendingGrantsRepository,
    private readonly jobs: Jobs,
  ) {}

  async handle(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.requests.deleteExpired(tx);
      await this.codes.deleteExpired(tx);
      await this.pending.deleteOlderThan(tx, PARTING_DAYS);
      await this.parting.deleteOlderThan(tx, PARTING_DAYS);
      const waiting = await this.parting.listWaiting(tx, TOLD_AGAIN_AFTER_HOURS);
      await this.jobs.enqueueShared(
        tx,
        REVOKE_TOKEN,
        waiting.map((tokenId) => ({ tokenId })),
      );
      await this.identities.deleteDeparted(tx, DEPARTED_DAYS);
    });
  }
}
