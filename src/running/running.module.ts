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
import { CompatBuiltController } from './compat/compat-built.controller.js';
import { CompatBuilt } from './compat/compat-built.service.js';
import { CompatGhostsController } from './compat/compat-ghosts.controller.js';
import { CompatGhostsRepository } from './compat/compat-ghosts.repository.js';
import { CompatGhosts } from './compat/compat-ghosts.service.js';
import { CompatGhostWrites } from './compat/compat-ghost-writes.service.js';
import { CompatRacesController } from './compat/compat-races.controller.js';
import { CompatRacesRepository } from './compat/compat-races.repository.js';
import { CompatRaces } from './compat/compat-races.service.js';
import { CompatRunsController } from './compat/compat-runs.controller.js';
import { CompatRunsRepository } from './compat/compat-runs.repository.js';
import { CompatRuns } from './compat/compat-runs.service.js';
import { CompatRunWrites } from './compat/compat-run-writes.service.js';
import { CompatStats } from './compat/compat-stats.service.js';
import { CompatTracks } from './compat/compat-tracks.service.js';
import { CompatWispShapes } from './compat/compat.filter.js';
import { CompatUsersController } from './compat/compat-users.controller.js';
import { CompatUsers } from './compat/compat-users.service.js';
import { RunnerProfileController } from './profiles/runner-profile.controller.js';
import { RunnerProfilesRepository } from './profiles/runner-profiles.repository.js';
import { RunnerProfiles } from './profiles/runner-profiles.service.js';
import { LiveEntries } from './races/live-entries.service.js';
import { LiveRuns } from './races/live-runs.service.js';
import { RaceNews } from './races/race-news.service.js';
import { RaceRooms } from './races/race-rooms.service.js';
import { RaceSnapshots } from './races/race-snapshots.service.js';
import { RaceStarts } from './races/race-starts.service.js';
import { RaceGateway } from './races/race.gateway.js';
import { AbandonedRecordingsRepository } from './recordings/abandoned-recordings.repository.js';
import { FixBuffer } from './recordings/fix-buffer.service.js';
import { FixStore } from './recordings/fix-store.service.js';
import { FixesRepository } from './recordings/fixes.repository.js';
import { FoldRunHandler } from './recordings/fold-run.handler.js';
import { Recordings } from './recordings/recordings.service.js';
import { RunEventsRepository } from './recordings/run-events.repository.js';
import { RunFolder } from './recordings/run-folder.service.js';
import { SweepRecordingsHandler } from './recordings/sweep-recordings.handler.js';
import { RaceEntries } from './races/race-entries.service.js';
import { RaceParticipantsRepository } from './races/race-participants.repository.js';
import { RaceResultsController } from './races/race-results.controller.js';
import { RaceResultsRepository } from './races/race-results.repository.js';
import { RaceResults } from './races/race-results.service.js';
import { RaceViews } from './races/race-views.service.js';
import { RacesController } from './races/races.controller.js';
import { RacesRepository } from './races/races.repository.js';
import { RacesService } from './races/races.service.js';
import { RunRaces } from './races/run-races.service.js';
import { RenewResultsHandler } from './races/renew-results.handler.js';
import { SettleRacesHandler } from './races/settle-races.handler.js';
import { SettleRaces } from './races/settle-races.service.js';
import { WarmRacesHandler } from './races/warm-races.handler.js';
import { RecordingsController } from './recordings/recordings.controller.js';
import { MatchRouteHandler } from './routes/match-route.handler.js';
import { MatchRunHandler } from './routes/match-run.handler.js';
import { RouteCandidates } from './routes/route-candidates.service.js';
import { RouteDrawer } from './routes/route-drawer.service.js';
import { RouteRematcher } from './routes/route-rematcher.service.js';
import { OwnRoutes } from './routes/own-routes.service.js';
import { RouteMerges } from './routes/route-merges.service.js';
import { RouteRedraws } from './routes/route-redraws.service.js';
import { RouteShapesRepository } from './routes/route-shapes.repository.js';
import { RouteShapes } from './routes/route-shapes.service.js';
import { PacingPlansController } from './plans/pacing-plans.controller.js';
import { PacingPlans } from './plans/pacing-plans.service.js';
import { RouteComparisons } from './routes/route-comparisons.service.js';
import { RouteLibrary } from './routes/route-library.service.js';
import { RouteLoops } from './routes/route-loops.service.js';
import { RouteSearchesController } from './routes/route-searches.controller.js';
import { RunnerTimes } from './routes/runner-times.service.js';
import { SuggestedRoutes } from './routes/suggested-routes.service.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutesService } from './routes/routes.service.js';
import { RoutesRepository } from './routes/routes.repository.js';
import { RunMatcher } from './routes/run-matcher.service.js';
import { RunRoutesRepository } from './routes/run-routes.repository.js';
import { RunDefaults } from './runs/run-defaults.service.js';
import { RunLists } from './runs/run-lists.service.js';
import { RunRemovals } from './runs/run-removals.service.js';
import { RunShapesController } from './runs/run-shapes.controller.js';
import { RunShapes } from './runs/run-shapes.service.js';
import { RunTracks } from './runs/run-tracks.service.js';
import { RunWriter } from './runs/run-writer.service.js';
import { RunnerRunsController } from './runs/runner-runs.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsRepository } from './runs/runs.repository.js';
import { RunsService } from './runs/runs.service.js';
import { ShownRunsRepository } from './runs/shown-runs.repository.js';
import { VisibleRunsRepository } from './runs/visible-runs.repository.js';
import { VisibleRuns } from './runs/visible-runs.service.js';
import { TracksRepository } from './runs/tracks.repository.js';

const CONTROLLERS: Type[] = [
  RunsController,
  RunShapesController,
  RunnerRunsController,
  RecordingsController,
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
  RouteSearchesController,
  RoutesController,
  PacingPlansController,
  // Before those that take their words for an id.
  OpenGhostsController,
  GhostsController,
  RaceResultsController,
  RacesController,
  CompatUsersController,
  CompatRunsController,
  CompatGhostsController,
  CompatRacesController,
  CompatBuiltController,
];

const RUNS: Provider[] = [
  RunsRepository,
  ShownRunsRepository,
  TracksRepository,
  RunTracks,
  RunDefaults,
  RunWriter,
  RunsService,
  RunRemovals,
  RunLists,
  RunShapes,
];
const RECORDINGS: Provider[] = [
  FixesRepository,
  RunEventsRepository,
  FixStore,
  FixBuffer,
  Recordings,
  RunFolder,
  FoldRunHandler,
  AbandonedRecordingsRepository,
  SweepRecordingsHandler,
];
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
  OwnRoutes,
  RoutesService,
  RouteMerges,
  RouteRedraws,
  RouteLibrary,
  RunnerTimes,
  SuggestedRoutes,
  RouteLoops,
  RouteComparisons,
  PacingPlans,
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
  RunRaces,
  RaceResults,
  SettleRaces,
  RaceNews,
  SettleRacesHandler,
  RenewResultsHandler,
  WarmRacesHandler,
];
/** Where sockets are. */
const LIVE: Provider[] = [LiveEntries, RaceSnapshots, RaceRooms, RaceStarts, LiveRuns, RaceGateway];
const PICTURES: Provider[] = [VisibleRunsRepository, VisibleRuns, RunPictures, RacePictures];
const COMPAT: Provider[] = [
  CompatWispShapes,
  CompatRunsRepository,
  CompatRuns,
  CompatTracks,
  CompatRunWrites,
  CompatGhostsRepository,
  CompatGhosts,
  CompatGhostWrites,
  CompatRacesRepository,
  CompatRaces,
  CompatStats,
  CompatBuilt,
  CompatUsers,
];

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
        ...(isServing ? LIVE : []),
        ...PICTURES,
        ...COMPAT,
      ],
    };
  }
}
