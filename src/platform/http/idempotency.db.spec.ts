import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { insertIdempotencyKey } from '../../../test/factories/idempotency-key.factory.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { sha256 } from '../crypto/digest.js';
import type { Tx } from '../database/unit-of-work.js';
import { DomainError } from './domain-error.js';
import { IdempotencyHousekeeping } from './idempotency-housekeeping.service.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import {
  IDEMPOTENCY_ERROR,
  idempotentRequest,
  type IdempotentRequest,
  IdempotencyService,
  type Outcome,
} from './idempotency.service.js';
import { createLogger } from '../logging/logger.js';

let units: TestUnits;
const service = new IdempotencyService(new IdempotencyRepository());

beforeAll(async () => {
  units = await openUnits();
});

afterAll(() => units.close());

function request(given: Partial<IdempotentRequest> = {}): IdempotentRequest {
  return { route: 'POST /orders', key: randomUUID(), bodyDigest: sha256(Buffer.from('body')), ...given };
}

function once<T>(
  userId: string,
  asked: IdempotentRequest | undefined,
  work: (tx: Tx) => Promise<T>,
): Promise<Outcome<T>> {
  return units.app.run({ id: userId }, (tx) => service.once(tx, { id: userId }, asked, 201, () => work(tx)));
}

/** Work that counts how often it was done. */
function counter(): { work: () => Promise<{ time: number }>; times: () => number } {
  let times = 0;
  return { work: () => Promise.resolve({ time: (times += 1) }), times: () => times };
}

async function storedKeys(userId: string): Promise<number> {
  const [row] = await units.owner<{ n: number }>(
    'SELECT count(*)::int AS n FROM platform.idempotency_key WHERE user_id = $1',
    [userId],
  );
  return row!.n;
}

describe('IdempotencyService', () => {
  it('does the work once and repeats its answer', async () => {
    const [user, asked, { work, times }] = [randomUUID(), request(), counter()];
    expect(await once(user, asked, work)).toEqual({ status: 201, body: { time: 1 }, isReplayed: false });
    expect(await once(user, asked, work)).toEqual({ status: 201, body: { time: 1 }, isReplayed: true });
    expect(await once(user, asked, work)).toEqual({ status: 201, body: { time: 1 }, isReplayed: true });
    expect(times()).toBe(1);
  });

  it('refuses the key with another body', async () => {
    const [user, asked, { work, times }] = [randomUUID(), request(), counter()];
    await once(user, asked, work);
    const other = once(user, { ...asked, bodyDigest: sha256(Buffer.from('other')) }, work);
    await expect(other).rejects.toThrow(DomainError);
    await expect(other).rejects.toMatchObject({ kind: 'unprocessable', code: IDEMPOTENCY_ERROR.reused });
    expect(times()).toBe(1);
  });

  it('tells users, routes and keys apart', async () => {
    const [user, asked, { work, times }] = [randomUUID(), request(), counter()];
    await once(user, asked, work);
    await once(randomUUID(), asked, work);
    await once(user, { ...asked, route: 'POST /others' }, work);
    await once(user, { ...asked, key: `${asked.key} ` }, work);
    expect(times()).toBe(4);
  });

  it('does the work every time without a key', async () => {
    const [user, { work, times }] = [randomUUID(), counter()];
    await once(user, undefined, work);
    expect(await once(user, undefined, work)).toMatchObject({ body: { time: 2 }, isReplayed: false });
    expect([times(), await storedKeys(user)]).toEqual([2, 0]);
  });

  it.each<[string, (tx: Tx) => Promise<never>]>([
    ['throws', () => Promise.reject(new Error('no'))],
    ['fails in SQL', (tx) => tx.query('SELECT 1 / 0').then(() => Promise.reject(new Error('unreachable')))],
  ])('keeps no key of work that %s, so the next attempt is the first', async (_how, failing) => {
    const [user, asked, { work }] = [randomUUID(), request(), counter()];
    await expect(once(user, asked, failing)).rejects.toThrow(/^(no|division by zero)$/);
    expect(await storedKeys(user)).toBe(0);
    expect(await once(user, asked, work)).toMatchObject({ body: { time: 1 }, isReplayed: false });
  });

  it('does the work once for requests that come at the same time', async () => {
    const [user, asked, { work, times }] = [randomUUID(), request(), counter()];
    const slow = async (tx: Tx) => {
      await tx.query('SELECT pg_sleep(0.05)');
      return work();
    };
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => once(user, asked, slow)));
    expect(times()).toBe(1);
    expect(outcomes.map((outcome) => outcome.body)).toEqual(Array.from({ length: 4 }, () => ({ time: 1 })));
    expect(outcomes.filter((outcome) => !outcome.isReplayed)).toHaveLength(1);
  });

  it('lets a waiting request do the work when the one before it fails', async () => {
    const [user, asked, { work, times }] = [randomUUID(), request(), counter()];
    let isTaken = (): void => undefined;
    const taken = new Promise<void>((resolve) => (isTaken = resolve));
    const first = once(user, asked, async (tx) => {
      isTaken();
      await tx.query('SELECT pg_sleep(0.1)');
      throw new Error('too late');
    });
    await taken;
    const second = once(user, asked, work);
    await expect(first).rejects.toThrow('too late');
    expect(await second).toMatchObject({ body: { time: 1 }, isReplayed: false });
    expect(times()).toBe(1);
  });

  it('repeats any answer to the letter', async () => {
    const user = randomUUID();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (answer) => {
        const asked = request();
        const first = await once(user, asked, () => Promise.resolve(answer));
        const again = await once(user, asked, () => Promise.reject(new Error('done twice')));
        expect(again.isReplayed).toBe(true);
        expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
      }),
      { numRuns: 60, examples: [[{ longer: 1, b: 2, a: 3 }], ['\0'], ['\ud800'], [null]] },
    );
  });

  it('stores a key under row-level security: nobody else sees it', async () => {
    const [user, asked, { work }] = [randomUUID(), request(), counter()];
    await once(user, asked, work);
    const statement = { name: 'spec.keys', text: 'SELECT key FROM platform.idempotency_key', values: [] };
    expect(await units.app.read({ id: user }, statement)).toEqual([{ key: asked.key }]);
    expect(await units.app.read({ id: randomUUID() }, statement)).toEqual([]);
  });
});

describe('IdempotencyHousekeeping', () => {
  const { logger } = createLogger({ logLevel: 'silent' } as Parameters<typeof createLogger>[0]);
  const housekeeping = (unit = units.system): IdempotencyHousekeeping =>
    new IdempotencyHousekeeping(unit, new IdempotencyRepository(), logger);

  it('forgets keys of every user after 24 hours and keeps the others', async () => {
    await housekeeping().forgetOldKeys();
    const users = [randomUUID(), randomUUID()];
    const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
    for (const user of users) {
      await units.app.run({ id: user }, async (tx) => {
        for (const hours of [0, 23.9, 24.1, 1_000])
          await insertIdempotencyKey(tx, user, { createdAt: hoursAgo(hours) });
      });
    }
    expect(await housekeeping().forgetOldKeys()).toBe(4);
    expect(await housekeeping().forgetOldKeys()).toBe(0);
    expect([await storedKeys(users[0]!), await storedKeys(users[1]!)]).toEqual([2, 2]);
  });

  it('survives a database that is away', async () => {
    const away = await openUnits();
    await away.close();
    expect(await housekeeping(away.system).forgetOldKeys()).toBe(0);
  });
});

describe('idempotentRequest', () => {
  const bodyDigest = sha256(Buffer.from('x'));
  const read = (key: string | string[] | undefined): IdempotentRequest | undefined =>
    idempotentRequest({ headers: { 'idempotency-key': key }, bodyDigest }, 'POST /r');

  it('is there when the header is', () => {
    expect(read('k')).toEqual({ route: 'POST /r', key: 'k', bodyDigest });
    expect(read('x'.repeat(255))).toMatchObject({ key: 'x'.repeat(255) });
    expect(read(undefined)).toBeUndefined();
  });

  it.each([[''], ['x'.repeat(256)], ['é'], ['tab\t'], [['a', 'b']]])('refuses %p', (key) => {
    expect(() => read(key)).toThrow(expect.objectContaining({ code: IDEMPOTENCY_ERROR.malformed }));
  });
});
