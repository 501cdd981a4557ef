import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aMember } from '../../../test/support/notification-world.js';
import { openRunningWorld, type RunningWorld } from '../../../test/support/running-world.js';
import { steadyTrack } from '../../../test/support/tracks.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Profiler } from '../../platform/profiling/profiler.service.js';
import { AnalysesRepository } from '../analysis/analyses.repository.js';
import { RunAnalyser } from '../analysis/run-analyser.service.js';
import { raceTimeS, vdotOf } from '../analysis/vdot.js';
import type { FinishedRun } from '../runs/finished-run.js';
import { HeartZones } from './heart-zones.service.js';
import { RunnerBody } from './runner-body.service.js';
import { RunnerFiguresRepository } from './runner-figures.repository.js';
import { RunnerFitness } from './runner-fitness.service.js';
import { RunningStats } from './running-stats.service.js';
import { TrainingLoads } from './training-loads.service.js';

// Figures over the runs of one runner, as of given moments, on a real database.

const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;
const NOW = new Date('2026-03-20T12:00:00Z');
const at = (text: string): number => Date.parse(text);
/** An hour at a speed and a heart rate on level ground. */
const hour = (speedMps: number, heartRateBpm?: number) =>
  steadyTrack(3600, speedMps, () => ({
    altitudeM: 100,
    ...(heartRateBpm !== undefined && { heartRateBpm }),
  }));

let units: TestUnits;
let world: RunningWorld;
let analyser: RunAnalyser;
let stats: RunningStats;
let loads: TrainingLoads;
let fitness: RunnerFitness;
let zones: HeartZones;
let ada: Principal;

beforeAll(async () => {
  units = await openUnits();
  world = openRunningWorld(units.app, units.system);
  const figures = new RunnerFiguresRepository();
  const body = new RunnerBody(world.preferences, figures);
  analyser = new RunAnalyser(units.system, world.tracks, new AnalysesRepository(), UNTIMED);
  stats = new RunningStats(units.app, figures, body);
  loads = new TrainingLoads(units.app, figures, body);
  fitness = new RunnerFitness(units.app, figures, body);
  zones = new HeartZones(units.app, figures, body);
});

afterAll(() => units.close());

beforeEach(() => {
  ada = aMember(randomUUID());
});

/** A run with its analysis. */
async function aRun(startedAt: string, wish: Partial<FinishedRun> = {}, who = ada): Promise<string> {
  const runId = await world.aRun(who.id, { startedAtMs: at(startedAt), ...wish });
  const store = await analyser.analyse(runId);
  if (store !== null) await units.system.run(SYSTEM_SCOPE, store);
  return runId;
}

async function prefer(columns: Record<string, number | string>): Promise<void> {
  const names = Object.keys(columns);
  await units.owner(
    `INSERT INTO running.preference (user_id, ${names.join(', ')}) VALUES ($1, ${names.map((_, index) => `$${index + 2}`).join(', ')})`,
    [ada.id, ...Object.values(columns)],
  );
}

describe('sums', () => {
  it('are of the days that the runs’ own clocks showed', async () => {
    await aRun('2026-02-28T23:30:00Z', { timeZone: 'Europe/Vienna' }); // the first of March there
    await aRun('2026-03-01T02:00:00Z', { timeZone: 'America/New_York' }); // the last of February there
    await aRun('2026-03-10T08:00:00Z', { timeZone: null });
    const march = await stats.summary(ada, { period: 'month', on: '2026-03-15' }, NOW);
    expect(march).toMatchObject({ runCount: 2, from: '2026-03-01', to: '2026-03-31' });
    expect(march.distanceM).toBeCloseTo(3000, -1);
    expect(march.averagePaceSPerKm).toBeCloseTo(1000 / 3, 0);
    expect(await stats.summary(ada, { period: 'month', on: '2026-02-01' }, NOW)).toMatchObject({
      runCount: 1,
    });
    expect(await stats.summary(ada, { period: 'year', on: '2026-12-31' }, NOW)).toMatchObject({
      runCount: 3,
    });
    expect(await stats.summary(ada, { period: 'all' }, NOW)).toMatchObject({
      runCount: 3,
      from: null,
      to: null,
    });
    const months = await stats.monthly(ada, { months: 3 }, NOW);
    expect(months.items.map(({ month, runCount }) => [month, runCount])).toEqual([
      ['2026-01-01', 0],
      ['2026-02-01', 1],
      ['2026-03-01', 2],
    ]);
    expect((await stats.monthly(ada, { year: 2025, months: 12 }, NOW)).items).toHaveLength(12);
  });

  it('are of this week by the profile’s clock', async () => {
    // Sunday in UTC, Monday in Auckland.
    const sunday = new Date('2026-03-15T20:00:00Z');
    await units.owner(
      `INSERT INTO running.profile (user_id, username, username_fold, time_zone) VALUES ($1, $2, $2, 'Pacific/Auckland')`,
      [ada.id, `r${ada.id}`],
    );
    expect(await stats.summary(ada, { period: 'week' }, sunday)).toMatchObject({
      from: '2026-03-16',
      to: '2026-03-22',
    });
  });

  it('are of runs, one’s own and of any source, not of rides, others’ or those under way', async () => {
    await aRun('2026-03-02T08:00:00Z', { source: 'strava', externalId: 'x1' });
    await aRun('2026-03-03T08:00:00Z', { sport: 'ride' });
    await aRun('2026-03-04T08:00:00Z', {}, aMember(randomUUID()));
    const open = await aRun('2026-03-05T08:00:00Z');
    await units.owner(`UPDATE running.run SET status = 'recording' WHERE id = $1`, [open]);
    expect(await stats.summary(ada, { period: 'all' }, NOW)).toMatchObject({ runCount: 1 });
    expect((await stats.records(ada, undefined)).efforts).toHaveLength(3);
  });
});

describe('records', () => {
  it('are the best of all time or of a year, each with its run', async () => {
    const fast = await aRun('2025-12-31T23:30:00Z', {
      timeZone: 'Europe/Vienna',
      title: 'New Year',
      track: hour(4),
    });
    const slow = await aRun('2026-02-01T09:00:00Z', { track: hour(3) });
    const old = await aRun('2024-05-01T09:00:00Z', { track: steadyTrack(400, 5) });
    const all = await stats.records(ada, undefined);
    expect(all.efforts.map(({ distanceM, runId }) => [distanceM, runId])).toEqual([
      [400, old],
      [800, old],
      [1000, old],
      [1609.344, old],
      [5000, fast],
      [10_000, fast],
    ]);
    expect(all.efforts[4]).toMatchObject({ title: 'New Year', paceSPerKm: expect.closeTo(250, 0) });
    expect(all.longestRun).toMatchObject({ runId: fast });
    // By its own clock the fast one began in 2026.
    expect((await stats.records(ada, 2025)).efforts).toEqual([]);
    const year = await stats.records(ada, 2026);
    expect(new Set(year.efforts.map(({ runId }) => runId))).toEqual(new Set([fast]));
    expect(year.longestTime).toMatchObject({ runId: fast, value: expect.closeTo(3600, -1) });
    await units.owner('DELETE FROM running.run WHERE id = $1', [fast]);
    const left = await stats.records(ada, 2026);
    expect(new Set(left.efforts.map(({ runId }) => runId))).toEqual(new Set([slow]));
    expect(left.mostElevationGain).toBeNull();
  });
});

describe('training load', () => {
  it('begins with the first run, adds up days, and says what it stands on', async () => {
    await prefer({
      max_heart_rate_bpm: 190,
      resting_heart_rate_bpm: 50,
      threshold_heart_rate_bpm: 170,
      threshold_pace_s_per_km: 250,
    });
    await aRun('2026-03-01T08:00:00Z', { track: hour(3.5, 170) });
    await aRun('2026-03-01T18:00:00Z', { track: hour(4) });
    await aRun('2026-03-03T08:00:00Z', { track: steadyTrack(0, 0) });
    const load = await loads.load(ada, { from: '2026-02-20', to: '2026-03-10' }, NOW);
    expect(load).toMatchObject({
      from: '2026-02-20',
      to: '2026-03-10',
      heartRateRunCount: 1,
      paceRunCount: 1,
      unweighedRunCount: 1,
      thresholdPaceSPerKm: 250,
      thresholdSource: 'preference',
      heart: { maxBpm: 190, maxSource: 'preference', thresholdBpm: 170 },
    });
    expect(load.days.map(({ on }) => on)).toEqual(
      Array.from({ length: 10 }, (_, index) => `2026-03-${String(index + 1).padStart(2, '0')}`),
    );
    const [first, second] = load.days;
    expect(first!.load).toBeCloseTo(200, -0.5);
    expect(first!.chronicLoad).toBeCloseTo(first!.load * (1 - Math.exp(-1 / 42)), 9);
    expect(second).toMatchObject({ load: 0, isWarmUp: true, loadRatio: null });
    expect(second!.balance).toBeCloseTo(first!.chronicLoad - first!.acuteLoad, 9);
    const rest = await loads.load(ada, { from: '2026-03-05', to: '2026-03-10' }, NOW);
    expect(rest.days).toEqual(load.days.slice(4));
  });

  it('takes what runs show where preferences are silent', async () => {
    await aRun('2026-03-01T08:00:00Z', { track: hour(3.5, 175) });
    const load = await loads.load(ada, {}, NOW);
    expect(load).toMatchObject({
      to: '2026-03-20',
      from: '2025-12-21',
      thresholdSource: 'effort',
      heart: { maxBpm: 175, maxSource: 'observed', restingBpm: 60, restingSource: 'assumed' },
    });
  });

  it('of nobody is none, and of no span refused', async () => {
    expect(await loads.load(ada, {}, NOW)).toMatchObject({
      days: [],
      heart: null,
      thresholdPaceSPerKm: null,
    });
    const wrong = { code: 'running/invalid-span' };
    await expect(loads.load(ada, { from: '2026-03-02', to: '2026-03-01' }, NOW)).rejects.toMatchObject(wrong);
    await expect(loads.load(ada, { from: '2020-01-01', to: '2026-03-01' }, NOW)).rejects.toMatchObject(wrong);
  });
});

describe('fitness', () => {
  it('stands on the best recent effort', async () => {
    await aRun('2025-06-01T08:00:00Z', { track: hour(4.5) }); // too long ago
    const runId = await aRun('2026-03-01T08:00:00Z', { track: hour(4, 160) });
    const predictions = await fitness.predictions(ada, 90, NOW);
    const vdot = vdotOf(10_000, 2500);
    expect(predictions.basis).toMatchObject({ runId, distanceM: 10_000, vdot: expect.closeTo(vdot, 0) });
    const marathon = predictions.items.at(-1)!;
    expect(marathon.isFarOff).toBe(true);
    expect(marathon.vdotS).toBeCloseTo(raceTimeS(42_195, predictions.basis!.vdot), 3);
    expect(marathon.slowestS).toBeGreaterThan(marathon.likelyS);
    expect((await fitness.predictions(ada, 365, NOW)).basis!.vdot).toBeGreaterThan(predictions.basis!.vdot);
    expect(await fitness.predictions(aMember(randomUUID()), 90, NOW)).toEqual({
      basis: null,
      thresholdPaceSPerKm: null,
      items: [],
    });
  });

  it('is told by the middle of ten days of steady runs, too', async () => {
    await prefer({ max_heart_rate_bpm: 190, resting_heart_rate_bpm: 50 });
    for (const [day, bpm] of [
      ['2026-01-10', 150],
      ['2026-03-12', 150],
      ['2026-03-14', 155],
      ['2026-03-16', 160],
      ['2026-03-18', 80],
    ] as const)
      await aRun(`${day}T08:00:00Z`, { track: hour(3.4, bpm) });
    const { byHeartRate, byEffort, items } = await fitness.vo2max(ada, NOW);
    expect(items).toHaveLength(4);
    expect(byHeartRate).toBe(items[2]!.vo2max);
    expect(byHeartRate).toBeCloseTo(3.5 + (36.96 - 3.5) / 0.75, 0);
    expect(byEffort!.vdot).toBeGreaterThan(30);
    expect(await fitness.vo2max(aMember(randomUUID()), NOW)).toEqual({
      byEffort: null,
      byHeartRate: null,
      heart: null,
      items: [],
    });
  });
});

describe('heart rate zones', () => {
  it('share out the time of a run, or of the last weeks', async () => {
    await prefer({ max_heart_rate_bpm: 200, resting_heart_rate_bpm: 40 });
    const runId = await aRun('2026-03-01T08:00:00Z', { track: hour(3, 150) });
    await aRun('2026-03-02T08:00:00Z', { track: hour(3, 130) });
    const one = await zones.zones(ada, { runId, days: 28 }, NOW);
    expect(one).toMatchObject({ method: 'reserve', belowS: 0, edwardsImpulse: 180 });
    expect(one.zones.map(({ timeS, pct }) => [timeS, pct])).toEqual([
      [0, 0],
      [3600, 100],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const weeks = await zones.zones(ada, { days: 28, method: 'max' }, NOW);
    expect(weeks.zones.map(({ pct }) => pct)).toEqual([0, 50, 50, 0, 0]);
    expect((await zones.zones(ada, { days: 1 }, NOW)).zones.every(({ timeS }) => timeS === 0)).toBe(true);
    await expect(zones.zones(ada, { days: 28, method: 'threshold' }, NOW)).rejects.toMatchObject({
      code: 'running/no-threshold',
    });
    const unknown = { code: 'running/unknown-run' };
    await expect(zones.zones(aMember(randomUUID()), { runId, days: 28 }, NOW)).rejects.toMatchObject(unknown);
  });

  it('are none where no heart rate is known', async () => {
    const runId = await aRun('2026-03-01T08:00:00Z', { track: hour(3) });
    expect(await zones.zones(ada, { runId, days: 28 }, NOW)).toEqual({
      method: 'max',
      heart: null,
      belowS: 0,
      zones: [],
      banisterImpulse: null,
      edwardsImpulse: null,
    });
  });
});
