import { CatalogDirectory } from '../../src/market/catalog/catalog-directory.service.js';
import { CatalogRepository } from '../../src/market/catalog/catalog.repository.js';
import { TradeTermsRepository } from '../../src/market/terms/trade-terms.repository.js';
import { TradeTermsService } from '../../src/market/terms/trade-terms.service.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import type { TestUnits } from './units.js';

/** What selling costs, as the tables say. */
export function openTradeTerms(units: TestUnits): TradeTermsService {
  const directory = new CatalogDirectory(units.app, new CatalogRepository());
  return new TradeTermsService(
    units.app,
    units.system,
    directory,
    new TradeTermsRepository(),
    new Audit(new AuditRepository()),
  );
}
