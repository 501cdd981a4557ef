import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Corner, recorded, wayM } from '../../../test/support/made-ways.js';
import { RouteWorld } from '../../../test/support/route-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ghostCurveOf, lengthOf } from './ghost-curve.js';
import { type RecordRun, RecordRunsRepository } from './record-runs.repository.js';
import { sectionOf } from './track-section.js';

// Whose time on a route is the record, and which part of which run that is, on a real database.

const WAY: Corner[] = [[0, 0], [900, 0], [900, 700], [300, 900]]; // prettier-ignore
/** To the route's start from elsewhere, and on behind its end. */
const LONGER: Corner[] = [[-400, -300], ...WAY, [300, 2_000]]; // prettier-ignore

let units: TestUnits;
let world: RouteWorld;
const records = new RecordRunsRepository();

beforeAll(async () => {
  units = await openUnits();
  world = new RouteWorld(units);
});

afterAll(() => units.close());

const recordOn = (userId: string, routeId: string): Promise<RecordRun | null> =>
  units.app.run({ id: userId }, (tx) => records.findByRoute(tx, userId, routeId));

describe('the record on a route', () => {
  it('is the fastest passage of it, by the part of its run that is on the route', async () => {
    const ada = randomUUID();
    const slow = await world.addRun(ada, recorded(WAY, { speedMps: 3, noiseM: 2 }));
    await world.work();
    const fast = await world.addRun(ada, recorded(LONGER, { speedMps: 5, noiseM: 2, seed: 2 }), {
      startedAtMs: Date.UTC(2026, 2, 2, 8),
    });
    await world.work();
    const ride = await world.addRun(ada, recorded(WAY, { speedMps: 7, noiseM: 2, seed: 3 }), {
      startedAtMs: Date.UTC(2026, 2, 3, 8),
    });
    await world.work();
    await units.owner(`UPDATE running.run SET sport = 'ride' WHERE id = $1`, [ride]);
    const [route] = await units.owner<{ id: string; distanceM: number }>(
      `SELECT r.id, r.distance_m AS "distanceM" FROM running.route r JOIN running.run_route x ON x.route_id = r.id AND x.is_main
       WHERE x.run_id = $1`,
      [slow],
    );
    const record = (await recordOn(ada, route!.id))!;
    expect(record).toMatchObject({ runId: fast, distanceM: route!.distanceM });
    // 500 m at 5 m/s before the line, and as long on the route as that is long.
    expect(Math.abs(record.fromMs / 1_000 - 100)).toBeLessThan(8);
    expect(record.toMs - record.fromMs).toBeCloseTo(1_000 * record.durationS, 0);
    expect(Math.abs(record.durationS - wayM(WAY) / 5)).toBeLessThan(8);
    const { track, pauses } = (await world.tracks.read({ id: ada }, fast))!;
    const section = sectionOf(track, pauses, record.fromMs, record.toMs);
    expect(Math.abs(lengthOf(ghostCurveOf(section.track, section.pauses)!) - wayM(WAY))).toBeLessThan(40);
  });

  it('is nobody else’s, and none on a route that was never run whole', async () => {
    const [ada, eve] = [randomUUID(), randomUUID()];
    const run = await world.addRun(ada, recorded(WAY, { noiseM: 2 }));
    await world.work();
    const [route] = await units.owner<{ id: string }>(
      'SELECT route_id AS id FROM running.run_route WHERE run_id = $1',
      [run],
    );
    expect((await recordOn(ada, route!.id))!.runId).toBe(run);
    expect(await recordOn(eve, route!.id)).toBeNull();
    expect(await units.app.run({ id: eve }, (tx) => records.findByRoute(tx, ada, route!.id))).toBeNull();
    expect(await recordOn(ada, randomUUID())).toBeNull();
  });
});
