import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { CampaignErasureRepository } from './campaign-erasure.repository.js';
import { SWEEP_CAMPAIGNS } from './campaigns.jobs.js';

/** As long as something that was deleted can be restored. */
export const RESTORABLE_DAYS = 30;
const DAY_MS = 86_400_000;

@Injectable()
@HandlesJob(SWEEP_CAMPAIGNS)
export class SweepCampaignsHandler implements JobHandler<object> {
  constructor(
    private readonly campaigns: CampaignErasureRepository,
    private readonly vault: Vault,
    private readonly storage: Storage,
  ) {}

  async handle(_payload: object, job: JobRun): Promise<void> {
    await job.once(async (tx) => {
      const now = new Date();
      const before = new Date(now.getTime() - RESTORABLE_DAYS * DAY_MS);
      const pictures = await this.campaigns.listExpiredPictures(tx, before);
      for (const id of await this.campaigns.deleteExpired(tx, before)) await this.vault.forget(tx, id);
      for (const id of pictures) await this.storage.forget(tx, id);
      await this.campaigns.deleteOldChanges(tx, now);
      await this.campaigns.deleteUnwantedVectors(tx);
    });
  }
}
