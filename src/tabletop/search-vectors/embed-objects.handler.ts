import { Inject, Injectable } from '@nestjs/common';
import { ModelFault } from '../../platform/ai/ai.errors.js';
import { ModelClient } from '../../platform/ai/model.client.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { embeddedText } from './embedded-text.js';
import { ObjectVectorsRepository, type UnembeddedRow } from './object-vectors.repository.js';
import { PgVector } from './pgvector.service.js';
import { EMBED_MS, EMBED_OBJECTS } from './vectors.jobs.js';

const PORTION = 32;
/** Statuses of a model that does not take a text, such as one that is too long for it. */
const OF_THE_TEXT: readonly (number | undefined)[] = [400, 413, 422];

@Injectable()
@HandlesJob(EMBED_OBJECTS)
export class EmbedObjectsHandler implements JobHandler<object> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly models: ModelClient,
    private readonly vectors: PgVector,
    private readonly rows: ObjectVectorsRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const { embeddingModel: model } = this.models;
    if (model === undefined || (await this.vectors.schema()) === undefined) return;
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.deleteUnwanted(tx));
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(EMBED_MS)]);
    for (const policy of ['any', 'local'] as const) {
      try {
        for (let done = 0; !signal.aborted;) {
          const embedded = await this.embedPortion(model, policy, signal);
          if (embedded === 0) break;
          run.progress({ done: (done += embedded), total: null });
        }
      } catch (error) {
        if (!(error instanceof ModelFault)) throw error;
        this.log.warn(
          { code: error.code, policy },
          'no vectors were made of what campaigns hold; the next run tries again',
        );
      }
    }
  }

  /** @returns how many */
  private async embedPortion(model: string, policy: 'local' | 'any', signal: AbortSignal): Promise<number> {
    const rows = await this.system.read<UnembeddedRow>(
      SYSTEM_SCOPE,
      this.rows.listUnembedded(model, policy, PORTION),
    );
    if (rows.length === 0) return 0;
    const embeddings = await this.embed(rows, { isOwnNetworkOnly: policy === 'local', signal });
    const vectors = rows.map(({ id: objectId, campaignId, version }, at) => ({
      objectId,
      campaignId,
      version,
      embedding: embeddings[at]!,
    }));
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.upsert(tx, model, vectors));
    return rows.length;
  }

  /** What the model refuses among others is asked for by itself, and is empty where it refuses that. @throws ModelFault */
  private async embed(
    rows: readonly UnembeddedRow[],
    options: { isOwnNetworkOnly: boolean; signal: AbortSignal },
  ): Promise<number[][]> {
    try {
      return await this.models.embed(rows.map(embeddedText), options);
    } catch (error) {
      if (!(error instanceof ModelFault) || !OF_THE_TEXT.includes(error.status)) throw error;
      if (rows.length === 1) return [[]];
    }
    const embeddings: number[][] = [];
    for (const row of rows) embeddings.push(...(await this.embed([row], options)));
    return embeddings;
  }
}
