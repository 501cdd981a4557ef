import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { RunDefaults } from './runs/run-defaults.service.js';
import { RunTracks } from './runs/run-tracks.service.js';
import { RunWriter } from './runs/run-writer.service.js';
import { RunsRepository } from './runs/runs.repository.js';
import { TracksRepository } from './runs/tracks.repository.js';

const CONTROLLERS: Type[] = [];

const RUNS: Provider[] = [RunsRepository, TracksRepository, RunTracks, RunDefaults, RunWriter];
const RECORDINGS: Provider[] = [];
const PROFILES: Provider[] = [];
const FILES: Provider[] = [];
const ANALYSIS: Provider[] = [];
const ROUTES: Provider[] = [];
const GHOSTS: Provider[] = [];
const RACES: Provider[] = [];
const PICTURES: Provider[] = [];
const COMPAT: Provider[] = [];

/** Runs, their analysis, and races against ghosts. */
@Module({})
export class RunningModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: RunningModule,
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
