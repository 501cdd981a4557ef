import { type DynamicModule, Module } from '@nestjs/common';
import { AGENT_ANALYTICS_JOBS } from './agent-analytics/agent-analytics.jobs.js';
import { AgentAnalyticsModule } from './agent-analytics/agent-analytics.module.js';
import { AgentAlertsData } from './agent-analytics/alerts/alerts-data.handler.js';
import { ConversationsData } from './destiny/agent/conversations-data.handler.js';
import { DESTINY_JOBS } from './destiny/destiny.jobs.js';
import { DestinyModule } from './destiny/destiny.module.js';
import { ProfilesData } from './destiny/profiles/profiles-data.handler.js';
import { DestinyLinkData } from './destiny/link/link-data.handler.js';
import { SharesData } from './destiny/shares/shares-data.handler.js';
import { WishListsData } from './destiny/wish-lists/wish-lists-data.handler.js';
import { IDENTITY_JOBS } from './identity/identity.jobs.js';
import { IdentityModule } from './identity/identity.module.js';
import { HarvestRoutesData } from './market/harvest/harvest-routes-data.handler.js';
import { AlertsData } from './market/alerts/alerts-data.handler.js';
import { MarketRolesData } from './market/roles/roles-data.handler.js';
import { PersonalData } from './market/profiles/personal-data.handler.js';
import { ImportsData } from './market/imports/imports-data.handler.js';
import { MARKET_JOBS } from './market/market.jobs.js';
import { MarketModule } from './market/market.module.js';
import { GhostsData } from './running/ghosts/ghosts-data.handler.js';
import { RacesData } from './running/races/races-data.handler.js';
import { AnalysesData } from './running/analysis/analyses-data.handler.js';
import { RunImportsData } from './running/files/run-imports-data.handler.js';
import { RunnerProfilesData } from './running/profiles/runner-profiles-data.handler.js';
import { RoutesData } from './running/routes/routes-data.handler.js';
import { RUNNING_JOBS } from './running/running.jobs.js';
import { RunningModule } from './running/running.module.js';
import { RunsData } from './running/runs/runs-data.handler.js';
import { tabletopJobs } from './tabletop/tabletop.jobs.js';
import { CharactersData } from './tabletop/characters/characters-data.handler.js';
import { CampaignsData } from './tabletop/campaigns/campaigns-data.handler.js';
import { SearchData } from './tabletop/search/search-data.handler.js';
import { TabletopModule } from './tabletop/tabletop.module.js';
import { AiModule } from './platform/ai/ai.module.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { CacheModule } from './platform/cache/cache.module.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { DomainName, Env } from './platform/config/env.js';
import { DataRightsModule } from './platform/data-rights/data-rights.module.js';
import { DependenciesModule } from './platform/dependencies/dependencies.module.js';
import { DatabaseModule, type OpenDatabase } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { RateLimitsModule } from './platform/http/rate-limits.module.js';
import type { Logger } from './platform/logging/logger.js';
import type { JobCatalog } from './platform/jobs/job-catalog.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { NOTIFICATION_JOBS } from './platform/notifications/notifications.jobs.js';
import { ChartsModule } from './platform/charts/charts.module.js';
import { NotificationsModule } from './platform/notifications/notifications.module.js';
import { FilesModule } from './platform/operations/files/files.module.js';
import { NotificationsDeskModule } from './platform/operations/notifications/notifications-desk.module.js';
import { PLATFORM_JOBS } from './platform/operations/platform.jobs.js';
import { OperationsModule } from './platform/operations/operations.module.js';
import { OutboundModule } from './platform/outbound/outbound.module.js';
import { WEBHOOK_JOBS } from './platform/operations/webhooks/webhooks.jobs.js';
import { WebhooksModule } from './platform/operations/webhooks/webhooks.module.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { ProfilingModule } from './platform/profiling/profiling.module.js';
import { postgresBus } from './platform/realtime/postgres-bus.js';
import { redisBus } from './platform/realtime/redis-bus.js';
import { RealtimeModule } from './platform/realtime/realtime.module.js';
import { SYNC_JOBS } from './platform/sync/sync.jobs.js';
import { SyncModule } from './platform/sync/sync.module.js';
import { StorageModule } from './platform/storage/storage.module.js';
import { VaultModule } from './platform/vault/vault.module.js';

/** A domain's module by the role of the process. A domain that DOMAINS leaves out is not built at all. */
const DOMAIN_MODULES: Record<DomainName, (isServing: boolean) => DynamicModule> = {
  market: (isServing) => MarketModule.register(isServing),
  'agent-analytics': (isServing) => AgentAnalyticsModule.register(isServing),
  destiny: (isServing) => DestinyModule.register(isServing),
  running: (isServing) => RunningModule.register(isServing),
  tabletop: (isServing) => TabletopModule.register(isServing),
};

/** What each domain runs in the background. */
const JOB_CATALOGS: Record<DomainName, (env: Env) => JobCatalog> = {
  market: () => MARKET_JOBS,
  'agent-analytics': () => AGENT_ANALYTICS_JOBS,
  destiny: () => DESTINY_JOBS,
  running: () => RUNNING_JOBS,
  tabletop: tabletopJobs,
};

/** What domains answer for persons, served or not: their tables are there whatever DOMAINS says. */
const DATA_HANDLERS = [
  ImportsData,
  MarketRolesData,
  HarvestRoutesData,
  AlertsData,
  PersonalData,
  AgentAlertsData,
  DestinyLinkData,
  ProfilesData,
  ConversationsData,
  WishListsData,
  SharesData,
  RunnerProfilesData,
  GhostsData,
  RacesData,
  RoutesData,
  RunsData,
  RunImportsData,
  AnalysesData,
  CampaignsData,
  SearchData,
  CharactersData,
];

@Module({})
export class AppModule {
  static forRoot(env: Env, database: OpenDatabase, logger: Logger): DynamicModule {
    const isServing = env.role !== 'worker';
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(env),
        DependenciesModule,
        HttpModule.forRoot(logger, env.role !== 'api'),
        DatabaseModule.forRoot(database),
        JobsModule.forRoot({
          catalogs: [
            PLATFORM_JOBS,
            WEBHOOK_JOBS,
            NOTIFICATION_JOBS,
            SYNC_JOBS,
            IDENTITY_JOBS,
            ...env.domains.map((domain) => JOB_CATALOGS[domain](env)),
          ],
          target: database.target,
          redisUrl: env.redisUrl,
          jobs: {
            isWorker: env.role !== 'api',
            lockMs: env.jobsLockMs,
            graceMs: env.shutdownGraceS * 1_000,
          },
        }),
        DataRightsModule.forRoot(DATA_HANDLERS, [StorageModule]),
        AuthModule,
        IdentityModule.register(isServing),
        RateLimitsModule,
        VaultModule,
        AuditModule.forRoot(env.role !== 'api'),
        ProfilingModule.forRoot(env, logger),
        CacheModule.forRoot(env.redisUrl, logger),
        OutboundModule.forRoot(env, logger),
        NotificationsModule,
        ChartsModule,
        AiModule.forRoot(),
        SyncModule.forRoot(env.role !== 'api'),
        RealtimeModule.register(
          isServing,
          env.redisUrl === undefined ? postgresBus(database.target, database.system) : redisBus(env.redisUrl),
        ),
        LifecycleModule,
        OperationsModule.register(isServing),
        WebhooksModule.register(isServing),
        FilesModule.register(isServing),
        NotificationsDeskModule.register(isServing),
        ...env.domains.map((domain) => DOMAIN_MODULES[domain](isServing)),
      ],
    };
  }
}
