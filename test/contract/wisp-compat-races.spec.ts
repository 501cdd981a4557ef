import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aLoop, makeRunRow } from '../factories/run.factory.js';
import { call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { wispCaller, wispData, wispRefusal } from '../support/wisp-client.js';
import * as models from '../support/wisp-models.js';

// Races against ghosts as the Wisp app tells of them and reads them. Every answer is decoded, refusals too.

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
/** Over one loop: at 3 m/s, faster, and slower. */
let before: string;
let faster: string;
let slower: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  const row = (month: number, speedMps: number): Promise<string> =>
    makeRunRow(database.url, {
      userId: ada.id,
      startedAt: new Date(Date.UTC(2026, month - 1, 1, 6)),
      track: aLoop({ speedMps }),
    });
  [before, faster, slower] = [await row(1, 3), await row(2, 3.3), await row(3, 2.8)];
}, 120_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = wispCaller(
  () => server.url,
  () => ada,
);
const byEve = wispCaller(
  () => server.url,
  () => eve,
);

const ofRun = async (runId: string, more: object = {}) => {
  const wish = { ghost_type: 'past_run', name: 'Last time', based_on_run_id: runId, ...more };
  return wispData(await ask('POST', '/ghosts', wish), 201, models.ghost);
};

describe('a race against a ghost', () => {
  const save = async (run_id: string, ghost_id: string, more: object = {}) =>
    wispData(await ask('POST', '/ghost-races', { run_id, ghost_id, ...more }), 201, models.raceResult);
  const results = async (runId: string) =>
    wispData(await ask('GET', `/ghost-races/${runId}`), 200, models.raceResults).race_results;
  const judged = async (runId: string, count: number) => {
    await waitUntil('the races are judged', 30_000, async () => {
      const all = await results(runId);
      return all.length === count && all.every(({ result_status }) => result_status !== 'in_progress');
    });
    return results(runId);
  };

  it('is judged by the places of the run, whatever the client says of it', async () => {
    const ghost = await ofRun(before, { name: 'January' });
    const claim = { result_status: 'lost', time_difference: 999, completion_percentage: 0.1 };
    const saved = await save(faster.toUpperCase(), ghost.id.toUpperCase(), claim);
    expect(saved).toMatchObject({
      run_id: faster,
      ghost: { id: ghost.id, name: 'January', ghost_type: 'past_run' },
    });
    expect(saved.time_difference).not.toBe(999);
    const [result] = await judged(faster, 1);
    expect(result).toMatchObject({
      run_id: faster,
      result_status: 'won',
      completion_percentage: 1,
      final_position: 'ahead',
    });
    expect(result!.time_difference).toBeLessThan(-60); // 2,400 m at 3 and 3.3 m/s: 73 s
    expect(result!.time_difference).toBeGreaterThan(-80);
    expect(result!.max_lead).toBeGreaterThanOrEqual(-result!.time_difference! - 2);
    expect(result!.split_comparisons.at(-1)!.cumulative_difference).toBe(result!.time_difference);
    expect(result!.heart_rate_comparison.length).toBeGreaterThan(0);
    expect(await save(faster, ghost.id, claim)).toEqual(result); // again is no second time
  });

  it('may be one of several that a run was run against', async () => {
    const ghosts = [await ofRun(before), await ofRun(faster)];
    for (const { id } of ghosts) await save(slower, id);
    const all = await judged(slower, 2);
    expect(all.map(({ ghost }) => ghost.id)).toEqual(ghosts.map(({ id }) => id));
    for (const { result_status, final_position, max_lead } of all)
      expect([result_status, final_position, max_lead]).toEqual(['lost', 'behind', expect.any(Number)]);
    const { ghost_race_results } = wispData(await ask('GET', `/runs/${slower}`), 200, models.runDetails);
    expect(ghost_race_results).toHaveLength(2);
  });

  it('is history, with what it came to', async () => {
    const ghost = await ofRun(before, { name: 'History' });
    const runs: string[] = [];
    for (const [month, speedMps] of [
      [6, 2.9],
      [7, 3.1],
      [8, 3.1],
    ] as const) {
      const startedAt = new Date(Date.UTC(2026, month - 1, 2));
      runs.unshift(await makeRunRow(database.url, { userId: ada.id, startedAt, track: aLoop({ speedMps }) }));
      await save(runs[0]!, ghost.id);
      await judged(runs[0]!, 1);
    }
    const read = async (query: string) =>
      wispData(await ask('GET', `/ghost-races/history?${query}`), 200, models.raceHistory);
    const ofGhost = `ghost_id=${ghost.id.toUpperCase()}`;
    const { race_history, summary, pagination } = await read(ofGhost);
    expect(race_history.map(({ run }) => run.id)).toEqual(runs);
    expect(race_history.map(({ improvement_trend }) => improvement_trend)).toEqual([
      'stable',
      'improving',
      null,
    ]);
    expect(race_history.map(({ result_status }) => result_status)).toEqual(['won', 'won', 'lost']);
    expect(summary).toMatchObject({ total_races: 3, wins: 2, losses: 1, abandoned: 0, win_rate: 0.6667 });
    const mean = race_history.reduce((sum, { time_difference }) => sum + time_difference!, 0) / 3;
    expect(summary.average_improvement).toBeCloseTo(mean, 0);
    expect(pagination).toMatchObject({ total: 3, has_next: false });
    expect((await read(`${ofGhost}&result_status=lost`)).race_history.map(({ run }) => run.id)).toEqual([
      runs[2],
    ]);
    expect((await read(`${ofGhost}&limit=1&page=2`)).race_history.map(({ run }) => run.id)).toEqual([
      runs[1],
    ]);
    expect((await read('result_status=in_progress')).race_history).toEqual([]);
    for (const bad of ['limit=0', 'ghost_id=x', 'result_status=x', 'page=0'])
      expect(wispRefusal(await ask('GET', `/ghost-races/history?${bad}`), 400, 'VALIDATION_ERROR')).toEqual([
        bad.split('=')[0],
      ]);
    const { race_history: raced } = wispData(
      await ask('GET', `/ghosts/${ghost.id}`),
      200,
      models.ghostDetails,
    );
    expect(raced).toMatchObject({ total_races: 3, wins: 2, losses: 1, last_race_at: expect.any(Date) });
    expect(raced.best_improvement).toBeLessThan(0);
    const nobody = wispData(await byEve('GET', '/ghost-races/history'), 200, models.raceHistory);
    expect(nobody).toMatchObject({
      race_history: [],
      summary: { total_races: 0, win_rate: null, average_improvement: null },
    });
  });

  it('waits for the places of its run', async () => {
    const figures = {
      distance: 2_400,
      moving_time: 700,
      elapsed_time: 700,
      started_at: '2026-09-01T06:00:00Z',
    };
    const { id } = wispData(await ask('POST', '/runs', figures), 201, models.run);
    const ghost = await ofRun(before);
    expect(await save(id, ghost.id)).toMatchObject({ result_status: 'abandoned', time_difference: null });
    const track = aLoop({ speedMps: 3.2 });
    const coordinates = Array.from(track.tMs, (tMs, at) => ({
      lat: track.latDeg[at]!,
      lng: track.lonDeg[at]!,
      timestamp: Date.parse(figures.started_at) / 1_000 + tMs / 1_000,
    }));
    wispData(await ask('POST', `/runs/${id}/route`, { coordinates }), 201, models.documentedRoute);
    expect((await judged(id, 1))[0]).toMatchObject({ result_status: 'won', final_position: 'ahead' });
  });

  it('is refused without a run and a ghost of the caller’s', async () => {
    const { id: ghost_id } = await ofRun(before);
    const refuse = async (body: object, status: number, code: string): Promise<string[]> =>
      wispRefusal(await ask('POST', '/ghost-races', body), status, code);
    expect(await refuse({ ghost_id }, 400, 'VALIDATION_ERROR')).toEqual(['run_id']);
    expect(await refuse({ run_id: before, ghost_id: 'x' }, 400, 'VALIDATION_ERROR')).toEqual(['ghost_id']);
    await refuse({ run_id: randomUUID(), ghost_id }, 404, 'NOT_FOUND');
    await refuse({ run_id: before, ghost_id: randomUUID() }, 404, 'NOT_FOUND');
    wispRefusal(await byEve('POST', '/ghost-races', { run_id: before, ghost_id }), 404, 'NOT_FOUND');
    for (const id of [before, randomUUID(), 'none'])
      wispRefusal(await byEve('GET', `/ghost-races/${id}`), 404, 'NOT_FOUND');
    wispRefusal(await ask('GET', '/ghost-races/history', undefined, { token: null }), 401, 'UNAUTHORIZED');
  });

  it('is not part of a race with others, and has no more ghosts than a race may', async () => {
    const run = await makeRunRow(database.url, { userId: ada.id, track: aLoop({ speedMps: 3 }) });
    const { id: course } = await ofRun(before);
    const race = await call(server.url, 'POST', '/api/v1/running/races', {
      token: ada.accessToken,
      body: { mode: 'group', ghostIds: [course] },
    });
    await call(server.url, 'POST', `/api/v1/running/races/${race.json.id}/join`, {
      token: ada.accessToken,
      body: { runId: run },
    });
    const { id: ghost_id } = await ofRun(faster);
    wispRefusal(await ask('POST', '/ghost-races', { run_id: run, ghost_id }), 409, 'CONFLICT');
    const other = await makeRunRow(database.url, { userId: ada.id, track: aLoop({ speedMps: 3 }) });
    for (let at = 0; at < 10; at += 1) await save(other, (await ofRun(before)).id);
    expect(
      wispRefusal(await ask('POST', '/ghost-races', { run_id: other, ghost_id }), 400, 'VALIDATION_ERROR'),
    ).toEqual(['ghost_id']);
  });
});
