import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { EXPIRE_GRANT } from './connections.jobs.js';
import { ConnectionsRepository } from './connections.repository.js';
import { PartingTokens } from './parting-tokens.service.js';
import { PendingGrantsRepository } from './pending-grants.repository.js';
import { PendingGrants } from './pending-grants.service.js';

/** What nobody came for goes back to the provider. */
@Injectable()
@HandlesJob(EXPIRE_GRANT)
export class ExpireGrantHandler implements JobHandler<{ grantId: string }> {
  constructor(
    private readonly rows: PendingGrantsRepository,
    private readonly pending: PendingGrants,
    private readonly connections: ConnectionsRepository,
    private readonly parting: PartingTokens,
  ) {}

  async handle({ grantId }: { grantId: string }, run: JobRun): Promise<void> {
    await run.once((tx) => this.lapse(tx, grantId));
  }

  private async lapse(tx: Tx, id: string): Promise<void> {
    const row = await this.rows.deleteLapsed(tx, id);
    const found = row && (await this.pending.tokenOf(tx, row));
    if (!found) return;
    // Some providers end everything that a user has granted us with one token. Whoever was made to agree by somebody else shall
    // not lose the connection of their own by it; nobody has this token any more then, and it ends by itself.
    const { token, subject } = found;
    if (subject !== null && (await this.connections.isConnected(tx, row.provider, subject))) return;
    await this.parting.part(tx, null, row.provider, token);
  }
}
