import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LINK_PLAYERS, type LinkTrial, openLinkTrial } from '../../../test/support/link-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';

let units: TestUnits;
let trial: LinkTrial;
let account: Principal;

beforeAll(async () => {
  units = await openUnits();
});

beforeEach(async () => {
  trial = await openLinkTrial(units, { players: LINK_PLAYERS });
  account = await trial.newAccount();
});

afterEach(async () => {
  expect(trial.logged.join()).not.toMatch(/sandbox-(?:access|refresh|key|secret)/);
  await trial.close();
});

afterAll(() => units.close());

const failureOf = (call: Promise<unknown>): Promise<{ code?: string; kind?: string; retryAfterS?: number }> =>
  call.then(
    () => ({ code: 'none' }),
    (error: unknown) => error as object,
  );
/** As if the last reading were longer ago. */
const later = (who = account): Promise<unknown> =>
  units.app.run(who, (tx) =>
    tx.query("UPDATE destiny.bungie_link SET asked_at = asked_at - interval '2 minutes'"),
  );

// Faults of the original (section 1.8 of its description), each as the test that would have found it.
describe('faults that are not repeated', () => {
  it('1: a token kept by the process for everybody: two players’ calls, 1,000 times interleaved, never cross', async () => {
    const other = trial.open();
    const people = await Promise.all(
      ['ada', 'grace'].map(async (name) => {
        const who = await trial.newAccount();
        await trial.connect(who, name);
        const { membershipType, membershipId } = await trial.memberships.active(who);
        return { who, key: { membershipType, membershipId }, player: trial.sandbox.player(name) };
      }),
    );
    const owned = people.map(({ player, key }) => {
      const profile = player.profiles.find(({ membershipId }) => membershipId === key.membershipId)!;
      return new Set(profile.characters.map(({ characterId }) => characterId));
    });
    let crossings = 0;
    let calls = 0;
    const one = async (index: number): Promise<void> => {
      const at = index % 2;
      const { who, key, player } = people[at]!;
      const process = index % 3 === 0 ? other : trial;
      await process.access.asPlayer(who.id, async (token) => {
        if (index % 5 === 0) {
          const { bungieId } = await process.client.memberships(token);
          if (bungieId !== player.bungieMembershipId) crossings += 1;
        } else {
          const { characters, inventory } = await process.client.profile(
            key,
            [100, 102, 200, 201, 205, 300, 304, 305, 310],
            {
              token,
            },
          );
          // Somebody else's inventory is private: that it is there says whose token it was.
          const isOwn = characters.every(({ characterId }) => owned[at]!.has(characterId));
          if (!isOwn || inventory !== 'present' || characters.length === 0) crossings += 1;
        }
        calls += 1;
      });
    };
    for (let round = 0; round < 50; round += 1)
      await Promise.all(Array.from({ length: 20 }, (_, index) => one(round * 20 + index)));
    expect([calls, crossings]).toEqual([1_000, 0]);
    const byPlayer = trial.sandbox.journal.filter(({ path }) => path.includes('/Profile/'));
    for (const { path, player } of byPlayer) {
      const owner = people.find(({ key }) => path.includes(key.membershipId))!;
      expect(player).toBe(owner.player.name);
    }
  });

  it('3: tokens and the key in logs or in what a client is told', async () => {
    await trial.connect(account, 'ada');
    for (const kind of ['cut-json', 'unavailable', 'html'] as const) {
      trial.sandbox.faults.next({ kind, path: 'GetMemberships', count: 2 });
      const failure = (await failureOf(trial.link.refresh(account))) as Error;
      expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toMatch(
        /sandbox-(?:access|refresh|key|secret)/,
      );
      trial.sandbox.faults.heal();
      await later();
    }
  });

  it('4: permissions that are renewed for ever: after its 90 days a refresh token brings nothing', async () => {
    await trial.connect(account, 'ada', 30);
    trial.sandbox.advance(91 * 86_400_000);
    const failure = await failureOf(trial.access.asPlayer(account.id, (token) => Promise.resolve(token)));
    expect(failure.kind).toBe('sign_in_again');
    expect((await trial.connections.state(account.id, 'bungie')).state).toBe('needs-sign-in');
  });

  it('8: the first membership here and the primary one there: all ask for the one that is active', async () => {
    await trial.connect(account, 'grace');
    const [shown, read] = [
      await trial.memberships.active(account),
      await trial.memberships.activeForCall(account.id),
    ];
    const stored = await units.app.run(account, (tx) => trial.memberships.activeOf(tx, account.id));
    expect(new Set([shown.id, read.id, stored!.id]).size).toBe(1);
    expect(shown).toMatchObject({ membershipType: 3, isCrossSavePrimary: true, isOverridden: false });
    const { rows } = await units
      .owner<{ rows: number }>(
        'SELECT count(*)::int AS rows FROM destiny.membership WHERE user_id = $1 AND is_active',
        [account.id],
      )
      .then(([row]) => row!);
    expect(rows).toBe(1);
    await expect(
      units.app.run(account, (tx) => tx.query('UPDATE destiny.membership SET is_active = true')),
    ).rejects.toThrow(/ux_membership_active/);
  });
});

describe('somebody else’s memberships', () => {
  it('are not shown, chosen or deleted', async () => {
    await trial.connect(account, 'linus');
    const [row] = (await trial.link.view(account)).memberships;
    const stranger = await trial.newAccount();
    expect(await trial.memberships.list(stranger)).toEqual([]);
    expect((await failureOf(trial.memberships.choose(stranger, row!.id))).code).toBe(
      'destiny/unknown-membership',
    );
    await failureOf(trial.link.end(stranger));
    expect(await trial.memberships.list(account)).toHaveLength(2);
    const may = { ...stranger, permissions: new Set<never>() };
    expect(() => trial.memberships.list(may)).toThrow(/permission|may/i);
  });
});
