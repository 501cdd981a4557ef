import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Corner, recorded, type Recording, turned } from '../../../test/support/made-ways.js';
import { RouteWorld } from '../../../test/support/route-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Track } from '../geo/track.js';
import type { RunRouteEntity } from './run-route.entity.js';
import { RoutesData } from './routes-data.handler.js';
import { MATCH_ROUTE, MATCH_RUN } from './routes.jobs.js';
import type { RunRouteRow } from './run-routes.repository.js';
import type { UsedRouteRow } from './routes.repository.js';

// Runs find their routes, as the jobs do it, on a real database.

let units: TestUnits;
let world: RouteWorld;

beforeAll(async () => {
  units = await openUnits();
  world = new RouteWorld(units);
});

afterAll(() => units.close());

const WAY: Corner[] = [[0, 0], [900, 0], [900, 700], [300, 900]]; // prettier-ignore
const BLOCK: Corner[] = [[0, 0], [600, 0], [600, 400], [0, 400], [0, 0]]; // prettier-ignore
let day = 0;

/** A day later than the one before. */
async function run(
  userId: string,
  way: readonly Corner[] | Track,
  recording: Recording = {},
): Promise<string> {
  const track = 'tMs' in way ? way : recorded(way, { noiseM: 3, seed: 1 + day, ...recording });
  day += 1;
  return world.addRun(userId, track, { startedAtMs: Date.UTC(2026, 0, day, 7) });
}

const routesOf = (userId: string): Promise<UsedRouteRow[]> =>
  units.app.read<UsedRouteRow>({ id: userId }, world.routes.mostUsedStatement(userId, 100));
const matchesOf = (userId: string, runId: string): Promise<RunRouteRow[]> =>
  units.app.read<RunRouteRow>({ id: userId }, world.runRoutes.listOfRunStatement(userId, runId));
const mainOf = async (userId: string, runId: string): Promise<string | undefined> =>
  (await matchesOf(userId, runId)).find(({ isMain }) => isMain)?.routeId;
/** All that stands about a user's library. */
const libraryOf = (userId: string): Promise<object[]> =>
  units.owner(
    `SELECT to_jsonb(r) - 'updated_at' AS route, (SELECT array_agg(cell ORDER BY cell) FROM running.route_cell c WHERE c.route_id = r.id) AS cells,
       (SELECT jsonb_agg(to_jsonb(x) - 'matched_at' ORDER BY x.run_id) FROM running.run_route x WHERE x.route_id = r.id) AS runs
     FROM running.route r WHERE r.user_id = $1 ORDER BY r.id`,
    [userId],
  );

describe('a run', () => {
  it('over a new way makes a route, and the next one over it joins, with its time', async () => {
    const ada = randomUUID();
    const first = await run(ada, WAY, { speedMps: 3 });
    const second = await run(ada, WAY, { speedMps: 4, everyS: 3 });
    await world.work();
    const [route, ...others] = await routesOf(ada);
    expect(others).toEqual([]);
    expect(route).toMatchObject({
      runCount: 2,
      bestRunId: second,
      kind: 'point_to_point',
      name: null,
      shapeVersion: 1,
    });
    expect(Math.abs(route!.distanceM - 2_230)).toBeLessThan(40);
    expect(Math.abs(route!.bestTimeS! - 2_232 / 4)).toBeLessThan(10);
    expect(await matchesOf(ada, first)).toMatchObject([{ relation: 'same', isMain: true, passageCount: 1 }]);
    expect(await mainOf(ada, second)).toBe(route!.id);
  });

  it('the other way round makes a route of its own, and the first one knows it', async () => {
    const ada = randomUUID();
    const there = await run(ada, WAY);
    const back = await run(ada, [...WAY].reverse());
    await world.work();
    expect(await routesOf(ada)).toHaveLength(2);
    const [own, other] = await matchesOf(ada, back);
    expect([own!.relation, own!.isMain]).toEqual(['same', true]);
    expect(other).toMatchObject({ relation: 'reversed', direction: 'backward', isMain: false, timeS: null });
    expect(other!.routeId).toBe(await mainOf(ada, there));
    // And the earlier run was looked at when the reversed route came.
    expect(await matchesOf(ada, there)).toHaveLength(2);
  });

  it('that goes over a known way and on is a run of another route with a time on the known one, before or after', async () => {
    const ada = randomUUID();
    const long = await run(ada, [...WAY, [-500, 900], [-500, 200]], { speedMps: 3.5 });
    await world.work();
    const short = await run(ada, WAY, { speedMps: 3 });
    const longer = await run(ada, [[-400, -300], ...WAY, [300, 2_000]], { speedMps: 5 }); // prettier-ignore
    await world.work();
    const shortId = (await mainOf(ada, short))!;
    for (const [runId, speed] of [
      [long, 3.5],
      [longer, 5],
    ] as const) {
      const on = (await matchesOf(ada, runId)).find(({ routeId }) => routeId === shortId);
      expect(on).toMatchObject({ relation: 'contains', isMain: false, passageCount: 1 });
      expect(Math.abs(on!.timeS! - 2_232 / speed)).toBeLessThan(10);
    }
    const route = (await routesOf(ada)).find(({ id }) => id === shortId);
    expect(route).toMatchObject({ runCount: 1, bestRunId: longer });
    expect(await matchesOf(ada, short)).toEqual(
      expect.arrayContaining([expect.objectContaining({ relation: 'contained', timeS: null })]),
    );
  });

  it('around a loop from another corner joins the loop, with the place where it began', async () => {
    const ada = randomUUID();
    await run(ada, BLOCK);
    const other = await run(ada, turned(BLOCK, 800));
    await world.work();
    expect(await routesOf(ada)).toHaveLength(1);
    const [match] = await matchesOf(ada, other);
    expect(Math.abs(match!.rotationM - 800)).toBeLessThan(60);
    expect(Math.abs(match!.timeS! - 2_000 / 3)).toBeLessThan(20);
  });

  it('without places, or of a few steps, is on no route', async () => {
    const ada = randomUUID();
    const track = recorded(WAY);
    const nowhere = {
      ...track,
      latDeg: track.latDeg.map(() => Number.NaN),
      lonDeg: track.latDeg.map(() => Number.NaN),
    };
    const runs = [await run(ada, nowhere), await run(ada, [[0, 0], [120, 0]])]; // prettier-ignore
    await world.work();
    expect(await routesOf(ada)).toEqual([]);
    for (const runId of runs) expect(await matchesOf(ada, runId)).toEqual([]);
  });
});

describe('matching', () => {
  it('twice, in any order, leaves what once has left', async () => {
    const ada = randomUUID();
    const runs = [
      await run(ada, WAY),
      await run(ada, [...WAY].reverse()),
      await run(ada, WAY),
      await run(ada, BLOCK),
    ];
    await world.work();
    const once = await libraryOf(ada);
    for (const runId of [...runs].reverse()) await world.again(MATCH_RUN as never, { runId });
    for (const { id: routeId } of await routesOf(ada)) await world.again(MATCH_ROUTE as never, { routeId });
    await world.work();
    expect(await libraryOf(ada)).toEqual(once);
  });

  it('two runs over one new way at the same time makes one route', async () => {
    const ada = randomUUID();
    const runs = await Promise.all([1, 2, 3].map((seed) => run(ada, WAY, { seed })));
    await Promise.all(
      runs.map(async (runId) =>
        units.system.run(SYSTEM_SCOPE, async (tx) =>
          world.matcher.match(tx, ada, runId, await world.tracks.find(tx, runId)),
        ),
      ),
    );
    expect((await routesOf(ada)).map(({ runCount }) => runCount)).toEqual([3]);
    await world.work();
  });

  it('draws the route of a run anew whose last fixes came late, and leaves no other behind', async () => {
    const ada = randomUUID();
    const runId = await run(ada, WAY.slice(0, 3));
    await world.work();
    const [before] = await routesOf(ada);
    await world.replaceTrack(ada, runId, recorded(WAY), 2);
    await world.work();
    const [after, ...others] = await routesOf(ada);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before!.id, shapeVersion: 2, version: 2, runCount: 1 });
    expect(after!.distanceM).toBeGreaterThan(before!.distanceM + 500);
    expect(await matchesOf(ada, runId)).toMatchObject([
      { relation: 'same', trackVersion: 2, shapeVersion: 2 },
    ]);
  });

  it('moves a run whose new track is another way, and forgets a route without runs unless it has a name', async () => {
    const ada = randomUUID();
    const known = await run(ada, BLOCK);
    const [lost, kept] = [await run(ada, WAY), await run(ada, [...WAY].reverse())];
    await world.work();
    const keptId = (await mainOf(ada, kept))!;
    await units.app.run({ id: ada }, (tx) => world.routes.updateName(tx, keptId, 'Home'));
    for (const runId of [lost, kept]) await world.replaceTrack(ada, runId, recorded(BLOCK), 2);
    await world.work();
    const routes = await routesOf(ada);
    expect(routes.map(({ name, runCount }) => [name, runCount])).toEqual([
      [null, 3],
      ['Home', 0],
    ]);
    expect(await mainOf(ada, lost)).toBe(await mainOf(ada, known));
  });

  it('leaves a run where its runner has put it', async () => {
    const ada = randomUUID();
    const [home, lost] = [await run(ada, BLOCK), await run(ada, WAY)];
    await world.work();
    const [to, from] = [(await mainOf(ada, home))!, (await mainOf(ada, lost))!];
    await units.app.run({ id: ada }, (tx) => world.runRoutes.moveRuns(tx, ada, from, to));
    await world.again(MATCH_RUN as never, { runId: lost });
    await world.work();
    expect((await routesOf(ada)).map(({ id }) => id)).toEqual([to]);
    expect(await matchesOf(ada, lost)).toMatchObject([
      { routeId: to, isMain: true, isPinned: true, timeS: null },
    ]);
  });

  it('ends with the run: what hung on it goes, and its route with the last', async () => {
    const ada = randomUUID();
    const runs = [await run(ada, WAY), await run(ada, WAY)];
    await world.work();
    for (const [index, runId] of runs.entries()) {
      await units.system.run(SYSTEM_SCOPE, async (tx) => {
        await world.runs.lockChanges(tx, ada);
        await world.runs.deleteRun(tx, runId);
        await world.routes.deleteForsaken(tx, ada);
      });
      expect(await routesOf(ada)).toHaveLength(1 - index);
    }
    await world.again(MATCH_RUN as never, { runId: runs[0] });
  });
});

describe('a library', () => {
  it('is its owner’s: the same way of another runner is another route, and nobody reads or writes a stranger’s', async () => {
    const [ada, eve] = [randomUUID(), randomUUID()];
    const [hers, other] = [await run(ada, WAY), await run(eve, WAY)];
    await world.work();
    const [mine, theirs] = [await mainOf(ada, hers), await mainOf(eve, other)];
    expect(mine).not.toBe(theirs);
    for (const table of ['route', 'route_shape', 'route_cell', 'run_route'])
      expect(
        await units.app.read(
          { id: eve },
          { name: `spec.${table}`, text: `SELECT FROM running.${table} WHERE user_id = $1`, values: [ada] },
        ),
      ).toEqual([]);
    const way = (await units.app.run({ id: eve }, async (tx) => world.tracks.find(tx, other)))!;
    expect(way.userId).toBe(eve);
    const row: RunRouteRow = { ...(await matchesOf(eve, other))[0]!, userId: ada };
    await expect(units.app.run({ id: eve }, (tx) => world.runRoutes.upsertRow(tx, row))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('is exported as numbers and erased whole', async () => {
    const ada = randomUUID();
    await run(ada, BLOCK, { altitudeM: (atM) => 400 + atM / 100 });
    await world.work();
    const handler = new RoutesData(new OwnedRowsRepository());
    const exported = new Map<string, object[]>();
    const sink: DataSink = {
      rows: async (table, portions) => {
        const rows: object[] = [];
        for await (const portion of portions)
          rows.push(...portion.map((row): object => JSON.parse(row) as object));
        exported.set(table, rows);
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, ada, sink));
    expect([...exported.keys()].sort()).toEqual([
      'running.route',
      'running.route_cell',
      'running.route_shape',
      'running.run_route',
    ]);
    const [shape] = exported.get('running.route_shape') as [
      { places: { lat_deg: number[]; altitude_m: number[] } },
    ];
    expect(shape.places.lat_deg.length).toBeGreaterThan(150);
    expect(shape.places.altitude_m[0]).toBeCloseTo(400, 0);
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, ada));
    for (const table of exported.keys())
      expect(await units.owner(`SELECT FROM ${table} WHERE user_id = $1`, [ada])).toEqual([]);
  });

  it('keeps shapes in memory by version: a second look reads none', async () => {
    const ada = randomUUID();
    const runId = await run(ada, WAY);
    await world.work();
    await run(ada, WAY);
    await world.work();
    const figures = (): { hits: number; misses: number } =>
      world.caches.figures().find(({ name }) => name === 'running.route-shapes')!.figures;
    const before = { ...figures() };
    await world.again(MATCH_RUN as never, { runId });
    expect(figures().misses).toBe(before.misses);
    expect(figures().hits).toBeGreaterThan(before.hits);
  });
});

describe('the rows', () => {
  it('say a time exactly where there was a passage', async () => {
    const rows = await units.owner<RunRouteEntity>(
      'SELECT FROM running.run_route WHERE (time_s IS NULL) <> (passage_count = 0) OR (time_s IS NULL) <> (from_ms IS NULL)',
    );
    expect(rows).toEqual([]);
  });
});
