import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { IndexFeed } from './index-feed.service.js';
import { FEED_MS, FEED_SEARCH_INDEX } from './search-index.jobs.js';
import { SearchIndexes } from './search-indexes.service.js';
import { SearchServer } from './search-server.client.js';

@Injectable()
@HandlesJob(FEED_SEARCH_INDEX)
export class FeedSearchIndexHandler implements JobHandler<{ campaignId: string }> {
  constructor(
    private readonly server: SearchServer,
    private readonly indexes: SearchIndexes,
    private readonly feed: IndexFeed,
  ) {}

  async handle({ campaignId }: { campaignId: string }, run: JobRun): Promise<void> {
    if (!this.server.isOn) return;
    const index = await this.indexes.current();
    if (index === undefined) return; // whoever makes it tells it everything
    await this.feed.feed(index, campaignId, AbortSignal.any([run.signal, AbortSignal.timeout(FEED_MS)]));
  }
}
