import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
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
    for (const { id } of await this.list(this.rows.listGone(index.name, MOST_CAMPAIGNS)))
      await this.feed.remove(index, id);
    const behind = await this.list(this.rows.listBehind(index.name, MOST_CAMPAIGNS));
    for (const [done, { id }] of behind.entries()) {
      if (signal.aborted) return;
      run.progress({ done, total: behind.length });
      await this.feed.feed(index, id, signal);
    }
    await this.check(index, signal);
  }

  /** What differs from the rows is thrown away whole: nobody knows what else it has lost. */
  private async check(index: SearchIndexRow, signal: AbortSignal): Promise<void> {
    const before = new Date(Date.now() - CHECKED_EVERY_MS);
    const due = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.listToCheck(tx, index.name, before, MOST_CHECKED),
    );
    for (const { id } of due) {
      if (signal.aborted) return;
      if (await this.indexes.agrees(index, id)) continue;
      this.log.warn(
        { index: index.name, campaignId: id },
        'the search server holds something else; it is told anew',
      );
      return this.indexes.drop(index.name);
    }
  }

  private list(statement: ReturnType<SearchIndexesRepository['listGone']>): Promise<{ id: string }[]> {
    return this.system.read<{ id: string }>(SYSTEM_SCOPE, statement);
  }
}
