import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aLoop, makeRunRow } from '../factories/run.factory.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { array, only } from '../support/swift-decoder.js';
import { waitUntil } from '../support/wait-until.js';
import { wispCaller, wispData, wispRefusal } from '../support/wisp-client.js';
import * as models from '../support/wisp-models.js';

// What the Wisp app writes: runs with their routes. Every answer is decoded, refusals too.

const STARTED_AT = '2026-06-01T18:00:00Z';
const STARTED_S = Date.parse(STARTED_AT) / 1_000;
const LOOP = aLoop();

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = wispCaller(
  () => server.url,
  () => ada,
);

/** As the documents have it, with everything. */
const NEW_RUN = {
  title: 'Evening Run',
  description: 'Great tempo run in the park',
  distance: 2_500,
  moving_time: 790,
  elapsed_time: 800,
  average_pace: 316,
  average_speed: 3.16,
  average_heart_rate: 165,
  max_heart_rate: 185,
  average_cadence: 180,
  calories_burned: 450,
  started_at: STARTED_AT,
  finished_at: '2026-06-01T18:13:20Z',
  start_latitude: 52.5,
  start_longitude: 13.4,
  end_latitude: 52.5,
  end_longitude: 13.4,
  elevation_gain: 150,
  elevation_loss: 145,
  max_elevation: 125.5,
  min_elevation: 25,
  timezone: 'America/Los_Angeles',
  pace_splits: [{ distance: 1_000, pace: 295, time: 295 }],
  heart_rate_data: [
    { timestamp: 60, heart_rate: 140 },
    { timestamp: 120, heart_rate: 160 },
    { timestamp: 180, heart_rate: 170 },
  ],
};
const aRun = async (more: object = {}): Promise<string> =>
  wispData(await ask('POST', '/runs', { ...NEW_RUN, heart_rate_data: null, ...more }), 201, models.run).id;

/** The loop as the app sends it. @param spelling of places */
const places = (spelling: 'lng' | 'lon' | 'longitude' = 'lng', from = 0, to = LOOP.length): object[] =>
  Array.from({ length: to - from }, (_, at) => {
    const [lat, lon] = [LOOP.latDeg[from + at]!, LOOP.lonDeg[from + at]!];
    const timestamp = STARTED_S + LOOP.tMs[from + at]! / 1_000;
    const rest = { timestamp, altitude: LOOP.altitudeM![from + at]! };
    if (spelling === 'lng') return { lat, lng: lon, ...rest };
    return spelling === 'lon' ? { lat, lon, ...rest } : { latitude: lat, longitude: lon, ...rest };
  });

describe('a run', () => {
  it('is saved in figures, and keeps them and its heart rates', async () => {
    const made = wispData(await ask('POST', '/runs', NEW_RUN), 201, models.run);
    const { title, description, distance, moving_time, elapsed_time, timezone } = NEW_RUN;
    expect(made).toMatchObject({
      user_id: ada.id,
      data_source: 'app',
      ...{ title, description, distance, moving_time, elapsed_time, timezone },
      average_pace: 316,
      average_speed: 3.16,
      calories_burned: 450,
      average_cadence: 180,
      elevation_gain: 150,
      elevation_loss: 145,
      has_route: false,
      has_ghost_race: false,
    });
    expect(made.started_at).toEqual(new Date(STARTED_AT));
    expect(made.finished_at).toEqual(new Date(NEW_RUN.finished_at));
    expect(made.heart_rate_data).toEqual([140, 160, 170]);
    expect(wispData(await ask('GET', `/runs/${made.id}`), 200, models.runDetails)).toMatchObject({
      distance: 2_500,
      route: null,
      ghost_race_results: [],
    });
  });

  it('is saved as the app’s own insert says it', async () => {
    const insert = {
      user_id: ada.id.toUpperCase(),
      external_id: null,
      data_source: 'app',
      title: '',
      distance: 5_000.5,
      moving_time: 1_500,
      elapsed_time: 1_500,
      started_at: '2026-06-02T06:00:00Z',
      timezone: null,
      pace_splits: [300, 301.5],
      heart_rate_data: [150, 0, 156],
      weather_temperature: 20,
    };
    const made = wispData(await ask('POST', '/runs', insert), 201, models.run);
    expect(made).toMatchObject({ title: null, distance: 5_000.5, weather_temperature: null });
    expect(made.heart_rate_data).toEqual([150, 156]);
  });

  it('is not saved twice for one key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const send = (body: object): Promise<Answer> => ask('POST', '/runs', body, { headers });
    const first = wispData(await send(NEW_RUN), 201, models.run);
    const again = await send(NEW_RUN);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(wispData(again, 201, models.run).id).toBe(first.id);
    const { runs } = wispData(
      await ask('GET', '/runs?limit=100'),
      200,
      only({ runs: array(models.run), pagination: models.pagination }),
    );
    expect(runs.filter(({ id }) => id === first.id)).toHaveLength(1);
    wispRefusal(await send({ ...NEW_RUN, title: 'Another' }), 400, 'VALIDATION_ERROR');
  });

  it.each([
    ['distance', { distance: 0 }],
    ['distance', { distance: '5000' }],
    ['moving_time', { moving_time: undefined }],
    ['moving_time', { moving_time: 801 }],
    ['started_at', { started_at: 'yesterday' }],
    ['started_at', { started_at: '2098-06-01T18:00:00Z' }],
    ['timezone', { timezone: 'Nowhere' }],
    ['title', { title: 'x'.repeat(201) }],
    ['heart_rate_data', { heart_rate_data: ['fast'] }],
    ['data_source', { data_source: 'strava' }],
    ['external_id', { external_id: '12' }],
    ['user_id', { user_id: randomUUID() }],
  ])('is refused for its %s, %j', async (field, change) => {
    const details = wispRefusal(
      await ask('POST', '/runs', { ...NEW_RUN, ...change }),
      400,
      'VALIDATION_ERROR',
    );
    expect(details).toEqual([expect.stringContaining(field)]);
  });

  it('is refused where there is none, with the first of many faults', async () => {
    for (const body of [[], 'no JSON', '{"a":', null])
      wispRefusal(await ask('POST', '/runs', body), 400, 'VALIDATION_ERROR');
    const heart_rate_data = Array.from({ length: 500 }, () => ({ timestamp: -1, heart_rate: 1 }));
    const details = wispRefusal(
      await ask('POST', '/runs', { ...NEW_RUN, heart_rate_data }),
      400,
      'VALIDATION_ERROR',
    );
    expect(details.length).toBeLessThan(60);
  });

  it('gets another title, and goes', async () => {
    const id = await aRun();
    const changed = wispData(await ask('PUT', `/runs/${id}`, { title: 'Amazing' }), 200, models.run);
    expect(changed).toMatchObject({ title: 'Amazing', description: NEW_RUN.description });
    expect(wispData(await ask('PUT', `/runs/${id}`, { description: null }), 200, models.run)).toMatchObject({
      title: 'Amazing',
      description: null,
    });
    expect(wispRefusal(await ask('PUT', `/runs/${id}`, { title: 5 }), 400, 'VALIDATION_ERROR')).toEqual([
      'title',
    ]);
    expect(wispData(await ask('DELETE', `/runs/${id}`), 200, models.gone)).toEqual({ id });
    for (const method of ['GET', 'DELETE']) wispRefusal(await ask(method, `/runs/${id}`), 404, 'NOT_FOUND');
  });

  it('is its runner’s to change, route and delete', async () => {
    const id = await aRun();
    const shown = await makeRunRow(database.url, { userId: ada.id, visibility: 'public' });
    const token = eve.accessToken;
    for (const run of [id, shown, randomUUID(), 'none']) {
      wispRefusal(await ask('PUT', `/runs/${run}`, { title: 'Mine' }, { token }), 404, 'NOT_FOUND');
      wispRefusal(await ask('DELETE', `/runs/${run}`, undefined, { token }), 404, 'NOT_FOUND');
      wispRefusal(
        await ask('POST', `/runs/${run}/route`, { coordinates: places() }, { token }),
        404,
        'NOT_FOUND',
      );
    }
    wispRefusal(await ask('POST', '/runs', NEW_RUN, { token: null }), 401, 'UNAUTHORIZED');
  });
});

describe('the route of a run', () => {
  it('is read as it was saved, and its figures and splits follow from it', async () => {
    const id = await aRun({ heart_rate_data: NEW_RUN.heart_rate_data });
    const saved = wispData(
      await ask('POST', `/runs/${id}/route`, { coordinates: places() }),
      201,
      models.documentedRoute,
    );
    expect(saved.total_points).toBe(LOOP.length);
    const { lat, lng, timestamp } = saved.coordinates[7]!;
    expect([lat, lng, timestamp]).toEqual([
      expect.closeTo(LOOP.latDeg[7]!, 6),
      expect.closeTo(LOOP.lonDeg[7]!, 6),
      STARTED_S + 7,
    ]);
    const read = await ask('GET', `/runs/${id}/route`);
    expect(wispData(read, 200, models.documentedRoute)).toEqual(saved);
    const run = wispData(await ask('GET', `/runs/${id}`), 200, models.runDetails);
    expect(run).toMatchObject({
      has_route: true,
      route: { total_points: LOOP.length },
      calories_burned: 450,
    });
    expect(run.distance).toBeCloseTo(2_400, -1);
    expect(run.average_cadence).toBe(180); // told, and no track says another one
    expect(run.heart_rate_data).toEqual([140, 160, 170]);
    await waitUntil('its splits are there', 20_000, async () => {
      const { pace_splits } = wispData(await ask('GET', `/runs/${id}`), 200, models.runDetails);
      return pace_splits?.length === 3;
    });
  });

  it.each(['lon', 'longitude'] as const)(
    'is taken in portions, with %s, in any order and again',
    async (spelling) => {
      const id = await aRun();
      const send = async (from: number, to: number): Promise<number> => {
        const body = { coordinates: places(spelling, from, to), encoded_polyline: 'ignored' };
        return wispData(await ask('POST', `/runs/${id}/route`, body), 201, models.appRoute).total_points;
      };
      expect(await send(400, LOOP.length)).toBe(LOOP.length - 400);
      expect(await send(0, 400)).toBe(LOOP.length);
      expect(await send(0, LOOP.length)).toBe(LOOP.length);
    },
  );

  it('is not another one, and none where the run has its own', async () => {
    const id = await aRun();
    await ask('POST', `/runs/${id}/route`, { coordinates: places() });
    const moved = places().map((place) => ({ ...place, lat: 48 }));
    wispRefusal(await ask('POST', `/runs/${id}/route`, { coordinates: moved }), 409, 'CONFLICT');
    expect(
      wispData(await ask('GET', `/runs/${id}/route`), 200, models.documentedRoute).coordinates[0]!.lat,
    ).toBeCloseTo(LOOP.latDeg[0]!, 6);
    const imported = await makeRunRow(database.url, { userId: ada.id, source: 'imported' });
    wispRefusal(await ask('POST', `/runs/${imported}/route`, { coordinates: places() }), 409, 'CONFLICT');
    const recorded = await recording();
    wispRefusal(await ask('POST', `/runs/${recorded}/route`, { coordinates: places() }), 409, 'CONFLICT');
  });

  it.each([
    ['coordinates', []],
    ['coordinates', 'here'],
    ['coordinates/0', [[52.5, 13.4]]],
    ['coordinates/0', [{ lat: 52.5, timestamp: STARTED_S }]],
    ['coordinates/0/lat', [{ lat: 91, lng: 13.4, timestamp: STARTED_S }]],
    ['coordinates/0/timestamp', [{ lat: 52.5, lng: 13.4 }]],
    ['coordinates/0/timestamp', [{ lat: 52.5, lng: 13.4, timestamp: 1 }]],
  ])('is refused at %s, %j', async (field, coordinates) => {
    const id = await aRun();
    const details = wispRefusal(
      await ask('POST', `/runs/${id}/route`, { coordinates }),
      400,
      'VALIDATION_ERROR',
    );
    expect(details).toEqual([field]);
    wispRefusal(await ask('GET', `/runs/${id}/route`), 404, 'NOT_FOUND');
  });
});

/** A run that was recorded here, fix by fix. @returns its id */
async function recording(): Promise<string> {
  const native = (method: string, path: string, body: object): Promise<Answer> =>
    call(server.url, method, `/api/v1/running/runs${path}`, { token: ada.accessToken, body });
  const { id } = (await native('POST', '', { startedAt: STARTED_AT })).json as { id: string };
  const fixes = Array.from({ length: 60 }, (_, at) => [
    at + 1,
    Date.parse(STARTED_AT) + at * 1_000,
    LOOP.latDeg[at]!,
    LOOP.lonDeg[at]!,
  ]);
  await native('PUT', `/${id}/fixes`, { fixes });
  await native('POST', `/${id}/finish`, {});
  await waitUntil('it has its track', 20_000, async () => (await ask('GET', `/runs/${id}`)).status === 200);
  return id;
}
