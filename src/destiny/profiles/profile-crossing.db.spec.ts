import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ProfileSyncTrial } from '../../../test/support/profile-sync-trial.js';
import type { TrialMembership } from '../../../test/support/profile-trial.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { ProfileSnapshot } from '../bungie/profile-snapshot.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { sourceIdOf } from './bungie-profiles.family.js';

// Fault 1 of the original: one token for the whole process, so that a player could read another's account. Here two players' calls, answers
// and transactions are interleaved, and everything that is stored must be its own player's. Ids of items, characters and accounts are
// the stand-in's own for each player; targets of objectives are set apart below.

const READINGS = 1_000;
const NAMES = ['ada', 'grace'] as const;
const TARGETS = { ada: 700, grace: 500 } as const;

let trial: ProfileSyncTrial;
const members = new Map<string, TrialMembership>();

beforeAll(async () => {
  trial = await ProfileSyncTrial.open({
    catalysts: shippedCatalog().catalysts.slice(0, 4),
    players: NAMES.map((name) => ({ name, characterCount: 1 as const })),
    legendaries: { kinds: 9, owned: 2 },
    otherRecords: 0,
  });
  for (const name of NAMES) members.set(name, await trial.connect(name));
});

afterAll(() => trial.close());

/** From 1 on, each player's progress counts up against a target of their own. */
function play(name: (typeof NAMES)[number], progress: number): void {
  const { records } = trial.bungie.sandbox.player(name).profile;
  for (const { recordHash } of shippedCatalog().catalysts.slice(0, 4))
    records.set(recordHash, {
      state: 4,
      objectives: [
        { objectiveHash: 7, progress, completionValue: TARGETS[name], complete: false, visible: true },
      ],
    });
}

it(`two users' readings interleaved ${READINGS} times hold each player's own alone`, async () => {
  const sources = await Promise.all(
    NAMES.map((name) =>
      trial.sync.units.system.run(SYSTEM_SCOPE, (tx) =>
        trial.family.find(tx, sourceIdOf(members.get(name)!.id)),
      ),
    ),
  );
  const window = { from: new Date(0), to: new Date() };
  const { signal } = new AbortController();
  const requestedAt = new Date();
  for (let round = 1; round <= READINGS / 2; round += 1) {
    trial.bungie.sandbox.advance(1_000);
    for (const name of NAMES) play(name, round % 400);
    if (round % 50 === 0) trial.bungie.sandbox.faults.next({ errorCode: 99, path: '/Profile/', count: 1 });
    const readings = sources.map(async (source) => {
      const stream = source!.streams[0]!;
      const page = await stream.fetchPage({ window, cursor: null, limit: 1, signal });
      await trial.sync.units.system.run(SYSTEM_SCOPE, (tx) =>
        stream.store(tx, page.rows as ProfileSnapshot[], { requestedAt } as never),
      );
    });
    await Promise.all(round % 2 === 0 ? readings : readings.reverse());
  }
  for (const name of NAMES) await holdsItsOwn(name);
  const calls = trial.bungie.sandbox.journal.filter(({ path }) => path.includes('/Profile/'));
  expect(calls.length).toBeGreaterThanOrEqual(READINGS);
  for (const { path, player } of calls)
    expect(path).toContain(trial.bungie.sandbox.player(player!).profile.membershipId);
}, 120_000);

async function holdsItsOwn(name: (typeof NAMES)[number]): Promise<void> {
  const member = members.get(name)!;
  const { profile } = trial.bungie.sandbox.player(name);
  const { units } = trial.sync;
  const own = [member.id];
  const [moves] = await units.owner<{ count: number; targets: number[]; users: string[] }>(
    `SELECT count(*)::int AS count, array_agg(DISTINCT target) AS targets, array_agg(DISTINCT user_id::text) AS users
     FROM destiny.catalyst_progress WHERE membership_id = $1`,
    own,
  );
  expect(moves).toEqual({
    count: (READINGS / 2) * 4,
    targets: [TARGETS[name]],
    users: [member.userId],
  });
  const targets = await units.owner<{ target: number }>(
    `SELECT DISTINCT (o ->> 'target')::int AS target FROM destiny.catalyst_status s, jsonb_array_elements(s.objectives) o
     WHERE s.membership_id = $1`,
    own,
  );
  expect(targets).toEqual([{ target: TARGETS[name] }]);
  const items = profile.itemsAt(profile.life).map(({ itemInstanceId }) => itemInstanceId);
  const stored = (await trial.store.weaponsOf(member)).map(({ id }) => id);
  expect(stored).toEqual(items.sort());
  expect(await trial.store.profile(member)).toMatchObject({
    user_id: member.userId,
    characters: profile.characters.map(({ characterId }) => ({ characterId })),
  });
  const seen = await units.app.run({ id: member.userId }, (tx) =>
    tx.query<{ id: string }>('SELECT DISTINCT membership_id AS id FROM destiny.catalyst_status'),
  );
  expect(seen).toEqual([{ id: member.id }]);
}
