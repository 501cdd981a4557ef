import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openVault } from '../../../test/support/vault-world.js';
import { StartupError } from '../config/startup-error.js';
import { EnvelopeError } from '../crypto/envelope.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { describeRotation } from './key-rotation.service.js';
import { SecretErasedError, UnknownSecretsKeyError } from './vault.errors.js';
import type { SecretPlace, Vault } from './vault.service.js';

let units: TestUnits;

beforeAll(async () => {
  units = await openUnits({ poolMax: 10 });
});

afterAll(() => units.close());

const placeOf = (userId: string, more: Partial<SecretPlace> = {}): SecretPlace => ({
  table: 'spec.connection',
  column: 'token',
  rowId: 'row-1',
  userId,
  ...more,
});
const seal = (vault: Vault, userId: string, plain: string, more?: Partial<SecretPlace>): Promise<Buffer> =>
  units.app.run({ id: userId }, (tx) => vault.seal(tx, placeOf(userId, more), plain));
const open = async (
  vault: Vault,
  userId: string,
  sealed: Buffer,
  more?: Partial<SecretPlace>,
): Promise<string> =>
  (await units.app.run({ id: userId }, (tx) => vault.open(tx, placeOf(userId, more), sealed))).toString();
const keyCount = async (userId: string): Promise<number> =>
  (await units.owner('SELECT FROM platform.data_key WHERE user_id = $1', [userId])).length;

describe('a secret', () => {
  it('opens where it was sealed, also in another process, and for the platform itself', async () => {
    const user = randomUUID();
    const { vault } = openVault(units, 'a');
    const sealed = await seal(vault, user, 'hush');
    for (const reader of [vault, vault, openVault(units, 'a').vault])
      expect(await open(reader, user, sealed)).toBe('hush');
    const place = placeOf(SYSTEM_SCOPE.id);
    const own = await units.system.run(SYSTEM_SCOPE, (tx) => vault.seal(tx, place, Buffer.from([0, 255])));
    const read = await units.system.run(SYSTEM_SCOPE, (tx) => vault.open(tx, place, own));
    expect([...read]).toEqual([0, 255]);
  });

  it('opens with many others, each at its own place, or none of them', async () => {
    const { vault } = openVault(units, 'a');
    const places = [randomUUID(), randomUUID()].flatMap((userId) => [
      placeOf(userId),
      placeOf(userId, { rowId: 'row-2' }),
    ]);
    const sealed = await units.system.run(SYSTEM_SCOPE, async (tx) => {
      const values: Buffer[] = [];
      for (const [at, place] of places.entries()) values.push(await vault.seal(tx, place, `hush ${at}`));
      return values;
    });
    const openAll = (order: readonly number[]): Promise<Buffer[]> =>
      units.system.run(SYSTEM_SCOPE, (tx) =>
        openVault(units, 'a').vault.openAll(
          tx,
          order.map((value, at) => ({ place: places[at]!, value: sealed[value]! })),
        ),
      );
    const opened = await openAll([0, 1, 2, 3]);
    expect(opened.map(String)).toEqual(['hush 0', 'hush 1', 'hush 2', 'hush 3']);
    await expect(openAll([0, 1, 3, 2])).rejects.toThrow(EnvelopeError);
  });

  it('does not open in another row, column, table or for another user', async () => {
    const [user, other] = [randomUUID(), randomUUID()];
    const { vault } = openVault(units, 'a');
    const sealed = await seal(vault, user, 'hush');
    await seal(vault, other, 'theirs');
    for (const more of [{ rowId: 'row-2' }, { column: 'other' }, { table: 'spec.other' }])
      await expect(open(vault, user, sealed, more)).rejects.toThrow(EnvelopeError);
    await expect(open(vault, other, sealed)).rejects.toThrow(SecretErasedError);
    await expect(open(vault, user, Buffer.from('no envelope'))).rejects.toThrow(EnvelopeError);
  });

  it('of another user is out of reach in a scope that is not theirs', async () => {
    const [user, other] = [randomUUID(), randomUUID()];
    const { vault } = openVault(units, 'a');
    const sealed = await seal(vault, user, 'hush');
    const asOther = { id: other };
    await expect(units.app.run(asOther, (tx) => vault.open(tx, placeOf(user), sealed))).rejects.toThrow(
      SecretErasedError,
    );
    await expect(units.app.run(asOther, (tx) => vault.seal(tx, placeOf(user), 'x'))).rejects.toThrow(
      'row-level security',
    );
    await units.app.run(asOther, (tx) => vault.forget(tx, user));
    expect(await keyCount(user)).toBe(1);
  });

  it('makes one key for a user, however many are first at once', async () => {
    const user = randomUUID();
    const vaults = Array.from({ length: 8 }, () => openVault(units, 'a').vault);
    const sealed = await Promise.all(vaults.map((vault, index) => seal(vault, user, `secret ${index}`)));
    expect(await keyCount(user)).toBe(1);
    for (const [index, value] of sealed.entries())
      expect(await open(vaults[0]!, user, value)).toBe(`secret ${index}`);
  });

  it('outlives a first try that was rolled back', async () => {
    const user = randomUUID();
    const { vault } = openVault(units, 'a');
    const failing = units.app.run({ id: user }, async (tx) => {
      const sealed = await vault.seal(tx, placeOf(user), 'gone');
      await vault.open(tx, placeOf(user), sealed);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await keyCount(user)).toBe(0);
    const sealed = await seal(vault, user, 'kept');
    expect(await open(openVault(units, 'a').vault, user, sealed)).toBe('kept');
  });

  it('is erased with its key, also for who had read it before, and a new one does not bring it back', async () => {
    const user = randomUUID();
    const { vault } = openVault(units, 'a');
    const sealed = await seal(vault, user, 'hush');
    expect(await open(vault, user, sealed)).toBe('hush');
    await units.app.run({ id: user }, (tx) => vault.forget(tx, user));
    await units.app.run({ id: user }, (tx) => vault.forget(tx, user));
    await expect(open(vault, user, sealed)).rejects.toThrow(SecretErasedError);
    const anew = await seal(vault, user, 'new');
    expect(await open(vault, user, anew)).toBe('new');
    await expect(open(vault, user, sealed)).rejects.toThrow(SecretErasedError);
  });

  it('stands in no table in clear, nor does any key', async () => {
    const user = randomUUID();
    const { vault } = openVault(units, 'a');
    const planted = `planted-${randomUUID()}`;
    const sealed = await seal(vault, user, planted);
    await units.owner('CREATE TABLE platform.spec_secret AS SELECT $1::bytea AS sealed', [sealed]);
    const tables = await units.owner<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('platform', 'market', 'bullmq')`,
    );
    const forms = [planted, Buffer.from(planted).toString('hex'), Buffer.from(planted).toString('base64')];
    for (const { name } of tables) {
      const rows = await units.owner<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      for (const form of forms) expect(rows.filter(({ text }) => text.includes(form))).toEqual([]);
    }
    expect(tables.length).toBeGreaterThan(10);
    await units.owner('DROP TABLE platform.spec_secret');
  });
});

describe('rotation', () => {
  it('wraps every data key anew, in portions, and secrets read with the new key alone', async () => {
    const users = Array.from({ length: 1_300 }, () => randomUUID());
    const { vault } = openVault(units, 'a');
    const sealed = await units.system.run(SYSTEM_SCOPE, async (tx) => {
      const values: Buffer[] = [];
      for (const user of users) values.push(await vault.seal(tx, placeOf(user), user));
      return values;
    });
    const before = await units.owner<{ n: number }>('SELECT count(*)::int AS n FROM platform.data_key');
    const { vault: later, rotation } = openVault(units, 'b', 'a');
    expect(await rotation.isDue()).toBe(true);
    const abort = new AbortController();
    const halted = rotation.rotate({
      signal: abort.signal,
      onProgress: ({ done }) => done >= 500 && abort.abort(new Error('halted')),
    });
    await expect(halted).rejects.toThrow('halted');
    expect(await open(later, users[0]!, sealed[0]!)).toBe(users[0]);
    const [one, two] = await Promise.all([rotation.rotate(), openVault(units, 'b', 'a').rotation.rotate()]);
    expect(one.rewrapped + two.rewrapped).toBe(before[0]!.n - 500);
    const report = await rotation.rotate();
    expect(report).toEqual({ rewrapped: 0, kid: 'b', leftover: [] });
    expect(describeRotation(report)).toContain('SECRETS_KEYS_OLD may be emptied');
    expect(await rotation.isDue()).toBe(false);
    const { vault: last, rotation: lastRotation } = openVault(units, 'b');
    await lastRotation.assertKeysKnown();
    for (const [index, user] of users.entries())
      if (index % 50 === 0) expect(await open(last, user, sealed[index]!)).toBe(user);
  });

  it('says which older key is still needed, and refuses to start without it', async () => {
    const user = randomUUID();
    const { vault } = openVault(units, 'old');
    const sealed = await seal(vault, user, 'hush');
    const { vault: blind, rotation } = openVault(units, 'b');
    await expect(open(blind, user, sealed)).rejects.toThrow(UnknownSecretsKeyError);
    await expect(rotation.assertKeysKnown()).rejects.toThrow(StartupError);
    await expect(rotation.assertKeysKnown()).rejects.toThrow(
      'under the key old, which is neither in SECRETS_KEY',
    );
    const leftover = [{ kid: 'old', count: 3 }];
    expect(describeRotation({ rewrapped: 0, kid: 'b', leftover })).toContain('still in use: 3 under old');
    await openVault(units, 'b', 'old').rotation.rotate();
    await rotation.assertKeysKnown();
  });
});
