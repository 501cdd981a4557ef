import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { AgentsRepository } from './agents/agents.repository.js';
import { AgentsService } from './agents/agents.service.js';
import { AgentAlertPreview } from './alerts/alert-preview.service.js';
import { AgentAlertRequests } from './alerts/alert-requests.service.js';
import { AlertValues } from './alerts/alert-values.service.js';
import { AgentAlertsController } from './alerts/alerts.controller.js';
import { AgentAlertsRepository } from './alerts/alerts.repository.js';
import { AgentAlertsService } from './alerts/alerts.service.js';
import { JudgeAgentAlertsHandler } from './alerts/judge-alerts.handler.js';
import { JudgeAgentAlerts } from './alerts/judge-alerts.service.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { BulkController } from './bulk/bulk.controller.js';
import { Bulk } from './bulk/bulk.service.js';
import { ImportExportHandler } from './bulk/import-export.handler.js';
import { RebuildFiguresHandler } from './bulk/rebuild-figures.handler.js';
import { CompatCupidController } from './compat/compat.controller.js';
import { CompatHealthController } from './compat/compat-health.controller.js';
import { CompatReads } from './compat/compat-reads.service.js';
import { CompatRepository } from './compat/compat.repository.js';
import { CompatSync } from './compat/compat-sync.service.js';
import { ErasedPages } from './erasures/erased-pages.service.js';
import { ErasuresController } from './erasures/erasures.controller.js';
import { TextErasuresRepository } from './erasures/text-erasures.repository.js';
import { TextErasures } from './erasures/text-erasures.service.js';
import { FiguresRepository } from './figures/figures.repository.js';
import { SessionFiguresRepository } from './figures/session-figures.repository.js';
import { SessionTextsRepository } from './figures/session-texts.repository.js';
import { Figures } from './figures/figures.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsRepository } from './metrics/metrics.repository.js';
import { MetricsService } from './metrics/metrics.service.js';
import { SearchController } from './search/search.controller.js';
import { SearchRepository } from './search/search.repository.js';
import { SearchService } from './search/search.service.js';
import { SessionExportsController } from './sessions/session-exports.controller.js';
import { SessionExports } from './sessions/session-exports.service.js';
import { SeriesRepository } from './metrics/series.repository.js';
import { SeriesService } from './metrics/series.service.js';
import { PicturesController } from './pictures/pictures.controller.js';
import { PicturesRepository } from './pictures/pictures.repository.js';
import { PicturesService } from './pictures/pictures.service.js';
import { NamesController } from './names/names.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SpokenStepsRepository } from './figures/spoken-steps.repository.js';
import { GapsRepository } from './story/gaps.repository.js';
import { GapsService } from './story/gaps.service.js';
import { OutcomesController } from './story/outcomes.controller.js';
import { OutcomesRepository } from './story/outcomes.repository.js';
import { OutcomesService } from './story/outcomes.service.js';
import { RetentionRepository } from './story/retention.repository.js';
import { RetentionService } from './story/retention.service.js';
import { STORY_NAMES_PROVIDER } from './story-names.tokens.js';
import { StoryController } from './story/story.controller.js';
import { StoryRepository } from './story/story.repository.js';
import { StoryService } from './story/story.service.js';
import { DropPayloadsHandler } from './store/drop-payloads.handler.js';
import { ExportImport } from './store/export-import.service.js';
import { LangfuseTables } from './store/langfuse-tables.service.js';
import { RawRowsRepository } from './store/raw-rows.repository.js';
import { TracesController } from './traces/traces.controller.js';
import { TracesRepository } from './traces/traces.repository.js';
import { TracesService } from './traces/traces.service.js';
import { LangfuseSources } from './sync/langfuse-sources.service.js';
import { Projects } from './sync/projects.service.js';
import { SyncController } from './sync/sync.controller.js';
import { SyncRuns } from './sync/sync-runs.service.js';

const CONTROLLERS = [
  CompatCupidController,
  CompatHealthController,
  SessionsController,
  SessionExportsController,
  SearchController,
  TracesController,
  ErasuresController,
  AgentsController,
  MetricsController,
  StoryController,
  OutcomesController,
  SyncController,
  AgentAlertsController,
  PicturesController,
  BulkController,
  NamesController,
];
const PROVIDERS = [
  STORY_NAMES_PROVIDER,
  RawRowsRepository,
  FiguresRepository,
  SessionFiguresRepository,
  SessionTextsRepository,
  Figures,
  TextErasuresRepository,
  ErasedPages,
  TextErasures,
  LangfuseTables,
  ExportImport,
  LangfuseSources,
  DropPayloadsHandler,
  Projects,
  SyncRuns,
  SpokenStepsRepository,
  SessionsRepository,
  SessionsService,
  SessionExports,
  SearchRepository,
  SearchService,
  TracesRepository,
  TracesService,
  AgentsRepository,
  AgentsService,
  MetricsRepository,
  MetricsService,
  SeriesRepository,
  SeriesService,
  StoryRepository,
  StoryService,
  OutcomesRepository,
  OutcomesService,
  RetentionRepository,
  RetentionService,
  GapsRepository,
  GapsService,
  CompatRepository,
  CompatReads,
  CompatSync,
  AgentAlertsRepository,
  AgentAlertRequests,
  AlertValues,
  AgentAlertsService,
  AgentAlertPreview,
  JudgeAgentAlerts,
  JudgeAgentAlertsHandler,
  PicturesRepository,
  PicturesService,
  Bulk,
  RebuildFiguresHandler,
  ImportExportHandler,
];

/** How the agents of a game and its players do, from what Langfuse holds of them. */
@Module({})
export class AgentAnalyticsModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: AgentAnalyticsModule,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
