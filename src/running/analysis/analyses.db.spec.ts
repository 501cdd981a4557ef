import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openRunningWorld, type RunningWorld } from '../../../test/support/running-world.js';
import { steadyTrack } from '../../../test/support/tracks.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { RunningJob } from '../../platform/jobs/running-job.js';
import { createLogger } from '../../platform/logging/logger.js';
import type { Profiler } from '../../platform/profiling/profiler.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { AnalysesData } from './analyses-data.handler.js';
import { AnalysesRepository, type RunWithAnalysis } from './analyses.repository.js';
import { AnalyseRunHandler } from './analyse-run.handler.js';
import { ANALYSIS_RULES_VERSION } from './analyse-run.js';
import { ANALYSE_RUN } from './analysis.jobs.js';
import { ReanalyseRunsHandler } from './reanalyse-runs.handler.js';
import { RunAnalyser } from './run-analyser.service.js';

// Analyses as jobs store them and owners read them, on a real database.

const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;
const analyses = new AnalysesRepository();
const { logger } = createLogger({ role: 'test', logLevel: 'silent' });

let units: TestUnits;
let world: RunningWorld;
let analyser: RunAnalyser;
let handler: AnalyseRunHandler;

beforeAll(async () => {
  units = await openUnits();
  world = openRunningWorld(units.app, units.system);
  analyser = new RunAnalyser(units.system, world.tracks, analyses, UNTIMED);
  handler = new AnalyseRunHandler(analyser);
});

afterAll(() => units.close());

const fiveK = steadyTrack(1700, 3, () => ({ altitudeM: 200, heartRateBpm: 150 }));

const aRun = (userId: string): Promise<string> => world.aRun(userId, { track: fiveK });

/** The job that waits for the run's analysis, as a worker would run it. */
async function jobOf(runId: string): Promise<RunningJob> {
  const [job] = await units.owner<{ id: string }>(
    `SELECT id FROM platform.job WHERE name = $1 AND payload ->> 'runId' = $2 AND state = 'open' ORDER BY id DESC`,
    [ANALYSE_RUN.name, runId],
  );
  return new RunningJob(job!.id, SYSTEM_SCOPE.id, 1, units.system, world.jobRows);
}

async function find(userId: string, runId: string): Promise<RunWithAnalysis | undefined> {
  const [row] = await units.app.read<RunWithAnalysis>({ id: userId }, analyses.findAnalysis(runId));
  return row;
}

const efforts = (userId: string, runId: string): Promise<object[]> =>
  units.app.read({ id: userId }, analyses.listEfforts(runId));

/** A run whose once commits, without a job's row. */
const unwatched = (): JobRun => ({
  id: randomUUID(),
  ownerId: SYSTEM_SCOPE.id,
  attempt: 1,
  signal: new AbortController().signal,
  progress: () => undefined,
  once: (work) => units.system.run(SYSTEM_SCOPE, work),
});

describe('a run’s analysis', () => {
  it('follows the run by its job, and twice is once', async () => {
    const userId = randomUUID();
    const runId = await aRun(userId);
    const job = await jobOf(runId);
    expect(await find(userId, runId)).toMatchObject({
      hasTrack: true,
      runTrackVersion: 1,
      rulesVersion: null,
    });
    await handler.handle({ runId }, job);
    const first = await find(userId, runId);
    expect(first).toMatchObject({
      rulesVersion: ANALYSIS_RULES_VERSION,
      trackVersion: 1,
      distanceBasis: 'gps',
      activeTimeS: 1700,
      heartRateFromBpm: 150,
      heartRateSeconds: [1700],
      sustainedHeartRateBpm: 150,
    });
    expect(first!.splitsKm).toHaveLength(6);
    expect(first!.splitsKm![5]).toMatchObject({ number: 6, averageHeartRateBpm: 150 });
    expect(await efforts(userId, runId)).toHaveLength(5);
    await handler.handle({ runId }, unwatched());
    const again = await find(userId, runId);
    expect(again).toEqual({ ...first, analysedAt: again!.analysedAt });
    expect(await efforts(userId, runId)).toHaveLength(5);
  });

  it('is nobody else’s to read, and of an unknown run nothing', async () => {
    const userId = randomUUID();
    const runId = await aRun(userId);
    await handler.handle({ runId }, unwatched());
    expect(await find(randomUUID(), runId)).toBeUndefined();
    expect(await efforts(randomUUID(), runId)).toEqual([]);
    await handler.handle({ runId: randomUUID() }, unwatched());
  });

  it('of an older track never replaces one of a newer, however late it comes', async () => {
    const userId = randomUUID();
    const runId = await aRun(userId);
    const late = await analyser.analyse(runId);
    const shorter = steadyTrack(600, 3);
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await world.tracks.put(tx, {
        runId,
        userId,
        version: 2,
        track: shorter,
        pauses: [],
        laps: [],
        corrections: [],
      });
      await tx.query(`UPDATE running.run SET track_version = 2 WHERE id = '${runId}'`);
    });
    await units.system.run(SYSTEM_SCOPE, late!);
    expect(await find(userId, runId)).toMatchObject({ rulesVersion: null });
    await handler.handle({ runId }, unwatched());
    await units.system.run(SYSTEM_SCOPE, late!);
    expect(await find(userId, runId)).toMatchObject({
      trackVersion: 2,
      activeTimeS: 600,
      heartRateSeconds: null,
    });
    expect(await efforts(userId, runId)).toHaveLength(4);
  });

  it('goes with its run', async () => {
    const userId = randomUUID();
    const runId = await aRun(userId);
    const store = await analyser.analyse(runId);
    await handler.handle({ runId }, unwatched());
    await units.app.run({ id: userId }, (tx) => new RunsRepository().deleteRun(tx, runId));
    await units.system.run(SYSTEM_SCOPE, store!);
    const [{ left }] = (await units.owner(
      `SELECT (SELECT count(*) FROM running.run_analysis WHERE run_id = $1) + (SELECT count(*) FROM running.best_effort WHERE run_id = $1) AS left`,
      [runId],
    )) as [{ left: string }];
    expect(left).toBe('0');
  });

  it('is in its owner’s export, and gone with the account', async () => {
    const [ada, eve] = [randomUUID(), randomUUID()];
    const [hers, other] = [await aRun(ada), await aRun(eve)];
    for (const runId of [hers, other]) await handler.handle({ runId }, unwatched());
    const data = new AnalysesData(new OwnedRowsRepository());
    const exported: Record<string, unknown>[] = [];
    const sink: DataSink = {
      rows: async (_table, portions) => {
        for await (const portion of portions)
          exported.push(...portion.map((row) => JSON.parse(row) as Record<string, unknown>));
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => data.export(tx, ada, sink));
    expect(new Set(exported.map((row) => row['run_id']))).toEqual(new Set([hers]));
    expect(exported).toHaveLength(6);
    await units.system.run(SYSTEM_SCOPE, (tx) => data.erase(tx, ada));
    expect(await find(ada, hers)).toMatchObject({ rulesVersion: null });
    expect(await find(eve, other)).toMatchObject({ rulesVersion: ANALYSIS_RULES_VERSION });
  });
});

describe('another version of the rules', () => {
  const reanalyse = (): Promise<void> =>
    new ReanalyseRunsHandler(units.system, analyses, analyser, world.jobs, logger).handle({}, unwatched());

  it('has old analyses made anew, those of other versions of the track, and those that are missing', async () => {
    const userId = randomUUID();
    const [old, lost, current] = [await aRun(userId), await aRun(userId), await aRun(userId)];
    for (const runId of [old, current]) await handler.handle({ runId }, unwatched());
    await units.owner(
      'UPDATE running.run_analysis SET rules_version = 0, active_time_s = 1 WHERE run_id = $1',
      [old],
    );
    await units.owner('UPDATE running.run_analysis SET active_time_s = 2 WHERE run_id = $1', [current]);
    await reanalyse();
    expect(await find(userId, old)).toMatchObject({
      rulesVersion: ANALYSIS_RULES_VERSION,
      activeTimeS: 1700,
    });
    expect(await find(userId, lost)).toMatchObject({ activeTimeS: 1700 });
    expect(await find(userId, current)).toMatchObject({ activeTimeS: 2 });
  });

  it('passes over a run that cannot be analysed', async () => {
    const userId = randomUUID();
    const [broken, sound] = [await aRun(userId), await aRun(userId)];
    await units.owner('UPDATE running.track SET codec = 99 WHERE run_id = $1', [broken]);
    await reanalyse();
    expect(await find(userId, broken)).toMatchObject({ rulesVersion: null });
    expect(await find(userId, sound)).toMatchObject({ rulesVersion: ANALYSIS_RULES_VERSION });
    await units.owner('DELETE FROM running.run WHERE id = $1', [broken]);
  });
});
