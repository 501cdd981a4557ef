import { pino } from 'pino';
import { ModelClient } from '../../src/platform/ai/model.client.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { MembersRepository } from '../../src/tabletop/members/members.repository.js';
import { CampaignNames } from '../../src/tabletop/search/campaign-names.service.js';
import { LearntNamesRepository } from '../../src/tabletop/search/learnt-names.repository.js';
import { LearntNames } from '../../src/tabletop/search/learnt-names.service.js';
import { MentionsRepository } from '../../src/tabletop/search/mentions.repository.js';
import { Mentions } from '../../src/tabletop/search/mentions.service.js';
import { NameModelReader } from '../../src/tabletop/search/name-model.reader.js';
import { NameRowsRepository } from '../../src/tabletop/search/name-rows.repository.js';
import { RecentSearchesRepository } from '../../src/tabletop/search/recent-searches.repository.js';
import { SavedSearchesRepository } from '../../src/tabletop/search/saved-searches.repository.js';
import { SavedSearches } from '../../src/tabletop/search/saved-searches.service.js';
import { QuestionReader } from '../../src/tabletop/search/question-reader.service.js';
import { PostgresEngine } from '../../src/tabletop/search/postgres-engine.service.js';
import { SearchEngine } from '../../src/tabletop/search/search-engine.service.js';
import { SearchRepository } from '../../src/tabletop/search/search.repository.js';
import { SearchService } from '../../src/tabletop/search/search.service.js';
import { SecretTokensRepository } from '../../src/tabletop/search/secret-tokens.repository.js';
import { SecretWords } from '../../src/tabletop/search/secret-words.service.js';
import { Suggestions } from '../../src/tabletop/search/suggestions.service.js';
import { ObjectSecrets } from '../../src/tabletop/secrets/object-secrets.service.js';
import { SecretsRepository } from '../../src/tabletop/secrets/secrets.repository.js';
import type { SearchServerSettings } from '../../src/platform/config/search-settings.js';
import { openSearchIndexWorld, type SearchIndexWorld } from './search-index-world.js';
import { openTabletopWorld, type TabletopWorld } from './tabletop-world.js';
import type { TestUnits } from './units.js';
import { EmbedObjectsHandler } from '../../src/tabletop/search-vectors/embed-objects.handler.js';
import { NearestObjects } from '../../src/tabletop/search-vectors/nearest-objects.service.js';
import { ObjectVectorsRepository } from '../../src/tabletop/search-vectors/object-vectors.repository.js';
import { PgVector } from '../../src/tabletop/search-vectors/pgvector.service.js';
import { openVault } from './vault-world.js';

/** The search room over the tabletop's core. */
export interface SearchWorld extends TabletopWorld {
  readonly search: SearchService;
  readonly suggestions: Suggestions;
  readonly learnt: LearntNames;
  readonly saved: SavedSearches;
  readonly mentions: Mentions;
  readonly secrets: ObjectSecrets;
  readonly index: SearchIndexWorld;
  /** One turn of the job that has a model read texts. */
  embed(): Promise<void>;
}

/** The installation has none. */
const noModel = (): ModelClient => new ModelClient(undefined as never, { ai: undefined });

/** What takes half a second to learn is learnt once. */
const models = new NameModelReader();

/** @param model none, unless the test is about it @param searchServer the same */
export function openSearchWorld(
  units: TestUnits,
  model = noModel(),
  searchServer?: SearchServerSettings,
): SearchWorld {
  const { vault } = openVault(units, 'search');
  const names = new CampaignNames(units.system, new NameRowsRepository(), models);
  const rows = new SearchRepository();
  const recents = new RecentSearchesRepository();
  const secretWords = new SecretWords(units.system, vault, new SecretTokensRepository());
  const index = openSearchIndexWorld(units, searchServer, models, secretWords);
  const world = openTabletopWorld(units, index.outbox);
  const vectorRows = new ObjectVectorsRepository();
  const pgVector = new PgVector(units.system, vectorRows);
  const handler = new EmbedObjectsHandler(
    units.system,
    model,
    pgVector,
    vectorRows,
    pino({ level: 'silent' }),
  );
  const search = new SearchService(
    units.app,
    world.access,
    new SearchEngine(new PostgresEngine(units.system, names, rows, secretWords), index.engine),
    rows,
    recents,
    new QuestionReader(model),
    new NearestObjects(units.system, model, pgVector, rows, pino({ level: 'silent' })),
  );
  return {
    ...world,
    index,
    embed: () =>
      handler.handle({}, { signal: new AbortController().signal, progress: () => undefined } as never),
    search,
    suggestions: new Suggestions(units.app, search, names, rows, recents),
    learnt: new LearntNames(
      units.app,
      world.access,
      world.reader,
      new LearntNamesRepository(),
      world.changes,
      world.idempotency,
      secretWords,
    ),
    saved: new SavedSearches(
      units.app,
      world.access,
      new SavedSearchesRepository(),
      recents,
      new Audit(new AuditRepository()),
      world.idempotency,
      secretWords,
    ),
    mentions: new Mentions(units.app, units.system, world.access, world.reader, new MentionsRepository()),
    secrets: new ObjectSecrets(
      units.app,
      units.system,
      vault,
      world.reader,
      new SecretsRepository(),
      new MembersRepository(),
      world.changes,
    ),
  };
}
