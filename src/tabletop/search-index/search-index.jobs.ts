import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_INDEX_QUEUE } from '../tabletop.queues.js';

/** Longest run of one try; what is left then is done in the next minute. */
export const FEED_MS = 50_000;

/** Tells the search server what has changed in a campaign. One follows each transaction that changes something; most find that it has been told. */
export const FEED_SEARCH_INDEX = defineJob({
  name: 'tabletop.feed-search-index',
  queue: TABLETOP_INDEX_QUEUE.name,
  payload: z.object({ campaignId: z.uuid() }),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * FEED_MS,
  // None: an insert that waits for somebody else's transaction would hold up everybody who writes in the campaign.
  dedupKey: null,
});

/** Makes the index where there is none, tells it what it has missed, removes what is gone, and compares it with the rows. */
export const TEND_SEARCH_INDEX = defineJob({
  name: 'tabletop.tend-search-index',
  queue: TABLETOP_INDEX_QUEUE.name,
  payload: z.object({}),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 1_000 },
  timeoutMs: 2 * FEED_MS,
  dedupKey: () => 'all',
});
