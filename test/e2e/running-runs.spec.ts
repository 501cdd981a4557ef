import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { steadyTrack } from '../support/tracks.js';

// Runs: begun, described, listed, shown to others, deleted, and what clients that were away are told.

const RUNS = '/api/v1/running/runs';
const STARTED = '2026-03-01T08:00:00.000Z';
const TOTALS = { distanceM: 5_000, movingTimeS: 1_500, elapsedTimeS: 1_600 };

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = (who: Person, path: string): Promise<Answer> =>
  get(server.url, path, { token: who.accessToken });
const write = (who: Person, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  call(server.url, method, path, { token: who.accessToken, headers, ...(body !== undefined && { body }) });
const create = (who: Person, body: object, headers = {}): Promise<Answer> =>
  write(who, 'POST', RUNS, { startedAt: STARTED, ...body }, headers);
const idsOf = (answer: Answer): string[] => (answer.json.items as { id: string }[]).map(({ id }) => id);
const withTrack = (who: Person, wish = {}): Promise<string> =>
  withRunningWorld(database.url, (world) => world.aRun(who.id, wish));

describe('a run', () => {
  it('is begun once, however often it is sent', async () => {
    const id = randomUUID();
    const body = { id, title: 'Dawn', timeZone: 'Europe/Vienna' };
    const first = await create(ada, body);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ ...body, status: 'recording', isOwn: true, source: 'app', visibility: 'private', distanceM: null }); // prettier-ignore
    expect(first.headers.get('etag')).toBe('"1"');
    expect((await create(ada, { ...body, title: 'Dusk' })).json).toMatchObject({ id, title: 'Dawn' });
    expectProblem(await create(eve, body), 409, 'running/run-id-taken');
    const keyed = await create(ada, {}, { 'idempotency-key': 'k1' });
    expect((await create(ada, {}, { 'idempotency-key': 'k1' })).json.id).toBe(keyed.json.id);
  });

  it('with totals is over at once', async () => {
    const { json } = await create(ada, { totals: TOTALS, caloriesKcal: 300 });
    expect(json).toMatchObject({ status: 'finished', hasTrack: false, finishedAt: '2026-03-01T08:26:40.000Z', averagePaceSPerKm: 300, caloriesKcal: 300, ...TOTALS }); // prettier-ignore
    expect((await read(ada, `${RUNS}/${json.id as string}/streams`)).json).toMatchObject({
      originalCount: 0,
      timeS: [],
    });
    const wrong = { totals: { ...TOTALS, movingTimeS: 1_700 } };
    expectProblem(await create(ada, wrong), 422, 'running/invalid-run');
  });

  it.each([
    [{ startedAt: '2026-03-01' }],
    [{ startedAt: '1900-03-01T08:00:00Z' }],
    [{ startedAt: '2026-03-01T08:00:00' }],
    [{ startedAt: '2026-060T08:00:00Z' }],
    [{ startedAt: null }],
    [{ id: 'mine' }],
    [{ id: randomUUID().toUpperCase() }],
    [{ title: '' }],
    [{ privacy: 'secret' }],
    [{ sport: 'Run!' }],
    [{ timeZone: 'Moon/Crater' }],
    [{ totals: { distanceM: 0, movingTimeS: 1, elapsedTimeS: 1 } }],
    [{ totals: null }],
    [{ totals: [] }],
    [{ distanceM: 5 }],
  ])('takes no %j', async (body) => {
    expectProblem(await create(ada, body), 400, 'http/malformed');
  });

  it('does not begin the day after tomorrow', async () => {
    const startedAt = new Date(Date.now() + 2 * 86_400_000).toISOString();
    expectProblem(await create(ada, { startedAt }), 422, 'running/invalid-run');
  });

  it('is changed by its version, and deleted for good', async () => {
    const { json: made } = await create(ada, { description: 'slow' });
    const path = `${RUNS}/${made.id as string}`;
    const body = { title: 'Hills', description: null, privacy: 'friends', caloriesKcal: 250 };
    const changed = await write(ada, 'PATCH', path, body, { 'if-match': '"1"' });
    expect(changed.json).toMatchObject({ ...body, visibility: 'friends', version: 2 });
    expectProblem(await write(ada, 'PATCH', path, body, { 'if-match': '"1"' }), 412, 'running/stale');
    for (const odd of ['1', 'W/"1"', '"1", "2"'])
      expectProblem(
        await write(ada, 'PATCH', path, body, { 'if-match': odd }),
        400,
        'running/invalid-if-match',
      );
    expect((await read(ada, path)).json).toMatchObject({ title: 'Hills', version: 2 });
    expect((await write(ada, 'PATCH', path, { privacy: null })).json).toMatchObject({ privacy: null, visibility: 'private', title: 'Hills' }); // prettier-ignore
    expectProblem(await write(eve, 'PATCH', path, body), 404, 'running/unknown-run');
    expectProblem(await write(eve, 'DELETE', path), 404, 'running/unknown-run');
    expectProblem(await write(ada, 'DELETE', path, undefined, { 'if-match': '"2"' }), 412, 'running/stale');
    expect((await write(ada, 'DELETE', path, undefined, { 'if-match': '"3"' })).status).toBe(204);
    expectProblem(await write(ada, 'DELETE', path), 404, 'running/unknown-run');
    for (const shape of [
      '',
      '/route',
      '/streams',
      '/laps',
      '/pauses',
      '/corrections',
      '/analysis',
      '/card.svg',
    ])
      expectProblem(await read(ada, path + shape), 404, 'running/unknown-run');
    expectProblem(await create(ada, { id: made.id }), 409, 'running/run-deleted');
  });
});

describe('a list of runs', () => {
  it('comes in pages, sorted and filtered', async () => {
    const bob = await newPerson(server.url);
    const days = [3, 1, 5, 2, 4];
    const ids = new Map<number, string>();
    for (const day of days) {
      const totals = { ...TOTALS, distanceM: 1_000 * (6 - day) + 0.1 };
      ids.set(day, (await create(bob, { startedAt: `2026-03-0${day}T08:00:00Z`, totals })).json.id as string);
    }
    const pages = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await read(bob, `${RUNS}?limit=2&${query}${cursor && `&cursor=${cursor}`}`);
        expect(page.status).toBe(200);
        found.push(...idsOf(page));
        cursor = page.json.nextCursor as string | null;
      }
      return found;
    };
    const of = (...wanted: number[]): string[] => wanted.map((day) => ids.get(day)!);
    expect(await pages('')).toEqual(of(5, 4, 3, 2, 1));
    expect(await pages('order=asc')).toEqual(of(1, 2, 3, 4, 5));
    expect(await pages('sort=distance')).toEqual(of(1, 2, 3, 4, 5));
    expect(await pages('sort=distance&order=asc&source=app,imported')).toEqual(of(5, 4, 3, 2, 1));
    expect(await pages('source=imported')).toEqual([]);
    expect(await pages('from=2026-03-02T08:00:00Z&to=2026-03-04T08:00:00Z')).toEqual(of(3, 2));
    const byDate = (await read(bob, `${RUNS}?limit=2`)).json.nextCursor as string;
    expectProblem(await read(bob, `${RUNS}?sort=distance&cursor=${byDate}`), 400, 'http/malformed');
  });

  it('of changes tells each run once, deleted ones too, until it is too late', async () => {
    const bob = await newPerson(server.url);
    const made = [
      (await create(bob, {})).json.id,
      (await create(bob, {})).json.id,
      (await create(bob, {})).json.id,
    ] as string[];
    await write(bob, 'PATCH', `${RUNS}/${made[0]!}`, { title: 'later' });
    await write(bob, 'DELETE', `${RUNS}/${made[1]!}`);
    const first = (await read(bob, `${RUNS}/changes?limit=2`)).json;
    expect(first).toMatchObject({ hasMore: true, items: [{ id: made[2], isDeleted: false }, { id: made[0], run: { title: 'later' } }] }); // prettier-ignore
    const second = (await read(bob, `${RUNS}/changes?since=${first.nextSince as string}`)).json;
    expect(second).toMatchObject({ hasMore: false, items: [{ id: made[1], isDeleted: true, run: null }] });
    const third = (await read(bob, `${RUNS}/changes?since=${second.nextSince as string}`)).json;
    expect(third.items).toEqual([]);
    await write(bob, 'PATCH', `${RUNS}/${made[2]!}`, { title: 'last' });
    const fourth = await read(bob, `${RUNS}/changes?since=${third.nextSince as string}`);
    expect(idsOf(fourth)).toEqual([made[2]]);
    const longAgo = Buffer.from(JSON.stringify([1, Date.now() - 31 * 86_400_000])).toString('base64url');
    expectProblem(await read(bob, `${RUNS}/changes?since=${longAgo}`), 410, 'running/changes-gone');
    expectProblem(await read(bob, `${RUNS}/changes?since=x`), 400, 'http/malformed');
  });
});

describe('a run that is shown to everybody', () => {
  it('is seen by others without what is its runner’s own', async () => {
    const id = await withTrack(ada, { privacy: 'public' });
    const seen = await read(eve, `${RUNS}/${id}`);
    expect(seen.json).toMatchObject({
      id,
      isOwn: false,
      averageHeartRateBpm: null,
      privacy: null,
      hasTrack: true,
    });
    expect((await read(ada, `${RUNS}/${id}`)).json).toMatchObject({ isOwn: true, averageHeartRateBpm: 150 });
    expect((await read(eve, `${RUNS}/${id}/streams`)).json).toMatchObject({ heartRateBpm: null });
    expect(((await read(ada, `${RUNS}/${id}/streams`)).json.heartRateBpm as number[])[0]).toBe(150);
    for (const shape of ['route', 'laps', 'pauses', 'corrections'])
      expect((await read(eve, `${RUNS}/${id}/${shape}`)).status).toBe(200);
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/finish'],
    ] as const)
      // prettier-ignore
      expectProblem(await write(eve, method, `${RUNS}/${id}${path}`, {}), 404, 'running/unknown-run');
  });

  it('is one that was recorded here or came in a file: never one of another provider', async () => {
    const id = await withTrack(ada, { source: 'strava', externalId: '17', privacy: 'public' });
    expectProblem(await read(eve, `${RUNS}/${id}`), 404, 'running/unknown-run');
    expect((await write(ada, 'PATCH', `${RUNS}/${id}`, { privacy: 'public' })).json).toMatchObject({ visibility: 'private' }); // prettier-ignore
    for (const shape of ['', '/route', '/streams', '/laps', '/pauses', '/corrections'])
      expectProblem(await read(eve, `${RUNS}/${id}${shape}`), 404, 'running/unknown-run');
    const forced = queryRows(database.url, `UPDATE running.run SET visibility = 'public' WHERE id = $1`, [
      id,
    ]);
    await expect(forced).rejects.toThrow('ck_run_provenance');
  });

  it('follows the profile where it has no choice of its own, and is listed with it', async () => {
    const bob = await newPerson(server.url);
    const own = await withTrack(bob, { privacy: 'private' });
    const close = await withTrack(bob, { privacy: 'friends' });
    const inherits = await withTrack(bob);
    const strava = await withTrack(bob, { source: 'strava', externalId: '18' });
    await write(bob, 'PATCH', '/api/v1/running/preferences', {
      privacyRuns: 'public',
      privacyProfile: 'public',
    });
    await read(bob, '/api/v1/running/profile');
    expect((await read(eve, `${RUNS}/${inherits}`)).status).toBe(200);
    for (const id of [own, close, strava])
      expectProblem(await read(eve, `${RUNS}/${id}`), 404, 'running/unknown-run');
    const later = (await create(bob, { totals: TOTALS })).json.id as string;
    expect(idsOf(await read(eve, `/api/v1/running/profiles/${bob.id}/runs?limit=1`))).toHaveLength(1);
    expect(idsOf(await read(eve, `/api/v1/running/profiles/${bob.id}/runs`)).sort()).toEqual(
      [inherits, later].sort(),
    );
    await write(bob, 'PATCH', '/api/v1/running/preferences', { privacyRuns: 'private' });
    expectProblem(await read(eve, `${RUNS}/${inherits}`), 404, 'running/unknown-run');
    expect(idsOf(await read(eve, `/api/v1/running/profiles/${bob.id}/runs`))).toEqual([]);
  });
});

describe('what a run looks like', () => {
  it('comes in the form and the detail that were asked for', async () => {
    const track = steadyTrack(3_000, 3, (second) => ({ altitudeM: second === 1_777 ? 999 : 200 }));
    const id = await withTrack(ada, {
      track,
      laps: [{ endMs: 600_000, distanceM: 1_800, trigger: 'manual' }],
      pauses: [{ fromMs: 1_000, toMs: 5_000 }],
      corrections: [{ kind: 'spike', fromMs: 0, toMs: 500, pointCount: 1, reason: 'Too far.' }],
    });
    const path = `${RUNS}/${id}`;
    const geo = (await read(ada, `${path}/route`)).json;
    expect(geo).toMatchObject({ runId: id, trackVersion: 1, pointCount: 3_001, polyline: null, coordinates: null, geojson: { type: 'Feature', geometry: { type: 'LineString' } } }); // prettier-ignore
    const low = (await read(ada, `${path}/route?format=coordinates&resolution=low`)).json;
    expect(low).toMatchObject({ pointCount: 100, geojson: null, bounds: geo.bounds });
    expect((await read(ada, `${path}/route?format=polyline`)).json.polyline).toMatch(/^[?-~]+$/);
    const streams = (await read(ada, `${path}/streams?resolution=low&keys=altitudeM&fromS=60&toS=2400`)).json;
    expect(streams).toMatchObject({ resolution: 'low', originalCount: 2_341, distanceM: null });
    expect(Math.max(...(streams.altitudeM as number[]))).toBe(999);
    expect(Math.min(...(streams.timeS as number[]))).toBe(60);
    expect(Math.max(...(streams.timeS as number[]))).toBe(2_400);
    for (const [resolution, most] of [
      ['low', 100],
      ['medium', 1_000],
      ['high', 10_000],
    ] as const) {
      const { json } = await read(ada, `${path}/streams?resolution=${resolution}`);
      const columns = ['timeS', 'distanceM', 'latDeg', 'lonDeg', 'altitudeM', 'speedMps'].map(
        (key) => json[key] as number[],
      );
      expect(new Set(columns.map(({ length }) => length)).size).toBe(1);
      expect(columns[0]!.length).toBeLessThanOrEqual(most);
      expect([columns[0]![0], columns[0]!.at(-1), json.originalCount]).toEqual([0, 3_000, 3_001]);
      expect(columns[1]!.every((value, index) => index === 0 || value >= columns[1]![index - 1]!)).toBe(true);
    }
    expect((await read(ada, `${path}/streams?fromS=2500&toS=2499`)).json).toMatchObject({
      originalCount: 0,
      timeS: [],
    });
    expect((await read(ada, `${path}/laps`)).json.items).toMatchObject([
      { number: 1, endS: 600, distanceM: 1_800 },
    ]);
    expect((await read(ada, `${path}/pauses`)).json.items).toEqual([{ fromS: 1, toS: 5 }]);
    expect((await read(ada, `${path}/corrections`)).json.items).toMatchObject([
      { kind: 'spike', toS: 0.5, before: null },
    ]);
    for (const query of [
      'route?format=kml',
      'streams?keys=power',
      'streams?resolution=huge',
      'streams?fromS=-1',
    ])
      expectProblem(await read(ada, `${path}/${query}`), 400, 'http/malformed');
  });
});
