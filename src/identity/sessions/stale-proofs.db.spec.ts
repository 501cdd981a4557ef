import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { randomBytes, randomUUID } from 'node:crypto';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ADMIN_PRINCIPAL, type Principal } from '../../platform/auth/principal.js';
import { ExternalIdentitiesRepository } from '../external/external-identities.repository.js';
import type { ProvedAccount } from './open-sessions.service.js';

// Between the look at an account and the session that comes of it lies a hash. What has ended the account's sessions and keys
// meanwhile must not be followed by one more.

const DEVICE = { name: null, userAgent: null, ip: undefined };
const [OLD, NEW] = ['a fine password', 'another fine password'];

let units: TestUnits;
let identity: IdentityServices;
let email: string;
/** As a sign-in has found it. */
let account: ProvedAccount;
/** Somebody at a device of the account. */
let caller: Principal;

beforeAll(async () => {
  units = await openUnits({ poolMax: 12 });
  identity = newIdentity(units);
});

afterAll(() => units.close());

beforeEach(async () => {
  email = `owner-${randomBytes(4).toString('hex')}@example.org`;
  await identity.operator.create(email, 'member', OLD);
  [account] = (await units.owner<ProvedAccount>(
    `SELECT id, role, token_version AS "tokenVersion", password_hash AS "passwordHash"
     FROM identity.account WHERE email = $1`,
    [email],
  )) as [ProvedAccount];
  caller = {
    id: account.id,
    kind: 'account',
    name: 'account',
    permissions: new Set(['account:own']),
    sessionId: account.id,
    tokenVersion: account.tokenVersion,
    provedAtMs: Date.now(),
  };
});

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
const open = (proved = account): Promise<string> => outcome(identity.sessions.open(proved, DEVICE));
const newKey = (): Promise<string> =>
  outcome(identity.apiKeys.create(caller, { name: 'k', scopes: ['account:own'], expiresAt: null }));
const administer = (isLocked: boolean): Promise<unknown> =>
  identity.admin.administer(ADMIN_PRINCIPAL, account.id, { isLocked }, undefined);
const count = async (table: string): Promise<number> => {
  const [row] = await units.owner<{ count: number }>(
    `SELECT count(*)::int AS count FROM identity.${table} WHERE user_id = $1`,
    [account.id],
  );
  return row!.count;
};

describe('a session', () => {
  it('does not begin with what a reset, a change or a lock has outdated', async () => {
    expect(await open()).toBe('done');
    await identity.changes.change(caller, {
      currentPassword: OLD,
      newPassword: NEW,
      endOtherSessions: false,
    });
    expect(await open()).toBe('identity/invalid-credentials');
    expect(await open({ ...account, passwordHash: null })).toBe('done'); // proved by other means
    await identity.operator.resetPassword(email, OLD);
    expect(await open({ ...account, passwordHash: null })).toBe('identity/invalid-credentials');
    const [locked] = (await units.owner<ProvedAccount>(
      `UPDATE identity.account SET locked_at = now() WHERE id = $1
       RETURNING id, role, token_version AS "tokenVersion", NULL AS "passwordHash"`,
      [account.id],
    )) as [ProvedAccount];
    expect(await open(locked)).toBe('identity/invalid-credentials');
    expect(await count('session')).toBe(2);
  });

  it('of the old password is over after a reset, whenever its sign-in began', async () => {
    const signIns = Array.from({ length: 6 }, () => outcome(identity.signIns.signIn(email, OLD, DEVICE)));
    await Promise.all([identity.operator.resetPassword(email, NEW), ...signIns]);
    expect(
      await units.owner('SELECT id FROM identity.session WHERE user_id = $1 AND revoked_at IS NULL', [
        account.id,
      ]),
    ).toEqual([]);
  });

  it('begins for all who sign in while the hash is made anew', async () => {
    const weak = await hash(OLD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await units.owner('UPDATE identity.account SET password_hash = $2 WHERE id = $1', [account.id, weak]);
    const signIns = Array.from({ length: 4 }, () => outcome(identity.signIns.signIn(email, OLD, DEVICE)));
    expect(await Promise.all(signIns)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('a key', () => {
  it('is not made by who was locked out while the account was waited for', async () => {
    expect(await newKey()).toBe('done');
    await administer(true);
    expect(await newKey()).toBe('auth/invalid-token');
    await administer(false);
    expect(await newKey()).toBe('auth/invalid-token');
    expect(await count('api_key')).toBe(0);
  });

  it('ends with a reset, which says how many there were and what stays', async () => {
    await newKey();
    await units.app.run(caller, (tx) =>
      new ExternalIdentitiesRepository().insertIdentity(tx, {
        id: randomUUID(),
        userId: caller.id,
        issuer: 'https://issuer.example',
        subject: email,
        provider: null,
        email: null,
      }),
    );
    expect(await identity.operator.resetPassword(email, NEW)).toEqual({
      password: NEW,
      deletedKeys: 1,
      linkedIdentities: 1,
    });
    expect(await count('api_key')).toBe(0);
    expect(await newKey()).toBe('auth/invalid-token');
  });
});
