import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CourseWalk, courseTrack } from '../../../test/support/courses.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openRaceWorld, type RaceWorld } from '../../../test/support/race-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { RaceResultsRepository } from './race-results.repository.js';
import { RenewResultsHandler } from './renew-results.handler.js';
import { RESULT_RULES_VERSION } from './settled-result.js';
import { WarmRacesHandler } from './warm-races.handler.js';

// What official results are marked with, how they follow their rules, and what is ready before a race begins.

let units: TestUnits;
let world: RaceWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRaceWorld(units);
});
afterAll(() => units.close());

const person = (): Principal => aMember(randomUUID());
const aRun = (who: Principal, walk: CourseWalk): Promise<string> =>
  world.aRun(who.id, courseTrack({ fromM: -60, toM: 2_060, ...walk }));
const aGhost = async (who: Principal): Promise<string> => {
  const runId = await world.aRun(who.id, courseTrack({ speedMps: 3 }));
  const wish = { type: 'past_run', isActive: true, isPublic: false, runId } as const;
  return (await world.ghosts.create(who, wish, undefined)).body.id;
};
const aRace = async (who: Principal, ghostIds: string[], plannedAt?: Date): Promise<string> => {
  const wish = { mode: 'ghosts', clock: 'elapsed', ghostIds } as const;
  const planned = plannedAt === undefined ? {} : { plannedAt: plannedAt.toISOString() };
  return (await world.races.create(who, { ...wish, ...planned }, undefined)).body.id;
};
/** As a worker has it. */
const aJobRun = (): JobRun => ({
  id: randomUUID(),
  ownerId: SYSTEM_SCOPE.id,
  attempt: 1,
  signal: new AbortController().signal,
  progress: () => undefined,
  once: (work) => units.system.run(SYSTEM_SCOPE, work),
});

async function raced(walk: CourseWalk) {
  const ada = person();
  const ghost = await aGhost(ada);
  const raceId = await aRace(ada, [ghost]);
  const runId = await aRun(ada, walk);
  await world.entries.start(ada, raceId, runId);
  await world.settle(runId);
  const [result] = await world.results.ofRun(ada, runId);
  const { view } = await world.results.ofRace(ada, raceId);
  return { ada, ghost, runId, result: result!, participant: view.participants[0]! };
}

describe('the marks of a result', () => {
  it('are none of a race as people run it, whatever else was recorded', async () => {
    const honest = await raced({ speedMps: 3.3 });
    expect([honest.result.status, honest.result.plausibility]).toEqual(['won', []]);
    const busHome = await raced({ speedMps: 3.3, toM: 4_500, speedAt: (m) => (m > 2_100 ? 4 : 1) });
    expect([busHome.result.status, busHome.result.plausibility]).toEqual(['won', []]);
  });

  it('say what nobody can have run, and where the route was left out; the result stands', async () => {
    const byBus = await raced({ speedMps: 3.3, speedAt: (m) => (m > 300 && m < 1_700 ? 4 : 1) });
    expect(byBus.result.plausibility).toEqual(
      expect.arrayContaining([
        { code: 'left_route', weight: 'doubt', detail: expect.stringMatching(/^Between 3\d\d and 1\d{3} m/) },
        { code: 'faster_than_records', weight: 'doubt', detail: expect.stringContaining('km/h over') },
      ]),
    );
    expect(byBus.participant.plausibility).toEqual(byBus.result.plausibility);
    const cut = await raced({ speedMps: 3.3, speedAt: (m) => (m > 800 && m < 810 ? 120 : 1) });
    const codes = cut.result.plausibility.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['left_route', 'teleport']));
    expect(cut.result.status).toBe('won');
  });
});

describe('another version of the rules', () => {
  it('has old results judged anew, as far as what they are made of is still there', async () => {
    const [one, other] = [await raced({ speedMps: 3.3 }), await raced({ speedMps: 3.3 })];
    const byRules = (ids: string[], rules: number): Promise<unknown> =>
      units.owner('UPDATE running.race_result SET rules_version = $2 WHERE run_id = ANY ($1::uuid[])', [
        ids,
        rules,
      ]);
    const renew = async (): Promise<string[]> => {
      await units.owner(`DELETE FROM platform.job WHERE name = 'running.settle-races'`, []);
      await new RenewResultsHandler(new RaceResultsRepository(), world.jobs).handle({}, aJobRun());
      const jobs = await units.owner(
        `SELECT payload FROM platform.job WHERE name = 'running.settle-races'`,
        [],
      );
      return (jobs as { payload: { runId: string } }[]).map(({ payload }) => payload.runId);
    };
    expect(await renew()).toEqual([]);
    await byRules([one.runId, other.runId], RESULT_RULES_VERSION - 1);
    await world.ghosts.delete(other.ada, other.ghost, undefined);
    expect(await renew()).toEqual([one.runId]);
    await world.settle(one.runId);
    const [again] = await world.results.ofRun(one.ada, one.runId);
    expect(again).toEqual({ ...one.result, rulesVersion: RESULT_RULES_VERSION }); // the same: no other version of it
    expect(await renew()).toEqual([]);
  });
});

describe('before a race that is planned', () => {
  it('its ghosts have their curves made and at hand, once', async () => {
    const ada = person();
    const [ready, waiting] = [await aGhost(ada), await aGhost(ada)];
    const soon = await aRace(ada, [ready, waiting], new Date(Date.now() + 5 * 60_000));
    const later = await aRace(ada, [ready], new Date(Date.now() + 3_600_000));
    await units.owner(
      `UPDATE running.ghost SET curve_state = 'waiting', curve_version = NULL WHERE id = $1`,
      [waiting],
    );
    await units.owner('DELETE FROM running.ghost_curve WHERE ghost_id = $1', [waiting]);
    const handler = new WarmRacesHandler(
      units.system,
      world.raceRows,
      world.curveRows,
      world.builder,
      world.curves,
    );
    await handler.handle({}, aJobRun());
    expect(await world.ghosts.find(ada, waiting)).toMatchObject({ curveState: 'ready', curveVersion: 1 });
    const warmed = await units.owner(
      'SELECT id, warmed_at IS NOT NULL AS "isWarm" FROM running.race WHERE id = ANY ($1::uuid[]) ORDER BY id',
      [[soon, later]],
    );
    expect(warmed).toEqual([
      { id: soon, isWarm: true },
      { id: later, isWarm: false },
    ]);
    // Whoever races finds them without a look into the table.
    await units.owner('DELETE FROM running.ghost_curve WHERE ghost_id = ANY ($1::uuid[])', [
      [ready, waiting],
    ]);
    for (const id of [ready, waiting]) expect((await world.curves.read(id, 1))!.basis).toBe('route');
  });
});
