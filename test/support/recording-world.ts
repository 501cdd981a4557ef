import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { PreferencesReader } from '../../src/running/profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../../src/running/profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../../src/running/profiles/runner-profiles.repository.js';
import { FixBuffer } from '../../src/running/recordings/fix-buffer.service.js';
import { FixStore } from '../../src/running/recordings/fix-store.service.js';
import { type Fix, readFix } from '../../src/running/recordings/fix.js';
import { FixesRepository } from '../../src/running/recordings/fixes.repository.js';
import { Recordings } from '../../src/running/recordings/recordings.service.js';
import { RunEventsRepository } from '../../src/running/recordings/run-events.repository.js';
import { RunFolder } from '../../src/running/recordings/run-folder.service.js';
import { RunDefaults } from '../../src/running/runs/run-defaults.service.js';
import { RunTracks } from '../../src/running/runs/run-tracks.service.js';
import { RunWriter } from '../../src/running/runs/run-writer.service.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import type { TestUnits } from './units.js';

/** What a recording needs, on a database of a test. */
export interface RecordingWorld {
  readonly runs: RunsRepository;
  readonly fixes: FixesRepository;
  readonly tracks: RunTracks;
  readonly writer: RunWriter;
  readonly buffer: FixBuffer;
  readonly recordings: Recordings;
  /** Starts a recording at {@link RECORDED_AT_MS}. */
  begin(userId: string, runId: string): Promise<void>;
  /** As the job does it. */
  fold(runId: string): Promise<void>;
}

export const RECORDED_AT_MS = 1_764_000_000_000;

export function recordingWorld(units: TestUnits): RecordingWorld {
  const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const [runs, fixes, events] = [new RunsRepository(), new FixesRepository(), new RunEventsRepository()];
  const tracks = new RunTracks(units.app, new TracksRepository());
  const preferences = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
  const writer = new RunWriter(runs, tracks, new RunDefaults(preferences), jobs);
  const store = new FixStore(fixes, jobs);
  const buffer = new FixBuffer(units.system, store, logger);
  const folder = new RunFolder(runs, fixes, events, tracks, writer);
  return {
    runs,
    fixes,
    tracks,
    writer,
    buffer,
    recordings: new Recordings(units.app, runs, fixes, store, events, buffer, jobs),
    begin: (userId, runId) =>
      units.app.run({ id: userId }, async (tx) => {
        await runs.lockChanges(tx, userId);
        await runs.insertRun(tx, { ...A_RECORDING, id: runId, userId });
      }),
    fold: async (runId) => {
      await units.system.run(SYSTEM_SCOPE, (tx) => fixes.drain(tx));
      await units.system.run(SYSTEM_SCOPE, (tx) => folder.fold(tx, runId));
    },
  };
}

/** A fix of somebody who runs east at three metres a second from {@link RECORDED_AT_MS} on. */
export function eastwards(seq: number, more: Partial<Fix> = {}): Fix {
  const fix = readFix([
    seq,
    RECORDED_AT_MS + seq * 1_000,
    48,
    11 + seq * 4.03e-5,
    4,
    520,
    3,
    90,
    140,
    172,
  ]) as Fix;
  return { ...fix, ...more };
}

const A_RECORDING = {
  source: 'app',
  externalId: null,
  status: 'recording',
  title: null,
  description: null,
  sport: 'run',
  privacy: null,
  visibility: 'private',
  startedAt: new Date(RECORDED_AT_MS),
  finishedAt: null,
  timeZone: null,
  lastSeq: null,
  distanceM: null,
  movingTimeS: null,
  elapsedTimeS: null,
  averageHeartRateBpm: null,
  maxHeartRateBpm: null,
  averageCadenceSpm: null,
  caloriesKcal: null,
  elevationGainM: null,
  elevationLossM: null,
  maxElevationM: null,
  minElevationM: null,
  startLatDeg: null,
  startLonDeg: null,
  endLatDeg: null,
  endLonDeg: null,
  hasTrack: false,
  trackVersion: 0,
} as const;
