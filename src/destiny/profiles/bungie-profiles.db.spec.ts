import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dyingUnit } from '../../../test/support/dying-unit.js';
import { ProfileSyncTrial } from '../../../test/support/profile-sync-trial.js';
import type { TrialMembership } from '../../../test/support/profile-trial.js';
import { DAY_MS, HOUR_MS, type WholeRun } from '../../../test/support/sync-trial.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { SYNC_TIMES } from '../../platform/sync/sync-world.js';
import type { FaultGiven } from '../../sandbox/bungie/bungie-faults.js';
import { QUIRKS } from '../../sandbox/bungie/sandbox-player.js';
import { sourceIdOf } from './bungie-profiles.family.js';

const PROFILE = '/Profile/';
const TOKEN = '/oauth/token';

let trial: ProfileSyncTrial;
let ada: TrialMembership;

beforeAll(async () => {
  const players = [
    { name: 'ada' },
    { name: 'grace', memberships: [{ type: 1 }, { type: 3 }], crossSave: 3 },
    { name: 'quirky', quirks: QUIRKS, isPrivate: true },
  ];
  trial = await ProfileSyncTrial.open({ legendaries: { owned: 5 }, players });
});

beforeEach(async () => {
  ada = await trial.connect('ada');
  trial.bungie.sandbox.advance(60_000);
});

afterEach(() => trial.forget());

afterAll(() => trial.close());

const asked = (): string[] =>
  trial.bungie.sandbox.journal
    .filter(({ path }) => path.includes(PROFILE))
    .map(({ player }) => player ?? '-');
const dueAt = async (): Promise<number> =>
  ((await trial.store.profile(ada))!['due_at'] as Date).getTime() - Date.now();
const due = (limit = 100, nowMs = trial.sync.clock.nowMs): Promise<string[]> =>
  trial.sync.units.system.run(SYSTEM_SCOPE, (tx) => trial.family.listDue(tx, new Date(nowMs), limit));
/** Until the end, however often it waits. */
async function drive(id: string): Promise<WholeRun> {
  for (;;) {
    await trial.sync.turn(id);
    const run = await trial.run(ada, id);
    if (run.finishedAt !== null || run.retryAt === null) return run;
    trial.sync.clock.nowMs = run.retryAt.getTime();
  }
}

describe('a profile', () => {
  it('is read by one call in the name of its player, and stored', async () => {
    expect(await trial.read(ada)).toMatchObject({ state: 'succeeded', errorKind: null });
    expect(asked()).toEqual(['ada']);
    const call = trial.bungie.sandbox.journal.find(({ path }) => path.includes(PROFILE));
    expect(call!.query).toEqual({ components: '100,102,200,201,205,300,304,305,310,900' });
    expect(await trial.store.profile(ada)).toMatchObject({
      records_state: 'present',
      inventory_state: 'present',
      characters: [{}, {}, {}],
    });
    expect((await trial.store.weaponsOf(ada)).length).toBeGreaterThan(10);
  });

  it('goes on as its player does', async () => {
    await trial.read(ada);
    const [first] = [await trial.store.profile(ada)];
    trial.bungie.sandbox.advance(20 * DAY_MS);
    await trial.read(ada);
    const second = await trial.store.profile(ada);
    expect(second!['minutes_played']).toBeGreaterThan(first!['minutes_played'] as number);
    expect(+(second!['minted_at'] as Date) - +(first!['minted_at'] as Date)).toBe(20 * DAY_MS);
  });

  it('of an overridden platform is gone, and leaves everything', async () => {
    const { profiles } = trial.bungie.sandbox.player('grace');
    const stranded = profiles.find(({ membership }) => membership.type === 1)!;
    const grace = await trial.connect('grace');
    await trial.sync.units.owner(
      'UPDATE destiny.membership SET membership_type = 1, membership_id = $2 WHERE id = $1',
      [grace.id, stranded.membershipId],
    );
    expect(await trial.read(grace)).toMatchObject({
      state: 'failed',
      errorKind: 'gone',
      error: 'Bungie.net knows no such Destiny account. (error 1601)',
    });
    expect(await trial.connectionState(grace)).toBe('connected');
  });

  it('of a player with every quirk and a deleted character is stored', async () => {
    const quirky = await trial.connect('quirky');
    expect(await trial.read(quirky)).toMatchObject({ state: 'succeeded' });
    expect(await trial.store.profile(quirky)).toMatchObject({
      records_state: 'present',
      inventory_state: 'present',
      characters: [{ classType: 7 }, {}],
    });
  });
});

describe('a fault', () => {
  it.each<[string, FaultGiven, { errorKind: string; error: string }]>([
    ['1665', { errorCode: 1_665 }, { errorKind: 'gone', error: 'private' }],
    ['1601', { errorCode: 1_601 }, { errorKind: 'gone', error: 'no such Destiny account' }],
    ['1618', { errorCode: 1_618 }, { errorKind: 'transient', error: 'fault of its own' }],
    ['99 again and again', { errorCode: 99 }, { errorKind: 'auth', error: 'connect again' }],
    ['2101', { errorCode: 2_101 }, { errorKind: 'auth', error: 'API key' }],
    ['cut JSON', { kind: 'cut-json' }, { errorKind: 'malformed', error: 'cannot be read' }],
    ['wrong JSON', { kind: 'wrong-json' }, { errorKind: 'malformed', error: 'cannot be read' }],
    ['a page', { kind: 'html' }, { errorKind: 'malformed', error: 'cannot be read' }],
    ['half a body', { kind: 'half-body' }, { errorKind: 'transient', error: 'does not answer' }],
    ['503', { kind: 'unavailable' }, { errorKind: 'transient', error: 'does not answer' }],
    ['a reset', { kind: 'reset' }, { errorKind: 'transient', error: 'does not answer' }],
    ['no end', { kind: 'huge' }, { errorKind: 'malformed', error: 'cannot be read' }],
  ])('%s that lasts ends the run, and keeps the connection and what was stored', async (_, fault, end) => {
    await trial.read(ada);
    const before = await trial.store.versions(ada);
    trial.bungie.sandbox.faults.next({ ...fault, path: PROFILE, count: 1_000 });
    const { errorKind, error } = end;
    const run = await drive(await trial.start(ada));
    expect(run).toMatchObject({ state: 'failed', errorKind, error: expect.stringContaining(error) });
    expect((await trial.store.versions(ada)).rows).toBe(before.rows);
    expect(await trial.connectionState(ada)).toBe('connected');
    trial.bungie.sandbox.faults.heal();
    await trial.renewOutbound();
    trial.sync.clock.advance(HOUR_MS);
    trial.bungie.sandbox.advance(60_000);
    expect(await drive(await trial.start(ada))).toMatchObject({ state: 'succeeded' });
  });

  it.each<[string, FaultGiven]>([
    ['36 with 200 and a throttle', { errorCode: 36, throttleSeconds: 10, status: 200 }],
    ['51 with 500', { errorCode: 51, throttleSeconds: 10 }],
    ['1672', { errorCode: 1_672 }],
    ['1618', { errorCode: 1_618 }],
    ['99', { errorCode: 99 }],
    ['a slow answer', { kind: 'slow', delayMs: 300 }],
    ['cut JSON', { kind: 'cut-json' }],
    ['a page', { kind: 'html' }],
    ['503', { kind: 'unavailable' }],
    ['a reset', { kind: 'reset' }],
    ['an answer that was lost', { kind: 'lost' }],
  ])('%s that passes is waited for in the same run', async (_, fault) => {
    trial.bungie.sandbox.faults.next({ ...fault, path: PROFILE });
    expect(await trial.read(ada)).toMatchObject({ state: 'succeeded' });
    expect(await trial.store.profile(ada)).toMatchObject({ records_state: 'present' });
    expect(await trial.connectionState(ada)).toBe('connected');
  });

  it.each<[string, FaultGiven, number]>([
    ['5, maintenance', { errorCode: 5 }, 600_000],
    ['36 with 200 and a long throttle', { errorCode: 36, throttleSeconds: 900, status: 200 }, 900_000],
  ])('%s is waited for in another job, and what was stored is shown meanwhile', async (_, fault, restMs) => {
    await trial.read(ada);
    const before = await trial.store.versions(ada);
    trial.bungie.sandbox.advance(60_000);
    trial.bungie.sandbox.faults.next({ ...fault, path: PROFILE });
    const run = await trial.read(ada);
    expect(run).toMatchObject({ state: 'rate_limited', finishedAt: null });
    const waitMs = run.retryAt!.getTime() - trial.sync.clock.nowMs;
    expect(Math.abs(waitMs - restMs)).toBeLessThanOrEqual(1_000);
    expect(await trial.store.versions(ada)).toEqual(before);
    expect(await trial.connectionState(ada)).toBe('connected');
    expect(await drive(run.id)).toMatchObject({ state: 'succeeded' });
  });

  it('a stale mint is read and thrown away', async () => {
    await trial.read(ada);
    const before = await trial.store.versions(ada);
    trial.bungie.sandbox.advance(60_000);
    trial.bungie.sandbox.faults.next({ kind: 'stale', staleMs: HOUR_MS, path: PROFILE });
    expect(await trial.read(ada)).toMatchObject({ state: 'succeeded', error: null });
    expect(await trial.store.versions(ada)).toEqual(before);
  });

  it('maintenance of the token endpoint keeps the tokens', async () => {
    trial.bungie.sandbox.faults.next({ errorCode: 99, path: PROFILE });
    trial.bungie.sandbox.faults.next({ errorCode: 5, path: TOKEN, count: 3 });
    expect(await drive(await trial.start(ada))).toMatchObject({ state: 'succeeded' });
    expect(await trial.connectionState(ada)).toBe('connected');
  });
});

describe('a permission', () => {
  it('that is taken back between two calls ends with a state of its own, and waits a day', async () => {
    await trial.read(ada);
    const before = await trial.store.versions(ada);
    trial.bungie.sandbox.player('ada').revoke();
    const run = await trial.read(ada);
    expect(run).toMatchObject({ state: 'failed', errorKind: 'auth' });
    expect(run.error).toBe('Bungie.net no longer takes this permission; connect again.');
    expect(await trial.connectionState(ada)).toBe('needs-sign-in');
    expect((await trial.store.versions(ada)).rows).toBe(before.rows);
    expect(await dueAt()).toBeGreaterThan(DAY_MS - 60_000);
    const calls = asked().length;
    expect(await trial.read(ada)).toMatchObject({ state: 'failed', errorKind: 'auth' });
    expect(asked()).toHaveLength(calls); // nobody is called with a token that does not hold
  });

  it('that does not hold is not tried by itself for a day', async () => {
    await trial.read(ada);
    trial.bungie.sandbox.player('ada').revoke();
    await trial.read(ada);
    expect(await due(9, Date.now() + DAY_MS - 60_000)).toEqual([]);
    expect(await due(9, Date.now() + DAY_MS)).toEqual([sourceIdOf(ada.id)]);
  });

  it('is not to blame for a key of ours that Bungie does not take', async () => {
    await trial.read(ada);
    trial.bungie.sandbox.faults.next({ errorCode: 2_101, path: PROFILE, count: 100 });
    expect(await trial.read(ada)).toMatchObject({ state: 'failed', errorKind: 'auth' });
    expect(await dueAt()).toBeLessThan(DAY_MS / 2);
    expect(await trial.connectionState(ada)).toBe('connected');
  });

  it('is missing where a membership has no connection', async () => {
    const left = await trial.store.addMembership();
    expect(await trial.read(left)).toMatchObject({ state: 'failed', errorKind: 'auth' });
    expect(asked()).toEqual([]);
  });
});

describe('a worker that is killed', () => {
  it.each(['before', 'inside', 'after'] as const)(
    '%s any of its transactions leaves a run that is taken up',
    async (moment) => {
      for (let at = 1; ; at += 1) {
        const { unit, isDead } = dyingUnit(trial.sync.units.system, at, moment);
        const id = await trial.start(ada);
        await trial.sync.turn(id, trial.sync.openEngine(unit)).catch(() => undefined);
        if (!isDead()) break;
        expect(at).toBeLessThan(50);
        trial.sync.clock.advance(SYNC_TIMES.staleMs + 1);
        const left = await trial.run(ada, id);
        await trial.sync.engine.starter.startDue(null);
        if (left.finishedAt === null) {
          const jobs = await trial.sync.units.owner<{ name: string }>(
            `SELECT name FROM platform.job WHERE state = 'open' AND payload ->> 'runId' = $1`,
            [id],
          );
          expect(jobs).toEqual([{ name: 'platform.run-account-sync' }]);
        }
        expect(await drive(id)).toMatchObject({ state: 'succeeded' });
        trial.bungie.sandbox.advance(60_000);
      }
      expect(await trial.store.profile(ada)).toMatchObject({ records_state: 'present' });
    },
  );
});

describe('who is due', () => {
  it('is each active membership, once, by how lately it was played', async () => {
    const idle = await trial.store.addMembership({ isActive: false, membershipId: '5' });
    expect(await due()).toEqual([sourceIdOf(ada.id)]);
    expect(await due()).toEqual([]);
    expect(await trial.store.profile(idle)).toBeUndefined();
    const { units } = trial.sync;
    for (const [agoMs, everyMs] of [
      [HOUR_MS, 600_000],
      [DAY_MS, HOUR_MS],
      [10 * DAY_MS, 6 * HOUR_MS],
      [100 * DAY_MS, DAY_MS],
    ] as const) {
      const { nowMs } = trial.sync.clock;
      await units.owner('UPDATE destiny.profile SET last_played_at = $1, due_at = $2', [
        new Date(nowMs - agoMs),
        new Date(nowMs),
      ]);
      expect(await due()).toEqual([sourceIdOf(ada.id)]);
      expect((await trial.store.profile(ada))!['due_at']).toEqual(new Date(nowMs + everyMs));
    }
  });

  it('is told to one of two workers, those first that wait longest', async () => {
    const players = [ada];
    for (let index = 0; index < 40; index += 1)
      players.push(await trial.store.addMembership({ membershipId: String(index) }));
    await due(0); // makes their rows
    for (const [index, { id }] of players.entries())
      await trial.sync.units.owner('UPDATE destiny.profile SET due_at = $2 WHERE membership_id = $1', [
        id,
        new Date(trial.sync.clock.nowMs - 1_000_000 + index),
      ]);
    const ids = players.map(({ id }) => sourceIdOf(id));
    expect(await due(5)).toEqual(ids.slice(0, 5));
    const told = await Promise.all([due(30), due(30)]);
    expect(told.flat().sort()).toEqual(ids.slice(5).sort());
    expect(await due()).toEqual([]);
  });

  it('begins by the clock, once, and is read', async () => {
    await trial.sync.engine.starter.startDue(null);
    await trial.sync.engine.starter.startDue(null);
    const runs = await trial.sync.units.owner<{ id: string; trigger: string }>(
      `SELECT id, trigger FROM platform.sync_run WHERE source_id = $1`,
      [sourceIdOf(ada.id)],
    );
    expect(runs).toMatchObject([{ trigger: 'schedule' }]);
    await trial.sync.turn(runs[0]!.id);
    expect(await trial.run(ada, runs[0]!.id)).toMatchObject({ state: 'succeeded' });
  });

  it('is nobody of an installation without a key', async () => {
    const before = await trial.store.profile(ada);
    const family = trial.keyless();
    const { system } = trial.sync.units;
    const now = new Date(trial.sync.clock.nowMs);
    expect(await system.run(SYSTEM_SCOPE, (tx) => family.listDue(tx, now, 10))).toEqual([]);
    expect(await trial.store.profile(ada)).toEqual(before);
  });
});

describe('a membership', () => {
  it('is a source for its own account alone, and none once it is gone', async () => {
    const grace = await trial.connect('grace');
    const { units } = trial.sync;
    const { app } = units;
    const find = (as: TrialMembership, of: TrialMembership): Promise<string | undefined> =>
      app.run({ id: as.userId }, async (tx) => (await trial.family.find(tx, sourceIdOf(of.id)))?.id);
    expect(await find(ada, ada)).toBe(sourceIdOf(ada.id));
    expect(await find(grace, ada)).toBeUndefined();
    expect(
      await app.run({ id: ada.userId }, (tx) => trial.family.find(tx, 'bungie:1 OR true')),
    ).toBeUndefined();
    const id = await trial.start(ada);
    await units.owner('DELETE FROM destiny.membership WHERE id = $1', [ada.id]);
    await trial.sync.engine.runner.run(id, trial.sync.job());
    expect(await trial.store.profile(ada)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  it('is checked without being stored', async () => {
    const source = await trial.sync.units.app.run({ id: ada.userId }, (tx) =>
      trial.family.find(tx, sourceIdOf(ada.id)),
    );
    const { signal } = new AbortController();
    expect(await source!.check(signal)).toEqual({ isOk: true, detail: 'Bungie.net answers.' });
    trial.bungie.sandbox.faults.next({ errorCode: 5, path: PROFILE });
    expect(await source!.check(signal)).toEqual({
      isOk: false,
      detail: 'Bungie.net is down for maintenance. (error 5)',
    });
    expect(await trial.store.profile(ada)).toBeUndefined();
  });
});
