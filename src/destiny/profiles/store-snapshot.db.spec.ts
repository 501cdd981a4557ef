import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factsNamed } from '../../../test/support/destiny-entries.js';
import {
  characterOf,
  minted,
  ProfileTrial,
  recordOf,
  snapshotOf,
  weaponOf,
} from '../../../test/support/profile-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { ProfileSnapshot } from '../bungie/profile-snapshot.js';

const GUN = factsNamed('Black Talon');
const OTHER = factsNamed('Monte Carlo');
const TARGET = GUN.objectives[0]!.target;
const DAY_MINUTES = 1_440;
/** Bits of DestinyRecordState. */
const [REDEEMED, INCOMPLETE, OBSCURED] = [1, 4, 8];

let units: TestUnits;
let trial: ProfileTrial;

beforeAll(async () => {
  units = await openUnits();
  trial = new ProfileTrial(units);
});

afterAll(() => units.close());

const reading = (
  minutes: number,
  state: number,
  progress: readonly (number | null)[] = [],
  given: Partial<ProfileSnapshot> = {},
): ProfileSnapshot =>
  snapshotOf(minutes, { profileRecords: new Map([recordOf(GUN, state, progress)]), ...given });
const share = (pct: number): number => Math.ceil((TARGET * pct) / 100);
const working = (minutes: number, pct: number, given: Partial<ProfileSnapshot> = {}): ProfileSnapshot =>
  reading(minutes, pct >= 100 ? REDEEMED : INCOMPLETE, [share(pct)], given);

describe('notices', () => {
  it('are none of the first reading, whatever it holds', async () => {
    for (const first of [working(0, 0), working(0, 95), working(0, 100), reading(0, INCOMPLETE | OBSCURED)]) {
      const player = await trial.addMembership();
      expect(await trial.store(player, first)).toMatchObject({ inserted: 1 });
      expect(await trial.told(player)).toEqual([]);
    }
  });

  it('are told once of each: found, half, near, complete', async () => {
    const player = await trial.addMembership();
    const walk = [0, 20, 50, 40, 60, 90, 89, 92, 100, 95, 100];
    await trial.store(player, reading(0, INCOMPLETE | OBSCURED));
    for (const [index, pct] of walk.entries()) await trial.store(player, working(index + 1, pct));
    expect(await trial.told(player)).toEqual(['found', 'half', 'near', 'complete']);
    expect(await trial.catalyst(player, GUN)).toMatchObject({
      state: 'complete',
      pct: 100,
      foundAt: new Date(minted(1)),
      completedAt: new Date(minted(9)),
    });
  });

  it('of two memberships of one account are those of two players', async () => {
    const one = await trial.addMembership();
    const two = await trial.addMembership({ userId: one.userId, membershipId: '7', isActive: false });
    for (const player of [one, two]) {
      await trial.store(player, working(0, 40));
      await trial.store(player, working(1, 60));
    }
    expect(await trial.told(one)).toEqual(['half', 'half']);
  });
});

describe('an older answer', () => {
  it('changes nothing', async () => {
    const player = await trial.addMembership();
    await trial.store(player, working(10, 40, { items: [weaponOf(1)] }));
    const before = await trial.versions(player);
    for (const minutes of [10, 9, -1_000])
      expect(await trial.store(player, working(minutes, 80))).toMatchObject({ unchanged: 1 });
    expect(await trial.versions(player)).toEqual(before);
  });

  it('is told for records and for the rest apart', async () => {
    const player = await trial.addMembership();
    await trial.store(player, working(10, 40, { items: [weaponOf(1)] }));
    await trial.store(player, working(5, 60, { recordsMintedAtMs: minted(11), items: [], characters: [] }));
    expect((await trial.catalyst(player, GUN)).pct).toBe(60);
    expect(await trial.weaponsOf(player)).toHaveLength(1);
    await trial.store(player, working(12, 80, { recordsMintedAtMs: minted(9), items: [] }));
    expect((await trial.catalyst(player, GUN)).pct).toBe(60);
    expect(await trial.weaponsOf(player)).toEqual([]);
    expect(await trial.profile(player)).toMatchObject({
      minted_at: new Date(minted(12)),
      records_minted_at: new Date(minted(11)),
    });
  });
});

describe('an equal answer', () => {
  const full = (minutes: number): ProfileSnapshot =>
    working(minutes, 40, { items: [weaponOf(1), weaponOf(2)], lastPlayedAtMs: minted(0) });

  it('that was minted later writes the profile’s mark alone, and no version moves', async () => {
    const player = await trial.addMembership();
    await trial.store(player, full(0));
    const [before, profile] = [await trial.versions(player), await trial.profile(player)];
    expect(await trial.store(player, full(1))).toMatchObject({ unchanged: 1 });
    const after = await trial.versions(player);
    expect(after.rows).toBe(before.rows);
    expect(after.profile).not.toBe(before.profile);
    const mark = { minted_at: new Date(minted(1)), records_minted_at: new Date(minted(1)) };
    expect({ ...(await trial.profile(player)), due_at: null }).toEqual({ ...profile, ...mark, due_at: null });
  });

  it('writes nothing at all when it is the same one', async () => {
    const player = await trial.addMembership();
    await trial.store(player, full(0));
    const before = await trial.versions(player);
    await trial.store(player, full(0));
    expect(await trial.versions(player)).toEqual(before);
  });
});

describe('a component that is hidden or did not come', () => {
  it.each(['private', 'absent'] as const)('(%s) leaves what was stored, and says so', async (state) => {
    const player = await trial.addMembership();
    await trial.store(player, working(0, 40, { items: [weaponOf(1)] }));
    const before = await trial.versions(player);
    const nothing = { profileRecords: new Map(), items: [], characters: [], lastPlayedAtMs: null };
    await trial.store(player, snapshotOf(1, { ...nothing, records: state, inventory: state }));
    expect((await trial.versions(player)).rows).toBe(before.rows);
    expect(await trial.profile(player)).toMatchObject({
      records_state: state,
      inventory_state: state,
      records_minted_at: new Date(minted(0)), // of the records that are shown
      last_played_at: new Date(minted(0)),
      minutes_played: 1_000,
      characters: [{ characterId: '2305843009600000001' }],
      catalysts_version: 2,
      weapons_version: 2,
    });
    await trial.store(player, working(2, 50, { items: [weaponOf(1)] }));
    expect(await trial.profile(player)).toMatchObject({
      records_state: 'present',
      inventory_state: 'present',
    });
    expect(await trial.told(player)).toEqual(['half']);
  });

  it('at the first reading leaves everything open', async () => {
    const player = await trial.addMembership();
    await trial.store(player, snapshotOf(0, { records: 'private', inventory: 'private' }));
    expect(await trial.profile(player)).toMatchObject({ records_state: 'private', records_minted_at: null });
    await trial.store(player, working(1, 60));
    expect(await trial.told(player)).toEqual([]);
  });
});

describe('a strange record', () => {
  it('that is absent is unknown, and back again as it was', async () => {
    const player = await trial.addMembership();
    await trial.store(player, working(0, 40));
    await trial.store(player, working(1, 60));
    const known = await trial.catalyst(player, GUN);
    await trial.store(player, snapshotOf(2));
    expect(await trial.catalyst(player, GUN)).toEqual({ ...known, state: 'unknown' });
    await trial.store(player, working(3, 60));
    expect(await trial.catalyst(player, GUN)).toEqual(known);
    expect(await trial.told(player)).toEqual(['half']);
    expect(await trial.moves(player, GUN)).toEqual([`${share(40)}/${TARGET}`, `${share(60)}/${TARGET}`]);
  });

  it.each<[string, ProfileSnapshot, object]>([
    ['above its target', reading(0, INCOMPLETE, [3 * TARGET], {}), { state: 'complete', pct: 100 }],
    [
      'above its target and not complete',
      snapshotOf(0, {
        profileRecords: new Map([recordOf(GUN, INCOMPLETE, [3 * TARGET], { isComplete: false })]),
      }),
      { state: 'in_progress', pct: 99.9 },
    ],
    [
      'complete below its target',
      snapshotOf(0, {
        profileRecords: new Map([recordOf(GUN, REDEEMED, [TARGET - 32], { isComplete: true })]),
      }),
      { state: 'complete', pct: 100 },
    ],
    ['without a number', reading(0, INCOMPLETE, [null]), { state: 'in_progress', pct: 0 }],
    ['below zero', reading(0, INCOMPLETE, [-2_147_483_648]), { state: 'in_progress', pct: 0 }],
    [
      'of bits that nobody knows',
      reading(0, 0x7ff0_1004 & ~16, [share(40)]),
      { state: 'in_progress', pct: 40 },
    ],
    ['of the largest number', reading(0, INCOMPLETE, [2_147_483_647]), { state: 'complete', pct: 100 }],
  ])('%s is stored', async (_, snapshot, expected) => {
    const player = await trial.addMembership();
    await trial.store(player, snapshot);
    expect(await trial.catalyst(player, GUN)).toMatchObject(expected);
  });

  it('of characters counts where the profile has none', async () => {
    const player = await trial.addMembership();
    const characterRecords = new Map([
      ['2305843009600000001', new Map([recordOf(GUN, INCOMPLETE, [share(10)])])],
      ['2305843009600000002', new Map([recordOf(GUN, INCOMPLETE, [share(30)])])],
    ]);
    await trial.store(player, snapshotOf(0, { characterRecords }));
    expect((await trial.catalyst(player, GUN)).pct).toBe(30);
  });
});

describe('players', () => {
  it('keep their minutes and progress when they delete a character', async () => {
    const player = await trial.addMembership();
    const characters = [characterOf(9_000, '1'), characterOf(500, '2')];
    await trial.store(player, working(0, 40, { characters, items: [weaponOf(1, { characterId: '2' })] }));
    await trial.store(player, working(60, 60, { characters: [characterOf(9_050, '1')] }));
    expect(await trial.profile(player)).toMatchObject({
      minutes_played: 9_550,
      characters: [{ characterId: '1' }],
    });
    expect(await trial.weaponsOf(player)).toEqual([]);
    const [last] = await units.owner<{ minutes: number }>(
      `SELECT max(minutes_played) AS minutes FROM destiny.catalyst_progress WHERE membership_id = $1`,
      [player.id],
    );
    expect(last!.minutes).toBe(9_550);
  });

  it('are read sooner again who have begun to play', async () => {
    const player = await trial.addMembership();
    const nowMs = minted(100);
    await units.owner(`INSERT INTO destiny.profile (membership_id, user_id, due_at) VALUES ($1, $2, $3)`, [
      player.id,
      player.userId,
      new Date(nowMs + 86_400_000),
    ]);
    await trial.store(player, working(99, 10, { lastPlayedAtMs: minted(99) }), nowMs);
    expect((await trial.profile(player))!['due_at']).toEqual(new Date(nowMs + 600_000));
  });
});

describe('weapons', () => {
  const at = (minutes: number, ...items: ProfileSnapshot['items']): ProfileSnapshot =>
    snapshotOf(minutes, { items });

  it('move, go and come, and only what changed is written', async () => {
    const player = await trial.addMembership();
    const first = weaponOf(1);
    await trial.store(player, at(0, first, weaponOf(2)));
    const moved = { ...first, location: 'equipped' as const, characterId: '2305843009600000001' };
    const kept = await units.owner(
      `SELECT ctid FROM destiny.weapon WHERE membership_id = $1 AND item_instance_id = $2`,
      [player.id, weaponOf(2).itemInstanceId],
    );
    expect(await trial.store(player, at(1, moved, weaponOf(2), weaponOf(3)))).toMatchObject({ updated: 1 });
    expect(await trial.weaponsOf(player)).toMatchObject([
      { id: first.itemInstanceId, location: 'equipped', seen: new Date(minted(0)) },
      { id: weaponOf(2).itemInstanceId, seen: new Date(minted(0)) },
      { id: weaponOf(3).itemInstanceId, seen: new Date(minted(1)) },
    ]);
    expect(
      await units.owner(
        `SELECT ctid FROM destiny.weapon WHERE membership_id = $1 AND item_instance_id = $2`,
        [player.id, weaponOf(2).itemInstanceId],
      ),
    ).toEqual(kept);
    await trial.store(player, at(2));
    expect(await trial.weaponsOf(player)).toEqual([]);
    expect((await trial.profile(player))!['weapons_version']).toBe(3);
  });

  it('are found among other things, of whatever damage, and keep ids of 64 bits', async () => {
    const player = await trial.addMembership();
    const strange = weaponOf(1, { itemInstanceId: '9223372036854775807', damageType: 4_096 });
    const others = [weaponOf(2, { damageType: null }), weaponOf(3, { bucketHash: 3_284_755_031 })];
    await trial.store(player, at(0, strange, ...others));
    expect(await trial.weaponsOf(player)).toMatchObject([{ id: '9223372036854775807' }]);
    const [row] = await units.owner(`SELECT item FROM destiny.weapon WHERE membership_id = $1`, [player.id]);
    expect(row).toEqual({ item: strange });
  });
});

describe('stalls', () => {
  const played = (days: number, minutes: number, pct = 40): ProfileSnapshot =>
    working(days * DAY_MINUTES, pct, { characters: [characterOf(minutes)] });

  it('are told of what is tracked and did not move in two weeks of play, once each time', async () => {
    const player = await trial.addMembership();
    await trial.track(player, GUN);
    await trial.store(player, played(0, 1_000));
    await trial.store(player, played(13, 2_000));
    expect(await trial.told(player)).toEqual([]);
    for (const days of [14, 15, 30]) await trial.store(player, played(days, 2_000));
    expect(await trial.told(player)).toEqual(['stalled']);
    await trial.store(player, played(31, 2_100, 45));
    await trial.store(player, played(44, 4_000, 45));
    expect(await trial.told(player)).toEqual(['stalled']);
    await trial.store(player, played(45, 4_000, 45));
    expect(await trial.told(player)).toEqual(['stalled', 'stalled']);
    const rows = await units.owner(
      `SELECT topic, title, link FROM platform.notification WHERE user_id = $1 ORDER BY seq LIMIT 1`,
      [player.userId],
    );
    expect(rows).toEqual([
      {
        topic: 'destiny.catalyst-stalled',
        title: `${GUN.name} has not moved in two weeks of play, at 40 %`,
        link: `/api/v1/destiny/catalysts/${GUN.recordHash}`,
      },
    ]);
  });

  it.each<[string, (player: { id: string; userId: string }) => Promise<unknown>, ProfileSnapshot]>([
    ['is not tracked', () => Promise.resolve(), played(20, 9_000)],
    ['was not played meanwhile', (player) => trial.track({ ...PLAYER, ...player }, GUN), played(20, 1_059)],
    ['is complete', (player) => trial.track({ ...PLAYER, ...player }, GUN), played(20, 9_000, 100)],
    [
      'is another than the tracked',
      (player) => trial.track({ ...PLAYER, ...player }, OTHER),
      played(20, 9_000),
    ],
    ['is missing', (player) => trial.track({ ...PLAYER, ...player }, GUN), snapshotOf(20 * DAY_MINUTES)],
  ])('are not told of what %s', async (_, prepare, last) => {
    const player = await trial.addMembership();
    await prepare(player);
    await trial.store(player, played(0, 1_000));
    await trial.store(player, last);
    expect((await trial.told(player)).filter((step) => step === 'stalled')).toEqual([]);
  });

  it('do not touch what is stored', async () => {
    const player = await trial.addMembership();
    await trial.track(player, GUN);
    await trial.store(player, played(0, 1_000));
    const { rows } = await trial.versions(player);
    await trial.store(player, played(20, 9_000));
    expect(await trial.told(player)).toEqual(['stalled']);
    expect((await trial.versions(player)).rows).toBe(rows);
  });
});

const PLAYER = { membershipType: 3, membershipId: '1' };

describe('at the same time', () => {
  it('two readings are stored one after the other, and the newer one stays', async () => {
    for (let round = 0; round < 10; round += 1) {
      const player = await trial.addMembership();
      const readings = [working(1, 40, { items: [weaponOf(1)] }), working(2, 60, { items: [weaponOf(2)] })];
      await Promise.all(readings.map((one) => trial.store(player, one)));
      expect((await trial.catalyst(player, GUN)).pct).toBe(60);
      expect(await trial.weaponsOf(player)).toMatchObject([{ id: weaponOf(2).itemInstanceId }]);
    }
  });

  it('a membership that is deleted takes everything along, and nobody waits for the other for ever', async () => {
    for (let round = 0; round < 10; round += 1) {
      const player = await trial.addMembership();
      if (round % 2 === 0) await trial.store(player, working(0, 10, { items: [weaponOf(1)] }));
      await Promise.all([
        trial.store(player, working(1, 60, { items: [weaponOf(2)] })),
        units.owner('DELETE FROM destiny.membership WHERE id = $1', [player.id]),
      ]);
      expect(await trial.profile(player)).toBeUndefined();
      expect(await trial.versions(player)).toEqual({ rows: '\n\n', profile: '' });
    }
  });

  it('the end of a membership waits for a reading that has begun', async () => {
    const player = await trial.addMembership();
    await trial.store(player, working(0, 10));
    let deletion: Promise<unknown> = Promise.resolve();
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await trial.profiles.lockProfile(tx, player.id);
      deletion = units.owner('DELETE FROM destiny.membership WHERE id = $1', [player.id]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await trial.snapshots.store(tx, player.id, working(1, 60, { items: [weaponOf(1)] }));
    });
    await deletion;
    expect(await trial.profile(player)).toBeUndefined();
  });

  it('one that is gone is no fault', async () => {
    const player = await trial.addMembership();
    await units.owner('DELETE FROM destiny.membership WHERE id = $1', [player.id]);
    expect(await trial.store(player, working(0, 10))).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
  });
});
