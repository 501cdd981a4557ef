import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';

let units: TestUnits;
/** Two processes of one installation. */
let one: IdentityServices;
let two: IdentityServices;

beforeAll(async () => {
  units = await openUnits();
});

afterAll(async () => {
  await units.close();
});

beforeEach(async () => {
  await units.owner('DELETE FROM identity.signing_key');
  one = newIdentity(units);
  two = newIdentity(units);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const SUBJECT = {
  accountId: '01900000-0000-7000-8000-000000000001',
  sessionId: '01900000-0000-7000-8000-000000000002',
  tokenVersion: 3,
  role: 'member' as const,
  provedAt: new Date(),
};
const keyIdOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
const issue = async (process: IdentityServices): Promise<string> =>
  (await process.tokens.issue(SUBJECT)).accessToken;
/** Lets the database believe that so much time has passed for its keys. */
const age = (interval: string): Promise<unknown> =>
  units.owner(
    `UPDATE identity.signing_key SET signs_from = signs_from - $1::interval, ends_at = ends_at - $1::interval,
       created_at = created_at - $1::interval`,
    [interval],
  );
const idsOf = async (process: IdentityServices): Promise<string[]> =>
  (await process.keys.published()).map(({ id }) => id);

describe('the signing keys', () => {
  it('are one, although two processes make the first at once', async () => {
    const tokens = await Promise.all([issue(one), issue(two), issue(one), issue(two)]);
    expect(new Set(tokens.map(keyIdOf)).size).toBe(1);
    for (const token of tokens) {
      expect(await one.tokens.verify(token)).toMatchObject({
        sub: SUBJECT.accountId,
        ver: 3,
        role: 'member',
      });
      await two.tokens.verify(token);
    }
  });

  it.each([-3, 3])('sign by the database’s clock where the process’s is %d s off', async (offS) => {
    const now = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + offS * 1_000);
    const tokens = [await issue(one), await issue(one), await issue(two)];
    await one.keys.published();
    expect(new Set(tokens.map(keyIdOf)).size).toBe(1);
    expect(await units.owner('SELECT FROM identity.signing_key')).toHaveLength(1);
  });

  it('change without anybody being signed out: published before they sign, and after', async () => {
    const before = await issue(one);
    await one.keys.rotate(false);
    const [old, next] = await idsOf(one);
    expect(keyIdOf(before)).toBe(old);
    expect(keyIdOf(await issue(one))).toBe(old); // the new one is only shown as yet
    await age('11 minutes');
    const [fresh, other] = [newIdentity(units), two];
    const after = await issue(fresh);
    expect(keyIdOf(after)).toBe(next);
    for (const token of [before, after])
      for (const process of [fresh, other]) await process.tokens.verify(token);
    await age('2 hours');
    const later = newIdentity(units);
    await later.keys.keepFresh();
    await issue(later);
    expect(await idsOf(later)).toEqual([next]);
    await expect(later.tokens.verify(before)).rejects.toMatchObject({ code: 'auth/invalid-token' });
  });

  it('are made void at once when one was stolen', async () => {
    const stolen = await issue(one);
    await one.keys.rotate(true);
    expect(await idsOf(one)).toHaveLength(1);
    await expect(one.tokens.verify(stolen)).rejects.toMatchObject({ code: 'auth/invalid-token' });
    await one.tokens.verify(await issue(one));
  });

  it('are renewed after a month, by schedule', async () => {
    await issue(one);
    await one.keys.keepFresh();
    expect(await units.owner('SELECT FROM identity.signing_key')).toHaveLength(1);
    await age('31 days');
    await one.keys.keepFresh();
    await one.keys.keepFresh();
    expect(await units.owner('SELECT FROM identity.signing_key')).toHaveLength(2);
  });

  it('are kept sealed, each for its own row', async () => {
    await issue(one);
    await one.keys.rotate(false);
    const [row] = await units.owner<{ sealed: Buffer; jwk: object }>(
      'SELECT sealed_private AS sealed, public_jwk AS jwk FROM identity.signing_key',
    );
    expect(Object.keys(row!.jwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(row!.sealed.includes(Buffer.from('06082a8648ce3d030107', 'hex'))).toBe(false); // the curve, in PKCS #8
    await units.owner(
      'UPDATE identity.signing_key SET sealed_private = (SELECT sealed_private FROM identity.signing_key ORDER BY id DESC LIMIT 1)',
    );
    const stranger = newIdentity(units);
    const token = await issue(stranger); // the key in another's row does not open: a new one is made
    expect(
      await units.owner('SELECT FROM identity.signing_key WHERE id = $1', [keyIdOf(token)]),
    ).toHaveLength(1);
  });
});

describe('revocations', () => {
  it('reach another process within a second, and one that starts later', async () => {
    const ids = Array.from({ length: 3 }, (_, at) => `01900000-0000-7000-8000-00000000010${at}`) as [
      string,
      string,
      string,
    ];
    await two.revocations.onApplicationBootstrap();
    await units.app.run({ id: '' }, (tx) =>
      one.revocations.revoke(tx, [
        { kind: 'session', subjectId: ids[0] },
        { kind: 'key', subjectId: ids[1] },
        { kind: 'account', subjectId: ids[2], minTokenVersion: 4 },
      ]),
    );
    const hasAll = ({ revocations }: IdentityServices): boolean =>
      revocations.isRevoked({ id: 'x', sessionId: ids[0] }) &&
      revocations.isRevoked({ id: 'x', keyId: ids[1] }) &&
      revocations.isRevoked({ id: ids[2], tokenVersion: 3 }) &&
      !revocations.isRevoked({ id: ids[2], tokenVersion: 4 });
    expect(hasAll(one)).toBe(true);
    await waitUntil('the other process knows', 3_000, () => hasAll(two));
    const later = newIdentity(units);
    await later.revocations.onApplicationBootstrap();
    expect(hasAll(later)).toBe(true);
    for (const { revocations } of [two, later]) {
      revocations.onModuleDestroy();
      await revocations.onApplicationShutdown();
    }
  });

  it('of a transaction that was rolled back are none', async () => {
    const subjectId = '01900000-0000-7000-8000-000000000200';
    await units.app
      .run({ id: '' }, async (tx) => {
        await one.revocations.revoke(tx, [{ kind: 'session', subjectId }]);
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    expect(one.revocations.isRevoked({ id: 'x', sessionId: subjectId })).toBe(false);
  });
});
