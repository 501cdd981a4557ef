import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { FREE_TRIES, LONGEST_DELAY_MS } from './guess-delay.js';

const DEVICE = { name: null, userAgent: null, ip: undefined };
const PASSWORD = 'a fine password';

let units: TestUnits;
let identity: IdentityServices;
/** Another process. */
let other: IdentityServices;

beforeAll(async () => {
  units = await openUnits({ poolMax: 12 });
  identity = newIdentity(units);
  other = newIdentity(units);
});

afterAll(() => units.close());

const newAddress = (): string => `owner-${randomBytes(4).toString('hex')}@example.org`;
async function newAccount(): Promise<string> {
  const email = newAddress();
  await identity.operator.create(email, 'member', PASSWORD);
  return email;
}
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
const signIn = (email: string, password: string, at = identity): Promise<string> =>
  outcome(at.signIns.signIn(email, password, DEVICE));

async function delays(email: string, tries: number): Promise<number[]> {
  const seen: number[] = [];
  for (let at = 0; at < tries; at += 1)
    seen.push(await (at % 2 ? identity : other).signInPasswords.count(at % 3 ? email : email.toUpperCase()));
  return seen;
}

describe('tries of a sign-in', () => {
  it('take longer and longer, over all processes, with an account and without, and never for ever', async () => {
    const [known, unknown] = [await delays(await newAccount(), 60), await delays(newAddress(), 60)];
    expect(known).toEqual(unknown);
    expect(known).toEqual([...known].sort((a, b) => a - b));
    expect(known.filter((delayMs) => delayMs === 0)).toHaveLength(FREE_TRIES);
    expect(known.at(-1)).toBe(LONGEST_DELAY_MS);
  });

  it('each count one of many at once', async () => {
    const email = await newAccount();
    const seen = await Promise.all(Array.from({ length: 16 }, () => identity.signInPasswords.count(email)));
    expect(seen.filter((delayMs) => delayMs === 0)).toHaveLength(FREE_TRIES);
  });

  it('count where they fail, not where they succeed', async () => {
    const email = await newAccount();
    for (let at = 0; at < 4; at += 1)
      expect(await signIn(email, 'wrong password')).toBe('identity/invalid-credentials');
    for (let at = 0; at < FREE_TRIES; at += 1) expect(await signIn(email, PASSWORD)).toBe('done');
    expect(await delays(email, FREE_TRIES - 4 + 1)).toEqual([
      ...new Array<number>(FREE_TRIES - 4).fill(0),
      250,
    ]);
    expect(await signIn(email, PASSWORD)).toBe('done'); // later than others, but in
  });

  it('are not counted where limits are off', async () => {
    const off = newIdentity(units, { RATE_LIMITS: 'off' });
    const email = newAddress();
    for (let at = 0; at < FREE_TRIES + 2; at += 1) expect(await off.signInPasswords.count(email)).toBe(0);
    expect(await delays(email, 1)).toEqual([0]);
  });
});

describe('the password of somebody who is signed in', () => {
  it('is looked at twenty times in five minutes, by whichever process', async () => {
    const email = await newAccount();
    const [{ id }] = (await units.owner<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
      email,
    ])) as [{ id: string }];
    const caller: Principal = { id, kind: 'account', name: 'account', permissions: new Set() };
    const change = (currentPassword: string, at: IdentityServices): Promise<string> =>
      outcome(
        at.changes.change(caller, {
          currentPassword,
          newPassword: 'another fine one',
          endOtherSessions: false,
        }),
      );
    for (let at = 0; at < 20; at += 1)
      expect(await change('wrong password', at % 2 ? identity : other)).toBe('identity/wrong-password');
    expect(await change(PASSWORD, identity)).toBe('RateLimitError');
    expect(await signIn(email, PASSWORD)).toBe('done');
  });
});
