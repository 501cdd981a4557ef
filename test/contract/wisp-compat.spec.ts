import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { decodePolyline } from '../../src/running/geo/polyline.js';
import { aLoop, makeRunRow } from '../factories/run.factory.js';
import { aRunnerPicture } from '../security/running-profile-stories.js';
import { type Answer, call, type Call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { makeGhost, raceGhost } from '../support/race-trial.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import {
  array,
  bool,
  date,
  type Decode,
  DecodingError,
  int,
  object,
  only,
  optional,
  string,
} from '../support/swift-decoder.js';
import { waitUntil } from '../support/wait-until.js';
import * as models from '../support/wisp-models.js';

// Every path of the Wisp app's backend that is served, read as the app reads it: whatever its decoder would refuse fails here.

const BASE = '/compat/wisp';
const V1 = `${BASE}/api/v1`;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let analysed: string;
let raced: string;
let shown: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  analysed = await withRunningWorld(database.url, (world) => world.aRun(ada.id, { title: 'Analysed' }));
  const before = await makeRunRow(database.url, {
    userId: ada.id,
    startedAt: new Date('2026-04-30T06:30:00.250Z'),
  });
  raced = await makeRunRow(database.url, { userId: ada.id, track: aLoop({ speedMps: 3.2 }) });
  shown = await makeRunRow(database.url, { userId: ada.id, visibility: 'public', startedAt: new Date() });
  await makeRunRow(database.url, { userId: ada.id, source: 'strava', startedAt: new Date(0), title: null });
  const ghostId = await makeGhost(server.url, ada.accessToken, before);
  await raceGhost(server.url, ada.accessToken, ghostId, raced);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = (method: string, path: string, body?: unknown, rest: Call = {}): Promise<Answer> =>
  call(server.url, method, path, { token: ada.accessToken, ...(body !== undefined && { body }), ...rest });

/** An answer of the contract, in its envelope, decoded. */
async function read<T>(path: string, decode: Decode<T>, who = ada): Promise<T> {
  const answer = await ask('GET', V1 + path, undefined, { token: who.accessToken });
  expect([path, answer.status]).toEqual([path, 200]);
  return models.envelopeOf(decode)(answer.json, path).data;
}

async function readBuilt<T>(path: string, decode: Decode<T>): Promise<T> {
  const answer = await ask('GET', BASE + path);
  expect([path, answer.status]).toEqual([path, 200]);
  return decode(answer.json, path);
}

function expectRefusal(answer: Answer, status: number, code: string): Record<string, unknown> {
  expect([answer.status, answer.json]).toEqual([status, expect.anything()]);
  models.problem(answer.json, 'error');
  expect(answer.json.error.code).toBe(code);
  return (answer.json.error.details ?? {}) as Record<string, unknown>;
}

describe('the decoder of these tests', () => {
  it('fails as the app’s does', () => {
    const good = { id: randomUUID(), lat: 1, n: 2 };
    const decode = object({ id: string, lat: optional(int), n: int });
    expect(decode(good, 'x')).toEqual(good);
    expect(decode({ id: 'a', n: 1, more: [] }, 'x')).toEqual({ id: 'a', lat: null, n: 1 });
    for (const bad of [
      { n: 1 },
      { id: null, n: 1 },
      { id: 'a', n: 1.5 },
      { id: 'a', n: '1' },
      { id: 'a', lat: 'x', n: 1 },
      [],
      null,
    ])
      expect(() => decode(bad, 'x')).toThrow(DecodingError);
    expect(() => date('2026-05-02T06:30:00.000Z', 'x')).toThrow(DecodingError);
  });

  it('fails at what is not written down, and at what is left out', () => {
    const decode = only({ id: string, lat: optional(int) });
    expect(decode({ id: 'a', lat: null }, 'x')).toEqual({ id: 'a', lat: null });
    for (const bad of [{ id: 'a' }, { id: 'a', lat: 1, more: 1 }, { id: 'a', lat: 'x' }, { lat: 1 }])
      expect(() => decode(bad, 'x')).toThrow(DecodingError);
  });
});

describe('runners', () => {
  it('have a profile with preferences, and change it', async () => {
    const first = await read('/users/profile', models.profile);
    expect(first).toMatchObject({
      id: ada.id,
      preferences: { privacy_runs: 'private', units_distance: 'metric' },
    });
    const body = {
      display_name: 'Ada',
      timezone: 'Europe/Berlin',
      username: `Ada.${randomBytes(4).toString('hex')}`,
    };
    const changed = await ask('PUT', `${V1}/users/profile`, body);
    expect(models.envelopeOf(models.profile)(changed.json, 'put').data).toMatchObject(body);
    const details = expectRefusal(
      await ask('PUT', `${V1}/users/profile`, { timezone: 'Nowhere' }),
      400,
      'VALIDATION_ERROR',
    );
    expect(Object.keys(details)).toEqual(['timezone']);
    const taken = await ask(
      'PUT',
      `${V1}/users/profile`,
      { username: body.username },
      { token: eve.accessToken },
    );
    expectRefusal(taken, 409, 'CONFLICT');
  });

  it('have preferences by the names of the original', async () => {
    const wish = { units_distance: 'imperial', privacy_profile: 'public', auto_pause_enabled: false };
    const changed = await ask('PUT', `${V1}/users/preferences`, wish);
    expect(models.envelopeOf(models.preferences)(changed.json, 'put').data).toMatchObject(wish);
    expect(await read('/users/preferences', models.preferences)).toMatchObject({
      ...wish,
      gps_accuracy: 'high',
    });
    expectRefusal(
      await ask('PUT', `${V1}/users/preferences`, { gps_accuracy: 'best' }),
      400,
      'VALIDATION_ERROR',
    );
  });

  it('upload a picture in a form, and others see it', async () => {
    const form = new FormData();
    form.set(
      'avatar',
      new Blob([new Uint8Array((await aRunnerPicture()).body)], { type: 'image/png' }),
      'me.png',
    );
    const response = await fetch(`${server.url}${V1}/users/profile/upload-avatar`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.accessToken}` },
      body: form,
    });
    const decode = models.envelopeOf(only({ profile_picture_url: string }));
    const { profile_picture_url: url } = decode(await response.json(), 'avatar').data;
    expect((await fetch(url)).headers.get('content-type')).toBe('image/png');
    await ask('PUT', `${V1}/users/preferences`, { privacy_profile: 'public' });
    const seen = await read(`/users/profile/${ada.id}`, models.runner, eve);
    expect((await fetch(seen.profile_picture_url!)).status).toBe(200);
    expect((await ask('PUT', `${V1}/users/profile`, { profile_picture_url: url })).status).toBe(200);
    expectRefusal(
      await ask('PUT', `${V1}/users/profile`, { profile_picture_url: 'https://x.example/a.png' }),
      400,
      'VALIDATION_ERROR',
    );
    await ask('PUT', `${V1}/users/profile`, { profile_picture_url: null });
    expect((await read('/users/profile', models.profile)).profile_picture_url).toBeNull();
    expectRefusal(await ask('POST', `${V1}/users/profile/upload-avatar`), 400, 'VALIDATION_ERROR');
  });

  it('are seen with what they show, and not at all where they do not want to be', async () => {
    await ask('PUT', `${V1}/users/preferences`, { privacy_profile: 'public' });
    const seen = await read(`/users/profile/${ada.id}`, models.runner, eve);
    expect(seen).toMatchObject({ is_following: false, run_stats: { total_runs: 1 } });
    expect(seen.run_stats.average_pace).toBeCloseTo(1_000 / 3, 0);
    const list = only({
      runs: array(models.run),
      user: only({ username: string, display_name: optional(string), privacy_level: string }),
      pagination: models.pagination,
    });
    const { runs, pagination } = await read(`/users/${ada.id}/runs`, list, eve);
    expect(runs.map(({ id }) => id)).toEqual([shown]);
    expect(pagination).toEqual({ page: 1, limit: 20, total: 1, has_next: false, has_previous: false });
    const hidden = await ask('GET', `${V1}/users/profile/${eve.id}`);
    expectRefusal(hidden, 404, 'NOT_FOUND');
    expectRefusal(await ask('GET', `${V1}/users/${eve.id}/runs`), 404, 'NOT_FOUND');
  });
});

describe('runs', () => {
  const page = only({ runs: array(models.run), pagination: models.pagination });

  it('come in pages, sorted, and by where they are from', async () => {
    const all = await read('/runs?limit=100', page);
    expect(all.pagination).toMatchObject({ page: 1, limit: 100, total: 5, has_next: false });
    const paged = [];
    for (let at = 1; at <= 3; at += 1) {
      const { runs, pagination } = await read(`/runs?page=${at}&limit=2`, page);
      expect(pagination).toEqual({ page: at, limit: 2, total: 5, has_next: at < 3, has_previous: at > 1 });
      paged.push(...runs);
    }
    expect(paged).toEqual(all.runs);
    expect((await read('/runs?page=9', page)).pagination).toMatchObject({ total: 5, has_next: false });
    const times = all.runs.map(({ started_at }) => started_at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const longest = (await read('/runs?sort=distance_desc', page)).runs.map(({ distance }) => distance);
    expect(longest).toEqual(longest.toSorted((a, b) => b - a));
    const imported = await read('/runs?data_source=strava', page);
    expect(imported.runs.map(({ data_source }) => data_source)).toEqual(['strava']);
    const raw = await ask('GET', `${V1}/runs`);
    for (const one of raw.json.data.runs) models.run(one, 'run');
    expectRefusal(await ask('GET', `${V1}/runs?limit=101`), 400, 'VALIDATION_ERROR');
    expectRefusal(await ask('GET', `${V1}/runs?sort=pace`), 400, 'VALIDATION_ERROR');
  });

  it('tell pace in seconds per kilometre, by kilometre, and heart rate by minute', async () => {
    await waitUntil('the run is analysed', 20_000, async () => {
      return (await ask('GET', `${V1}/runs/${analysed}`)).json.data.pace_splits !== null;
    });
    const details = await read(`/runs/${analysed}`, models.runDetails);
    expect(details.average_pace).toBeCloseTo(1_000 / 3, 0);
    expect(details.average_speed).toBeCloseTo(3, 1);
    expect(details.pace_splits).toHaveLength(2);
    for (const pace of details.pace_splits!) expect(pace).toBeCloseTo(1_000 / 3, 0);
    expect(details.heart_rate_data).toEqual(Array.from({ length: 9 }, () => 150));
    expect(details.moving_time).toBeLessThanOrEqual(details.elapsed_time);
  });

  it('tell of their route and races', async () => {
    const details = await read(`/runs/${raced}`, models.runDetails);
    expect(details.ghost_race_results).toMatchObject([
      { ghost_name: 'Last time', result_status: 'won', completion_percentage: 1 },
    ]);
    expect(details.ghost_race_results[0]!.time_difference).toBeLessThan(-40);
    expect(details.route!.total_points).toBeGreaterThan(700);
    const listed = (await ask('GET', `${V1}/runs`)).json.data.runs as {
      id: string;
      has_ghost_race: boolean;
    }[];
    expect(listed.filter(({ has_ghost_race }) => has_ghost_race).map(({ id }) => id)).toEqual([raced]);
  });

  it('have their places in all three spellings', async () => {
    const raw = await ask('GET', `${V1}/runs/${shown}/route`);
    const documented = models.envelopeOf(models.documentedRoute)(raw.json, 'route').data;
    const app = models.appRoute(raw.json.data, 'route');
    expect(app.run_id).toBe(shown);
    expect(app.coordinates).toHaveLength(documented.total_points);
    app.coordinates.forEach(({ lat, lon }, index) => {
      expect(documented.coordinates[index]).toMatchObject({ lat, lng: lon });
    });
    const line = decodePolyline(documented.encoded_polyline);
    expect(line).toHaveLength(documented.total_points);
    expect(line[0]![0]).toBeCloseTo(app.coordinates[0]!.lat, 4);
    const { north, south, east, west } = documented.bounds;
    for (const { lat, lon } of app.coordinates) {
      expect(lat >= south && lat <= north && lon >= west && lon <= east).toBe(true);
    }
  });

  it('are somebody’s own, but for those that are shown', async () => {
    const token = eve.accessToken;
    for (const path of ['', '/route']) {
      expect((await ask('GET', `${V1}/runs/${shown}${path}`, undefined, { token })).status).toBe(200);
      for (const id of [raced, randomUUID(), 'none'])
        expectRefusal(await ask('GET', `${V1}/runs/${id}${path}`, undefined, { token }), 404, 'NOT_FOUND');
    }
    const seen = await ask('GET', `${V1}/runs/${shown}`, undefined, { token });
    expect(seen.json.data.ghost_race_results).toEqual([]);
  });

  it('are summed up, by month and by record', async () => {
    const sums = await read('/runs/stats/summary', models.summary);
    expect(sums).toMatchObject({ total_runs: 5, this_week: { runs: 1 }, this_month: { runs: 1 } });
    expect(sums.best_pace).toBeCloseTo(1_000 / 3.2, 0);
    const { monthly_stats } = await read('/runs/stats/monthly?year=2026&months=12', models.months);
    expect(monthly_stats.map(({ year, month }) => [year, month])).toEqual(
      Array.from({ length: 12 }, (_, index) => [2026, 12 - index]),
    );
    expect(monthly_stats.find(({ month }) => month === 3)).toMatchObject({ runs: 1 });
    const { personal_records } = await read('/runs/personal-records', models.records);
    expect(personal_records.map(({ distance }) => distance)).toContain(1_000);
    expectRefusal(await ask('GET', `${V1}/runs/stats/monthly?months=0`), 400, 'VALIDATION_ERROR');
  });
});

describe('the routes that were built', () => {
  const list = only({
    runs: array(models.run),
    total_count: int,
    has_more: bool,
    next_cursor: optional(string),
  });

  it('answer without an envelope', async () => {
    const first = await readBuilt('/runs?limit=3', list);
    expect(first).toMatchObject({ total_count: 5, has_more: true, next_cursor: '3' });
    const rest = await readBuilt('/runs?limit=3&offset=3', list);
    expect(rest).toMatchObject({ total_count: 5, has_more: false, next_cursor: null });
    expect(first.runs.length + rest.runs.length).toBe(5);
    expect((await readBuilt('/runs?search=ANALYS', list)).runs.map(({ id }) => id)).toEqual([analysed]);
    const since = await readBuilt(
      '/runs?date_from=2026-05-01T00:00:00Z&sort_by=distance&sort_order=asc',
      list,
    );
    expect(since.total_count).toBe(2);
    const latest = await readBuilt('/runs/latest', only({ run: models.run }));
    expect(latest.run.id).toBe(shown);
    expect((await readBuilt(`/runs/${raced}`, only({ run: models.run }))).run.id).toBe(raced);
  });

  it('tell routes as they did, and as maps want them', async () => {
    const { route } = await readBuilt(`/runs/${raced}/route`, only({ route: models.builtRoute }));
    const raw = (await ask('GET', `${BASE}/runs/${raced}/route`)).json.route;
    expect(models.appRoute(raw, 'route').coordinates).toHaveLength(route.total_points);
    const { json } = await ask('GET', `${BASE}/runs/${raced}/route/polyline`);
    expect(models.feature(json, 'polyline').properties.run_id).toBe(raced);
    expect(json.geometry.coordinates[0]).toEqual([
      route.coordinates[0]!.longitude,
      route.coordinates[0]!.latitude,
    ]);
    const plain = await ask('GET', `${BASE}/runs/${raced}/route/polyline?format=coordinates`);
    expect(models.builtPolyline(plain.json, 'polyline').total_points).toBe(route.total_points);
  });

  it('sum up, and say who somebody is', async () => {
    const all = await readBuilt('/stats/summary', models.builtSummary);
    expect(all).toMatchObject({ period: 'all_time', total_runs: 5 });
    expect(all.average_pace).toBeGreaterThan(250);
    expect(await readBuilt('/stats/summary?period=this_week', models.builtSummary)).toMatchObject({
      total_runs: 1,
    });
    expect((await ask('GET', `${BASE}/auth/me`)).json).toEqual({ user_id: ada.id, authenticated: true });
    expect((await ask('POST', `${BASE}/auth/validate`)).json).toEqual({ valid: true, user_id: ada.id });
    const health = await ask('GET', `${BASE}/health`, undefined, { token: null });
    expect(only({ status: string, timestamp: date })(health.json, 'health').status).toBe('healthy');
  });

  it('refuse as they did', async () => {
    for (const [path, status] of [
      [`/runs/${randomUUID()}`, 404],
      ['/runs/none/route', 404],
      ['/runs?sort_by=title', 400],
      ['/stats/summary?period=today', 400],
    ] as const) {
      const answer = await ask('GET', BASE + path);
      expect([path, answer.status]).toEqual([path, status]);
      expect(models.builtProblem(answer.json, path).status_code).toBe(status);
    }
  });
});

describe('the mount', () => {
  it('knows nobody without a token', async () => {
    for (const token of [null, 'expired.or.forged']) {
      expectRefusal(await ask('GET', `${V1}/runs`, undefined, { token }), 401, 'UNAUTHORIZED');
      const built = await ask('GET', `${BASE}/runs`, undefined, { token });
      expect([built.status, models.builtProblem(built.json, 'built').status_code]).toEqual([401, 401]);
    }
  });

  it.each([
    '/api/v1/users/oauth/connections',
    '/api/v1/users/search?q=a',
    '/api/v1/users/following',
    '/api/v1/runs/x/weather',
    '/api/v1/ghosts/friends',
    '/api/v1/activity/feed',
    '/api/v1/strava/webhook',
    '/strava/status',
  ])('does not have %s yet', async (path) => {
    const answer = await ask('GET', BASE + path);
    if (path.startsWith('/api/')) expectRefusal(answer, 404, 'NOT_FOUND');
    else expect([answer.status, models.builtProblem(answer.json, path).status_code]).toEqual([404, 404]);
  });
});
