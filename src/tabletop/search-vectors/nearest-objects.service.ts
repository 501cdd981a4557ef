import { Inject, Injectable } from '@nestjs/common';
import { ModelFault } from '../../platform/ai/ai.errors.js';
import { ModelClient } from '../../platform/ai/model.client.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { toAsker } from '../search/asker.js';
import { refusesWords } from '../search/search-words.js';
import { type SearchFilter, SearchRepository } from '../search/search.repository.js';
import { PgVector } from './pgvector.service.js';

/** Whoever waits for an answer waits no longer for this part of it. */
const LONGEST_MS = 2_000;

/** What means something like a question, as far as a model can tell and the asker sees: a further list of candidates, where there is one. */
@Injectable()
export class NearestObjects {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly models: ModelClient,
    private readonly vectors: PgVector,
    private readonly rows: SearchRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Never fails for a model's sake, nor for pgvector's.
   * @returns ids, the nearest first; none where the campaign wants no models, or where something is refused: vectors know no "without"
   */
  async find(seat: Seat, filter: SearchFilter, text: string): Promise<string[]> {
    const { aiPolicy } = seat.campaign;
    const { embeddingModel: model } = this.models;
    if (model === undefined || aiPolicy === 'off' || text === '' || refusesWords(text)) return [];
    const schema = await this.vectors.schema();
    if (schema === undefined) return [];
    const embedding = await this.embeddingOf(text, aiPolicy === 'local');
    if (embedding === undefined) return [];
    try {
      const found = await this.system.read<{ id: string }>(
        SYSTEM_SCOPE,
        this.rows.nearest(toAsker(seat), filter, { schema, model, embedding }),
      );
      return found.map(({ id }) => id);
    } catch (error) {
      this.vectors.forget();
      this.log.warn({ err: error }, 'pgvector does not answer; searches go without it');
      return [];
    }
  }

  private async embeddingOf(text: string, isOwnNetworkOnly: boolean): Promise<number[] | undefined> {
    try {
      const signal = AbortSignal.timeout(LONGEST_MS);
      const [embedding] = await this.models.embed([text], { isOwnNetworkOnly, signal });
      return embedding;
    } catch (error) {
      if (error instanceof ModelFault) return undefined;
      throw error;
    }
  }
}
