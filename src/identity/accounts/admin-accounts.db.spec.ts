import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ADMIN_PRINCIPAL, type Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository } from './accounts.repository.js';

let units: TestUnits;
let identity: IdentityServices;
let id: string;

beforeAll(async () => {
  units = await openUnits();
  identity = newIdentity(units);
});

afterAll(() => units.close());

beforeEach(async () => {
  id = await newAccount('member');
});

async function newAccount(role: 'member' | 'administrator'): Promise<string> {
  const email = `owner-${randomBytes(4).toString('hex')}@example.org`;
  await identity.operator.create(email, role, 'a fine password');
  const [row] = await units.owner<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
    email,
  ]);
  return row!.id;
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
const administer = (caller: Principal, change: object, of = id): Promise<string> =>
  outcome(identity.admin.administer(caller, of, change, undefined));

describe('a role', () => {
  const account: Principal = {
    id: randomUUID(),
    kind: 'account',
    name: 'account',
    permissions: new Set(['admin:write']),
  };
  const key = { ...account, keyId: randomUUID() };
  const device = { ...account, sessionId: randomUUID() };

  it('is given by the operator, and by a person who has just proved to be one', async () => {
    const role = { role: 'administrator' };
    expect(await administer(key, role)).toBe('identity/account-needed');
    expect(await administer(device, role)).toBe('auth/step-up-needed');
    expect(await administer({ ...device, provedAtMs: Date.now() - 3_600_000 }, role)).toBe(
      'auth/step-up-needed',
    );
    expect(await administer({ ...device, provedAtMs: Date.now() }, role)).toBe('done');
    expect(await administer(ADMIN_PRINCIPAL, { role: 'administrator' }, await newAccount('member'))).toBe(
      'done',
    );
  });

  it('stays as it is with a lock, which a key may put on', async () => {
    expect(await administer(key, { isLocked: true, role: 'member' })).toBe('done');
  });
});

describe('the last administrator', () => {
  const lockedFor = (needsConfirmed: boolean): Promise<string[]> =>
    units.system.run(SYSTEM_SCOPE, (tx) => new AccountsRepository().lockAdministrators(tx, needsConfirmed));

  it('is the last who can sign in', async () => {
    await units.owner("UPDATE identity.account SET role = 'member'");
    const [last, unconfirmed, nobodys] = [
      await newAccount('administrator'),
      await newAccount('administrator'),
      await newAccount('administrator'),
    ];
    await units.owner('UPDATE identity.account SET verified_at = NULL WHERE id = $1', [unconfirmed]);
    await units.owner('UPDATE identity.account SET password_hash = NULL WHERE id = $1', [nobodys]);
    expect(await lockedFor(false)).toEqual([last, unconfirmed]);
    expect(await lockedFor(true)).toEqual([last]);
    const mailing = newIdentity(units, { SMTP_URL: 'smtp://127.0.0.1:9' });
    const demote = (at: IdentityServices): Promise<string> =>
      outcome(at.admin.administer(ADMIN_PRINCIPAL, last, { role: 'member' }, undefined));
    expect(await demote(mailing)).toBe('identity/last-administrator');
    expect(await demote(identity)).toBe('done');
  });

  it('is found without looking at every account', async () => {
    await units.system.run(SYSTEM_SCOPE, (tx) =>
      tx.query({
        name: 'identity.accounts.insert-many',
        text: 'INSERT INTO identity.account (id) SELECT gen_random_uuid() FROM generate_series(1, 3000)',
        values: [],
      }),
    );
    await units.owner('ANALYZE identity.account');
    const plan = await units.owner<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM identity.account
       WHERE role = 'administrator' AND locked_at IS NULL ORDER BY id FOR UPDATE`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('ix_account_administrator');
  });
});

describe('the list of accounts', () => {
  it('refuses a cursor that it has not made', async () => {
    const filter = { email: null, role: null, limit: 10 };
    expect(await outcome(identity.admin.list({ ...filter, before: 'x' }))).toBe('http/malformed');
    expect(await outcome(identity.admin.list({ ...filter, before: id }))).toBe('done');
  });
});
