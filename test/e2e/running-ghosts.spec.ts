import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { FinishedRun } from '../../src/running/runs/finished-run.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { courseTrack } from '../support/courses.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { makeRace } from '../support/running-trial.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { steadyTrack } from '../support/tracks.js';
import { waitUntil } from '../support/wait-until.js';

// Ghosts over HTTP: made of what somebody ran or wants to run, changed, shown to others as their owner allows, and recommended.

const GHOSTS = '/api/v1/running/ghosts';
const DAY_MS = 86_400_000;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, bob] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = (who: Person, path: string): Promise<Answer> =>
  get(server.url, path, { token: who.accessToken });
const write = (who: Person, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  call(server.url, method, path, { token: who.accessToken, headers, ...(body !== undefined && { body }) });
/** With the analysis that records come from. */
async function aRun(who: Person, wish: Partial<FinishedRun> = {}): Promise<string> {
  const id = await withRunningWorld(database.url, (world) =>
    world.aRun(who.id, { track: courseTrack({ speedMps: 3 }), startedAtMs: Date.now() - DAY_MS, ...wish }),
  );
  await waitUntil('the run is analysed', 20_000, async () => {
    const { json } = await read(who, `/api/v1/running/runs/${id}/best-efforts`);
    return json.state === 'ready';
  });
  return id;
}
/** @returns the ghost */
async function make(who: Person, wish: object) {
  const made = await write(who, 'POST', GHOSTS, wish);
  if (made.status !== 201) throw new Error(made.text);
  return made.json as { id: string; durationS: number; distanceM: number; runIds: string[] };
}
const curveOf = async (who: Person, id: string, points = 5) =>
  (await read(who, `${GHOSTS}/${id}/curve?points=${points}`)).json as Record<
    'distanceM' | 'timeS' | 'latDeg' | 'lonDeg',
    number[]
  > & { basis: string; version: number };
const idsOf = (answer: Answer): string[] => (answer.json.items as { id: string }[]).map(({ id }) => id);

describe('a ghost of what was run', () => {
  it('is the whole of a past run, raced by place or by distance', async () => {
    const runId = await aRun(ada, { title: 'Sunday' });
    const wish = { type: 'past_run', runId };
    const first = await write(ada, 'POST', GHOSTS, wish, { 'idempotency-key': 'g1' });
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ type: 'past_run', name: 'Sunday', basis: 'route', runIds: [runId], curveState: 'ready', isPublic: false, isActive: true, usageCount: 0, successRate: null }); // prettier-ignore
    expect(first.json.distanceM).toBeCloseTo(2_000, -1);
    expect(first.json.durationS).toBeCloseTo(2_000 / 3, -1);
    expect((await write(ada, 'POST', GHOSTS, wish, { 'idempotency-key': 'g1' })).json.id).toBe(first.json.id);
    const curve = await curveOf(ada, first.json.id as string);
    expect([curve.basis, curve.version, curve.latDeg.length]).toEqual(['route', 1, 5]);
    expect(curve.distanceM[0]).toBe(0);
    curve.timeS.forEach((timeS, at) => expect(Math.abs(timeS - curve.distanceM[at]! / 3)).toBeLessThan(2));
    const anywhere = await make(ada, { ...wish, basis: 'distance', name: 'Anywhere' });
    expect(await curveOf(ada, anywhere.id)).toMatchObject({ basis: 'distance', latDeg: null, lonDeg: null });
  });

  it('is the fastest stretch over a distance, of whichever run it is in', async () => {
    const fast = (alongM: number): number => (alongM >= 600 && alongM < 1_700 ? 1.4 : 1);
    const runId = await aRun(ada, { track: courseTrack({ speedMps: 3, speedAt: fast }) });
    const record = await make(ada, {
      type: 'personal_record',
      distanceM: 1_000,
      category: 'speed',
      difficulty: 4,
    });
    expect(record).toMatchObject({ name: 'Personal record', recordDistanceM: 1_000, runIds: [runId], category: 'speed', difficulty: 4 }); // prettier-ignore
    expect(record.distanceM).toBeCloseTo(1_000, -1);
    expect(record.durationS).toBeCloseTo(1_000 / (3 * 1.4), -1);
    expectProblem(await write(ada, 'POST', GHOSTS, { type: 'personal_record', distanceM: 1_234 }), 422, 'running/no-ghost-in-it'); // prettier-ignore
    expectProblem(await write(bob, 'POST', GHOSTS, { type: 'personal_record', distanceM: 1_000 }), 422, 'running/no-ghost-in-it'); // prettier-ignore
  });

  it('is the fastest over a route of the library', async () => {
    const carol = await newPerson(server.url);
    const slow = await aRun(carol, { startedAtMs: Date.now() - 3 * DAY_MS });
    const fast = await aRun(carol, {
      track: courseTrack({ speedMps: 3.5 }),
      startedAtMs: Date.now() - 2 * DAY_MS,
    });
    const sql = `SELECT a.route_id AS id FROM running.run_route a JOIN running.run_route b USING (route_id)
                 WHERE a.run_id = $1 AND b.run_id = $2 AND a.relation = 'same' AND b.relation = 'same'`;
    const { id: routeId } = await waitUntil('both runs are on one route', 20_000, async () => {
      const [found] = await queryRows<{ id: string }>(database.url, sql, [slow, fast]);
      return found;
    });
    const record = await make(carol, { type: 'personal_record', routeId });
    expect(record.runIds).toEqual([fast]);
    expect(record.durationS).toBeCloseTo(2_000 / 3.5, -1);
  });

  it('is not made of what is not there, not over, or somebody else’s', async () => {
    const theirs = await aRun(bob);
    const totals = { distanceM: 5_000, movingTimeS: 1_500, elapsedTimeS: 1_500 };
    const told = await write(ada, 'POST', '/api/v1/running/runs', {
      startedAt: '2026-03-01T08:00:00Z',
      totals,
    });
    const begun = await write(ada, 'POST', '/api/v1/running/runs', { startedAt: '2026-03-01T08:00:00Z' });
    const short = await aRun(ada, { track: steadyTrack(3, 3) });
    const tries: [wish: object, code: string][] = [
      [{ type: 'past_run', runId: theirs }, 'invalid-ghost'],
      [{ type: 'past_run', runId: randomUUID() }, 'invalid-ghost'],
      [{ type: 'past_run' }, 'invalid-ghost'],
      [{ type: 'past_run', runId: told.json.id }, 'no-ghost-in-it'],
      [{ type: 'past_run', runId: begun.json.id }, 'no-ghost-in-it'],
      [{ type: 'past_run', runId: short }, 'no-ghost-in-it'],
      [{ type: 'past_run', runId: short, distanceM: 1_000 }, 'invalid-ghost'],
      [{ type: 'personal_record', routeId: randomUUID() }, 'no-ghost-in-it'],
      [{ type: 'personal_record' }, 'invalid-ghost'],
      [{ type: 'custom_goal' }, 'invalid-ghost'],
      [{ type: 'custom_goal', goal: { distanceM: 5_000 } }, 'invalid-ghost'],
      [{ type: 'custom_goal', goal: { distanceM: 5_000, durationS: 60 } }, 'invalid-ghost'],
      [{ type: 'custom_goal', goal: { courseRunId: theirs, durationS: 600 } }, 'invalid-ghost'],
      [{ type: 'shared' }, 'invalid-ghost'],
    ];
    for (const [wish, code] of tries)
      expectProblem(await write(ada, 'POST', GHOSTS, wish), 422, `running/${code}`);
    for (const wish of [
      { type: 'composite' },
      { type: 'custom_goal', goal: null },
      { type: 'past_run', runId: short, name: null },
      { type: 'custom_goal', goal: { splits: null } },
    ])
      // prettier-ignore
      expectProblem(await write(ada, 'POST', GHOSTS, wish), 400, 'http/malformed');
  });
});

describe('a ghost of a goal', () => {
  const HILL_M = 40;
  /** A kilometre up and a kilometre down. */
  const hill = (): ReturnType<typeof courseTrack> => {
    const track = courseTrack({ speedMps: 3 });
    const share = (index: number): number => index / (track.length - 1);
    return {
      ...track,
      altitudeM: Float64Array.from(
        track.tMs,
        (_t, index) => 200 + HILL_M * (1 - Math.abs(2 * share(index) - 1)),
      ),
    };
  };

  it('keeps a pace, or splits, wherever it is raced', async () => {
    const even = await make(ada, { type: 'custom_goal', goal: { distanceM: 10_000, durationS: 3_000 } });
    expect(even).toMatchObject({
      basis: 'distance',
      distanceM: 10_000,
      durationS: 3_000,
      paceSPerKm: 300,
      runIds: [],
    });
    expect(await curveOf(ada, even.id, 2)).toMatchObject({ distanceM: [0, 10_000], timeS: [0, 3_000] });
    const splits = [
      { distanceM: 1_000, paceSPerKm: 330 },
      { distanceM: 2_000, paceSPerKm: 300 },
      { distanceM: 1_000, paceSPerKm: 270 },
    ];
    const stepped = await make(ada, { type: 'custom_goal', name: 'Negative', goal: { splits } });
    expect(stepped).toMatchObject({ name: 'Negative', distanceM: 4_000, durationS: 1_200, splits });
    const { timeS } = await curveOf(ada, stepped.id, 5_000); // as many points as the curve has
    expect([timeS[0], timeS.at(-1)]).toEqual([0, 1_200]);
  });

  it('spends its time on the hills of a course', async () => {
    const runId = await aRun(ada, { track: hill() });
    const goal = await make(ada, { type: 'custom_goal', goal: { courseRunId: runId, durationS: 600 } });
    expect(goal).toMatchObject({ basis: 'route', runIds: [runId] });
    expect(goal.durationS).toBeCloseTo(600, 0);
    const { timeS, distanceM, latDeg } = await curveOf(ada, goal.id, 3);
    expect(latDeg).toHaveLength(3);
    expect(distanceM[1]).toBeCloseTo(distanceM[2]! / 2, 1);
    // Up takes more than half of the time, down less.
    expect(timeS[1]! - timeS[0]!).toBeGreaterThan(timeS[2]! - timeS[1]! + 30);
  });

  it('is changed with its version, and gets another curve', async () => {
    const { id } = await make(ada, { type: 'custom_goal', goal: { distanceM: 5_000, paceSPerKm: 300 } });
    const path = `${GHOSTS}/${id}`;
    const seen = { 'if-match': (await read(ada, path)).headers.get('etag')! };
    const wish = { name: 'Faster', goal: { distanceM: 5_000, paceSPerKm: 290 }, description: 'at last' };
    const changed = await write(ada, 'PATCH', path, wish, seen);
    expect(changed.json).toMatchObject({ name: 'Faster', durationS: 1_450, description: 'at last' });
    expectProblem(await write(ada, 'PATCH', path, wish, seen), 412, 'running/stale');
    expect(await curveOf(ada, id, 2)).toMatchObject({ version: 2, timeS: [0, 1_450] });
    expectProblem(await write(ada, 'PATCH', path, { goal: null }), 400, 'http/malformed');
    expectProblem(await write(ada, 'PATCH', path, { name: null }), 400, 'http/malformed');
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const)
      expectProblem(await write(bob, method, path, body), 404, 'running/unknown-ghost');
    expect((await write(ada, 'DELETE', path, undefined, { 'if-match': changed.headers.get('etag')! })).status).toBe(204); // prettier-ignore
    expectProblem(await read(ada, path), 404, 'running/unknown-ghost');
    expectProblem(await read(ada, `${path}/curve`), 404, 'running/unknown-ghost');
  });

  it('stands in the list of its owner alone, by type and in pages', async () => {
    const carol = await newPerson(server.url);
    const made: string[] = [];
    for (const distanceM of [1_000, 2_000, 3_000])
      made.push((await make(carol, { type: 'custom_goal', goal: { distanceM, paceSPerKm: 300 }, isActive: distanceM > 1_000 })).id); // prettier-ignore
    const first = await read(carol, `${GHOSTS}?limit=2`);
    expect(idsOf(first)).toEqual([made[2], made[1]]);
    expect(idsOf(await read(carol, `${GHOSTS}?cursor=${first.json.nextCursor as string}`))).toEqual([
      made[0],
    ]);
    expect(idsOf(await read(carol, `${GHOSTS}?isActive=false`))).toEqual([made[0]]);
    expect(idsOf(await read(carol, `${GHOSTS}?type=past_run`))).toEqual([]);
    expect(idsOf(await read(bob, GHOSTS))).not.toEqual(expect.arrayContaining(made));
  });
});

describe('a ghost that its owner shares', () => {
  it('with everybody is found, raced and taken over until it is private again', async () => {
    const runId = await aRun(ada);
    const { id } = await make(ada, { type: 'past_run', runId, isPublic: true, difficulty: 2 });
    expect(idsOf(await read(bob, `${GHOSTS}/public?difficulty=2`))).toContain(id);
    expect(idsOf(await read(bob, `${GHOSTS}/public?difficulty=3`))).not.toContain(id);
    expect(idsOf(await read(bob, `${GHOSTS}/public?distance=5k`))).not.toContain(id);
    const seen = (await read(bob, `${GHOSTS}/public/${id}`)).json;
    for (const own of ['runIds', 'isPublic', 'linkExpiresAt', 'version'])
      expect(seen).not.toHaveProperty(own);
    expect((await curveOf(bob, id)).latDeg).toHaveLength(5);
    const taken = await make(bob, { type: 'shared', ghostId: id, name: 'Her Sunday' });
    expect(taken).toMatchObject({ type: 'shared', sourceGhostId: id, runIds: [], name: 'Her Sunday' });
    await makeRace(server.url, bob, [taken.id]);
    expectProblem(await write(bob, 'PATCH', `${GHOSTS}/${taken.id}`, { isPublic: true }), 409, 'running/not-yours-to-share'); // prettier-ignore
    expectProblem(
      await write(ada, 'POST', GHOSTS, { type: 'shared', ghostId: id }),
      422,
      'running/invalid-ghost',
    );
    await write(ada, 'PATCH', `${GHOSTS}/${id}`, { isPublic: false });
    for (const path of [`public/${id}`, `${id}/curve`, `${taken.id}/curve`])
      expectProblem(await read(bob, `${GHOSTS}/${path}`), 404, 'running/unknown-ghost');
    expectProblem(await write(bob, 'POST', '/api/v1/running/races', { ghostIds: [taken.id] }), 404, 'running/unknown-ghost'); // prettier-ignore
  });

  it('by a link is there for whoever knows it, until the link is taken back', async () => {
    const { id } = await make(ada, { type: 'past_run', runId: await aRun(ada) });
    const made = await write(ada, 'POST', `${GHOSTS}/${id}/link`, { validForS: 3_600 });
    const { token, path, expiresAt } = made.json as { token: string; path: string; expiresAt: string };
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect((await read(bob, path)).json).toMatchObject({ id, type: 'past_run' });
    const taken = await make(bob, { type: 'shared', token });
    expect((await curveOf(bob, taken.id)).timeS).toHaveLength(5);
    expectProblem(await read(bob, `${GHOSTS}/${id}/curve`), 404, 'running/unknown-ghost'); // by the link alone
    expectProblem(await write(bob, 'DELETE', `${GHOSTS}/${id}/link`), 404, 'running/unknown-ghost');
    expect((await write(ada, 'DELETE', `${GHOSTS}/${id}/link`)).status).toBe(204);
    expectProblem(await read(bob, path), 404, 'running/unknown-ghost-link');
    expectProblem(
      await write(bob, 'POST', GHOSTS, { type: 'shared', token }),
      404,
      'running/unknown-ghost-link',
    );
    expectProblem(await read(bob, `${GHOSTS}/${taken.id}/curve`), 404, 'running/unknown-ghost');
    for (const validForS of [59, 366 * 86_400])
      expectProblem(await write(ada, 'POST', `${GHOSTS}/${id}/link`, { validForS }), 400, 'http/malformed');
  });

  it('is never a run of another provider, nor one that is private by choice', async () => {
    const strava = await aRun(ada, { source: 'strava', externalId: '4711' });
    const secret = await aRun(ada, { privacy: 'private' });
    for (const [runId, code] of [
      [strava, 'provider-terms'],
      [secret, 'run-is-private'],
    ] as const) {
      const { id } = await make(ada, { type: 'past_run', runId }); // for its owner it is one like any other
      await makeRace(server.url, ada, [id]);
      for (const [method, path, body] of [
        ['POST', '', { type: 'past_run', runId, isPublic: true }],
        ['PATCH', `/${id}`, { isPublic: true }],
        ['POST', `/${id}/link`, {}],
      ] as const)
        expectProblem(await write(ada, method, GHOSTS + path, body), 409, `running/${code}`);
      expect(idsOf(await read(bob, `${GHOSTS}/public?limit=200`))).not.toContain(id);
      for (const path of [`public/${id}`, `${id}/curve`])
        expectProblem(await read(bob, `${GHOSTS}/${path}`), 404, 'running/unknown-ghost');
      expectProblem(
        await write(bob, 'POST', GHOSTS, { type: 'shared', ghostId: id }),
        404,
        'running/unknown-ghost',
      );
    }
    // A goal over a course shows the course: it is no way around.
    const goal = { courseRunId: strava, durationS: 700 };
    expectProblem(await write(ada, 'POST', GHOSTS, { type: 'custom_goal', goal, isPublic: true }), 409, 'running/provider-terms'); // prettier-ignore
    const open = await make(ada, {
      type: 'custom_goal',
      goal: { distanceM: 5_000, durationS: 1_500 },
      isPublic: true,
    });
    expectProblem(await write(ada, 'PATCH', `${GHOSTS}/${open.id}`, { goal }), 409, 'running/provider-terms');
    // Nor is a run that turns private later.
    const runId = await aRun(ada);
    const { id } = await make(ada, { type: 'past_run', runId, isPublic: true });
    expect((await read(bob, `${GHOSTS}/public/${id}`)).status).toBe(200);
    await write(ada, 'PATCH', `/api/v1/running/runs/${runId}`, { privacy: 'private' });
    expectProblem(await read(bob, `${GHOSTS}/public/${id}`), 404, 'running/unknown-ghost');
  });
});

describe('a recommendation', () => {
  it('says why, and what is to be expected', async () => {
    const dora = await newPerson(server.url);
    expect((await read(dora, `${GHOSTS}/recommended`)).json).toEqual({ items: [] });
    const runId = await aRun(dora, { track: courseTrack({ speedMps: 3, toM: 3_000 }) });
    const goal = (paceSPerKm: number): object => ({
      type: 'custom_goal',
      goal: { distanceM: 3_000, paceSPerKm },
    });
    const past = await make(dora, { type: 'past_run', runId });
    const record = await make(dora, { type: 'personal_record', distanceM: 1_000 });
    const [steep, easy] = [await make(dora, goal(290)), await make(dora, goal(370))];
    const idle = await make(dora, { ...goal(330), isActive: false });
    const open = await make(ada, { ...goal(333), isPublic: true });
    const answer = await read(dora, `${GHOSTS}/recommended`);
    const items = answer.json.items as { id: string; reason: string; isOwn: boolean; expectedS: number; targetImprovementS: number; successEstimate: number }[]; // prettier-ignore
    const of = (id: string) => items.find((item) => item.id === id);
    expect(of(past.id)).toMatchObject({ reason: 'even_race', isOwn: true });
    expect(of(past.id)!.expectedS).toBeCloseTo(1_000, -1);
    expect(of(record.id)!.reason).toMatch(/record_in_reach|stretch/);
    expect(of(steep.id)).toMatchObject({ reason: 'stretch' });
    expect(of(steep.id)!.targetImprovementS).toBeCloseTo(1_000 - 870, -1);
    expect(of(easy.id)).toMatchObject({ reason: 'build_confidence', targetImprovementS: 0 });
    expect(of(open.id)).toMatchObject({ reason: 'even_race', isOwn: false });
    expect(of(idle.id)).toBeUndefined();
    expect(items.every(({ successEstimate }) => successEstimate >= 0.05 && successEstimate <= 0.95)).toBe(
      true,
    );
    expect(of(steep.id)!.successEstimate).toBeLessThan(of(past.id)!.successEstimate);
    expect(of(past.id)!.successEstimate).toBeLessThan(of(easy.id)!.successEstimate);
  });
});
