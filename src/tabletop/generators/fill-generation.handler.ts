import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { DraftSeals } from './draft-seals.service.js';
import { DraftWriter, type Written } from './draft-writer.service.js';
import type { GeneratedDraft } from './draft.js';
import { FILL_ATTEMPTS, FILL_GENERATION } from './generations.jobs.js';
import { type ContextCampaign, type GenerationRow, GenerationsRepository } from './generations.repository.js';
import type { ContextThing } from './generation-prompt.js';
import { openPart, storedDraft } from './stored-draft.js';

/** Beside the job's own limit, so that there is time to keep the rules' draft. */
const MODEL_MS = 60_000;
const STEPS = 2;

interface Loaded {
  readonly row: GenerationRow;
  readonly draft: GeneratedDraft;
  readonly campaign: ContextCampaign;
  readonly things: ContextThing[];
}

/** A model writes what it did not write while somebody waited. The draft of the rules lies there already: it stays where the model fails. */
@Injectable()
@HandlesJob(FILL_GENERATION)
export class FillGenerationHandler implements JobHandler<{ generationId: string }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: GenerationsRepository,
    private readonly seals: DraftSeals,
    private readonly writer: DraftWriter,
  ) {}

  async handle({ generationId }: { generationId: string }, job: JobRun): Promise<void> {
    const loaded = await this.load(generationId);
    if (loaded === null) {
      await job.once(async () => undefined);
      return;
    }
    const { row, draft } = loaded;
    job.progress({ done: 0, total: STEPS, note: 'asking the model' });
    const written = await this.write(loaded, job);
    if (written.fault === 'ai/aborted' && job.signal.aborted && job.attempt < FILL_ATTEMPTS)
      throw new Error('The job was ended before the model answered');
    job.progress({
      done: 1,
      total: STEPS,
      note: written.draft === undefined ? 'keeping the draft of the rules' : 'keeping the draft',
    });
    await job.once(async (tx) => {
      const kept = written.draft ?? draft;
      const now = await this.rows.lock(tx, row.id);
      if (now?.state !== 'pending') return; // discarded meanwhile
      await this.rows.updateGeneration(tx, row.id, now.version, {
        state: 'draft',
        output: openPart(kept),
        secrets: await this.seals.sealIn(tx, row, kept.secrets),
        madeBy: written.draft === undefined ? 'rules' : 'model',
        model: written.draft === undefined ? null : written.model,
        fault: written.fault ?? null,
      });
    });
  }

  private write({ row, draft, campaign, things }: Loaded, job: JobRun): Promise<Written> {
    return this.writer.write({
      kind: row.kind,
      draft,
      audience: row.audience,
      context: { ...campaign, things },
      policy: campaign.aiPolicy,
      signal: AbortSignal.any([job.signal, AbortSignal.timeout(MODEL_MS)]),
    });
  }

  /** Null where there is nothing to do any more. What the campaign wants of models counts as it is now. */
  private load(id: string): Promise<Loaded | null> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const [row] = await tx.query<GenerationRow>(this.rows.find(id));
      const campaign = row?.state === 'pending' ? await this.rows.findCampaign(tx, row.campaignId) : null;
      if (row === undefined || campaign === null) return null;
      return {
        row,
        campaign,
        draft: storedDraft(row.output, await this.seals.openIn(tx, row)),
        things: await this.rows.listContext(tx, row.campaignId, row.audience),
      };
    });
  }
}
