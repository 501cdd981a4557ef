import { CompatAnalysisService } from './compat-analysis.service.js';
import { CompatBankCrafts } from './compat-bank-crafts.service.js';
import { CompatBankService } from './compat-bank.service.js';
import { CompatCalendar } from './compat-calendar.service.js';
import { CompatCatalog } from './compat-catalog.service.js';
import { CompatCatalogRepository } from './compat-catalog.repository.js';
import { CompatCronController } from './compat-cron.controller.js';
import { CompatDataController } from './compat-data.controller.js';
import { CompatDataService } from './compat-data.service.js';
import { CompatDesk } from './compat-desk.service.js';
import { CompatHarvest } from './compat-harvest.service.js';
import { CompatHarvestRoutes } from './compat-harvest-routes.service.js';
import { CompatIconsService } from './compat-icons.service.js';
import { CompatIngestController } from './compat-ingest.controller.js';
import { CompatIngestService } from './compat-ingest.service.js';
import { CompatItemWrites } from './compat-item-writes.service.js';
import { CompatItemsRepository } from './compat-items.repository.js';
import { CompatLeveling } from './compat-leveling.service.js';
import { CompatListsService } from './compat-lists.service.js';
import { CompatMarketController } from './compat-market.controller.js';
import { CompatMarketRepository } from './compat-market.repository.js';
import { CompatMarketService } from './compat-market.service.js';
import { CompatMessagesService } from './compat-messages.service.js';
import { CompatObservations } from './compat-observations.service.js';
import { CompatObservationsRepository } from './compat-observations.repository.js';
import { CompatProfilesService } from './compat-profiles.service.js';
import { CompatRecipes } from './compat-recipes.service.js';
import { CompatResources } from './compat-resources.service.js';
import { CompatServersService } from './compat-servers.service.js';
import { CompatUserController } from './compat-user.controller.js';

// The part of the market that speaks as the original did. It has no module of its own, since it is made of the market's services.

export const COMPAT_CONTROLLERS = [
  CompatCronController,
  CompatDataController,
  CompatUserController,
  CompatIngestController,
  CompatMarketController,
];

export const COMPAT_PROVIDERS = [
  CompatAnalysisService,
  CompatCalendar,
  CompatCatalog,
  CompatCatalogRepository,
  CompatItemWrites,
  CompatObservations,
  CompatObservationsRepository,
  CompatDataService,
  CompatDesk,
  CompatHarvestRoutes,
  CompatHarvest,
  CompatRecipes,
  CompatResources,
  CompatIngestService,
  CompatItemsRepository,
  CompatMarketRepository,
  CompatMarketService,
  CompatServersService,
  CompatIconsService,
  CompatLeveling,
  CompatBankCrafts,
  CompatBankService,
  CompatListsService,
  CompatMessagesService,
  CompatProfilesService,
];
