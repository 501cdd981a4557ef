import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { StorageModule } from '../platform/storage/storage.module.js';
import { AnalysesRepository } from './analysis/analyses.repository.js';
import { AnalyseRunHandler } from './analysis/analyse-run.handler.js';
import { ReanalyseRunsHandler } from './analysis/reanalyse-runs.handler.js';
import { RunAnalyser } from './analysis/run-analyser.service.js';
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
import { RunDefaults } from './runs/run-defaults.service.js';
import { RunTracks } from './runs/run-tracks.service.js';
import { RunWriter } from './runs/run-writer.service.js';
import { RunsRepository } from './runs/runs.repository.js';
import { VisibleRunsRepository } from './runs/visible-runs.repository.js';
import { VisibleRuns } from './runs/visible-runs.service.js';
import { TracksRepository } from './runs/tracks.repository.js';

const CONTROLLERS: Type[] = [RunnerProfileController, PublicRunnersController, RunPicturesController];

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
const FILES: Provider[] = [];
const ANALYSIS: Provider[] = [AnalysesRepository, RunAnalyser, AnalyseRunHandler, ReanalyseRunsHandler];
const ROUTES: Provider[] = [];
const GHOSTS: Provider[] = [];
const RACES: Provider[] = [];
const PICTURES: Provider[] = [VisibleRunsRepository, VisibleRuns, RunPictures];
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
