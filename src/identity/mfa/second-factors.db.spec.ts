import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ADMIN_PRINCIPAL, type Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { SecondFactor } from './second-factors.service.js';

const STEP_MS = 30_000;
const DEVICE = { name: null, userAgent: null, ip: undefined };
/** The tests' own time; steps are counted from it. */
const NOW_MS = 1_800_000_000_000;

let units: TestUnits;
let identity: IdentityServices;
let caller: Principal;
let email: string;
let seed: string;
let recoveryCodes: string[];

beforeAll(async () => {
  units = await openUnits({ poolMax: 12 });
  identity = newIdentity(units);
});

afterAll(() => units.close());

/** Somebody new whose app was confirmed ten steps ago. */
beforeEach(async () => {
  email = `owner-${randomBytes(4).toString('hex')}@example.org`;
  await identity.operator.create(email, 'member', 'a fine password');
  const [{ id }] = (await units.owner<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
    email,
  ])) as [{ id: string }];
  caller = {
    id,
    kind: 'account',
    name: 'account',
    permissions: new Set(),
    sessionId: id,
    provedAtMs: Date.now(),
  };
  ({ seed } = await identity.totp.enrol(caller));
  recoveryCodes = await identity.totp.confirm(caller, codeAt(-10), NOW_MS - 10 * STEP_MS);
});

const codeAt = (step: number): string =>
  generateSync({ secret: seed, epoch: Math.floor((NOW_MS + step * STEP_MS) / 1_000) });
const use = (given: SecondFactor): Promise<boolean> =>
  units.system.run(SYSTEM_SCOPE, (tx) => identity.factors.use(tx, caller.id, given, NOW_MS));
const newChallenge = async (): Promise<string> => {
  const outcome = await identity.signIns.signIn(email, 'a fine password', DEVICE);
  if (!('challengeToken' in outcome)) throw new Error('Nobody asked for the second factor');
  return outcome.challengeToken;
};
const complete = (challenge: string, given: SecondFactor, nowMs = NOW_MS): Promise<string> =>
  identity.challenges.complete(challenge, given, DEVICE, nowMs).then(
    () => 'signed in',
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );

describe('a code of the app', () => {
  it('counts once', async () => {
    expect(await use({ code: codeAt(0) })).toBe(true);
    expect(await use({ code: codeAt(0) })).toBe(false);
  });

  it('counts once among ten who bring it at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => use({ code: codeAt(0) })));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('counts one step late, once, and not two steps late', async () => {
    expect(await use({ code: codeAt(-2) })).toBe(false);
    expect(await use({ code: codeAt(-1) })).toBe(true);
    expect(await use({ code: codeAt(-1) })).toBe(false);
    expect(await use({ code: codeAt(0) })).toBe(true);
  });

  it('does not count when a later one has', async () => {
    expect(await use({ code: codeAt(1) })).toBe(true);
    expect(await use({ code: codeAt(0) })).toBe(false);
    expect(await use({ code: codeAt(-1) })).toBe(false);
    expect(await use({ code: codeAt(2) })).toBe(false);
  });

  it('is not the one that confirmed the enrolment', async () => {
    await identity.totp.remove(caller);
    ({ seed } = await identity.totp.enrol(caller));
    await identity.totp.confirm(caller, codeAt(0), NOW_MS);
    expect(await use({ code: codeAt(0) })).toBe(false);
  });
});

describe('a recovery code', () => {
  it('counts once, also among ten who bring it at once', async () => {
    const [recoveryCode, other] = recoveryCodes as [string, string];
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => use({ recoveryCode })));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await use({ recoveryCode: other.toUpperCase().replaceAll('-', ' ') })).toBe(true);
    expect(await identity.totp.status(caller)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('counts no more when there are new ones', async () => {
    const renewed = await identity.totp.regenerateCodes(caller);
    expect(renewed).toHaveLength(10);
    expect(await use({ recoveryCode: recoveryCodes[0] })).toBe(false);
    expect(await use({ recoveryCode: renewed[0] })).toBe(true);
  });

  it('is nobody else’s', async () => {
    const stranger = await units.system.run(SYSTEM_SCOPE, (tx) =>
      identity.factors.use(tx, SYSTEM_SCOPE.id, { recoveryCode: recoveryCodes[0] }, NOW_MS),
    );
    expect(stranger).toBe(false);
  });
});

describe('the second step of a sign-in', () => {
  it('is asked for, and one challenge opens one session, whoever brings it ten times', async () => {
    const challenge = await newChallenge();
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => complete(challenge, { code: codeAt(0) })),
    );
    expect(outcomes.filter((outcome) => outcome === 'signed in')).toHaveLength(1);
    expect(await complete(challenge, { code: codeAt(1) })).toBe('identity/invalid-challenge');
  });

  it('ends with five wrong codes, and then a right one does not help', async () => {
    const challenge = await newChallenge();
    for (let index = 0; index < 5; index += 1)
      expect(await complete(challenge, { code: codeAt(5 + index) })).toBe('identity/wrong-second-factor');
    expect(await complete(challenge, { code: codeAt(0) })).toBe('identity/invalid-challenge');
  });

  it('ends with its time', async () => {
    const challenge = await newChallenge();
    await units.owner("UPDATE identity.sign_in_challenge SET expires_at = now() - interval '1 s'");
    expect(await complete(challenge, { code: codeAt(0) })).toBe('identity/invalid-challenge');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a reset of the password', () => identity.operator.resetPassword(email, 'another fine password')],
    [
      'a change of the password',
      () =>
        identity.changes.change(caller, {
          currentPassword: 'a fine password',
          newPassword: 'another fine password',
          endOtherSessions: true,
        }),
    ],
    [
      'a lock, also after its end',
      async () => {
        for (const isLocked of [true, false])
          await identity.admin.administer(ADMIN_PRINCIPAL, caller.id, { isLocked }, undefined);
      },
    ],
  ])('ends with %s', async (_what, end) => {
    const challenge = await newChallenge();
    await end();
    expect(await complete(challenge, { code: codeAt(0) })).toBe('identity/invalid-challenge');
  });

  it('does not begin with a password that has changed while it was hashed', async () => {
    const [account] = (await units.owner<{ id: string; passwordHash: string }>(
      `SELECT id, password_hash AS "passwordHash", token_version AS "tokenVersion" FROM identity.account WHERE id = $1`,
      [caller.id],
    )) as [{ id: string; passwordHash: string; tokenVersion: number }];
    await identity.changes.change(caller, {
      currentPassword: 'a fine password',
      newPassword: 'another fine password',
      endOtherSessions: false,
    });
    await expect(identity.challenges.open(account)).rejects.toMatchObject({
      code: 'identity/invalid-credentials',
    });
  });

  it('is still asked for after a new password', async () => {
    await identity.operator.resetPassword(email, 'a fine password');
    expect(await complete(await newChallenge(), { code: codeAt(0) })).toBe('signed in');
  });

  it('needs something', async () => {
    expect(await complete(await newChallenge(), {})).toBe('identity/second-factor-needed');
  });

  it('is limited to fifteen looks per minute and account, whatever the challenges', async () => {
    const outcomes: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const challenge = await newChallenge();
      for (let tries = 0; tries < 5; tries += 1)
        outcomes.push(await complete(challenge, { code: '000000' }, NOW_MS + index));
    }
    expect(outcomes.filter((outcome) => outcome === 'RateLimitError').length).toBeGreaterThanOrEqual(5);
    expect(outcomes.slice(0, 14).every((outcome) => outcome === 'identity/wrong-second-factor')).toBe(true);
  });
});

describe('an enrolment', () => {
  it('counts only when it is confirmed, and may begin anew until then', async () => {
    await identity.totp.remove(caller);
    const first = await identity.totp.enrol(caller);
    const second = await identity.totp.enrol(caller);
    expect('challengeToken' in (await identity.signIns.signIn(email, 'a fine password', DEVICE))).toBe(false);
    seed = first.seed;
    await expect(identity.totp.confirm(caller, codeAt(0), NOW_MS)).rejects.toMatchObject({
      code: 'identity/wrong-second-factor',
    });
    seed = second.seed;
    expect(await identity.totp.confirm(caller, codeAt(0), NOW_MS)).toHaveLength(10);
    await expect(identity.totp.enrol(caller)).rejects.toMatchObject({
      code: 'identity/second-factor-exists',
    });
  });

  it('takes a fresh proof and a session', async () => {
    const stale = { ...caller, provedAtMs: Date.now() - 301_000 };
    const { sessionId: _, ...key } = caller;
    for (const work of [
      (by: Principal) => identity.totp.enrol(by),
      (by: Principal) => identity.totp.remove(by),
      (by: Principal) => identity.totp.regenerateCodes(by),
    ]) {
      await expect(work(stale)).rejects.toMatchObject({ code: 'auth/step-up-needed' });
      await expect(work(key)).rejects.toMatchObject({ code: 'identity/account-needed' });
    }
  });

  it('leaves neither seed nor recovery codes where they can be read', async () => {
    const rows = await units.owner<{ row: string }>(
      `SELECT t::text AS row FROM identity.totp t UNION ALL SELECT r::text FROM identity.recovery_code r
       UNION ALL SELECT d::text FROM platform.audit_detail d`,
    );
    expect(rows.length).toBeGreaterThan(12);
    const dump = rows.map(({ row }) => row).join('\n');
    for (const secret of [seed, ...recoveryCodes]) {
      for (const form of [secret, secret.replaceAll('-', '')]) {
        expect(dump).not.toContain(form);
        expect(dump).not.toContain(Buffer.from(form).toString('hex'));
      }
    }
  });
});
