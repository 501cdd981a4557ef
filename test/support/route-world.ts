import type { Profiler } from '../../src/platform/profiling/profiler.service.js';
import { Caches } from '../../src/platform/cache/caches.service.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { RunningJob } from '../../src/platform/jobs/running-job.js';
import type { JobDefinition } from '../../src/platform/jobs/job-definition.js';
import type { Pause, Track } from '../../src/running/geo/track.js';
import { PreferencesReader } from '../../src/running/profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../../src/running/profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../../src/running/profiles/runner-profiles.repository.js';
import { MatchRouteHandler } from '../../src/running/routes/match-route.handler.js';
import { MatchRunHandler } from '../../src/running/routes/match-run.handler.js';
import { RouteCandidates } from '../../src/running/routes/route-candidates.service.js';
import { RouteDrawer } from '../../src/running/routes/route-drawer.service.js';
import { RouteRematcher } from '../../src/running/routes/route-rematcher.service.js';
import { RouteShapesRepository } from '../../src/running/routes/route-shapes.repository.js';
import { RouteShapes } from '../../src/running/routes/route-shapes.service.js';
import { MATCH_ROUTE, MATCH_RUN } from '../../src/running/routes/routes.jobs.js';
import { RoutesRepository } from '../../src/running/routes/routes.repository.js';
import { RunMatcher } from '../../src/running/routes/run-matcher.service.js';
import { RunRoutesRepository } from '../../src/running/routes/run-routes.repository.js';
import { RunDefaults } from '../../src/running/runs/run-defaults.service.js';
import { RunTracks } from '../../src/running/runs/run-tracks.service.js';
import { packRun } from '../../src/running/runs/finished-run.js';
import { finished } from '../../src/running/geo/portions.js';
import { RunWriter } from '../../src/running/runs/run-writer.service.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import type { TestUnits } from './units.js';

export const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;

/** The library's services on a database of one's own, as a worker has them. */
export class RouteWorld {
  readonly routes = new RoutesRepository();
  readonly shapesRepository = new RouteShapesRepository();
  readonly runRoutes = new RunRoutesRepository();
  readonly runs = new RunsRepository();
  readonly tracks: RunTracks;
  readonly shapes: RouteShapes;
  readonly candidates: RouteCandidates;
  readonly drawer: RouteDrawer;
  readonly matcher: RunMatcher;
  readonly jobs: Jobs;
  readonly caches = new Caches({
    redisUrl: undefined,
    log: { info: () => undefined, warn: () => undefined },
    nowMs: () => performance.now(),
  });
  private readonly jobRows = new JobsRepository();
  private readonly writer: RunWriter;
  private readonly matchRun: MatchRunHandler;
  private readonly matchRoute: MatchRouteHandler;

  constructor(private readonly units: TestUnits) {
    const { routes, runRoutes, shapesRepository } = this;
    this.jobs = new Jobs(this.jobRows, { ring: () => undefined });
    this.tracks = new RunTracks(units.app, new TracksRepository());
    const reader = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
    this.writer = new RunWriter(this.runs, this.tracks, new RunDefaults(reader), this.jobs);
    this.shapes = new RouteShapes(shapesRepository, this.caches);
    this.candidates = new RouteCandidates(shapesRepository, this.shapes);
    this.drawer = new RouteDrawer(routes, shapesRepository, runRoutes, this.jobs, UNTIMED);
    this.matcher = new RunMatcher(routes, runRoutes, this.candidates, this.drawer, UNTIMED);
    this.matchRun = new MatchRunHandler(this.runs, this.tracks, this.matcher);
    const rematcher = new RouteRematcher(
      units.system,
      routes,
      runRoutes,
      this.shapes,
      this.candidates,
      this.tracks,
    );
    this.matchRoute = new MatchRouteHandler(rematcher);
  }

  /** A finished run, without what follows it. */
  async addRun(
    userId: string,
    track: Track,
    { startedAtMs = Date.UTC(2026, 2, 1, 8), pauses = [] as readonly Pause[] } = {},
  ): Promise<string> {
    const packed = finished(
      packRun({
        userId,
        source: 'app',
        externalId: null,
        title: null,
        startedAtMs,
        timeZone: null,
        track,
        pauses,
        laps: [],
        corrections: [],
      }),
    );
    const { runId } = await this.units.system.run(SYSTEM_SCOPE, (tx) =>
      this.writer.insertFinished(tx, packed),
    );
    return runId;
  }

  /** Another track of a run, as when its last fixes came late. */
  async replaceTrack(userId: string, runId: string, track: Track, version: number): Promise<void> {
    await this.units.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.tracks.put(tx, { runId, userId, version, track, pauses: [], laps: [], corrections: [] });
      await this.writer.follow(tx, runId);
    });
  }

  /** Jobs of the library that wait, as a worker would run them, until none does. */
  async work(): Promise<void> {
    for (;;) {
      const [job] = await this.units.owner<{ id: string; name: string; payload: never }>(
        `SELECT id, name, payload FROM platform.job WHERE state = 'open' AND name IN ($1, $2) ORDER BY id LIMIT 1`,
        [MATCH_RUN.name, MATCH_ROUTE.name],
      );
      if (job === undefined) return;
      await this.runJob(job.id, job.name === MATCH_RUN.name ? MATCH_RUN : MATCH_ROUTE, job.payload);
    }
  }

  /** Does a job's work once more, whether it was done before or not. */
  async again(definition: JobDefinition<never>, payload: object): Promise<void> {
    const [{ id } = { id: '' }] = await this.units.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.jobs.enqueueShared(tx, definition, [payload as never]);
      return tx.query<{ id: string }>(
        `SELECT id FROM platform.job WHERE state = 'open' AND name = '${definition.name}' ORDER BY id DESC LIMIT 1`,
      );
    });
    await this.runJob(id, definition, payload as never);
  }

  private async runJob(id: string, definition: { name: string }, payload: never): Promise<void> {
    const run = new RunningJob(id, SYSTEM_SCOPE.id, 1, this.units.system, this.jobRows);
    if (definition.name === MATCH_RUN.name) await this.matchRun.handle(payload, run);
    else await this.matchRoute.handle(payload, run);
    await run.finish();
  }
}
