import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CourseWalk, courseTrack } from '../../../test/support/courses.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openRaceWorld, type RaceWorld } from '../../../test/support/race-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { arrivalMsAt } from './ghost-curve.js';
import type { GhostDto } from './ghosts.dto.js';
import type { ComposedGhostDto } from './new-ghost.dto.js';

// Ghosts of the best sections of several runs, on a real database.

let units: TestUnits;
let world: RaceWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRaceWorld(units);
});
afterAll(() => units.close());

const person = (): Principal => aMember(randomUUID());
const compose = async (who: Principal, wish: Partial<ComposedGhostDto>): Promise<GhostDto> =>
  (await world.ghosts.compose(who, { sectionM: 500, ...wish }, undefined)).body;
const FAST_FIRST: CourseWalk = { speedMps: 3, speedAt: (m) => (m < 1_000 ? 1.3 : 1) };
const FAST_LATER: CourseWalk = { speedMps: 3, speedAt: (m) => (m < 1_000 ? 1 : 1.3) };
const aRun = (who: Principal, walk: CourseWalk, source: 'app' | 'strava' = 'app'): Promise<string> =>
  world.aRun(who.id, courseTrack(walk), { source });

describe('a composite ghost', () => {
  it('runs each section as fast as the fastest of its runs did', async () => {
    const ada = person();
    const runIds = [await aRun(ada, FAST_FIRST), await aRun(ada, FAST_LATER)];
    const ghost = await compose(ada, { runIds });
    expect(ghost).toMatchObject({ type: 'composite', basis: 'route', curveState: 'ready', runIds });
    expect(ghost.name).toBe('Best of 2 runs');
    // Neither of them took less than 589 s.
    expect(ghost.durationS).toBeCloseTo(2_000 / 3.9, -0.7);
    const { curve } = await world.open.curve(ada.id, ghost.id);
    for (const metres of [500, 1_000, 1_500])
      expect(arrivalMsAt(curve, metres) / 1_000).toBeCloseTo(metres / 3.9, -0.7);
    const named = await compose(ada, { runIds, name: 'Dream', sectionM: 2_000 });
    expect(named.name).toBe('Dream');
    expect(named.durationS).toBeGreaterThan(570); // one section: the better of the two
  });

  it('follows each of its runs, and goes with any of them', async () => {
    const ada = person();
    const runIds = [await aRun(ada, FAST_FIRST), await aRun(ada, FAST_LATER)];
    const { id } = await compose(ada, { runIds });
    const second = runIds[1]!;
    const stale = () => units.system.run(SYSTEM_SCOPE, (tx) => world.curveRows.listStaleOfRun(tx, second));
    expect(await stale()).toEqual([]);
    await units.owner('UPDATE running.run SET track_version = 2 WHERE id = $1', [second]);
    await units.owner('UPDATE running.track SET version = 2 WHERE run_id = $1', [second]);
    expect(await stale()).toEqual([{ id }]);
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      expect(await world.builder.build(tx, (await world.curveRows.lockGhost(tx, id))!)).toBe(true);
    });
    expect(await stale()).toEqual([]);
    await units.app.run(ada, async (tx) => {
      await world.runs.lockChanges(tx, ada.id);
      await world.runs.deleteRun(tx, second);
    });
    await expect(world.ghosts.find(ada, id)).rejects.toMatchObject({ code: 'running/unknown-ghost' });
  });

  it('is made of own runs alone, and is nobody else’s where one of them may be shown to its owner only', async () => {
    const [ada, eve] = [person(), person()];
    const [hers, others] = [await aRun(ada, FAST_FIRST), await aRun(eve, FAST_LATER)];
    await expect(compose(ada, { runIds: [hers, others] })).rejects.toMatchObject({
      code: 'running/invalid-ghost',
      faults: [{ pointer: '/runIds', detail: 'is no run of yours' }],
    });
    const copied = await aRun(ada, FAST_LATER, 'strava');
    const { id } = await compose(ada, { runIds: [hers, copied] });
    expect((await world.open.curve(ada.id, id)).version).toBe(1);
    await expect(world.ghosts.change(ada, id, undefined, { isPublic: true })).rejects.toMatchObject({
      code: expect.stringMatching(/^running\//),
    });
    await units.owner('UPDATE running.ghost SET is_public = true WHERE id = $1', [id]);
    await expect(world.open.curve(eve.id, id)).rejects.toMatchObject({ code: 'running/unknown-ghost' });
    const native = await compose(ada, { runIds: [hers, await aRun(ada, FAST_LATER)] });
    await world.ghosts.change(ada, native.id, undefined, { isPublic: true });
    expect((await world.open.curve(eve.id, native.id)).version).toBe(1);
  });

  it('of a route takes the runs on it, the fastest for its way; of fewer than two there is none', async () => {
    const ada = person();
    const runIds = [await aRun(ada, FAST_FIRST), await aRun(ada, FAST_LATER)];
    const empty = { code: 'running/no-ghost-in-it' };
    await expect(compose(ada, { routeId: randomUUID() })).rejects.toMatchObject(empty);
    await expect(compose(ada, {})).rejects.toMatchObject({ code: 'running/invalid-ghost' });
    await expect(compose(ada, { routeId: randomUUID(), runIds })).rejects.toMatchObject({
      code: 'running/invalid-ghost',
    });
    const elsewhere = await aRun(ada, { speedMps: 3, latDeg: 47 });
    const { durationS } = await compose(ada, { runIds: [runIds[0]!, elsewhere] });
    expect(durationS).toBeCloseTo(1_000 / 3.9 + 1_000 / 3, -1); // what lies elsewhere adds nothing
  });

  it('of many hours gets its curve by a job', async () => {
    const ada = person();
    const runIds = [await aRun(ada, { speedMps: 1.5 }), await aRun(ada, { speedMps: 1.6 })];
    const { id, curveState } = await compose(ada, { runIds });
    expect(curveState).toBe('waiting');
    const jobs = await units.owner(
      `SELECT payload FROM platform.job WHERE name = 'running.build-ghost' AND payload->>'ghostId' = $1`,
      [id],
    );
    expect(jobs).toHaveLength(1);
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      expect(await world.builder.build(tx, (await world.curveRows.lockGhost(tx, id))!)).toBe(true);
    });
    expect(await world.ghosts.find(ada, id)).toMatchObject({ curveState: 'ready', sectionM: 500 });
  });
});
