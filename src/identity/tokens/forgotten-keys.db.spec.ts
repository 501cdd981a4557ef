import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { PrincipalResolver } from '../../platform/auth/principal-resolver.js';
import { SecretErasedError } from '../../platform/vault/vault.errors.js';
import { toAccountPrincipal } from './account-principal.mapper.js';

/** Two processes of one installation: what one forgets, the other one does not go on remembering. */
let units: TestUnits;
let one: IdentityServices;
let two: IdentityServices;

beforeAll(async () => {
  units = await openUnits();
  one = newIdentity(units);
  two = newIdentity(units);
  await two.revocations.onApplicationBootstrap();
});

afterAll(async () => {
  two.revocations.onModuleDestroy();
  await two.revocations.onApplicationShutdown();
  await units.close();
});

const ACCOUNT = { accountId: uuidv7(), sessionId: uuidv7(), tokenVersion: 1, role: 'member' as const };

/** The door of the second process, and how often it has verified a token. */
function openDoor(): { resolver: PrincipalResolver; verified: () => number } {
  let count = 0;
  const { tokens, revocations } = two;
  const resolver = new PrincipalResolver(two.env, {
    get epoch() {
      return revocations.epoch;
    },
    authenticate: async (token) => {
      count += 1;
      const { sub: accountId, sid: sessionId, ver, role, pat, exp } = await tokens.verify(token);
      const times = { provedAtMs: pat * 1_000, expiresAtMs: exp * 1_000 };
      return toAccountPrincipal({ accountId, sessionId, tokenVersion: ver, role, granted: [], ...times });
    },
    isRevoked: (principal) => revocations.isRevoked(principal),
    noteUse: () => undefined,
    redeemTicket: () => Promise.reject(new AuthError('invalidToken')),
  });
  return { resolver, verified: () => count };
}

const tokenOf = async (process: IdentityServices): Promise<string> =>
  `Bearer ${(await process.tokens.issue({ ...ACCOUNT, provedAt: new Date() })).accessToken}`;

describe('a stolen signing key', () => {
  it('opens nothing any more within a second, also for tokens that another process has verified', async () => {
    const { resolver, verified } = openDoor();
    const stolen = await tokenOf(one);
    for (let at = 0; at < 3; at += 1) await resolver.resolve(stolen, undefined);
    expect(verified()).toBe(1);
    await one.keys.rotate(true);
    const startedMs = performance.now();
    await waitUntil('the token is refused', 5_000, async () => {
      try {
        await resolver.resolve(stolen, undefined);
        return false;
      } catch (error) {
        return error instanceof AuthError;
      }
    });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    const renewed = await tokenOf(one);
    const before = verified();
    for (let at = 0; at < 3; at += 1) await resolver.resolve(renewed, undefined);
    expect(verified()).toBe(before + 1);
  });

  it('empties memories once, not with every look', async () => {
    const { epoch } = two.revocations;
    await one.keys.rotate(true);
    await waitUntil('the other process has followed', 5_000, () =>
      Promise.resolve(two.revocations.epoch !== epoch),
    );
    const { resolver, verified } = openDoor();
    const token = await tokenOf(one);
    await resolver.resolve(token, undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await resolver.resolve(token, undefined);
    expect(verified()).toBe(1);
  });

  it('lets a rotation without haste leave everybody signed in', async () => {
    const { resolver, verified } = openDoor();
    const token = await tokenOf(one);
    await resolver.resolve(token, undefined);
    await one.keys.rotate(false);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await resolver.resolve(token, undefined);
    expect(verified()).toBe(1);
  });
});

describe('the data key of an erased account', () => {
  it('opens nothing any more within a second, also where it was open', async () => {
    const userId = uuidv7();
    const place = { table: 'identity.spec', column: 'secret', rowId: userId, userId };
    const sealed = await units.app.run({ id: userId }, (tx) => one.vault.seal(tx, place, 'a secret'));
    const openInTwo = (): Promise<string> =>
      units.app.run({ id: userId }, async (tx) => (await two.vault.open(tx, place, sealed)).toString());
    expect(await openInTwo()).toBe('a secret');
    await units.system.run({ id: userId }, (tx) => one.vault.forget(tx, userId));
    expect(await openInTwo()).toBe('a secret'); // nobody has told
    await units.system.run({ id: userId }, (tx) => one.ending.dropKeys(tx, userId));
    await waitUntil('the other process has dropped it', 3_000, async () => {
      const failure = await openInTwo().catch((error: unknown) => error);
      return failure instanceof SecretErasedError;
    });
  });
});
