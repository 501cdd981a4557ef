import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aLoop, makeRunRow } from '../factories/run.factory.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { wispCaller, wispData, wispRefusal } from '../support/wisp-client.js';
import * as models from '../support/wisp-models.js';

// Ghosts and races against them as the Wisp app makes and reads them. Every answer is decoded, refusals too.

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let before: string;
let strava: string;
/** A kilometre and a half, analysed, and so a record. */
let record: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  const row = (month: number, source: 'app' | 'strava'): Promise<string> =>
    makeRunRow(database.url, {
      userId: ada.id,
      title: `Run ${month}`,
      source,
      startedAt: new Date(Date.UTC(2026, month - 1, 1, 6)),
      track: aLoop(),
    });
  [before, strava] = [await row(1, 'app'), await row(4, 'strava')];
  record = await withRunningWorld(database.url, (world) => world.aRun(ada.id, { title: 'Record' }));
  await waitUntil('the record is kept', 30_000, async () => {
    const { json } = await ask('GET', '/runs/personal-records');
    return json.data.personal_records.some(({ run_id }: { run_id: string }) => run_id === record);
  });
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

const makeGhost = async (wish: object) => wispData(await ask('POST', '/ghosts', wish), 201, models.ghost);
const ofRun = (runId: string, more: object = {}) =>
  makeGhost({ ghost_type: 'past_run', name: 'Last time', based_on_run_id: runId, ...more });
const listed = async (query = '') => wispData(await ask('GET', `/ghosts${query}`), 200, models.ghosts).ghosts;

describe('a ghost', () => {
  it('is made of a run, whose id iOS writes in capitals', async () => {
    const ghost = await ofRun(before.toUpperCase(), { description: '', difficulty_level: 2 });
    expect(ghost).toMatchObject({
      ghost_type: 'past_run',
      name: 'Last time',
      description: null,
      based_on_run_id: before,
      based_on_run_title: 'Run 1',
      custom_splits: null,
      difficulty_level: 2,
      is_active: true,
      is_public: false,
    });
    expect(ghost.target_distance).toBeCloseTo(2_400, -2);
    expect(ghost.target_pace).toBeCloseTo(1_000 / 3, -1);
    const details = wispData(await ask('GET', `/ghosts/${ghost.id.toUpperCase()}`), 200, models.ghostDetails);
    expect(details).toMatchObject({
      ...ghost,
      based_on_run: { id: before, title: 'Run 1', started_at: new Date('2026-01-01T06:00:00Z') },
      race_history: { total_races: 0, wins: 0, losses: 0, best_improvement: null, last_race_at: null },
    });
  });

  it('is the record that a run holds, over its longest distance or the one that is asked for', async () => {
    const wish = { ghost_type: 'personal_record', name: 'Best', based_on_run_id: record };
    const longest = await makeGhost(wish);
    expect(longest).toMatchObject({ ghost_type: 'personal_record', based_on_run_id: record });
    expect(longest.target_distance).toBeGreaterThanOrEqual(1_000);
    expect(longest.target_pace).toBeCloseTo(1_000 / 3, -1);
    const details = wispData(await ask('GET', `/ghosts/${longest.id}`), 200, models.ghostDetails);
    expect(details.based_on_run!.pace_splits).toEqual([
      { distance: 1_000, pace: expect.closeTo(333.3, 0), time: expect.closeTo(333.3, 0) },
      { distance: expect.closeTo(1_500, -1), pace: expect.closeTo(333.3, 0), time: expect.closeTo(166, -1) },
    ]);
    expect((await makeGhost({ ...wish, target_distance: 1_000 })).target_distance).toBeCloseTo(1_000, -1);
    expect(
      wispRefusal(
        await ask('POST', '/ghosts', { ...wish, target_distance: 42_195 }),
        400,
        'VALIDATION_ERROR',
      ),
    ).toEqual(['based_on_run_id']);
    expect(
      (await makeGhost({ ghost_type: 'personal_record', name: 'Km', target_distance: 1_000 }))
        .based_on_run_id,
    ).toBe(record);
  });

  it('is a goal, with splits that say where they end', async () => {
    const goal = {
      ghost_type: 'custom_goal',
      name: 'Sub-20 5K',
      target_distance: 5_000,
      target_duration: 1_200,
    };
    const even = await makeGhost({ ...goal, difficulty_level: 4 });
    expect(even).toMatchObject({
      target_distance: 5_000,
      target_duration: 1_200,
      target_pace: 240,
      based_on_run_id: null,
    });
    const custom_splits = [240, 238, 239, 241, 238].map((target_pace, at) => ({
      distance: (at + 1) * 1_000,
      target_pace,
    }));
    const split = await makeGhost({ ...goal, custom_splits });
    expect(split).toMatchObject({ custom_splits, target_distance: 5_000, target_duration: 1_196 });
    const part = await makeGhost({ ...goal, custom_splits: custom_splits.slice(0, 2) });
    expect(part.custom_splits!.at(-1)).toEqual({ distance: 5_000, target_pace: expect.closeTo(240.67, 1) });
    expect(part.target_duration).toBe(1_200);
    const slow = { target_duration: 1_500 };
    const changed = wispData(
      await ask('PUT', `/ghosts/${even.id}`, { ...slow, target_distance: 5_000 }),
      200,
      models.ghost,
    );
    expect(changed).toMatchObject({ target_duration: 1_500, target_pace: 300, difficulty_level: 4 });
  });

  it.each([
    ['ghost_type', { ghost_type: 'challenge' }],
    ['name', { ghost_type: 'custom_goal', name: '' }],
    ['based_on_run_id', { ghost_type: 'past_run' }],
    ['based_on_run_id', { ghost_type: 'past_run', based_on_run_id: 'none' }],
    ['based_on_run_id', { ghost_type: 'past_run', based_on_run_id: randomUUID() }],
    ['based_on_run_id', { ghost_type: 'personal_record' }],
    ['based_on_run_id', { ghost_type: 'personal_record', based_on_run_id: randomUUID() }],
    ['target_distance', { ghost_type: 'personal_record', target_distance: 1_234 }],
    ['target_distance', { ghost_type: 'custom_goal' }],
    ['target_duration', { ghost_type: 'custom_goal', target_distance: 5_000 }],
    ['target_duration', { ghost_type: 'custom_goal', target_distance: 5_000, target_duration: 60 }],
    ['custom_splits', { ghost_type: 'custom_goal', custom_splits: [split(2_000), split(1_000)] }],
    ['custom_splits', { ghost_type: 'custom_goal', target_distance: 1_000, custom_splits: [split(2_000)] }],
    ['difficulty_level', { ghost_type: 'past_run', difficulty_level: 6 }],
  ])('is refused for its %s, %j', async (field, wish) => {
    expect(
      wispRefusal(await ask('POST', '/ghosts', { name: 'x', ...wish }), 400, 'VALIDATION_ERROR'),
    ).toEqual([field]);
  });

  it('is never made of another athlete’s activity, nor shown where Strava’s terms forbid it', async () => {
    const friend = {
      ghost_type: 'strava_friend',
      name: 'Alex',
      strava_friend_user_id: eve.id,
      strava_activity_id: '12345678',
    };
    wispRefusal(await ask('POST', '/ghosts', friend), 409, 'STRAVA_TERMS');
    const own = await ofRun(strava);
    wispRefusal(await ask('PUT', `/ghosts/${own.id}`, { is_public: true }), 409, 'STRAVA_TERMS');
    expect(await listed('?ghost_type=strava_friend')).toEqual([]);
  });

  it('is not made twice for one key, and goes', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const send = (): Promise<Answer> =>
      ask('POST', '/ghosts', { ghost_type: 'past_run', name: 'Once', based_on_run_id: before }, { headers });
    const { id } = wispData(await send(), 201, models.ghost);
    expect(wispData(await send(), 201, models.ghost).id).toBe(id);
    expect(wispData(await ask('DELETE', `/ghosts/${id}`), 200, models.gone)).toEqual({ id });
    for (const method of ['GET', 'DELETE']) wispRefusal(await ask(method, `/ghosts/${id}`), 404, 'NOT_FOUND');
  });

  it('is listed by kind and whether it is active', async () => {
    const idle = await ofRun(before, { is_active: false });
    const ids = async (query: string): Promise<string[]> => (await listed(query)).map(({ id }) => id);
    expect(await ids('')).not.toContain(idle.id);
    expect(await ids('?is_active=false')).toContain(idle.id);
    expect(await ids('?is_active=false&ghost_type=custom_goal')).not.toContain(idle.id);
    expect(new Set((await listed('?ghost_type=past_run')).map(({ ghost_type }) => ghost_type))).toEqual(
      new Set(['past_run']),
    );
    expect(wispRefusal(await ask('GET', '/ghosts?is_active=maybe'), 400, 'VALIDATION_ERROR')).toEqual([
      'is_active',
    ]);
    const changed = wispData(
      await ask('PUT', `/ghosts/${idle.id}`, { is_active: true, name: 'Up' }),
      200,
      models.ghost,
    );
    expect(changed).toMatchObject({ is_active: true, name: 'Up' });
    expect(wispRefusal(await ask('PUT', `/ghosts/${idle.id}`, { name: 5 }), 400, 'VALIDATION_ERROR')).toEqual(
      ['name'],
    );
    expect(
      wispRefusal(
        await ask('PUT', `/ghosts/${idle.id}`, { target_duration: 900, target_distance: 900 }),
        400,
        'VALIDATION_ERROR',
      ),
    ).toEqual(['target_distance']);
  });

  it('tells when it is where, by kilometre', async () => {
    const { id } = await ofRun(before);
    const race = wispData(await ask('GET', `/ghosts/${id}/race-data`), 200, models.raceData);
    expect(race.ghost_id).toBe(id);
    expect(race.pacing_strategy).toHaveLength(3);
    const last = race.pacing_strategy.at(-1)!;
    expect(last.distance).toBe(race.target_distance);
    expect(last.cumulative_time).toBeCloseTo(race.target_duration, 0);
    expect(race.pacing_strategy.reduce((sum, { target_time }) => sum + target_time, 0)).toBeCloseTo(
      last.cumulative_time,
      1,
    );
    await call(server.url, 'PATCH', '/api/v1/running/preferences', {
      token: ada.accessToken,
      body: { maxHeartRateBpm: 190 },
    });
    const zones = wispData(
      await ask('GET', `/ghosts/${id}/race-data`),
      200,
      models.raceData,
    ).heart_rate_zones!;
    expect(zones.zone_5).toEqual({ min: 171, max: 190 });
    expect(zones.zone_1.max).toBe(zones.zone_2.min);
    wispRefusal(await byEve('GET', `/ghosts/${id}/race-data`), 404, 'NOT_FOUND');
  });

  it('is its owner’s alone until it is public', async () => {
    const { id } = await ofRun(before);
    for (const ghost of [id, randomUUID(), 'none']) {
      wispRefusal(await byEve('GET', `/ghosts/${ghost}`), 404, 'NOT_FOUND');
      wispRefusal(await byEve('PUT', `/ghosts/${ghost}`, { name: 'Mine' }), 404, 'NOT_FOUND');
      wispRefusal(await byEve('DELETE', `/ghosts/${ghost}`), 404, 'NOT_FOUND');
      wispRefusal(await byEve('GET', `/ghosts/${ghost}/race-data`), 404, 'NOT_FOUND');
    }
    wispRefusal(await ask('GET', '/ghosts', undefined, { token: null }), 401, 'UNAUTHORIZED');
  });
});

describe('ghosts of others', () => {
  const publicOnes = async (query = '') =>
    wispData(await byEve('GET', `/ghosts/public${query}`), 200, models.publicGhosts);

  it('are found with whoever made them and wants to be seen', async () => {
    const goal = {
      ghost_type: 'custom_goal',
      target_distance: 5_000,
      target_duration: 1_200,
      is_public: true,
    };
    const made = [];
    for (const name of ['One', 'Two', 'Three'])
      made.push((await makeGhost({ ...goal, name, difficulty_level: 5 })).id);
    const all = await publicOnes('?difficulty_level=5&distance_range=5k&ghost_type=custom_goal');
    expect(all.ghosts.map(({ id }) => id)).toEqual(made.toReversed());
    expect(all.ghosts[0]).toMatchObject({ created_by: null, usage_count: 0, average_success_rate: null });
    const first = await publicOnes('?difficulty_level=5&limit=2');
    const rest = await publicOnes(`?difficulty_level=5&limit=2&cursor=${first.next_cursor}`);
    expect([...first.ghosts, ...rest.ghosts]).toEqual(all.ghosts);
    expect(rest.next_cursor).toBeNull();
    for (const none of [
      '?difficulty_level=5&ghost_type=past_run',
      '?difficulty_level=5&distance_range=marathon',
    ])
      expect((await publicOnes(none)).ghosts).toEqual([]);
    await ask('PUT', '/users/profile', { display_name: 'Ada' });
    await ask('PUT', '/users/preferences', { privacy_profile: 'public' });
    expect((await publicOnes()).ghosts[0]!.created_by).toMatchObject({ display_name: 'Ada' });
    for (const bad of [
      'limit=0',
      'limit=101',
      'difficulty_level=6',
      'distance_range=mile',
      'cursor=x',
      'ghost_type=x',
    ])
      expect(wispRefusal(await byEve('GET', `/ghosts/public?${bad}`), 400, 'VALIDATION_ERROR')).toEqual([
        bad.split('=')[0],
      ]);
    expect(
      wispData(await byEve('GET', `/ghosts/${made[0]}/race-data`), 200, models.raceData).target_duration,
    ).toBe(1_200);
  });

  it('are recommended, with the reason in words', async () => {
    const { recommended } = wispData(await ask('GET', '/ghosts/recommended'), 200, models.recommendedGhosts);
    expect(recommended.length).toBeGreaterThan(0);
    for (const { reason, target_improvement } of recommended) {
      expect(reason).toMatch(/ /);
      if (target_improvement !== null) expect(target_improvement).toMatch(/^(?:\d+:)?\d+:\d\d faster$/);
    }
  });
});

function split(distance: number): { distance: number; target_pace: number } {
  return { distance, target_pace: 240 };
}
