import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { encodePolyline } from '../../src/running/geo/polyline.js';
import { planeAround } from '../../src/running/geo/geodesy.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Corner, recorded, type Recording, wayM } from '../support/made-ways.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// Runs find their routes by the worker of the built application, and what a library of routes is good for then.

const RUNNING = '/api/v1/running';
const DAY_MS = 86_400_000;
const TOWN = { latDeg: 47.37, lonDeg: 8.54 };
/** 2.2 km from one place to another. */
const WAY: Corner[] = [[0, 0], [900, 0], [900, 700], [300, 900]]; // prettier-ignore
/** To its start from elsewhere, over it, and on. */
const LONGER: Corner[] = [[-400, -300], ...WAY, [300, 2_000]]; // prettier-ignore
/** A loop of two kilometres up and down a hill, elsewhere in town. */
const BLOCK: Corner[] = [[3_000, 0], [3_600, 0], [3_600, 400], [3_000, 400], [3_000, 0]]; // prettier-ignore
const hill = (atM: number): number => 450 + 30 * Math.sin((atM / 2_000) * Math.PI);

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let way: string;
let longer: string;
let block: string;
let fastest: string;
let days = 0;

const read = (path: string, who: Person = ada): Promise<Answer> =>
  get(server.url, RUNNING + path, { token: who.accessToken });
const send = (method: string, path: string, body?: object, headers: object = {}): Promise<Answer> =>
  call(server.url, method, RUNNING + path, {
    token: ada.accessToken,
    headers: { ...headers },
    ...(body && { body }),
  });
const routesOf = async (who: Person): Promise<Record<string, unknown>[]> =>
  ((await read('/routes', who)).json as { items: Record<string, unknown>[] }).items;

/** Runs of somebody, each a day before the one before. @returns their ids, once each is on a route */
async function runs(who: Person, ways: readonly (readonly [Corner[], Recording])[]): Promise<string[]> {
  const ids = await withRunningWorld(database.url, async (world) => {
    const made: string[] = [];
    for (const [corners, recording] of ways) {
      days += 1;
      const track = recorded(corners, { noiseM: 2, seed: days, ...recording });
      made.push(await world.aRun(who.id, { track, startedAtMs: Date.now() - days * DAY_MS }));
    }
    return made;
  });
  await waitUntil('every run is on a route', 30_000, async () => {
    const routes = await routesOf(who);
    const seen = new Set<string>();
    for (const { id } of routes) {
      const { json } = await read(`/routes/${String(id)}/runs?limit=200`, who);
      for (const run of json.items as { runId: string; isOwn: boolean }[]) if (run.isOwn) seen.add(run.runId);
    }
    return ids.every((id) => seen.has(id));
  });
  return ids;
}

const routeOf = async (runId: string, who: Person = ada): Promise<string> => {
  for (const { id } of await routesOf(who)) {
    const { json } = await read(`/routes/${String(id)}/runs`, who);
    if ((json.items as { runId: string; isOwn: boolean }[]).some((run) => run.isOwn && run.runId === runId))
      return String(id);
  }
  throw new Error('The run is on no route');
};

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  const [one, , over, round] = await runs(ada, [
    [WAY, { speedMps: 3 }],
    [WAY, { speedMps: 4 }],
    [LONGER, { speedMps: 5 }],
    [BLOCK, { speedMps: 3, altitudeM: hill }],
    [BLOCK, { speedMps: 3.2, altitudeM: hill }],
  ]);
  fastest = over!;
  way = await routeOf(one!);
  longer = await routeOf(over!);
  block = await routeOf(round!);
  await waitUntil('the longer run has its time on the shorter way', 30_000, async () => {
    const { json } = await read(`/routes/${way}`);
    return json.bestRunId === fastest;
  });
}, 120_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('a library of routes', () => {
  it('is made by runs, with the best time over each, by whichever run', async () => {
    const list = await read('/routes');
    expect(list.json.items).toHaveLength(3);
    expect(new Set((list.json.items as { id: string }[]).map(({ id }) => id))).toEqual(new Set([way, longer, block])); // prettier-ignore
    const one = await read(`/routes/${way}`);
    expect(one.headers.get('etag')).toBe(`"${one.json.version}"`);
    expect(one.json).toMatchObject({ kind: 'point_to_point', runCount: 2, name: null, bestRunId: fastest });
    expect(Math.abs(one.json.bestTimeS - wayM(WAY) / 5)).toBeLessThan(8);
    expect(one.json.polyline.length).toBeGreaterThan(100);
    expect((await read(`/routes/${block}`)).json).toMatchObject({ kind: 'loop', runCount: 2 });
    const { json: own } = await read(`/routes/${way}/runs?isWhole=true`);
    expect(own.items).toHaveLength(3);
    expect(own.items.at(-1)).toMatchObject({ runId: fastest, relation: 'contains', isOwn: false, passageCount: 1 }); // prettier-ignore
    const { json: progress } = await read(`/routes/${way}/progress`);
    expect(progress.items).toHaveLength(3);
    expect(progress.bestTimeS).toBe(one.json.bestTimeS);
    expect((await read(`/routes/${way}/versions`)).json.items).toMatchObject([{ version: 1 }]);
  });

  it('is narrowed and paged', async () => {
    const first = await read('/routes?limit=2');
    expect(first.json.items).toHaveLength(2);
    const rest = await read(`/routes?limit=2&cursor=${encodeURIComponent(first.json.nextCursor)}`);
    expect(rest.json).toMatchObject({ nextCursor: null });
    const ids = [...first.json.items, ...rest.json.items].map(({ id }: { id: string }) => id);
    expect(new Set(ids)).toEqual(new Set([way, longer, block]));
    expect((await read('/routes?kind=loop')).json.items).toMatchObject([{ id: block }]);
    expect((await read('/routes?minDistanceM=3000')).json.items).toMatchObject([{ id: longer }]);
    expectProblem(await read('/routes?minDistanceM=3&maxDistanceM=2'), 400, 'http/malformed');
    expectProblem(await read('/routes?cursor=x'), 400, 'http/malformed');
  });

  it('is named, by whoever knows its version', async () => {
    const { version } = (await read(`/routes/${block}`)).json;
    const named = await send('PATCH', `/routes/${block}`, { name: 'Round the hill' }, { 'if-match': `"${version}"` }); // prettier-ignore
    expect(named.json).toMatchObject({ name: 'Round the hill', version: version + 1 });
    expect(named.headers.get('etag')).toBe(`"${version + 1}"`);
    const late = await send('PATCH', `/routes/${block}`, { name: 'Late' }, { 'if-match': `"${version}"` });
    expectProblem(late, 412, 'running/stale');
    expectProblem(await send('PATCH', `/routes/${block}`, { name: 'x' }, { 'if-match': 'x' }), 400, 'running/invalid-if-match'); // prettier-ignore
    for (const name of ['', 'x'.repeat(101), 5])
      expectProblem(await send('PATCH', `/routes/${block}`, { name }), 400, 'http/malformed');
  });

  it('is nobody else’s', async () => {
    expect(await routesOf(eve)).toEqual([]);
    for (const path of [`/routes/${way}`, `/routes/${way}/loops`, `/routes/${way}/runs`, '/routes/x'])
      expectProblem(await read(path, eve), 404, 'running/unknown-route');
    const body = { routeId: way, targetTimeS: 700 };
    const plan = await post(server.url, `${RUNNING}/plans/pacing`, body, { token: eve.accessToken });
    expectProblem(plan, 404, 'running/unknown-route');
    const match = await post(server.url, `${RUNNING}/routes/match`, { runId: fastest }, { token: eve.accessToken }); // prettier-ignore
    expectProblem(match, 422, 'running/no-way-in-it');
  });
});

describe('a way', () => {
  it('of an own run or drawn on a map is found in the library', async () => {
    const ofRun = await send('POST', '/routes/match', { runId: fastest });
    expect(ofRun.status).toBe(200);
    expect(ofRun.json.mainRouteId).toBe(longer);
    expect(ofRun.json.items).toMatchObject([
      { routeId: longer, relation: 'same', direction: 'forward' },
      { routeId: way, relation: 'contains', direction: 'forward' },
    ]);
    expect(Math.abs(ofRun.json.items[1].timeS - wayM(WAY) / 5)).toBeLessThan(8);
    const plane = planeAround(TOWN.latDeg, TOWN.lonDeg);
    const drawn = (corners: readonly Corner[]): string =>
      encodePolyline(corners.map(([x, y]) => [plane.lat(y), plane.lon(x)] as const));
    const back = await send('POST', '/routes/match', { polyline: drawn([...WAY].reverse()) });
    expect(back.json).toMatchObject({ mainRouteId: null });
    expect(back.json.items[0]).toMatchObject({ routeId: way, relation: 'reversed', direction: 'backward', timeS: null }); // prettier-ignore
    expect((await send('POST', '/routes/match', { polyline: drawn([[9_000, 0], [9_900, 0]]) })).json) // prettier-ignore
      .toMatchObject({ mainRouteId: null, items: [] });
  });

  it('that is none is refused', async () => {
    for (const body of [{}, { runId: fastest, polyline: 'abcd' }, { runId: randomUUID() }, { polyline: '~~~~~~~~' }])
      expectProblem(await send('POST', '/routes/match', body), 422, 'running/no-way-in-it'); // prettier-ignore
    for (const body of [{ polyline: 'x' }, { polyline: null }, { runId: null }, { runId: 'x' }])
      expectProblem(await send('POST', '/routes/match', body), 400, 'http/malformed');
  });

  it('is suggested for a distance, a climb or a time, with its loops and what they will take', async () => {
    const far = await read('/routes/suggest?distanceM=6000');
    const best = far.json.items[0];
    expect(best.legs).toMatchObject(Array(3).fill({ routeId: block, loopIndex: 0 }));
    expect(best.legs[0].name).toBe('Round the hill');
    expect(Math.abs(best.distanceM - 6_000)).toBeLessThan(120);
    expect(best.predicted.basis).toBe('recent_runs');
    expect(best.predicted.timeS).toBeGreaterThan(1_300);
    const known = await read('/routes/suggest?timeS=640&limit=1');
    expect(known.json.items).toMatchObject([{ legs: [{ routeId: block }], runCount: 2, predicted: { basis: 'own_times' } }]); // prettier-ignore
    const { latDeg, lonDeg } = best.start;
    const near = await read(`/routes/suggest?climbM=60&effort=race&near=${latDeg},${lonDeg}`);
    expect(near.json.items[0].legs.length).toBeGreaterThan(0);
    expect((await read('/routes/suggest?distanceM=4000&near=10,10')).json.items).toEqual([]);
    expectProblem(await read('/routes/suggest'), 400, 'running/no-wish');
    for (const query of ['distanceM=1', 'climbM=x', 'distanceM=5000&near=91,0', 'distanceM=5000&near=here'])
      expectProblem(await read(`/routes/suggest?${query}`), 400, 'http/malformed');
  });

  it('has loops, to be begun anywhere on them', async () => {
    const { json } = await read(`/routes/${block}/loops`);
    expect(json.items).toMatchObject([{ index: 0, forward: { basis: 'recent_runs' } }]);
    expect(json.items[0].climbM).toBeGreaterThan(20);
    const plane = planeAround(TOWN.latDeg, TOWN.lonDeg);
    const corner = `${plane.lat(400).toFixed(6)},${plane.lon(3_600).toFixed(6)}`;
    const begun = await read(`/routes/${block}/loops?near=${corner}`);
    expect(begun.json.items).toHaveLength(1);
    expect(begun.json.items[0].polyline).not.toBe(json.items[0].polyline);
    expect((await read(`/routes/${block}/loops?near=0,0`)).json.items).toEqual([]);
    expect((await read(`/routes/${way}/loops`)).json.items).toEqual([]);
  });
});

describe('a pacing plan', () => {
  const plan = (body: object): Promise<Answer> => send('POST', '/plans/pacing', body);

  it('spreads the time over hills, and is even on level ground', async () => {
    const hilly = await plan({ routeId: block, targetTimeS: 600, splitDistanceM: 500 });
    expect(hilly.status).toBe(200);
    expect(hilly.json).toMatchObject({ targetTimeS: 600, isHillAware: true, gradeModel: 'heart_rate' });
    const [up, , , down] = hilly.json.splits;
    expect(up.climbM).toBeGreaterThan(10);
    expect(up.paceSPerKm).toBeGreaterThan(down.paceSPerKm * 1.05);
    expect(hilly.json.splits.at(-1).elapsedTimeS).toBe(600);
    const back = await plan({ routeId: block, loopIndex: 0, isBackward: true, targetTimeS: 600, gradeModel: 'minetti' }); // prettier-ignore
    expect(back.json).toMatchObject({ targetTimeS: 600, isHillAware: true, gradeModel: 'minetti' });
    const level = await plan({ distanceM: 10_000, paceSPerKm: 300, negativeSplitPct: 2 });
    expect(level.json).toMatchObject({ targetTimeS: 3_000, isHillAware: false });
    expect(level.json.splits).toHaveLength(10);
    expect(level.json.splits[0].paceSPerKm).toBeGreaterThan(level.json.splits[9].paceSPerKm);
  });

  it('becomes a ghost once, on the route where that was run whole', async () => {
    const body = { routeId: block, targetTimeS: 620, negativeSplitPct: 1 };
    const headers = { 'idempotency-key': randomUUID() };
    const made = await send('POST', '/plans/pacing/ghosts', body, headers);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      type: 'custom_goal',
      basis: 'route',
      name: 'Round the hill',
      curveState: 'ready',
    });
    expect(made.json.durationS).toBeCloseTo(620, 3);
    expect((await send('POST', '/plans/pacing/ghosts', body, headers)).json.id).toBe(made.json.id);
    const curve = await read(`/ghosts/${made.json.id}/curve`);
    expect(curve.json.basis).toBe('route');
    for (const wish of [
      { routeId: block, isBackward: true, targetTimeS: 620 },
      { distanceM: 5_000, paceSPerKm: 300, name: 'Even' },
    ]) {
      // prettier-ignore
      const other = await send('POST', '/plans/pacing/ghosts', wish);
      expect(other.json).toMatchObject({ type: 'custom_goal', basis: 'distance', curveState: 'ready' });
    }
  });

  it('without a course or a time, or with two of them, is none', async () => {
    for (const body of [
      {},
      { routeId: block, distanceM: 5_000, targetTimeS: 600 },
      { distanceM: 5_000 },
      { distanceM: 5_000, targetTimeS: 600, paceSPerKm: 300 },
      { distanceM: 5_000, loopIndex: 0, targetTimeS: 1_500 },
      { routeId: way, loopIndex: 3, targetTimeS: 700 },
      { distanceM: 5_000, targetTimeS: 60 },
    ])
      expectProblem(await plan(body), 422, 'running/invalid-plan');
    for (const body of [
      { distanceM: null, routeId: block, targetTimeS: 600 },
      { distanceM: 5_000, targetTimeS: 1_500, gradeModel: 'x' },
    ])
      // prettier-ignore
      expectProblem(await plan(body), 400, 'http/malformed');
  });
});

it('the record on a route is the part of its run that is on the route', async () => {
  const route = (await read(`/routes/${way}`)).json;
  const made = await send('POST', '/ghosts', { type: 'personal_record', routeId: way });
  expect(made.status).toBe(201);
  expect(Math.abs(made.json.distanceM - route.distanceM)).toBeLessThan(40);
  expect(Math.abs(made.json.durationS - route.bestTimeS)).toBeLessThan(5);
});

describe('what its runner knows better', () => {
  let own: string[];
  let other: string[];

  beforeAll(async () => {
    own = await runs(ada, [[[[0, 8_000], [700, 8_000]], {}]]); // prettier-ignore
    other = await runs(ada, [[[[0, 9_000], [800, 9_000]], {}]]); // prettier-ignore
  });

  it('merges routes, once', async () => {
    const [id, otherId] = [await routeOf(own[0]!), await routeOf(other[0]!)];
    expectProblem(await send('POST', `/routes/${id}/merge`, { routeId: id }), 422, 'running/invalid-merge');
    const unknown = { routeId: randomUUID() };
    expectProblem(await send('POST', `/routes/${id}/merge`, unknown), 422, 'running/invalid-merge');
    const headers = { 'idempotency-key': randomUUID() };
    const merged = await send('POST', `/routes/${id}/merge`, { routeId: otherId }, headers);
    expect(merged.json).toMatchObject({ id, runCount: 2 });
    const again = await send('POST', `/routes/${id}/merge`, { routeId: otherId }, headers);
    expect(again.json).toEqual(merged.json);
    expectProblem(await send('POST', `/routes/${id}/merge`, unknown, headers), 422, 'http/idempotency-key-reused'); // prettier-ignore
    expectProblem(await read(`/routes/${otherId}`), 404, 'running/unknown-route');
    const { json } = await read(`/routes/${id}/runs`);
    expect(json.items).toEqual(expect.arrayContaining([expect.objectContaining({ runId: other[0], isPinned: true, isOwn: true })])); // prettier-ignore
  });

  it('draws a route anew by another run, and keeps what it was', async () => {
    const id = await routeOf(own[0]!);
    const redrawn = await send('PUT', `/routes/${id}/shape`, { runId: other[0] });
    expect(redrawn.json).toMatchObject({ id, shapeVersion: 2 });
    expect(Math.abs(redrawn.json.distanceM - 800)).toBeLessThan(20);
    expect((await read(`/routes/${id}/versions`)).json.items).toMatchObject([{ version: 2 }, { version: 1 }]);
    const none = await send('PUT', `/routes/${id}/shape`, { runId: randomUUID() });
    expectProblem(none, 422, 'running/no-way-in-it');
  });

  it('takes a route away, with whose last run it goes unless it has a name', async () => {
    const [plain, named] = await runs(ada, [
      [[[0, 11_000], [700, 11_000]], {}],
      [[[0, 12_000], [700, 12_000]], {}],
    ]); // prettier-ignore
    const [plainId, namedId] = [await routeOf(plain!), await routeOf(named!)];
    await send('PATCH', `/routes/${namedId}`, { name: 'By the lake' });
    for (const runId of [plain, named]) expect((await send('DELETE', `/runs/${runId}`)).status).toBe(204);
    expectProblem(await read(`/routes/${plainId}`), 404, 'running/unknown-route');
    expect((await read(`/routes/${namedId}`)).json).toMatchObject({ runCount: 0, bestTimeS: null, lastRunAt: null }); // prettier-ignore
    expect((await send('DELETE', `/routes/${namedId}`)).status).toBe(204);
    expectProblem(await read(`/routes/${namedId}`), 404, 'running/unknown-route');
  });
});
