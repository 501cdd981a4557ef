import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { FEED_SEARCH_INDEX } from './search-index.jobs.js';
import { SearchServer } from './search-server.client.js';

/** Notes in the transaction of a change that the search server has to be told. Without one, nothing is noted. */
@Injectable()
export class IndexOutbox {
  /** One job per transaction and campaign, however much it changes. */
  private readonly noted = new WeakMap<Tx, Set<string>>();

  constructor(
    private readonly server: SearchServer,
    private readonly jobs: Jobs,
  ) {}

  async note(tx: Tx, campaignId: string): Promise<void> {
    if (!this.server.isOn) return;
    const noted = this.noted.get(tx) ?? new Set<string>();
    if (noted.has(campaignId)) return;
    this.noted.set(tx, noted.add(campaignId));
    await this.jobs.enqueueShared(tx, FEED_SEARCH_INDEX, [{ campaignId }]);
  }
}
