import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { detachBefore, spanAhead } from './raw-months.js';
import { RawPartitionsRepository } from './raw-partitions.repository.js';

/** Looks after the monthly partitions of raw prices. Both methods are safe to repeat, also by several at once. */
@Injectable()
export class RawPartitionsService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly ingest: IngestRepository,
    private readonly partitions: RawPartitionsRepository,
    @Inject(ENV) private readonly env: Pick<Env, 'marketRawMonths'>,
  ) {}

  /** Makes the partitions of this and the next two months, so that no batch at the turn of a month has to. */
  async makePartitionsAhead(nowMs = Date.now()): Promise<void> {
    const { firstMs, lastMs } = spanAhead(nowMs);
    await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.ingest.ensurePartitions(tx, firstMs, lastMs));
  }

  /**
   * Takes raw months out of the history that are older than MARKET_RAW_MONTHS; without that setting none. A month with days
   * that the rollups have not followed yet stays until the next time.
   * @returns the tables that keep the months' rows now
   * @throws when writers hold the history for two seconds; months taken before stay taken
   */
  async detachOldPartitions(nowMs = Date.now(), signal?: AbortSignal): Promise<string[]> {
    const kept: string[] = [];
    if (this.env.marketRawMonths === 0) return kept;
    const beforeMs = detachBefore(nowMs, this.env.marketRawMonths);
    while (signal?.aborted !== true) {
      const table = await this.system.run(SYSTEM_PRINCIPAL, (tx) =>
        this.partitions.detachOldest(tx, beforeMs),
      );
      if (table === null) break;
      kept.push(table);
    }
    return kept;
  }
}
