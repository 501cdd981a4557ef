import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { steadyTrack } from '../support/tracks.js';
import { waitUntil } from '../support/wait-until.js';

// What follows from runs, as the built application works it out after them and tells it.

const RUNNING = '/api/v1/running';
const DAY_MS = 86_400_000;
const startedAtMs = Math.floor(Date.now() / 1000) * 1000 - 2 * DAY_MS;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let hour: string;
let short: string;
let empty: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  await withRunningWorld(database.url, async (world) => {
    const track = steadyTrack(3000, 4, (second) => ({
      altitudeM: 200 + second / 50,
      heartRateBpm: 150,
      cadenceSpm: 180,
    }));
    hour = await world.aRun(ada.id, { startedAtMs, track, title: 'Up the river' });
    short = await world.aRun(ada.id, {
      startedAtMs: startedAtMs + DAY_MS,
      source: 'strava',
      externalId: 'a1',
    });
    empty = await world.aRun(ada.id, { startedAtMs: startedAtMs + DAY_MS, track: steadyTrack(-1, 0) });
  });
  for (const runId of [hour, short])
    await waitUntil('the run is analysed', 30_000, async () => {
      const { json } = await read(`/runs/${runId}/analysis`);
      return (json as { state: string }).state === 'ready';
    });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = (path: string, who: Person = ada): Promise<Answer> =>
  get(server.url, RUNNING + path, { token: who.accessToken });

describe('a run', () => {
  it('is analysed by the worker after it has come in', async () => {
    const { json } = await read(`/runs/${hour}/analysis`);
    expect(json).toMatchObject({
      state: 'ready',
      rulesVersion: 1,
      distanceBasis: 'gps',
      activeTimeS: 3000,
      sustainedHeartRateBpm: 150,
    });
    expect(json.strideLengthM).toBeCloseTo(4 / 3, 1);
    expect(json.gradeAdjustedPaceSPerKm).toBeLessThan(250);
  });

  it('has splits in kilometres and miles, the last one as long as it is', async () => {
    const km = await read(`/runs/${hour}/splits`);
    expect(km.json).toMatchObject({ state: 'ready', unit: 'km' });
    expect(km.json.items.length).toBeGreaterThanOrEqual(12);
    expect(km.json.items[0]).toMatchObject({ number: 1, distanceM: 1000, averageHeartRateBpm: 150 });
    const miles = await read(`/runs/${hour}/splits?unit=mi`);
    expect(miles.json.items).toHaveLength(8);
    const sum = (items: { distanceM: number }[]): number =>
      items.reduce((total, { distanceM }) => total + distanceM, 0);
    expect(sum(miles.json.items)).toBeCloseTo(sum(km.json.items), -1);
    expectProblem(await read(`/runs/${hour}/splits?unit=furlong`), 400, 'http/malformed');
  });

  it('has best efforts', async () => {
    const { json } = await read(`/runs/${hour}/best-efforts`);
    expect(json.items.map(({ distanceM }: { distanceM: number }) => distanceM)).toEqual([
      400, 800, 1000, 1609.344, 5000, 10_000,
    ]);
    expect(json.items[4].paceSPerKm).toBeCloseTo(250, 0);
  });

  it('without a track has none, and says so', async () => {
    expect((await read(`/runs/${empty}/analysis`)).json).toMatchObject({ state: 'none', activeTimeS: null });
    expect((await read(`/runs/${empty}/splits`)).json).toEqual({ state: 'none', unit: 'km', items: [] });
    expect((await read(`/runs/${empty}/best-efforts`)).json).toEqual({ state: 'none', items: [] });
  });

  it('of somebody else is no more there than one that never was', async () => {
    for (const path of [`/runs/${hour}/analysis`, `/runs/${hour}/splits`, `/runs/${hour}/best-efforts`])
      expectProblem(await read(path, eve), 404, 'running/unknown-run');
    expectProblem(await read('/runs/x/analysis'), 404, 'running/unknown-run');
    expectProblem(await read(`/analytics/zones?runId=${hour}`, eve), 404, 'running/unknown-run');
  });
});

describe('a runner', () => {
  it('sees sums, months and records of the own runs, whatever their source', async () => {
    const all = await read('/stats/summary?period=all');
    expect(all.json).toMatchObject({ period: 'all', runCount: 3, from: null });
    expect(all.json.longestRunM).toBeCloseTo(12_000, -2);
    const months = await read('/stats/monthly?months=2');
    expect(months.json.items).toHaveLength(2);
    const counts = months.json.items.map(({ runCount }: { runCount: number }) => runCount);
    expect(counts[0] + counts[1]).toBe(3);
    const records = await read('/records');
    expect(records.json.longestRun).toMatchObject({ runId: hour, title: 'Up the river' });
    expect(records.json.efforts.at(-1)).toMatchObject({ runId: hour, distanceM: 10_000 });
    expect((await read('/records?year=1999')).json).toMatchObject({
      year: 1999,
      efforts: [],
      longestRun: null,
    });
    expect((await read('/stats/summary?period=all', eve)).json).toMatchObject({ runCount: 0, distanceM: 0 });
  });

  it('sees load, predictions, zones and VO2max, and at once what a preference changes', async () => {
    const observed = await read(`/analytics/zones?runId=${hour}`);
    expect(observed.json).toMatchObject({ method: 'max', heart: { maxBpm: 150, maxSource: 'observed' } });
    expectProblem(await read('/analytics/zones?method=threshold'), 422, 'running/no-threshold');
    const wish = { maxHeartRateBpm: 195, restingHeartRateBpm: 50, thresholdHeartRateBpm: 172 };
    const path = `${RUNNING}/preferences`;
    const changed = await call(server.url, 'PATCH', path, { token: ada.accessToken, body: wish });
    expect(changed.status).toBe(200);
    const said = await read(`/analytics/zones?runId=${hour}`);
    expect(said.json).toMatchObject({ method: 'threshold', heart: { maxBpm: 195, maxSource: 'preference' } });
    expect(said.json.zones[1]).toMatchObject({ number: 2, timeS: 3000, pct: 100 });
    const load = await read('/analytics/load');
    expect(load.json).toMatchObject({ heartRateRunCount: 2, paceRunCount: 0, thresholdSource: 'effort' });
    expect(load.json.days.length).toBeGreaterThanOrEqual(2);
    expect(load.json.days[0]).toMatchObject({ isWarmUp: true, loadRatio: null });
    const predictions = await read('/analytics/predictions');
    expect(predictions.json.basis).toMatchObject({ runId: hour, distanceM: 10_000 });
    expect(predictions.json.items).toHaveLength(8);
    const vo2max = await read('/analytics/vo2max');
    expect(vo2max.json.byEffort.vdot).toBe(predictions.json.basis.vdot);
    expect(vo2max.json.items).toHaveLength(1);
    expect(vo2max.json.byHeartRate).toBe(vo2max.json.items[0].vo2max);
  });

  it('is told what is wrong with a question', async () => {
    expectProblem(await read('/analytics/load?from=2026-03-02&to=2026-03-01'), 400, 'running/invalid-span');
    expectProblem(await read('/analytics/load?from=2020-01-01&to=2026-03-01'), 400, 'running/invalid-span');
    for (const path of [
      '/analytics/load?from=2026-02-30',
      '/analytics/load?to=1',
      '/analytics/predictions?days=1',
      '/analytics/zones?runId=1',
      '/stats/summary?period=decade',
      '/stats/summary?on=0000-01-01',
      '/stats/monthly?months=61',
      '/stats/monthly?year=12345',
      '/records?year=1.5',
    ])
      expectProblem(await read(path), 400, 'http/malformed');
  });
});
