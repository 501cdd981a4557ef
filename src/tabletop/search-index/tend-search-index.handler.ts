import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { IndexFeed } from './index-feed.service.js';
import { FEED_MS, TEND_SEARCH_INDEX } from './search-index.jobs.js';
import { SearchIndexesRepository, type SearchIndexRow } from './search-indexes.repository.js';
import { SearchIndexes } from './search-indexes.service.js';
import { SearchServer } from './search-server.client.js';

const MOST_CAMPAIGNS = 500;
/** A campaign is compared with the index about once an hour. */
const CHECKED_EVERY_MS = 3_600_000;
const MOST_CHECKED = 50;

/** Keeps the index true, whatever happened to it or to a worker. */
@Injectable()
@HandlesJob(TEND_SEARCH_INDEX)
export class TendSearchIndexHandler implements JobHandler<object> {
  constructor(
    private readonly server: SearchServer,
    private readonly indexes: SearchIndexes,
    private readonly feed: IndexFeed,
    private readonly system: SystemUnitOfWork,
    private readonly rows: SearchIndexesRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    if (!this.server.isOn) return;
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(FEED_MS)]);
    const index = await this.indexes.ensure();
    if (!(await this.check(index, signal))) return;
    for (const { id } of await this.list(this.rows.listGone(index.name, MOST_CAMPAIGNS)))
      await this.try(id, signal, () => this.feed.feed(index, id, signal));
    const behind = await this.list(this.rows.listBehind(index.name, MOST_CAMPAIGNS));
    for (const [done, { id }] of behind.entries()) {
      run.progress({ done, total: behind.length });
      await this.try(id, signal, () => this.feed.feed(index, id, signal));
    }
  }

  /** One campaign that the server refuses keeps nobody else's from being told; a server that is not there does. @throws OutboundError */
  private async try(campaignId: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OutboundError) || error.code !== OUTBOUND_ERROR.refused) throw error;
      this.log.warn(
        { campaignId, status: error.status },
        'the search server refused what it was told of a campaign',
      );
    }
  }

  /** What differs from the rows is thrown away whole: nobody knows what else it has lost. @returns whether the index is still there */
  private async check(index: SearchIndexRow, signal: AbortSignal): Promise<boolean> {
    const before = new Date(Date.now() - CHECKED_EVERY_MS);
    for (const { id } of await this.list(this.rows.listToCheck(index.name, before, MOST_CHECKED))) {
      if (signal.aborted) break;
      let isSame = true;
      await this.try(id, signal, async () => {
        isSame = await this.indexes.agrees(index, id);
      });
      await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateChecked(tx, index.name, id));
      if (isSame) continue;
      this.log.warn(
        { index: index.name, campaignId: id },
        'the search server holds something else; it is told anew',
      );
      await this.indexes.drop(index.name);
      return false;
    }
    return true;
  }

  private list(statement: ReturnType<SearchIndexesRepository['listGone']>): Promise<{ id: string }[]> {
    return this.system.read<{ id: string }>(SYSTEM_SCOPE, statement);
  }
}
