import type { Provider } from '@nestjs/common';
import { FeedSearchIndexHandler } from './feed-search-index.handler.js';
import { IndexEngine } from './index-engine.service.js';
import { IndexOutbox } from './index-outbox.service.js';
import { IndexFeed } from './index-feed.service.js';
import { SearchIndexesRepository } from './search-indexes.repository.js';
import { SearchIndexes } from './search-indexes.service.js';
import { SearchServer } from './search-server.client.js';
import { TendSearchIndexHandler } from './tend-search-index.handler.js';

export const SEARCH_INDEX_PROVIDERS: Provider[] = [
  SearchServer,
  IndexOutbox,
  SearchIndexesRepository,
  SearchIndexes,
  IndexFeed,
  IndexEngine,
  FeedSearchIndexHandler,
  TendSearchIndexHandler,
];
