import { CatalogRepository } from '../../src/market/catalog/catalog.repository.js';
import { ItemsRepository } from '../../src/market/catalog/items.repository.js';
import { BatchGround } from '../../src/market/ingest/batch-ground.service.js';
import { IngestRepository } from '../../src/market/ingest/ingest.repository.js';
import { IngestService } from '../../src/market/ingest/ingest.service.js';
import { PriceHistoryRepository } from '../../src/market/ingest/price-history.repository.js';
import { PriceHistory } from '../../src/market/ingest/price-history.service.js';
import { ServerLanes } from '../../src/market/ingest/server-lanes.service.js';
import { DirtyDaysRepository } from '../../src/market/rollups/dirty-days.repository.js';
import { RollupRequests } from '../../src/market/rollups/rollup-requests.service.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import type { TestUnits } from './units.js';

/** The ingest as another process would have it: with caches and lanes of its own. */
export function newIngest(units: TestUnits, history = newPriceHistory()): IngestService {
  const repository = new IngestRepository();
  return new IngestService(
    units.app,
    new IdempotencyService(new IdempotencyRepository()),
    repository,
    new BatchGround(units.app, repository, new CatalogRepository(), new ItemsRepository()),
    history,
    new ServerLanes(),
    newRollupRequests(units),
  );
}

/** @param maxHeldPoints for the product's own: undefined */
export function newPriceHistory(maxHeldPoints?: number): PriceHistory {
  const history = new PriceHistory(new IngestRepository(), new PriceHistoryRepository());
  const add = history.add.bind(history);
  history.add = (tx, serverId, points) => add(tx, serverId, points, maxHeldPoints);
  return history;
}

/** Requests are rows only: nobody works on them. */
export function newRollupRequests(units: TestUnits): RollupRequests {
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  return new RollupRequests(units.system, jobs, new DirtyDaysRepository());
}
