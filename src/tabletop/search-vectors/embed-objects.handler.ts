import { Inject, Injectable } from '@nestjs/common';
import { AI_ERROR, ModelFault } from '../../platform/ai/ai.errors.js';
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

/** Texts that are read from the database at once, and those of one question to the model. */
const PAGE = 320;
const PORTION = 32;
/** Statuses of a model that does not take a text, such as one that is too long for it. */
const OF_THE_TEXT: readonly (number | undefined)[] = [400, 413, 422];
/** What every model takes. */
const HARMLESS = 'word';

/** One policy's turn of one run. */
interface Turn {
  readonly model: string;
  readonly policy: 'local' | 'any';
  readonly signal: AbortSignal;
  /** Objects over which the model has failed in this run: they wait for the next one. */
  readonly skipped: Set<string>;
  /** It has taken something in this run, so a text that it refuses is refused for what it is. */
  hasTaken: boolean;
}

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
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(EMBED_MS)]);
    for (const policy of ['any', 'local'] as const) {
      const turn: Turn = { model, policy, signal, skipped: new Set(), hasTaken: false };
      try {
        for (let done = 0; !signal.aborted;) {
          const read = await this.embedPage(turn);
          if (read === 0) break;
          run.progress({ done: (done += read), total: null });
        }
      } catch (error) {
        if (!(error instanceof ModelFault)) throw error;
        const { code } = error;
        this.log.warn(
          { code, policy },
          'no vectors were made of what campaigns hold; the next run tries again',
        );
      }
    }
  }

  /** @returns how many objects were looked at @throws ModelFault */
  private async embedPage(turn: Turn): Promise<number> {
    const { model, policy, skipped, signal } = turn;
    const page = await this.system.read<UnembeddedRow>(
      SYSTEM_SCOPE,
      this.rows.listUnembedded(model, policy, [...skipped], PAGE),
    );
    for (let from = 0; from < page.length && !signal.aborted; from += PORTION)
      await this.embedPortion(turn, page.slice(from, from + PORTION));
    return page.length;
  }

  /** @throws ModelFault where the model cannot be asked, or refuses everything */
  private async embedPortion(turn: Turn, rows: readonly UnembeddedRow[]): Promise<void> {
    try {
      const embeddings = await this.embed(turn, rows.map(embeddedText));
      turn.hasTaken = true;
      await this.store(turn, rows, embeddings);
    } catch (error) {
      if (!(error instanceof ModelFault) || !isOfOneText(error)) throw error;
      if (rows.length === 1) return this.leaveOut(turn, rows[0]!, error);
      for (const row of rows) await this.embedPortion(turn, [row]);
    }
  }

  /** One that the model refuses has no vector until it changes; one over which it has failed is tried again by the next run. */
  private async leaveOut(turn: Turn, row: UnembeddedRow, { status }: ModelFault): Promise<void> {
    if (!turn.hasTaken) await this.embed(turn, [HARMLESS]);
    turn.hasTaken = true;
    if (OF_THE_TEXT.includes(status)) await this.store(turn, [row], [[]]);
    else turn.skipped.add(row.id);
  }

  private embed({ policy, signal }: Turn, texts: readonly string[]): Promise<number[][]> {
    return this.models.embed(texts, { isOwnNetworkOnly: policy === 'local', signal });
  }

  private async store(
    { model }: Turn,
    rows: readonly UnembeddedRow[],
    embeddings: readonly number[][],
  ): Promise<void> {
    const vectors = rows.map(({ id: objectId, campaignId, version }, at) => ({
      objectId,
      campaignId,
      version,
      embedding: embeddings[at]!,
    }));
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.upsert(tx, model, vectors));
  }
}

/** The model is there, and something of what it was given is too much for it. */
function isOfOneText({ code, status }: ModelFault): boolean {
  return OF_THE_TEXT.includes(status) || (status ?? 0) >= 500 || code === AI_ERROR.badAnswer;
}
