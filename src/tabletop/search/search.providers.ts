import type { Provider, Type } from '@nestjs/common';
import { CampaignNames } from './campaign-names.service.js';
import { LearntNamesRepository } from './learnt-names.repository.js';
import { LearntNames } from './learnt-names.service.js';
import { MentionsRepository } from './mentions.repository.js';
import { Mentions } from './mentions.service.js';
import { NameModelReader } from './name-model.reader.js';
import { NameRowsRepository } from './name-rows.repository.js';
import { RecentSearchesRepository } from './recent-searches.repository.js';
import { SavedSearchesController } from './saved-searches.controller.js';
import { SavedSearchesRepository } from './saved-searches.repository.js';
import { SavedSearches } from './saved-searches.service.js';
import { SearchController } from './search.controller.js';
import { SearchRepository } from './search.repository.js';
import { PostgresEngine } from './postgres-engine.service.js';
import { QuestionReader } from './question-reader.service.js';
import { SearchEngine } from './search-engine.service.js';
import { SearchState } from './search-state.service.js';
import { SearchService } from './search.service.js';
import { SecretTokensRepository } from './secret-tokens.repository.js';
import { SecretWords } from './secret-words.service.js';
import { Suggestions } from './suggestions.service.js';
import { LearntNamesPart } from './learnt-names.part.js';

export const SEARCH_CONTROLLERS: Type[] = [SearchController, SavedSearchesController];

export const SEARCH_PROVIDERS: Provider[] = [
  NameModelReader,
  NameRowsRepository,
  CampaignNames,
  SearchRepository,
  RecentSearchesRepository,
  SecretTokensRepository,
  SecretWords,
  SearchState,
  PostgresEngine,
  SearchEngine,
  QuestionReader,
  SearchService,
  Suggestions,
  LearntNamesRepository,
  LearntNames,
  MentionsRepository,
  Mentions,
  SavedSearchesRepository,
  SavedSearches,
  LearntNamesPart,
];
