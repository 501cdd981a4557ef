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
import { HeldFigures } from './analytics/held-figures.service.js';
import { SeriesFiguresRepository } from './analytics/series-figures.repository.js';
import { SeriesFigures } from './analytics/series-figures.service.js';
import { RefreshFiguresHandler } from './analytics/refresh-figures.handler.js';
import { WindowFiguresRepository } from './analytics/window-figures.repository.js';
import { WindowFigures } from './analytics/window-figures.service.js';
import { AnalyticsDesk } from './analytics/analytics-desk.service.js';
import { IndexLinksRepository } from './analytics/index-links.repository.js';
import { MarketIndexes } from './analytics/market-indexes.service.js';
import { FigureListsController } from './analytics/figure-lists.controller.js';
import { FigureLists } from './analytics/figure-lists.service.js';
import { NativeListsService } from './analytics/native-lists.service.js';
import { NativeScannerService } from './analytics/native-scanner.service.js';
import { RawMeansRepository } from './analytics/raw-means.repository.js';
import { ScannerController } from './analytics/scanner.controller.js';
import { BacktestsController } from './backtests/backtests.controller.js';
import { BacktestsRepository } from './backtests/backtests.repository.js';
import { BacktestsService } from './backtests/backtests.service.js';
import { CalendarClient } from './calendar/calendar.client.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarImport } from './calendar/calendar-import.service.js';
import { CalendarRefresh } from './calendar/calendar-refresh.service.js';
import { CalendarRepository } from './calendar/calendar.repository.js';
import { CalendarService } from './calendar/calendar.service.js';
import { RefreshCalendarHandler } from './calendar/refresh-calendar.handler.js';
import { CatalogDirectory } from './catalog/catalog-directory.service.js';
import { CatalogController } from './catalog/catalog.controller.js';
import { CatalogRepository } from './catalog/catalog.repository.js';
import { CatalogSeedRepository } from './catalog/catalog-seed.repository.js';
import { CatalogSeedService } from './catalog/catalog-seed.service.js';
import { CatalogService } from './catalog/catalog.service.js';
import { ItemsRepository } from './catalog/items.repository.js';
import { ItemCurationController } from './catalog/item-curation.controller.js';
import { ItemCuration } from './catalog/item-curation.service.js';
import { NativeItemCuration } from './catalog/native-item-curation.service.js';
import { ItemCurationRepository } from './catalog/item-curation.repository.js';
import { ItemEffectsRepository } from './catalog/item-effects.repository.js';
import { ItemLocks } from './catalog/item-locks.service.js';
import { ItemNaming } from './catalog/item-naming.service.js';
import { ItemRemoval } from './catalog/item-removal.service.js';
import { SweepItemHandler } from './catalog/sweep-item.handler.js';
import { HarvestAtlas } from './harvest/harvest-atlas.service.js';
import { HarvestController } from './harvest/harvest.controller.js';
import { HarvestRepository } from './harvest/harvest.repository.js';
import { HarvestRouteDesk } from './harvest/harvest-route-desk.service.js';
import { HarvestRoutes } from './harvest/harvest-routes.service.js';
import { HarvestRoutesController } from './harvest/harvest-routes.controller.js';
import { HarvestRoutesRepository } from './harvest/harvest-routes.repository.js';
import { HarvestSeedRepository } from './harvest/harvest-seed.repository.js';
import { HarvestSeedService } from './harvest/harvest-seed.service.js';
import { HarvestService } from './harvest/harvest.service.js';
import { IconsController } from './icons/icons.controller.js';
import { IconsRepository } from './icons/icons.repository.js';
import { IconsService } from './icons/icons.service.js';
import { ExpireImportsHandler } from './imports/expire-imports.handler.js';
import { ImportHistoryHandler } from './imports/import-history.handler.js';
import { ImportHistoryService } from './imports/import-history.service.js';
import { ImportPortions } from './imports/import-portions.service.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsRepository } from './imports/imports.repository.js';
import { ImportsService } from './imports/imports.service.js';
import { IngestController } from './ingest/ingest.controller.js';
import { BatchGround } from './ingest/batch-ground.service.js';
import { IngestRepository } from './ingest/ingest.repository.js';
import { IngestService } from './ingest/ingest.service.js';
import { NativeIngestService } from './ingest/native-ingest.service.js';
import { PriceHistoryRepository } from './ingest/price-history.repository.js';
import { PriceHistory } from './ingest/price-history.service.js';
import { ObservationsController } from './observations/observations.controller.js';
import { ObservationsRepository } from './observations/observations.repository.js';
import { ObservationsService } from './observations/observations.service.js';
import { MemberRolesController } from './roles/member-roles.controller.js';
import { MemberRolesRepository } from './roles/member-roles.repository.js';
import { MemberRoles } from './roles/member-roles.service.js';
import { ChartsController } from './charts/charts.controller.js';
import { ChartsService } from './charts/charts.service.js';
import { DumpsController } from './dumps/dumps.controller.js';
import { DumpsRepository } from './dumps/dumps.repository.js';
import { DumpsService } from './dumps/dumps.service.js';
import { MakeDumpsHandler } from './dumps/make-dumps.handler.js';
import { MakeDumpsService } from './dumps/make-dumps.service.js';
import { LevelingController } from './leveling/leveling.controller.js';
import { LevelingDesk } from './leveling/leveling-desk.service.js';
import { LevelingService } from './leveling/leveling.service.js';
import { PricesController } from './prices/prices.controller.js';
import { PricesRepository } from './prices/prices.repository.js';
import { PricesService } from './prices/prices.service.js';
import { BankCraftsController } from './crafting/bank-crafts.controller.js';
import { CraftPlansController } from './crafting/craft-plans.controller.js';
import { CraftPlans } from './crafting/craft-plans.service.js';
import { NativeBankCrafts } from './crafting/native-bank-crafts.service.js';
import { RecipeNames } from './crafting/recipe-names.service.js';
import { CraftingService } from './crafting/crafting.service.js';
import { CustomRecipes } from './crafting/custom-recipes.service.js';
import { NativeRecipes } from './crafting/native-recipes.service.js';
import { PricedRecipesController } from './crafting/priced-recipes.controller.js';
import { RecipesController } from './crafting/recipes.controller.js';
import { XpRatios } from './crafting/xp-ratios.service.js';
import { XpRatiosClient } from './crafting/xp-ratios.client.js';
import { XpRatiosRepository } from './crafting/xp-ratios.repository.js';
import { ProgramSolver } from './crafting/program-solver.service.js';
import { RecipeWrites } from './crafting/recipe-writes.service.js';
import { RecipesRepository } from './crafting/recipes.repository.js';
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
import { LivePrices } from './stream/live-prices.service.js';
import { MarketGateway } from './stream/market.gateway.js';
import { MarketStreams } from './stream/market-streams.service.js';
import { PriceStreamRepository } from './stream/price-stream.repository.js';
import { PriceWatcher } from './stream/price-watcher.service.js';
import { StreamController } from './stream/stream.controller.js';
import { SimulationRepository } from './simulation/simulation.repository.js';
import { SimulationService } from './simulation/simulation.service.js';
import { FlagsController } from './flags/flags.controller.js';
import { FlagsRepository } from './flags/flags.repository.js';
import { FlagsService } from './flags/flags.service.js';
import { ObservationLane } from './observations/observation-lane.service.js';
import { GamePricesController } from './prices/game-prices.controller.js';
import { PriceFiguresRepository } from './prices/price-figures.repository.js';
import { PriceReachService } from './prices/price-reach.service.js';
import { ArbitrageController } from './arbitrage/arbitrage.controller.js';
import { ArbitrageRepository } from './arbitrage/arbitrage.repository.js';
import { ArbitrageService } from './arbitrage/arbitrage.service.js';
import { TradeTermsController } from './terms/trade-terms.controller.js';
import { TradeTermsRepository } from './terms/trade-terms.repository.js';
import { TradeTermsService } from './terms/trade-terms.service.js';
import { ListsController } from './lists/lists.controller.js';
import { ListsRepository } from './lists/lists.repository.js';
import { ListsService } from './lists/lists.service.js';
import { PricedListsService } from './lists/priced-lists.service.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesRepository } from './messages/messages.repository.js';
import { MessagesService } from './messages/messages.service.js';
import { FavouritesService } from './profiles/favourites.service.js';
import { ItemUsesRepository } from './profiles/item-uses.repository.js';
import { Owners } from './profiles/owners.service.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { ProfilesRepository } from './profiles/profiles.repository.js';
import { ProfilesService } from './profiles/profiles.service.js';
import { StockController } from './stock/stock.controller.js';
import { StockRepository } from './stock/stock.repository.js';
import { StockService } from './stock/stock.service.js';
import { COMPAT_CONTROLLERS, COMPAT_PROVIDERS } from './compat/compat.module.js';

const CONTROLLERS = [
  ...COMPAT_CONTROLLERS,
  CatalogController,
  IconsController,
  IngestController,
  ObservationsController,
  PricesController,
  SeriesController,
  AnalyticsController,
  FigureListsController,
  ScannerController,
  ImportsController,
  MemberRolesController,
  LevelingController,
  DumpsController,
  ChartsController,
  BacktestsController,
  ItemCurationController,
  TradeTermsController,
  FlagsController,
  HarvestController,
  HarvestRoutesController,
  CalendarController,
  AlertsController,
  GamePricesController,
  ArbitrageController,
  ProfilesController,
  ListsController,
  StockController,
  MessagesController,
  StreamController,
  RecipesController,
  PricedRecipesController,
  CraftPlansController,
  BankCraftsController,
];
const PROVIDERS = [
  ...COMPAT_PROVIDERS,
  CatalogDirectory,
  CatalogRepository,
  CatalogSeedRepository,
  CatalogSeedService,
  CatalogService,
  ItemsRepository,
  IngestRepository,
  PriceHistoryRepository,
  PriceHistory,
  BatchGround,
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
  HeldFigures,
  WindowFiguresRepository,
  WindowFigures,
  RefreshFiguresHandler,
  ScannerService,
  AnalyticsDesk,
  FigureLists,
  NativeListsService,
  NativeScannerService,
  IndexLinksRepository,
  MarketIndexes,
  RawMeansRepository,
  RollupRequests,
  CraftingService,
  RecipesRepository,
  RecipeWrites,
  NativeRecipes,
  CustomRecipes,
  XpRatios,
  XpRatiosClient,
  XpRatiosRepository,
  ChartsService,
  DumpsRepository,
  DumpsService,
  MakeDumpsHandler,
  MakeDumpsService,
  LevelingService,
  LevelingDesk,
  RefreshRollupsHandler,
  RollOverHandler,
  MakePartitionsHandler,
  DetachRawHandler,
  SimulationRepository,
  SimulationService,
  IconsRepository,
  IconsService,
  ImportsRepository,
  ImportsService,
  ImportHistoryHandler,
  ExpireImportsHandler,
  ImportHistoryService,
  ImportPortions,
  MemberRolesRepository,
  MemberRoles,
  ItemCuration,
  NativeItemCuration,
  ItemCurationRepository,
  ItemEffectsRepository,
  ItemLocks,
  ItemNaming,
  ItemRemoval,
  SweepItemHandler,
  TradeTermsRepository,
  TradeTermsService,
  FlagsRepository,
  FlagsService,
  ObservationLane,
  HarvestSeedRepository,
  HarvestSeedService,
  HarvestAtlas,
  HarvestRepository,
  HarvestService,
  HarvestRoutesRepository,
  HarvestRoutes,
  HarvestRouteDesk,
  CalendarClient,
  CalendarImport,
  CalendarRefresh,
  CalendarRepository,
  CalendarService,
  RefreshCalendarHandler,
  AlertsRepository,
  AlertEvaluationRepository,
  AlertRequests,
  AlertsService,
  EvaluateAlerts,
  EvaluateAlertsHandler,
  SweepAlertsHandler,
  PriceFiguresRepository,
  PriceReachService,
  ArbitrageRepository,
  ArbitrageService,
  Owners,
  ItemUsesRepository,
  ProfilesRepository,
  ProfilesService,
  FavouritesService,
  ListsRepository,
  ListsService,
  PricedListsService,
  StockRepository,
  StockService,
  MessagesRepository,
  MessagesService,
  PriceStreamRepository,
  PriceWatcher,
  MarketStreams,
  CraftPlans,
  NativeBankCrafts,
  RecipeNames,
  ProgramSolver,
  BacktestsRepository,
  BacktestsService,
];

/** Where requests are answered, so are sockets. */
const LIVE = [LivePrices, MarketGateway];

@Module({})
export class MarketModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: MarketModule,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: isServing ? [...PROVIDERS, ...LIVE] : PROVIDERS,
      exports: PROVIDERS,
    };
  }
}
