import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ExportRunsController } from './files/export-runs.controller.js';
import { ExportRuns } from './files/export-runs.service.js';
import { ImportRunsHandler } from './files/import-runs.handler.js';
import { ImportRuns } from './files/import-runs.service.js';
import { ImportSources } from './files/import-sources.service.js';
import { ImportedRuns } from './files/imported-runs.service.js';
import { RunImportsController } from './files/run-imports.controller.js';
import { RunImportsRepository } from './files/run-imports.repository.js';
import { RunImports } from './files/run-imports.service.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { BuildGhostHandler } from './ghosts/build-ghost.handler.js';
import { GhostBuilder } from './ghosts/ghost-builder.service.js';
import { GhostCurvesRepository } from './ghosts/ghost-curves.repository.js';
import { GhostCurves } from './ghosts/ghost-curves.service.js';
import { GhostPlans } from './ghosts/ghost-plans.service.js';
import { GhostSharing } from './ghosts/ghost-sharing.service.js';
import { GhostSourcesRepository } from './ghosts/ghost-sources.repository.js';
import { GhostsController } from './ghosts/ghosts.controller.js';
import { GhostsRepository } from './ghosts/ghosts.repository.js';
import { GhostsService } from './ghosts/ghosts.service.js';
import { OpenGhostsController } from './ghosts/open-ghosts.controller.js';
import { OpenGhostsRepository } from './ghosts/open-ghosts.repository.js';
import { OpenGhosts } from './ghosts/open-ghosts.service.js';
import { RecommendationsRepository } from './ghosts/recommendations.repository.js';
import { RecommendedGhosts } from './ghosts/recommended-ghosts.service.js';
import { RecordRunsRepository } from './ghosts/record-runs.repository.js';
import { RefreshGhostsHandler } from './ghosts/refresh-ghosts.handler.js';
import { RenewGhostsHandler } from './ghosts/renew-ghosts.handler.js';
import { AnalysesRepository } from './analysis/analyses.repository.js';
import { AnalyseRunHandler } from './analysis/analyse-run.handler.js';
import { ReanalyseRunsHandler } from './analysis/reanalyse-runs.handler.js';
import { RunAnalysesController } from './analysis/run-analyses.controller.js';
import { RunAnalyses } from './analysis/run-analyses.service.js';
import { HeartZones } from './analytics/heart-zones.service.js';
import { RunnerBody } from './analytics/runner-body.service.js';
import { RunnerFiguresRepository } from './analytics/runner-figures.repository.js';
import { RunnerFitness } from './analytics/runner-fitness.service.js';
import { RunningAnalyticsController } from './analytics/running-analytics.controller.js';
import { RunningStatsController } from './analytics/running-stats.controller.js';
import { RunningStats } from './analytics/running-stats.service.js';
import { TrainingLoads } from './analytics/training-loads.service.js';
import { RunAnalyser } from './analysis/run-analyser.service.js';
import { RacePicturesController } from './pictures/race-pictures.controller.js';
import { RacePictures } from './pictures/race-pictures.service.js';
import { RunPicturesController } from './pictures/run-pictures.controller.js';
import { RunPictures } from './pictures/run-pictures.service.js';
import { PictureUploads } from './profiles/picture-uploads.service.js';
import { PreferencesReader } from './profiles/preferences-reader.service.js';
import { PreferencesRepository } from './profiles/preferences.repository.js';
import { PreferencesService } from './profiles/preferences.service.js';
import { ProfilePictures } from './profiles/profile-pictures.service.js';
import { PublicRunnersController } from './profiles/public-runners.controller.js';
import { PublicRunners } from './profiles/public-runners.service.js';
import { RunnerProfileController } from './profiles/runner-profile.controller.js';
import { RunnerProfilesRepository } from './profiles/runner-profiles.repository.js';
import { RunnerProfiles } from './profiles/runner-profiles.service.js';
import { RaceEntries } from './races/race-entries.service.js';
import { RaceParticipantsRepository } from './races/race-participants.repository.js';
import { RaceResultsController } from './races/race-results.controller.js';
import { RaceResultsRepository } from './races/race-results.repository.js';
import { RaceResults } from './races/race-results.service.js';
import { RaceViews } from './races/race-views.service.js';
import { RacesController } from './races/races.controller.js';
import { RacesRepository } from './races/races.repository.js';
import { RacesService } from './races/races.service.js';
import { SettleRacesHandler } from './races/settle-races.handler.js';
import { SettleRaces } from './races/settle-races.service.js';
import { WarmRacesHandler } from './races/warm-races.handler.js';
import { MatchRouteHandler } from './routes/match-route.handler.js';
import { MatchRunHandler } from './routes/match-run.handler.js';
import { RouteCandidates } from './routes/route-candidates.service.js';
import { RouteDrawer } from './routes/route-drawer.service.js';
import { RouteRematcher } from './routes/route-rematcher.service.js';
import { RouteShapesRepository } from './routes/route-shapes.repository.js';
import { RouteShapes } from './routes/route-shapes.service.js';
import { RoutesRepository } from './routes/routes.repository.js';
import { RunMatcher } from './routes/run-matcher.service.js';
import { RunRoutesRepository } from './routes/run-routes.repository.js';
import { RunDefaults } from './runs/run-defaults.service.js';
import { RunTracks } from './runs/run-tracks.service.js';
import { RunWriter } from './runs/run-writer.service.js';
import { RunsRepository } from './runs/runs.repository.js';
import { VisibleRunsRepository } from './runs/visible-runs.repository.js';
import { VisibleRuns } from './runs/visible-runs.service.js';
import { TracksRepository } from './runs/tracks.repository.js';

const CONTROLLERS: Type[] = [
  RunImportsController,
  ExportRunsController,
  RunnerProfileController,
  PublicRunnersController,
  RunPicturesController,
  RacePicturesController,
  RunAnalysesController,
  RunningStatsController,
  RunningAnalyticsController,
  // Before those that take their words for an id.
  OpenGhostsController,
  GhostsController,
  RaceResultsController,
  RacesController,
];

const RUNS: Provider[] = [RunsRepository, TracksRepository, RunTracks, RunDefaults, RunWriter];
const RECORDINGS: Provider[] = [];
const PROFILES: Provider[] = [
  RunnerProfilesRepository,
  PreferencesRepository,
  PreferencesReader,
  ProfilePictures,
  RunnerProfiles,
  PictureUploads,
  PublicRunners,
  PreferencesService,
];
const FILES: Provider[] = [
  RunImportsRepository,
  ImportSources,
  ImportedRuns,
  ImportRuns,
  ImportRunsHandler,
  RunImports,
  ExportRuns,
];
const ANALYSIS: Provider[] = [
  AnalysesRepository,
  RunAnalyser,
  AnalyseRunHandler,
  ReanalyseRunsHandler,
  RunAnalyses,
  RunnerFiguresRepository,
  RunnerBody,
  RunningStats,
  TrainingLoads,
  RunnerFitness,
  HeartZones,
];
const ROUTES: Provider[] = [
  RoutesRepository,
  RouteShapesRepository,
  RunRoutesRepository,
  RouteShapes,
  RouteCandidates,
  RouteDrawer,
  RunMatcher,
  RouteRematcher,
  MatchRunHandler,
  MatchRouteHandler,
];
const GHOSTS: Provider[] = [
  GhostsRepository,
  GhostSourcesRepository,
  GhostCurvesRepository,
  OpenGhostsRepository,
  RecordRunsRepository,
  RecommendationsRepository,
  GhostCurves,
  OpenGhosts,
  GhostPlans,
  GhostBuilder,
  GhostSharing,
  GhostsService,
  RecommendedGhosts,
  BuildGhostHandler,
  RefreshGhostsHandler,
  RenewGhostsHandler,
];
const RACES: Provider[] = [
  RacesRepository,
  RaceParticipantsRepository,
  RaceResultsRepository,
  RaceViews,
  RacesService,
  RaceEntries,
  RaceResults,
  SettleRaces,
  SettleRacesHandler,
  WarmRacesHandler,
];
const PICTURES: Provider[] = [VisibleRunsRepository, VisibleRuns, RunPictures, RacePictures];
const COMPAT: Provider[] = [];

/** Runs, their analysis, and races against ghosts. */
@Module({})
export class RunningModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: RunningModule,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: [
        ...RUNS,
        ...RECORDINGS,
        ...PROFILES,
        ...FILES,
        ...ANALYSIS,
        ...ROUTES,
        ...GHOSTS,
        ...RACES,
        ...PICTURES,
        ...COMPAT,
      ],
    };
  }
}
