import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { AgentsRepository } from './agents/agents.repository.js';
import { AgentsService } from './agents/agents.service.js';
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
import { FiguresRepository } from './figures/figures.repository.js';
import { SessionFiguresRepository } from './figures/session-figures.repository.js';
import { Figures } from './figures/figures.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsRepository } from './metrics/metrics.repository.js';
import { MetricsService } from './metrics/metrics.service.js';
import { NamesController } from './names/names.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SpokenStepsRepository } from './sessions/spoken-steps.repository.js';
import { STORY_NAMES_PROVIDER } from './story-names.tokens.js';
import { StoryController } from './story/story.controller.js';
import { StoryRepository } from './story/story.repository.js';
import { StoryService } from './story/story.service.js';
import { DropPayloadsHandler } from './store/drop-payloads.handler.js';
import { ExportImport } from './store/export-import.service.js';
import { LangfuseTables } from './store/langfuse-tables.service.js';
import { RawRowsRepository } from './store/raw-rows.repository.js';
import { LangfuseSources } from './sync/langfuse-sources.service.js';
import { Projects } from './sync/projects.service.js';
import { SyncController } from './sync/sync.controller.js';
import { SyncRuns } from './sync/sync-runs.service.js';

const CONTROLLERS = [
  CompatCupidController,
  CompatHealthController,
  SessionsController,
  AgentsController,
  MetricsController,
  StoryController,
  SyncController,
  BulkController,
  NamesController,
];
const PROVIDERS = [
  STORY_NAMES_PROVIDER,
  RawRowsRepository,
  FiguresRepository,
  SessionFiguresRepository,
  Figures,
  LangfuseTables,
  ExportImport,
  LangfuseSources,
  DropPayloadsHandler,
  Projects,
  SyncRuns,
  SpokenStepsRepository,
  SessionsRepository,
  SessionsService,
  AgentsRepository,
  AgentsService,
  MetricsRepository,
  MetricsService,
  StoryRepository,
  StoryService,
  CompatRepository,
  CompatReads,
  CompatSync,
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
