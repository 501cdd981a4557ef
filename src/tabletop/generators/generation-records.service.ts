import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { FILL_GENERATION } from './generations.jobs.js';
import { GenerationsRepository, type NewGeneration } from './generations.repository.js';

/** Writes a new draft down: with the job that goes on with it, and with a line in the campaign's log. */
@Injectable()
export class GenerationRecords {
  constructor(
    private readonly rows: GenerationsRepository,
    private readonly jobs: Jobs,
    private readonly changes: CampaignChanges,
  ) {}

  async record(tx: Tx, caller: Principal, row: Omit<NewGeneration, 'jobId'>): Promise<void> {
    const jobId =
      row.state === 'pending'
        ? await this.jobs.enqueue(tx, caller, FILL_GENERATION, { generationId: row.id })
        : null;
    await this.rows.insertGeneration(tx, { ...row, jobId: jobId ?? null });
    await this.rows.deleteOld(tx, row.campaignId);
    await this.changes.record(tx, caller, {
      campaignId: row.campaignId,
      objectId: row.id,
      kind: 'generation',
      action: 'made',
      after: { kind: row.kind, engine: row.engine, state: row.state, madeBy: row.madeBy },
    });
  }
}
