import { type DynamicModule, Module } from '@nestjs/common';
import { StorageModule } from '../platform/storage/storage.module.js';
import { AlertEvaluationRepository } from './alerts/alert-evaluation.repository.js';
import { AlertRequests } from './alerts/alert-requests.service.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { AlertsRepository } from './alerts/alerts.repository.js';
import { AlertsService } from './alerts/alerts.service.js';
import { EvaluateAlertsHandler } from './alerts/evaluate-alerts.handler.js';
import { EvaluateAlerts } from './alerts/evaluate-alerts.service.js';
import { SweepAlertsHandler } from './alerts/sweep-alerts.handler.js';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { AnalyticsRepository } from './analytics/analytics.repository.js';
import { AnalyticsService } from './analytics/analytics.service.js';
import { NativeAnalyticsService } from './analytics/native-analytics.service.js';
import { ScannerService } from './analytics/scanner.service.js';
import { SeriesFiguresRepository } from './analytics/series-figures.repository.js';
import { SeriesFigures } from './analytics/series-figures.service.js';
import { RefreshFiguresHandler } from './analytics/refresh-figures.handler.js';
import { WindowFiguresRepository } from './analytics/window-figures.repository.js';
import { WindowFigures } from './analytics/window-figures.service.js';
import { AnalyticsDesk } from './analytics/analytics-desk.service.js';
import { FigureListsController } from './analytics/figure-lists.controller.js';
import { FigureLists } from './analytics/figure-lists.service.js';
import { NativeListsService } from './analytics/native-lists.service.js';
import { NativeScannerService } from './analytics/native-scanner.service.js';
import { RawMeansRepository } from './analytics/raw-means.repository.js';
import { ScannerController } from './analytics/scanner.controller.js';
import { CatalogDirectory } from './catalog/catalog-directory.service.js';
import { CatalogController } from './catalog/catalog.controller.js';
import { CatalogRepository } from './catalog/catalog.repository.js';
import { CatalogSeedRepository } from './catalog/catalog-seed.repository.js';
import { CatalogSeedService } from './catalog/catalog-seed.service.js';
import { CatalogService } from './catalog/catalog.service.js';
import { ItemsRepository } from './catalog/items.repository.js';
import { CompatAnalysisService } from './compat/compat-analysis.service.js';
import { CompatDataController } from './compat/compat-data.controller.js';
import { CompatDataService } from './compat/compat-data.service.js';
import { CompatDesk } from './compat/compat-desk.service.js';
import { CompatResources } from './compat/compat-resources.service.js';
import { CompatUserController } from './compat/compat-user.controller.js';
import { CompatIngestController } from './compat/compat-ingest.controller.js';
import { CompatIngestService } from './compat/compat-ingest.service.js';
import { CompatItemsRepository } from './compat/compat-items.repository.js';
import { CompatMarketController } from './compat/compat-market.controller.js';
import { CompatMarketRepository } from './compat/compat-market.repository.js';
import { CompatMarketService } from './compat/compat-market.service.js';
import { CompatServersService } from './compat/compat-servers.service.js';
import { CompatIconsService } from './compat/compat-icons.service.js';
import { IconsController } from './icons/icons.controller.js';
import { IconsRepository } from './icons/icons.repository.js';
import { IconsService } from './icons/icons.service.js';
import { ExpireImportsHandler } from './imports/expire-imports.handler.js';
import { ImportHistoryHandler } from './imports/import-history.handler.js';
import { ImportHistoryService } from './imports/import-history.service.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsRepository } from './imports/imports.repository.js';
import { ImportsService } from './imports/imports.service.js';
import { IngestController } from './ingest/ingest.controller.js';
import { IngestRepository } from './ingest/ingest.repository.js';
import { IngestService } from './ingest/ingest.service.js';
import { NativeIngestService } from './ingest/native-ingest.service.js';
import { ObservationsController } from './observations/observations.controller.js';
import { ObservationsRepository } from './observations/observations.repository.js';
import { ObservationsService } from './observations/observations.service.js';
import { MemberRolesController } from './roles/member-roles.controller.js';
import { MemberRolesRepository } from './roles/member-roles.repository.js';
import { MemberRoles } from './roles/member-roles.service.js';
import { PricesController } from './prices/prices.controller.js';
import { PricesRepository } from './prices/prices.repository.js';
import { PricesService } from './prices/prices.service.js';
import { DirtyDaysRepository } from './rollups/dirty-days.repository.js';
import { DetachRawHandler } from './rollups/detach-raw.handler.js';
import { MakePartitionsHandler } from './rollups/make-partitions.handler.js';
import { RawPartitionsRepository } from './rollups/raw-partitions.repository.js';
import { RawPartitionsService } from './rollups/raw-partitions.service.js';
import { RefreshRollupsHandler } from './rollups/refresh-rollups.handler.js';
import { RollOverHandler } from './rollups/roll-over.handler.js';
import { RollupRequests } from './rollups/rollup-requests.service.js';
import { RollupsRepository } from './rollups/rollups.repository.js';
import { RollupsService } from './rollups/rollups.service.js';
import { SeriesController } from './prices/series.controller.js';
import { SeriesRepository } from './prices/series.repository.js';
import { SeriesService } from './prices/series.service.js';
import { ServerLanes } from './ingest/server-lanes.service.js';
import { MarketStreams } from './stream/market-streams.service.js';
import { PriceStreamRepository } from './stream/price-stream.repository.js';
import { PriceWatcher } from './stream/price-watcher.service.js';
import { StreamController } from './stream/stream.controller.js';
import { SimulationRepository } from './simulation/simulation.repository.js';
import { SimulationService } from './simulation/simulation.service.js';

const CONTROLLERS = [
  CatalogController,
  IconsController,
  IngestController,
  ObservationsController,
  PricesController,
  SeriesController,
  AnalyticsController,
  FigureListsController,
  ScannerController,
  CompatIngestController,
  CompatDataController,
  ImportsController,
  CompatMarketController,
  CompatUserController,
  MemberRolesController,
  AlertsController,
  StreamController,
];
const PROVIDERS = [
  CatalogDirectory,
  CatalogRepository,
  CatalogSeedRepository,
  CatalogSeedService,
  CatalogService,
  ItemsRepository,
  IngestRepository,
  IngestService,
  NativeIngestService,
  ServerLanes,
  ObservationsRepository,
  ObservationsService,
  PricesRepository,
  PricesService,
  DirtyDaysRepository,
  RawPartitionsRepository,
  RawPartitionsService,
  RollupsRepository,
  RollupsService,
  SeriesRepository,
  SeriesService,
  AnalyticsRepository,
  AnalyticsService,
  NativeAnalyticsService,
  SeriesFiguresRepository,
  SeriesFigures,
  WindowFiguresRepository,
  WindowFigures,
  RefreshFiguresHandler,
  ScannerService,
  AnalyticsDesk,
  FigureLists,
  NativeListsService,
  NativeScannerService,
  RawMeansRepository,
  RollupRequests,
  RefreshRollupsHandler,
  RollOverHandler,
  MakePartitionsHandler,
  DetachRawHandler,
  SimulationRepository,
  SimulationService,
  IconsRepository,
  IconsService,
  CompatDesk,
  CompatResources,
  CompatDataService,
  CompatIconsService,
  CompatIngestService,
  CompatItemsRepository,
  CompatMarketRepository,
  CompatMarketService,
  CompatAnalysisService,
  CompatServersService,
  ImportsRepository,
  ImportsService,
  ImportHistoryHandler,
  ExpireImportsHandler,
  ImportHistoryService,
  MemberRolesRepository,
  MemberRoles,
  AlertsRepository,
  AlertEvaluationRepository,
  AlertRequests,
  AlertsService,
  EvaluateAlerts,
  EvaluateAlertsHandler,
  SweepAlertsHandler,
  PriceStreamRepository,
  PriceWatcher,
  MarketStreams,
];

@Module({})
export class MarketModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: MarketModule,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
      exports: PROVIDERS,
    };
  }
}
