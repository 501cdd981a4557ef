import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { courseTrack } from '../../../test/support/courses.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openRaceWorld, type RaceWorld } from '../../../test/support/race-world.js';
import { steadyTrack } from '../../../test/support/tracks.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { lengthOf } from './ghost-curve.js';
import { GhostsData } from './ghosts-data.handler.js';
import type { GhostDto } from './ghosts.dto.js';
import type { NewGhostDto } from './new-ghost.dto.js';

// Ghosts of an account, in their own scopes on a real database.

let units: TestUnits;
let world: RaceWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRaceWorld(units);
});
afterAll(() => units.close());

const person = (): Principal => aMember(randomUUID());
const make = async (
  who: Principal,
  wish: Partial<NewGhostDto> & Pick<NewGhostDto, 'type'>,
): Promise<GhostDto> =>
  (await world.ghosts.create(who, { isActive: true, isPublic: false, ...wish }, undefined)).body;
const twoK = courseTrack({ speedMps: 3.2, heartRateBpm: 150 });
const UNKNOWN = { code: 'running/unknown-ghost' };

describe('a ghost of a run', () => {
  it('has its curve at once: as long as the way, and as fast', async () => {
    const ada = person();
    const runId = await world.aRun(ada.id, twoK, { title: 'Along the river' });
    const ghost = await make(ada, { type: 'past_run', runId });
    expect(ghost).toMatchObject({
      type: 'past_run',
      name: 'Along the river',
      basis: 'route',
      curveState: 'ready',
      runIds: [runId],
      usageCount: 0,
      successRate: null,
      version: 2,
    });
    expect(ghost.distanceM).toBeGreaterThan(1_980);
    expect(ghost.distanceM).toBeLessThan(2_010);
    expect(ghost.paceSPerKm).toBeCloseTo(1_000 / 3.2, -1);
    const { curve, version } = await world.open.curve(ada.id, ghost.id);
    expect([lengthOf(curve), version]).toEqual([ghost.distanceM, 1]);
    expect((await world.open.curve(ada.id, ghost.id)).curve).toBe(curve); // shared by all who race it
  });

  it('by distance has no place, and neither has a goal', async () => {
    const ada = person();
    const runId = await world.aRun(ada.id, twoK);
    const byDistance = await make(ada, { type: 'past_run', runId, basis: 'distance' });
    const goal = await make(ada, { type: 'custom_goal', goal: { distanceM: 5_000, durationS: 1_500 } });
    for (const { id, basis } of [byDistance, goal]) {
      expect(basis).toBe('distance');
      expect((await world.open.curve(ada.id, id)).curve.route).toBeNull();
    }
    expect(goal).toMatchObject({ distanceM: 5_000, durationS: 1_500, paceSPerKm: 300, runIds: [] });
    expect(goal.splits).toEqual([{ distanceM: 5_000, paceSPerKm: 300 }]);
  });

  it('that is a plan over hills is slower where it climbs, and is as long as the course', async () => {
    const ada = person();
    const hill = steadyTrack(900, 3, (second) => ({
      altitudeM: 100 + Math.min(second, 450) * 0.15,
      ...(second % 2 === 0 && { heartRateBpm: 150 }),
    }));
    const runId = await world.aRun(ada.id, hill);
    const plan = await make(ada, { type: 'custom_goal', goal: { courseRunId: runId, paceSPerKm: 300 } });
    expect(plan).toMatchObject({ basis: 'route', runIds: [runId], splits: null });
    expect(plan.durationS).toBeCloseTo(2.7 * 300, -1);
    const { curve } = await world.open.curve(ada.id, plan.id);
    const half = curve.distanceM.findIndex((metres) => metres >= plan.distanceM / 2);
    // The first half climbs five percent: it takes longer.
    expect(curve.movingMs[half]!).toBeGreaterThan(0.53 * curve.movingMs.at(-1)!);
  });

  it('that is a record is the fastest part of all runs over its distance', async () => {
    const ada = person();
    await world.aRun(ada.id, courseTrack({ speedMps: 3 }));
    const fast = await world.aRun(
      ada.id,
      courseTrack({ speedMps: 3, speedAt: (m) => (m > 600 && m < 1_600 ? 1.4 : 1) }),
    );
    const record = await make(ada, { type: 'personal_record', distanceM: 1_000 });
    expect(record).toMatchObject({ recordDistanceM: 1_000, runIds: [fast] });
    expect(record.distanceM).toBeGreaterThan(980);
    expect(record.distanceM).toBeLessThan(1_020);
    expect(record.durationS).toBeCloseTo(1_000 / 4.2, -1);
    await expect(make(ada, { type: 'personal_record', distanceM: 10_000 })).rejects.toMatchObject({
      code: 'running/no-ghost-in-it',
    });
  });

  it.each<[Partial<NewGhostDto> & Pick<NewGhostDto, 'type'>, string, string]>([
    [{ type: 'past_run' }, 'running/invalid-ghost', '/runId'],
    [{ type: 'past_run', runId: randomUUID() }, 'running/invalid-ghost', '/runId'],
    [{ type: 'past_run', runId: randomUUID(), distanceM: 5_000 }, 'running/invalid-ghost', '/distanceM'],
    [{ type: 'personal_record' }, 'running/invalid-ghost', '/distanceM'],
    [{ type: 'custom_goal' }, 'running/invalid-ghost', '/goal'],
    [{ type: 'custom_goal', goal: { distanceM: 5_000 } }, 'running/invalid-ghost', '/goal/paceSPerKm'],
    [{ type: 'shared' }, 'running/invalid-ghost', '/token'],
    [{ type: 'shared', token: 'x'.repeat(43), isPublic: true }, 'running/invalid-ghost', '/isPublic'],
  ])('is refused when what it is made of does not do: %j', async (wish, code, pointer) => {
    await expect(make(person(), wish)).rejects.toMatchObject({ code, faults: [{ pointer }] });
  });

  it('is none of a run without a way, and none of somebody else’s run', async () => {
    const [ada, eve] = [person(), person()];
    const short = await world.aRun(ada.id, steadyTrack(10, 2));
    await expect(make(ada, { type: 'past_run', runId: short })).rejects.toMatchObject({
      code: 'running/no-ghost-in-it',
    });
    const runId = await world.aRun(ada.id, twoK, { privacy: 'public' });
    await expect(make(eve, { type: 'past_run', runId })).rejects.toMatchObject({
      code: 'running/invalid-ghost',
    });
    expect((await world.ghosts.list(ada, { type: null, isActive: null }, null, 10)).length).toBe(0);
  });
});

describe('an own ghost', () => {
  it('is changed by nobody who has not seen it last, and by nobody else', async () => {
    const [ada, eve] = [person(), person()];
    const { id, version } = await make(ada, {
      type: 'custom_goal',
      goal: { distanceM: 5_000, paceSPerKm: 300 },
    });
    const changed = await world.ghosts.change(ada, id, version, {
      name: 'Sub 25',
      difficulty: 3,
      isActive: false,
    });
    expect(changed).toMatchObject({ name: 'Sub 25', difficulty: 3, isActive: false, version: version + 1 });
    await expect(world.ghosts.change(ada, id, version, { name: 'x' })).rejects.toMatchObject({
      code: 'running/stale',
    });
    for (const act of [
      () => world.ghosts.find(eve, id),
      () => world.ghosts.change(eve, id, undefined, { name: 'mine' }),
      () => world.ghosts.delete(eve, id, undefined),
      () => world.sharing.createLink(eve, id, 3_600),
      () => world.open.curve(eve.id, id),
      () => world.ghosts.find(ada, 'no-uuid'),
    ])
      await expect(act()).rejects.toMatchObject(UNKNOWN);
    const active = await world.ghosts.list(ada, { type: 'custom_goal', isActive: true }, null, 10);
    expect(active).toEqual([]);
    await world.ghosts.delete(ada, id, undefined);
    await expect(world.ghosts.find(ada, id)).rejects.toMatchObject(UNKNOWN);
    expect(await units.owner('SELECT 1 FROM running.ghost_curve WHERE ghost_id = $1', [id])).toEqual([]);
  });

  it('with another goal has another curve; whoever has begun to race the former still finds it', async () => {
    const ada = person();
    const ghost = await make(ada, { type: 'custom_goal', goal: { distanceM: 5_000, paceSPerKm: 300 } });
    const changed = await world.ghosts.change(ada, ghost.id, undefined, {
      goal: {
        splits: [
          { distanceM: 2_000, paceSPerKm: 280 },
          { distanceM: 1_000, paceSPerKm: 240 },
        ],
      },
    });
    expect(changed).toMatchObject({ distanceM: 3_000, durationS: 800, curveVersion: 2 });
    expect(lengthOf((await world.curves.read(ghost.id, 1))!)).toBe(5_000);
    expect(lengthOf((await world.curves.read(ghost.id, 2))!)).toBe(3_000);
    expect(await world.curves.read(ghost.id, 3)).toBeNull();
    await units.system.run(SYSTEM_SCOPE, (tx) => world.curveRows.deleteUnused(tx, 1_000));
    const left = await units.owner('SELECT version FROM running.ghost_curve WHERE ghost_id = $1', [ghost.id]);
    expect(left).toEqual([{ version: 2 }]);
    const runId = await world.aRun(ada.id, twoK);
    const past = await make(ada, { type: 'past_run', runId });
    await expect(
      world.ghosts.change(ada, past.id, undefined, { goal: { distanceM: 500, paceSPerKm: 300 } }),
    ).rejects.toMatchObject({ code: 'running/invalid-ghost' });
  });

  it('follows its run: another track, another curve; no run, no ghost', async () => {
    const ada = person();
    const runId = await world.aRun(ada.id, twoK);
    const { id } = await make(ada, { type: 'past_run', runId });
    const stale = () => units.system.run(SYSTEM_SCOPE, (tx) => world.curveRows.listStaleOfRun(tx, runId));
    expect(await stale()).toEqual([]);
    await units.owner('UPDATE running.run SET track_version = 2 WHERE id = $1', [runId]);
    await units.owner('UPDATE running.track SET version = 2 WHERE run_id = $1', [runId]);
    expect(await stale()).toEqual([{ id }]);
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      const row = (await world.curveRows.lockGhost(tx, id))!;
      expect(await world.builder.build(tx, row)).toBe(true);
    });
    expect(await stale()).toEqual([]);
    expect((await world.ghosts.find(ada, id)).curveVersion).toBe(2);
    await units.app.run(ada, async (tx) => {
      await world.runs.lockChanges(tx, ada.id);
      await world.runs.deleteRun(tx, runId);
    });
    await expect(world.ghosts.find(ada, id)).rejects.toMatchObject(UNKNOWN);
  });

  it('of a very long run gets its curve by a job', async () => {
    const ada = person();
    const runId = await world.aRun(ada.id, steadyTrack(20_500, 2.5));
    const ghost = await make(ada, { type: 'past_run', runId });
    expect(ghost.curveState).toBe('waiting');
    await expect(world.open.curve(ada.id, ghost.id)).rejects.toMatchObject({
      code: 'running/ghost-not-ready',
    });
    const waiting = await units.owner(
      `SELECT payload FROM platform.job WHERE name = 'running.build-ghost' AND payload->>'ghostId' = $1`,
      [ghost.id],
    );
    expect(waiting).toHaveLength(1);
  });

  it('leaves with its owner, and its owner alone', async () => {
    const [ada, eve] = [person(), person()];
    const runId = await world.aRun(ada.id, twoK);
    const hers = await make(ada, { type: 'past_run', runId, isPublic: true });
    const taken = await make(eve, { type: 'shared', ghostId: hers.id });
    const handler = new GhostsData(new OwnedRowsRepository());
    const files: Record<string, Record<string, unknown>[]> = {};
    const sink: DataSink = {
      rows: async (table, portions) => {
        files[table] = [];
        for await (const portion of portions)
          files[table].push(...portion.map((text) => JSON.parse(text) as Record<string, unknown>));
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, ada.id, sink));
    expect(files['running.ghost']!.map(({ id }) => id)).toEqual([hers.id]);
    expect(files['running.ghost_source']).toMatchObject([{ run_id: runId }]);
    expect(files['running.ghost_curve']).toMatchObject([{ ghost_id: hers.id, curve: { basis: 'route' } }]);
    expect(JSON.stringify(files)).not.toContain('digest');
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, ada.id));
    await expect(world.open.curve(eve.id, taken.id)).rejects.toMatchObject(UNKNOWN);
    expect((await world.ghosts.find(eve, taken.id)).name).toBe(hers.name);
  });
});
