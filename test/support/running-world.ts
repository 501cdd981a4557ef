import { ENTITIES } from '../../src/app.entities.js';
import { openDatabase, type SystemUnitOfWork } from '../../src/platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import type { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { PreferencesReader } from '../../src/running/profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../../src/running/profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../../src/running/profiles/runner-profiles.repository.js';
import { RunDefaults } from '../../src/running/runs/run-defaults.service.js';
import { RunTracks } from '../../src/running/runs/run-tracks.service.js';
import { finished } from '../../src/running/geo/portions.js';
import { RunWriter } from '../../src/running/runs/run-writer.service.js';
import { type FinishedRun, packRun } from '../../src/running/runs/finished-run.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import { steadyTrack } from './tracks.js';

/** Runs written as imports write them, with the jobs that follow. */
export interface RunningWorld {
  readonly tracks: RunTracks;
  readonly preferences: PreferencesReader;
  readonly jobs: Jobs;
  readonly jobRows: JobsRepository;
  /** A run of a kilometre and a half on level ground at 3 m/s, but for what is said. @returns its id */
  aRun(userId: string, wish?: Partial<FinishedRun>): Promise<string>;
}

export function openRunningWorld(app: UnitOfWork, system: SystemUnitOfWork): RunningWorld {
  const jobRows = new JobsRepository();
  const jobs = new Jobs(jobRows, { ring: () => undefined });
  const tracks = new RunTracks(app, new TracksRepository());
  const preferences = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
  const writer = new RunWriter(new RunsRepository(), tracks, new RunDefaults(preferences), jobs);
  const aRun = async (userId: string, wish: Partial<FinishedRun> = {}): Promise<string> => {
    const run: FinishedRun = {
      userId,
      source: 'app',
      externalId: null,
      title: null,
      startedAtMs: Date.UTC(2026, 2, 1, 8),
      timeZone: 'Europe/Vienna',
      track: steadyTrack(500, 3, () => ({ altitudeM: 200, heartRateBpm: 150 })),
      pauses: [],
      laps: [],
      corrections: [],
      ...wish,
    };
    const packed = finished(packRun(run));
    return (await system.run(SYSTEM_SCOPE, (tx) => writer.insertFinished(tx, packed))).runId;
  };
  return { tracks, preferences, jobs, jobRows, aRun };
}

/** The same beside a server that runs on the database; its worker does what follows. */
export async function withRunningWorld<T>(
  databaseUrl: string,
  work: (world: RunningWorld) => Promise<T>,
): Promise<T> {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 2 } as const;
  const database = await openDatabase(target, ENTITIES);
  try {
    return await work(openRunningWorld(database.app, database.system));
  } finally {
    await database.close();
  }
}
