import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { Caches } from '../../src/platform/cache/caches.service.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import type { Profiler } from '../../src/platform/profiling/profiler.service.js';
import { AnalysesRepository } from '../../src/running/analysis/analyses.repository.js';
import { RunAnalyser } from '../../src/running/analysis/run-analyser.service.js';
import type { Pause, Track } from '../../src/running/geo/track.js';
import { GhostBuilder } from '../../src/running/ghosts/ghost-builder.service.js';
import { GhostCurvesRepository } from '../../src/running/ghosts/ghost-curves.repository.js';
import { GhostCurves } from '../../src/running/ghosts/ghost-curves.service.js';
import { GhostPlans } from '../../src/running/ghosts/ghost-plans.service.js';
import { GhostSharing } from '../../src/running/ghosts/ghost-sharing.service.js';
import { GhostSourcesRepository } from '../../src/running/ghosts/ghost-sources.repository.js';
import { GhostsRepository } from '../../src/running/ghosts/ghosts.repository.js';
import { GhostsService } from '../../src/running/ghosts/ghosts.service.js';
import { OpenGhostsRepository } from '../../src/running/ghosts/open-ghosts.repository.js';
import { OpenGhosts } from '../../src/running/ghosts/open-ghosts.service.js';
import { RecommendationsRepository } from '../../src/running/ghosts/recommendations.repository.js';
import { RecommendedGhosts } from '../../src/running/ghosts/recommended-ghosts.service.js';
import { RecordRunsRepository } from '../../src/running/ghosts/record-runs.repository.js';
import { PreferencesReader } from '../../src/running/profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../../src/running/profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../../src/running/profiles/runner-profiles.repository.js';
import { RaceEntries } from '../../src/running/races/race-entries.service.js';
import { RaceParticipantsRepository } from '../../src/running/races/race-participants.repository.js';
import { RaceResultsRepository } from '../../src/running/races/race-results.repository.js';
import { RaceResults } from '../../src/running/races/race-results.service.js';
import { RaceViews } from '../../src/running/races/race-views.service.js';
import { RacesRepository } from '../../src/running/races/races.repository.js';
import { RacesService } from '../../src/running/races/races.service.js';
import { SettleRaces } from '../../src/running/races/settle-races.service.js';
import { RunDefaults } from '../../src/running/runs/run-defaults.service.js';
import type { RunSource, Visibility } from '../../src/running/runs/run-terms.js';
import { RunTracks } from '../../src/running/runs/run-tracks.service.js';
import { packRun } from '../../src/running/runs/finished-run.js';
import { finished } from '../../src/running/geo/portions.js';
import { RunWriter } from '../../src/running/runs/run-writer.service.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import type { TestUnits } from './units.js';

const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;
const SILENT = { info: () => undefined, warn: () => undefined };

export interface MadeRun {
  readonly source?: RunSource;
  readonly privacy?: Visibility;
  readonly title?: string;
  readonly startedAtMs?: number;
  readonly pauses?: readonly Pause[];
}

/** Ghosts and races as one process has them, without a worker: its jobs are run by hand. */
export type RaceWorld = ReturnType<typeof openRaceWorld>;

export function openRaceWorld(units: TestUnits) {
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const audit = new Audit(new AuditRepository());
  const idempotency = new IdempotencyService(new IdempotencyRepository());
  const tracks = new RunTracks(units.app, new TracksRepository());
  const runs = new RunsRepository();
  const reader = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
  const writer = new RunWriter(runs, tracks, new RunDefaults(reader), jobs);
  const analyser = new RunAnalyser(units.system, tracks, new AnalysesRepository(), UNTIMED);
  const caches = new Caches({ redisUrl: undefined, log: SILENT, nowMs: () => performance.now() });

  const [ghostRows, sources] = [new GhostsRepository(), new GhostSourcesRepository()];
  const [curveRows, openRows] = [new GhostCurvesRepository(), new OpenGhostsRepository()];
  const curves = new GhostCurves(units.system, curveRows, caches);
  const open = new OpenGhosts(units.system, openRows, curves);
  const builder = new GhostBuilder(tracks, curveRows, sources, jobs);
  const sharing = new GhostSharing(units.app, ghostRows, sources, audit);
  const plans = new GhostPlans(runs, new RecordRunsRepository(), open);
  const ghosts = new GhostsService(units.app, ghostRows, plans, builder, sharing, idempotency, audit);
  const recommended = new RecommendedGhosts(units.system, new RecommendationsRepository());

  const [raceRows, participants] = [new RacesRepository(), new RaceParticipantsRepository()];
  const resultRows = new RaceResultsRepository();
  const views = new RaceViews(units.system, raceRows, participants, curves);
  const races = new RacesService(units.app, raceRows, participants, open, views, idempotency, audit);
  const entries = new RaceEntries(units.system, raceRows, participants, views, jobs, audit);
  const results = new RaceResults(units.app, units.system, resultRows, participants, views);
  const settler = new SettleRaces(raceRows, participants, resultRows, tracks, curveRows, sources, openRows);

  /** A finished run with its analysis. @returns its id */
  const aRun = async (userId: string, track: Track, made: MadeRun = {}): Promise<string> => {
    const packed = finished(
      packRun({
        userId,
        source: made.source ?? 'app',
        externalId: null,
        title: made.title ?? null,
        privacy: made.privacy ?? null,
        startedAtMs: made.startedAtMs ?? Date.now() - 86_400_000,
        timeZone: null,
        track,
        pauses: made.pauses ?? [],
        laps: [],
        corrections: [],
      }),
    );
    const { runId } = await units.system.run(SYSTEM_SCOPE, (tx) => writer.insertFinished(tx, packed));
    const store = await analyser.analyse(runId);
    if (store !== null) await units.system.run(SYSTEM_SCOPE, store);
    return runId;
  };
  /** What its job does. */
  const settle = (runId: string) => units.system.run(SYSTEM_SCOPE, (tx) => settler.settle(tx, runId));
  return {
    units,
    jobs,
    tracks,
    runs,
    ghostRows,
    curveRows,
    openRows,
    curves,
    open,
    builder,
    sharing,
    ghosts,
    recommended,
    raceRows,
    participants,
    views,
    races,
    entries,
    results,
    aRun,
    settle,
  };
}
