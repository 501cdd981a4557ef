import { pino } from 'pino';
import type { SearchServerSettings } from '../../src/platform/config/search-settings.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import type { JobRun } from '../../src/platform/jobs/job-definition.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { FeedSearchIndexHandler } from '../../src/tabletop/search-index/feed-search-index.handler.js';
import { IndexEngine } from '../../src/tabletop/search-index/index-engine.service.js';
import { IndexFeed } from '../../src/tabletop/search-index/index-feed.service.js';
import { IndexOutbox } from '../../src/tabletop/search-index/index-outbox.service.js';
import { SearchIndexesRepository } from '../../src/tabletop/search-index/search-indexes.repository.js';
import { SearchIndexes } from '../../src/tabletop/search-index/search-indexes.service.js';
import { SearchServer } from '../../src/tabletop/search-index/search-server.client.js';
import { TendSearchIndexHandler } from '../../src/tabletop/search-index/tend-search-index.handler.js';
import type { NameModelReader } from '../../src/tabletop/search/name-model.reader.js';
import { SearchRepository } from '../../src/tabletop/search/search.repository.js';
import type { SecretWords } from '../../src/tabletop/search/secret-words.service.js';
import { openOutbound } from './outbound-trial.js';
import type { TestUnits } from './units.js';

/** What follows campaigns into a search server, over real units of work. */
export interface SearchIndexWorld {
  readonly server: SearchServer;
  readonly outbox: IndexOutbox;
  readonly indexes: SearchIndexes;
  readonly feed: IndexFeed;
  readonly engine: IndexEngine;
  /** Whether the index that is asked knows everything of a campaign. */
  isFollowed(campaignId: string): Promise<boolean>;
  /** The job that a change has noted. */
  feedOf(campaignId: string): Promise<void>;
  /** One turn of the job that runs each minute. */
  tend(signal?: AbortSignal): Promise<void>;
}

/** @param searchServer undefined = there is none */
export function openSearchIndexWorld(
  units: TestUnits,
  searchServer: SearchServerSettings | undefined,
  models: NameModelReader,
  secrets: SecretWords,
): SearchIndexWorld {
  const log = pino({ level: 'silent' });
  const server = new SearchServer(openOutbound(units).outbound, { searchServer });
  const rows = new SearchIndexesRepository();
  const indexes = new SearchIndexes(units.system, server, rows, log);
  const feed = new IndexFeed(units.system, server, rows, models);
  const tending = new TendSearchIndexHandler(server, indexes, feed, units.system, rows, log);
  return {
    server,
    outbox: new IndexOutbox(server, new Jobs(new JobsRepository(), { ring: () => undefined })),
    indexes,
    feed,
    engine: new IndexEngine(units.system, server, rows, new SearchRepository(), secrets, models, log),
    isFollowed: async (campaignId) => {
      const [row] = await units.system.read<{ isFollowed: boolean }>(
        SYSTEM_SCOPE,
        rows.currentOf(campaignId),
      );
      return row?.isFollowed ?? false;
    },
    feedOf: (campaignId) =>
      new FeedSearchIndexHandler(server, indexes, feed).handle(
        { campaignId },
        runOf(new AbortController().signal),
      ),
    tend: (signal = new AbortController().signal) => tending.handle({}, runOf(signal)),
  };
}

function runOf(signal: AbortSignal): JobRun {
  return {
    id: 'test',
    ownerId: 'test',
    attempt: 1,
    signal,
    progress: () => undefined,
    once: () => Promise.reject(new Error('nothing is done once here')),
  };
}
