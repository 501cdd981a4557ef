import { CatalogRepository } from '../../src/market/catalog/catalog.repository.js';
import { ItemsRepository } from '../../src/market/catalog/items.repository.js';
import { IngestRepository } from '../../src/market/ingest/ingest.repository.js';
import { IngestService } from '../../src/market/ingest/ingest.service.js';
import { ServerLanes } from '../../src/market/ingest/server-lanes.service.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import type { TestUnits } from './units.js';

/** The ingest as another process would have it: with caches and lanes of its own. */
export function newIngest(units: TestUnits): IngestService {
  return new IngestService(
    units.app,
    new IdempotencyService(new IdempotencyRepository()),
    new IngestRepository(),
    new CatalogRepository(),
    new ItemsRepository(),
    new ServerLanes(),
  );
}
