import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { REVOKE_TOKEN } from './connections.jobs.js';
import { OauthClient } from './oauth.client.js';
import { PartingTokensRepository } from './parting-tokens.repository.js';
import { PartingTokens } from './parting-tokens.service.js';
import { ProviderRegistry } from './provider-registry.service.js';
import { ProviderRefusalError } from './provider-refusal.error.js';

@Injectable()
@HandlesJob(REVOKE_TOKEN)
export class RevokeTokenHandler implements JobHandler<{ tokenId: string }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: PartingTokensRepository,
    private readonly parting: PartingTokens,
    private readonly providers: ProviderRegistry,
    private readonly oauth: OauthClient,
  ) {}

  async handle({ tokenId }: { tokenId: string }, run: JobRun): Promise<void> {
    const found = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const row = await this.rows.findToken(tx, tokenId);
      const definition = row && this.providers.find(row.provider);
      if (!row || !definition) return undefined; // erased, told already, or nobody is there to be told
      return { definition, token: await this.parting.open(tx, row) };
    });
    if (found)
      await this.oauth.revoke(found.definition, found.token).catch((error: unknown) => {
        if (!(error instanceof ProviderRefusalError)) throw error; // it was void before
      });
    await run.once((tx) => this.rows.deleteToken(tx, tokenId));
  }
}
