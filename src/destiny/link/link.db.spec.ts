import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LINK_PLAYERS, type LinkTrial, openLinkTrial } from '../../../test/support/link-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { BungieFault } from '../bungie/bungie-fault.js';

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

const typesOf = (rows: readonly { membershipType: number }[]): number[] =>
  rows.map(({ membershipType }) => membershipType);
const failureOf = (call: Promise<unknown>): Promise<{ code?: string; kind?: string; retryAfterS?: number }> =>
  call.then(
    () => ({ code: 'none' }),
    (error: unknown) => error as object,
  );
const asked = (path: string): number =>
  trial.sandbox.journal.filter((entry) => entry.path.includes(path)).length;
/** As if the last reading were longer ago. */
const later = (who = account): Promise<unknown> =>
  units.app.run(who, (tx) =>
    tx.query("UPDATE destiny.bungie_link SET asked_at = asked_at - interval '2 minutes'"),
  );

describe('a link', () => {
  it('is none before anybody has connected, and asks Bungie nothing', async () => {
    expect(await trial.link.view(account)).toEqual({
      state: 'not-connected',
      canConnect: true,
      bungieId: null,
      readAt: null,
      memberships: [],
    });
    expect((await failureOf(trial.memberships.active(account))).code).toBe('destiny/not-connected');
    expect((await failureOf(trial.link.refresh(account))).code).toBe('destiny/not-connected');
    expect(trial.sandbox.journal).toEqual([]);
  });

  it.each([
    ['ada', 'connected', [3], 3, 0],
    ['grace', 'connected', [3, 1, 2], 3, 0],
    ['split', 'connected', [2, 1], 2, 0],
    ['nobody', 'no-destiny-account', [], undefined, 0],
  ] as const)('of %s is read at the first look: %s', async (player, state, types, active, linkedCalls) => {
    await trial.connect(account, player);
    const view = await trial.link.view(account);
    expect(view.state).toBe(state);
    expect([...typesOf(view.memberships)].sort()).toEqual([...types].sort());
    expect(view.memberships.find(({ isActive }) => isActive)?.membershipType).toBe(active);
    expect(view.bungieId).toBe(trial.sandbox.player(player).bungieMembershipId);
    expect([asked('GetMemberships'), asked('LinkedProfiles')]).toEqual([1, linkedCalls]);
    await trial.link.view(account);
    expect(asked('GetMemberships')).toBe(1);
  });

  it('without cross-save takes the membership that was played last', async () => {
    await trial.connect(account, 'linus');
    const { memberships } = await trial.link.view(account);
    expect(asked('LinkedProfiles')).toBe(1);
    const [first, second] = memberships;
    expect([first!.isActive, second!.isActive]).toEqual([true, false]);
    expect(first!.lastPlayedAt!.getTime()).toBeGreaterThanOrEqual(second!.lastPlayedAt!.getTime());
  });

  it('is read anew once a minute at most, by all processes together', async () => {
    await trial.connect(account, 'grace');
    const other = trial.open();
    const answers = await Promise.all(
      [trial, other, trial, other].map(({ link }) => failureOf(link.refresh(account))),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual([
      'destiny/asked-just-now',
      'destiny/asked-just-now',
      'destiny/asked-just-now',
      'none',
    ]);
    const { retryAfterS } = answers.find(({ code }) => code !== 'none')!;
    expect(retryAfterS).toBeGreaterThan(50);
    expect(retryAfterS).toBeLessThanOrEqual(60);
    expect(asked('GetMemberships')).toBe(1);
    await later();
    expect((await trial.link.refresh(account)).state).toBe('connected');
  });

  it('keeps the player’s own choice until Bungie takes it away', async () => {
    await trial.connect(account, 'linus');
    const { memberships } = await trial.link.view(account);
    const other = memberships.find(({ isActive }) => !isActive)!;
    expect(await trial.memberships.choose(account, other.id)).toMatchObject({ id: other.id, isActive: true });
    // Kept in memory here, and right at once after a change by another process.
    const loads = (): number => trial.caches.figures()[0]!.figures.misses;
    const before = loads();
    for (let times = 0; times < 3; times += 1)
      expect((await trial.memberships.list(account))[0]).toMatchObject({ id: other.id, isActive: true });
    expect(loads() - before).toBe(1);
    const former = memberships.find(({ isActive }) => isActive)!;
    await trial.open().memberships.choose(account, former.id);
    expect((await trial.memberships.list(account))[0]).toMatchObject({ id: former.id, isActive: true });
    await trial.memberships.choose(account, other.id);
    await later();
    await trial.link.refresh(account);
    expect((await trial.memberships.active(account)).id).toBe(other.id);
    // The other platform's copy goes over into cross-save.
    await units.app.run(account, (tx) =>
      tx.query('UPDATE destiny.membership SET is_overridden = true WHERE NOT is_active'),
    );
    const gone = memberships.find(({ id }) => id !== other.id)!;
    for (const [id, code] of [
      [gone.id, 'destiny/membership-unusable'],
      [account.id, 'destiny/unknown-membership'],
      ['x', 'destiny/unknown-membership'],
    ] as const)
      expect((await failureOf(trial.memberships.choose(account, id))).code).toBe(code);
    const events = await units.owner<{ after: { by: string } }>(
      `SELECT d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'destiny.active-membership-changed' AND d.user_id = $1 ORDER BY e.id`,
      [account.id],
    );
    expect(events.map(({ after }) => after.by)).toEqual(['bungie', 'player', 'player', 'player']);
  });

  it('with another account of Bungie.net is read anew at once, and what is left of the former cannot be chosen', async () => {
    await trial.connect(account, 'ada');
    const [former] = (await trial.link.view(account)).memberships;
    await trial.connect(account, 'grace');
    const now = await trial.memberships.activeForCall(account.id);
    expect(now.membershipType).toBe(3);
    expect(now.membershipId).not.toBe(former!.membershipId);
    const rows = await trial.memberships.list(account);
    expect(rows.find(({ id }) => id === former!.id)).toMatchObject({ isActive: false, isPresent: false });
    expect((await failureOf(trial.memberships.choose(account, former!.id))).code).toBe(
      'destiny/membership-unusable',
    );
  });

  it('ends with all that was read, here and in identity; again there is nothing to end', async () => {
    await trial.connect(account, 'grace');
    await trial.link.view(account);
    await expect(trial.link.end({ ...account, provedAtMs: 1 })).rejects.toMatchObject({
      code: 'auth/step-up-needed',
    });
    expect(await trial.memberships.list(account)).toHaveLength(3);
    await trial.link.end(account);
    expect(await trial.link.view(account)).toMatchObject({
      state: 'not-connected',
      bungieId: null,
      memberships: [],
    });
    expect((await failureOf(trial.link.end(account))).code).toBe('destiny/not-connected');
  });

  it('whose connection was ended elsewhere keeps what was read until it is ended itself', async () => {
    await trial.connect(account, 'ada');
    await trial.link.view(account);
    await trial.connections.disconnect(account, 'bungie', () => Promise.resolve());
    expect(await trial.link.view(account)).toMatchObject({
      state: 'not-connected',
      memberships: [{ isActive: true }],
    });
    expect((await trial.memberships.active(account)).isActive).toBe(true);
    await trial.link.end(account);
    expect(await trial.memberships.list(account)).toEqual([]);
  });
});

describe('what Bungie says when it cannot', () => {
  it.each([
    [{ errorCode: 5 }, 'destiny/bungie-maintenance'],
    [{ errorCode: 36, throttleSeconds: 10, status: 200 }, 'destiny/bungie-throttled'],
    [{ errorCode: 1618 }, 'destiny/bungie-fault'],
    [{ errorCode: 1601 }, 'destiny/no-destiny-account'],
    [{ errorCode: 1665 }, 'destiny/profile-private'],
    [{ kind: 'cut-json' }, 'destiny/bungie-fault'],
    [{ kind: 'wrong-json' }, 'destiny/bungie-fault'],
    [{ kind: 'html' }, 'destiny/bungie-fault'],
    [{ kind: 'unavailable', count: 2 }, 'destiny/bungie-unreachable'],
    [{ kind: 'reset', count: 2 }, 'destiny/bungie-unreachable'],
  ] as const)(
    '%j is told as %s, keeps tokens and memberships, and may be tried again soon',
    async (fault, code) => {
      await trial.connect(account, 'ada');
      await trial.link.view(account);
      await later();
      trial.sandbox.faults.next({ ...fault, path: 'GetMemberships' });
      const failure = await failureOf(trial.link.refresh(account));
      expect(failure.code).toBe(code);
      expect(failure.retryAfterS).toBe(code === 'destiny/bungie-throttled' ? 10 : undefined);
      expect(await trial.link.view(account)).toMatchObject({
        state: 'connected',
        memberships: [{ isActive: true }],
      });
      const again = await failureOf(trial.link.refresh(account));
      expect([again.code, again.retryAfterS! <= 10]).toEqual(['destiny/asked-just-now', true]);
    },
  );

  it('leaves the very first look without memberships, and the next one has them', async () => {
    await trial.connect(account, 'ada');
    trial.sandbox.faults.next({ errorCode: 5, path: 'GetMemberships' });
    expect(await trial.link.view(account)).toMatchObject({
      state: 'connected',
      readAt: null,
      memberships: [],
    });
    await later();
    expect(await trial.link.view(account)).toMatchObject({ memberships: [{ isActive: true }] });
  });

  it('with no word of another player is believed', async () => {
    await trial.connect(account, 'ada');
    await units.app.run(account, (tx) => tx.query("UPDATE identity.connection SET subject = '4242'"));
    const failure = await failureOf(trial.link.refresh(account));
    expect(failure.code).toBe('destiny/bungie-fault');
    expect(await trial.memberships.list(account)).toEqual([]);
  });
});

describe('tokens', () => {
  it('are renewed by one call when theirs have ended, whoever asks', async () => {
    await trial.connect(account, 'ada', 30);
    const other = trial.open();
    const tokens = await Promise.all(
      [trial, other, trial, other, trial].map(({ access }) =>
        access.asPlayer(account.id, (token) => Promise.resolve(token)),
      ),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(asked('oauth/token')).toBe(2); // the grant and one refresh
    const refresh = trial.sandbox.journal.findLast(({ path }) => path.includes('token'));
    expect(refresh).toMatchObject({ hasKey: true, status: 200 });
  });

  it('that Bungie does not take before their time are renewed, and the call is made again', async () => {
    await trial.connect(account, 'ada');
    trial.sandbox.faults.next({ errorCode: 99, path: 'GetMemberships' });
    expect(await trial.link.refresh(account)).toMatchObject({
      state: 'connected',
      memberships: [{ isActive: true }],
    });
    expect([asked('GetMemberships'), asked('oauth/token')]).toEqual([2, 2]);
  });

  it('revoked between two calls mean that the player has to sign in again; what was read stays', async () => {
    await trial.connect(account, 'ada');
    await trial.link.view(account);
    trial.sandbox.player('ada').revoke();
    await later();
    expect((await failureOf(trial.link.refresh(account))).code).toBe('destiny/sign-in-again');
    expect(await trial.link.view(account)).toMatchObject({
      state: 'needs-sign-in',
      memberships: [{ isActive: true }],
    });
    const calls = trial.sandbox.journal.length;
    await later();
    expect((await failureOf(trial.link.refresh(account))).code).toBe('destiny/sign-in-again');
    expect(trial.sandbox.journal).toHaveLength(calls);
    await trial.connect(account, 'ada');
    expect((await trial.link.refresh(account)).state).toBe('connected');
  });

  it.each([
    [{ errorCode: 5 }, 'unreachable', 'connected'],
    [{ kind: 'unavailable' }, 'unreachable', 'connected'],
    [{ kind: 'reset' }, 'unreachable', 'connected'],
    [{ kind: 'html' }, 'unreachable', 'connected'],
    [{ errorCode: 2118 }, 'sign_in_again', 'needs-sign-in'],
    [{ errorCode: 2124, status: 401 }, 'sign_in_again', 'needs-sign-in'],
    [{ errorCode: 2124, status: 403 }, 'sign_in_again', 'needs-sign-in'],
  ] as const)('that cannot be renewed because of %j: %s, and then %s', async (fault, kind, state) => {
    await trial.connect(account, 'ada', 30);
    trial.sandbox.faults.next({ ...fault, path: 'oauth/token' });
    const failure = await failureOf(trial.access.asPlayer(account.id, (token) => Promise.resolve(token)));
    expect(failure).toBeInstanceOf(BungieFault);
    expect(failure.kind).toBe(kind);
    expect((await trial.connections.state(account.id, 'bungie')).state).toBe(state);
    if (state === 'connected')
      expect(await trial.access.asPlayer(account.id, (token) => Promise.resolve(token))).toMatch(
        /^sandbox-access/,
      );
  });
});
