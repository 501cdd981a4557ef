import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CourseWalk, courseTrack } from '../../../test/support/courses.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openRaceWorld, type RaceWorld } from '../../../test/support/race-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { MOST_OPEN_RACES } from './race-kinds.js';
import { RacesData } from './races-data.handler.js';
import type { NewRaceDto } from './races.dto.js';

// Races and their official results, with several accounts on a real database; the job that settles is run by hand.

let units: TestUnits;
let world: RaceWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRaceWorld(units);
});
afterAll(() => units.close());

const person = (): Principal => aMember(randomUUID());
/** A run that crosses the start line on its way. */
const aRun = (who: Principal, walk: CourseWalk): Promise<string> =>
  world.aRun(who.id, courseTrack({ fromM: -60, toM: 2_060, ...walk }));
const aGhost = async (who: Principal, walk: CourseWalk, isPublic = false): Promise<string> => {
  const runId = await world.aRun(who.id, courseTrack(walk));
  const wish = { type: 'past_run', isActive: true, isPublic, runId } as const;
  return (await world.ghosts.create(who, wish, undefined)).body.id;
};
const aRace = async (who: Principal, ghostIds: string[], wish: Partial<NewRaceDto> = {}): Promise<string> =>
  (await world.races.create(who, { mode: 'ghosts', clock: 'elapsed', ghostIds, ...wish }, undefined)).body.id;
const NOWHERE = { code: 'running/unknown-race' };

describe('a race against ghosts', () => {
  it('is won and lost at the line, by as much as the runs differ, and counts for both', async () => {
    const ada = person();
    const [slow, fast] = [await aGhost(ada, { speedMps: 3 }), await aGhost(ada, { speedMps: 3.6 })];
    const raceId = await aRace(ada, [slow, fast], { name: 'Sunday' });
    expect((await world.views.find(ada, raceId)).race.status).toBe('planned');
    const runId = await aRun(ada, { speedMps: 3.3, heartRateBpm: 160 });
    const { race, participants } = await world.entries.start(ada, raceId, runId);
    expect([race.status, participants[0]!.state]).toEqual(['racing', 'racing']);
    await world.entries.start(ada, raceId, runId); // twice is once
    const jobs = await units.owner(
      `SELECT 1 FROM platform.job WHERE name = 'running.settle-races' AND payload->>'runId' = $1`,
      [runId],
    );
    expect(jobs.length).toBeGreaterThanOrEqual(1);
    expect((await world.results.ofRace(ada, raceId)).rows).toEqual([]);

    expect(await world.settle(runId)).toEqual({ raceId });
    const { view, rows } = await world.results.ofRace(ada, raceId);
    expect(view.race.status).toBe('finished');
    const [against, other] = [slow, fast].map((id) => rows.find(({ ghostId }) => ghostId === id)!);
    expect([against!.status, other!.status]).toEqual(['won', 'lost']);
    const length = 2_000;
    expect(against!.timeDifferenceS).toBeCloseTo(length / 3.3 - length / 3, -0.5);
    expect(other!.timeDifferenceS).toBeCloseTo(length / 3.3 - length / 3.6, -0.5);
    for (const row of rows) {
      expect(row.completionRatio).toBe(1);
      expect(row.version).toBe(1);
      expect(row.userTimeS! - row.ghostTimeS).toBeCloseTo(row.timeDifferenceS!, 3);
    }
    const [ghost] = await units.owner(
      'SELECT usage_count AS used, beaten_count AS beaten FROM running.ghost WHERE id = $1',
      [slow],
    );
    expect(ghost).toEqual({ used: 1, beaten: 1 });
    const { summary, rows: history } = await world.results.history(ada, null, 10);
    expect(history).toHaveLength(2);
    expect(summary).toMatchObject({ wins: 1, losses: 1, abandoned: 0 });
    const mean = rows.reduce((sum, row) => sum + row.timeDifferenceS!, 0) / 2;
    expect(summary.averageDifferenceS).toBeCloseTo(mean, 6);
    expect((await world.results.ofRun(ada, runId)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const { ghosts } = await world.results.replay(ada, raceId);
    const gaps = ghosts.find(({ ghostId }) => ghostId === slow)!.curve;
    expect(gaps.gapS.at(-1)).toBeCloseTo(against!.timeDifferenceS!, 0);
    expect(gaps.alongM.at(-1)! - gaps.alongM[0]!).toBeGreaterThan(1_900);
  });

  it('judged again is the same result; with other fixes, another version of it', async () => {
    const ada = person();
    const ghost = await aGhost(ada, { speedMps: 3 });
    const raceId = await aRace(ada, [ghost]);
    const runId = await aRun(ada, { speedMps: 3.3, toM: 1_000 });
    await world.entries.start(ada, raceId, runId);
    await world.settle(runId);
    const [first] = await world.results.ofRun(ada, runId);
    expect(first).toMatchObject({ status: 'abandoned', timeDifferenceS: null, userTimeS: null });
    expect(first!.completionRatio).toBeCloseTo(0.5, 1);
    await world.settle(runId);
    expect(await world.results.ofRun(ada, runId)).toEqual([first]);

    // The rest of the run arrives late: its track is made anew.
    const track = courseTrack({ speedMps: 3.3, fromM: -60, toM: 2_060 });
    await units.app.run(ada, async (tx) => {
      const stored = (await world.tracks.find(tx, runId))!;
      await world.tracks.put(tx, { ...stored, track, version: 2 });
    });
    await world.settle(runId);
    const [second] = await world.results.ofRun(ada, runId);
    expect(second).toMatchObject({ id: first!.id, status: 'won', version: 2, trackVersion: 2 });
    expect(second!.timeDifferenceS).toBeCloseTo(2_000 / 3.3 - 2_000 / 3, -0.5);
    const { view } = await world.results.ofRace(ada, raceId);
    expect(view.participants[0]).toMatchObject({ state: 'finished', resultVersion: 3 });
  });

  it('is run against the curve that the ghost had at the start, also when it has another by now', async () => {
    const ada = person();
    const goal = { distanceM: 2_000, paceSPerKm: 320 };
    const wish = { type: 'custom_goal', isActive: true, isPublic: false } as const;
    const { id } = (await world.ghosts.create(ada, { ...wish, goal }, undefined)).body;
    const ghost = await aGhost(ada, { speedMps: 3 });
    const raceId = await aRace(ada, [ghost, id]);
    const runId = await aRun(ada, { speedMps: 3.3 });
    await world.entries.start(ada, raceId, runId);
    await world.ghosts.change(ada, id, undefined, { goal: { distanceM: 9_000, paceSPerKm: 320 } });
    await units.system.run(SYSTEM_SCOPE, (tx) => world.curveRows.deleteUnused(tx, 1_000));
    const { ghosts } = await world.views.find(ada, raceId);
    expect(ghosts.map(({ curveVersion }) => curveVersion)).toEqual([1, 1]);
    expect(await world.curves.read(id, 1)).not.toBeNull();
    // A ghost that has gone leaves what was settled, and takes nothing else away.
    await world.settle(runId);
    const before = await world.results.ofRun(ada, runId);
    await world.ghosts.delete(ada, ghost, undefined);
    await world.settle(runId);
    expect((await world.results.ofRun(ada, runId)).map(({ version }) => version)).toEqual(
      before.map(({ version }) => version),
    );
  });

  it('takes one run, of its runner’s own, once', async () => {
    const [ada, eve] = [person(), person()];
    const ghost = await aGhost(ada, { speedMps: 3 });
    const [raceId, secondId] = [await aRace(ada, [ghost]), await aRace(ada, [ghost])];
    const [runId, otherId, hers] = await Promise.all([
      aRun(ada, { speedMps: 3.3 }),
      aRun(ada, { speedMps: 3.1 }),
      aRun(eve, { speedMps: 3.3 }),
    ]);
    await world.entries.start(ada, raceId, runId);
    const codes: [Promise<unknown>, string][] = [
      [world.entries.start(ada, raceId, otherId), 'running/already-racing'],
      [world.entries.start(ada, secondId, runId), 'running/run-races-already'],
      [world.entries.start(ada, secondId, hers), 'running/unknown-run'],
      [world.entries.start(ada, secondId, 'none'), 'running/unknown-run'],
      [world.entries.start(eve, secondId, hers), 'running/unknown-race'],
      [world.results.ofRun(eve, runId), 'running/unknown-run'],
    ];
    for (const [act, code] of codes) await expect(act).rejects.toMatchObject({ code });
    await world.races.change(ada, secondId, undefined, { status: 'cancelled' });
    for (const act of [
      () => world.entries.start(ada, secondId, otherId),
      () => world.races.change(ada, secondId, undefined, { name: 'again' }),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'running/race-over' });
  });

  it('is its owner’s alone', async () => {
    const [ada, eve] = [person(), person()];
    const id = await aRace(ada, [await aGhost(ada, { speedMps: 3 })], { name: 'mine' });
    for (const act of [
      () => world.views.find(eve, id),
      () => world.races.change(eve, id, undefined, { name: 'hers' }),
      () => world.races.delete(eve, id, undefined),
      () => world.entries.leave(eve, id),
      () => world.entries.invite(eve, id, 3_600),
      () => world.entries.uninvite(eve, id),
      () => world.results.ofRace(eve, id),
      () => world.results.replay(eve, id),
      () => world.views.find(ada, 'no-uuid'),
    ])
      await expect(act()).rejects.toMatchObject(NOWHERE);
    expect(await world.views.list(eve, null, 10)).toEqual([]);
    await expect(world.entries.invite(ada, id, 3_600)).rejects.toMatchObject({
      code: 'running/not-invitable',
    });
    await expect(world.races.change(ada, id, 99, { name: 'x' })).rejects.toMatchObject({
      code: 'running/stale',
    });
    await world.races.delete(ada, id, undefined);
    await expect(world.views.find(ada, id)).rejects.toMatchObject(NOWHERE);
  });

  it('needs ghosts that the caller may race', async () => {
    const [ada, eve] = [person(), person()];
    const ghost = await aGhost(ada, { speedMps: 3 });
    await expect(aRace(eve, [ghost])).rejects.toMatchObject({ code: 'running/unknown-ghost' });
    await expect(aRace(eve, ['no-uuid'])).rejects.toMatchObject({ code: 'running/unknown-ghost' });
    const open = await aGhost(ada, { speedMps: 3 }, true);
    const raceId = await aRace(eve, [open]);
    await units.owner(`UPDATE running.ghost SET curve_state = 'failed', curve_version = NULL WHERE id = $1`, [
      open,
    ]);
    await expect(aRace(eve, [open])).rejects.toMatchObject({ code: 'running/ghost-not-ready' });
    const runId = await aRun(eve, { speedMps: 3 });
    await expect(world.entries.start(eve, raceId, runId)).rejects.toMatchObject({
      code: 'running/ghost-not-ready',
    });
  });

  it('is one of at most a hundred that are not over', async () => {
    const ada = person();
    const ghost = await aGhost(ada, { speedMps: 3 });
    const first = await aRace(ada, [ghost]);
    await units.owner(
      `INSERT INTO running.race (id, user_id, mode) SELECT gen_random_uuid(), $1, 'ghosts' FROM generate_series(2, $2)`,
      [ada.id, MOST_OPEN_RACES],
    );
    await expect(aRace(ada, [ghost])).rejects.toMatchObject({ code: 'running/too-many-races' });
    await world.races.change(ada, first, undefined, { status: 'cancelled' });
    await aRace(ada, [ghost]);
    const page = await world.views.list(ada, null, 60);
    const rest = await world.views.list(ada, page.at(-1)!.race.id, 60);
    expect(page.length + rest.length).toBe(MOST_OPEN_RACES + 1);
  });
});

describe('a group race', () => {
  it('is joined by its invitation, run by each in their own time, and placed over the course', async () => {
    const [ada, bob, cy, eve] = [person(), person(), person(), person()];
    const course = await aGhost(ada, { speedMps: 3 });
    const raceId = await aRace(ada, [course], { mode: 'group', runnerName: 'Ada' });
    const { token } = await world.entries.invite(ada, raceId, 3_600);
    const [stored] = await units.owner<{ digest: string }>(
      `SELECT encode(invite_digest, 'hex') AS digest FROM running.race WHERE id = $1`,
      [raceId],
    );
    expect(stored!.digest).toBe(sha256(token).toString('hex'));
    expect(await world.views.invited(token)).toMatchObject({
      participantCount: 1,
      distanceM: expect.any(Number),
    });
    await world.entries.enter(bob, token, 'Bob');
    await world.entries.enter(bob, token, null); // twice is once
    await world.entries.enter(cy, token, null);
    const view = await world.views.find(cy, raceId);
    expect(view.participants.map(({ number, name }) => [number, name])).toEqual([
      [1, 'Ada'],
      [2, 'Bob'],
      [3, null],
    ]);
    await expect(world.views.find(eve, raceId)).rejects.toMatchObject(NOWHERE);
    await expect(world.races.change(bob, raceId, undefined, { name: 'x' })).rejects.toMatchObject(NOWHERE);

    const walks = [3.1, 3.4, 3.2];
    const runs: string[] = [];
    for (const [index, who] of [ada, bob, cy].entries()) {
      const runId = await aRun(who, { speedMps: walks[index]! });
      await world.entries.start(who, raceId, runId);
      runs.push(runId);
    }
    await world.settle(runs[0]!);
    expect((await world.views.find(bob, raceId)).race.status).toBe('racing');
    await world.settle(runs[1]!);
    await world.settle(runs[2]!);
    const { view: ended, rows } = await world.results.ofRace(bob, raceId);
    expect(ended.race.status).toBe('finished');
    expect(rows).toHaveLength(1); // his own alone
    expect(ended.participants.map(({ officialTimeS }) => Math.round(officialTimeS!))).toEqual(
      walks.map((speed) => expect.closeTo(2_000 / speed, -1)),
    );
    const { rivals, mine } = await world.results.replay(bob, raceId);
    expect(mine).not.toBeNull();
    expect(rivals.map(({ number }) => number)).toEqual([1, 3]);
    await expect(world.results.ofRun(bob, runs[0]!)).rejects.toMatchObject({ code: 'running/unknown-run' });
  });

  it('closes: an invitation that was taken back, one that has ended, a race that is over', async () => {
    const [ada, bob] = [person(), person()];
    const raceId = await aRace(ada, [await aGhost(ada, { speedMps: 3 })], { mode: 'group' });
    const first = await world.entries.invite(ada, raceId, 3_600);
    const second = await world.entries.invite(ada, raceId, 3_600);
    const gone = { code: 'running/unknown-race-invite' };
    await expect(world.entries.enter(bob, first.token, null)).rejects.toMatchObject(gone);
    const later = new Date(Date.now() + 3_601_000);
    await expect(world.entries.enter(bob, second.token, null, later)).rejects.toMatchObject(gone);
    await expect(world.views.invited(second.token, later)).rejects.toMatchObject(gone);
    await world.entries.enter(bob, second.token, null);
    await world.entries.leave(bob, raceId);
    await expect(world.views.find(bob, raceId)).rejects.toMatchObject(NOWHERE);
    await expect(world.entries.leave(bob, raceId)).rejects.toMatchObject(NOWHERE);
    await world.entries.enter(bob, second.token, 'Back'); // and comes back as the same runner
    const { participants } = await world.views.find(bob, raceId);
    expect(participants.map(({ number, name }) => [number, name])).toEqual([
      [1, null],
      [2, 'Back'],
    ]);
    await world.entries.uninvite(ada, raceId);
    await world.entries.uninvite(ada, raceId);
    await expect(world.views.invited(second.token)).rejects.toMatchObject(gone);
    const third = await world.entries.invite(ada, raceId, 3_600);
    await world.races.change(ada, raceId, undefined, { status: 'cancelled' });
    await expect(world.entries.enter(person(), third.token, null)).rejects.toMatchObject({
      code: 'running/race-over',
    });
    await expect(world.entries.invite(ada, raceId, 3_600)).rejects.toMatchObject({
      code: 'running/race-over',
    });
  });

  it('takes no run of another provider, and no more runners than it may', async () => {
    const [ada, bob] = [person(), person()];
    const raceId = await aRace(ada, [await aGhost(ada, { speedMps: 3 })], { mode: 'group' });
    const { token } = await world.entries.invite(ada, raceId, 3_600);
    await world.entries.enter(bob, token, null);
    const strava = await world.aRun(bob.id, courseTrack({ speedMps: 3.3, fromM: -60 }), { source: 'strava' });
    await expect(world.entries.start(bob, raceId, strava)).rejects.toMatchObject({
      code: 'running/provider-terms',
    });
    await units.owner(
      `INSERT INTO running.race_participant (race_id, user_id, number) SELECT $1, gen_random_uuid(), n FROM generate_series(3, 200) n`,
      [raceId],
    );
    await expect(world.entries.enter(person(), token, null)).rejects.toMatchObject({
      code: 'running/race-full',
    });
  });

  it('has a course that others may be shown', async () => {
    const [ada, bob] = [person(), person()];
    const goal = { type: 'custom_goal', goal: { distanceM: 5_000, paceSPerKm: 300 } } as const;
    const plan = (await world.ghosts.create(ada, { isActive: true, isPublic: false, ...goal }, undefined))
      .body.id;
    const hers = await aGhost(ada, { speedMps: 3 });
    const link = await world.sharing.createLink(ada, hers, 3_600);
    const wish = { type: 'shared', isActive: true, isPublic: false, token: link.token } as const;
    const taken = (await world.ghosts.create(bob, wish, undefined)).body.id;
    const group = { mode: 'group' } as const;
    const refused = { code: 'running/invalid-race' };
    await expect(aRace(ada, [plan], group)).rejects.toMatchObject(refused);
    await expect(aRace(bob, [taken], group)).rejects.toMatchObject(refused);
    await aRace(ada, [hers, plan], group);
    await aRace(bob, [taken]); // alone he may
  });
});

describe('the data of a runner in races', () => {
  it('leaves with its owner; what others ran stays theirs', async () => {
    const [ada, bob] = [person(), person()];
    const raceId = await aRace(ada, [await aGhost(ada, { speedMps: 3 })], { mode: 'group' });
    const { token } = await world.entries.invite(ada, raceId, 3_600);
    await world.entries.enter(bob, token, 'Bob');
    for (const who of [ada, bob]) {
      const runId = await aRun(who, { speedMps: 3.2 });
      await world.entries.start(who, raceId, runId);
      await world.settle(runId);
    }
    const handler = new RacesData(new OwnedRowsRepository());
    const files: Record<string, unknown[]> = {};
    const sink: DataSink = {
      rows: async (table, portions) => {
        files[table] = [];
        for await (const portion of portions)
          files[table].push(...portion.map((text) => JSON.parse(text) as unknown));
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, bob.id, sink));
    expect(files['running.race']).toEqual([]);
    expect(files['running.race_participant']).toMatchObject([
      { name: 'Bob', progress: { time_s: expect.any(Array) } },
    ]);
    expect(files['running.race_result']).toMatchObject([
      { status: 'won', gap_curve: { gap_s: expect.any(Array) } },
    ]);
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, ada.id));
    await expect(world.views.find(bob, raceId)).rejects.toMatchObject(NOWHERE);
    const { rows, summary } = await world.results.history(bob, null, 10);
    expect([rows.length, summary.wins]).toEqual([1, 1]);
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, bob.id));
    for (const table of ['race', 'race_participant', 'race_result'])
      expect(
        await units.owner(`SELECT 1 FROM running.${table} WHERE user_id = ANY($1::uuid[])`, [
          [ada.id, bob.id],
        ]),
      ).toEqual([]);
  });
});
