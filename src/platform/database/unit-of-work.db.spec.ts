import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { anIdempotencyKey, insertIdempotencyKey } from '../../../test/factories/idempotency-key.factory.js';
import { openSilentProxy, type SilentProxy } from '../../../test/support/silent-proxy.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { IdempotencyKeyEntity } from '../http/idempotency-key.entity.js';
import { DatabaseUnavailableError, sqlState } from './database.errors.js';
import type { Statement, Tx } from './unit-of-work.js';

const OWN_KEYS: Statement = {
  name: 'spec.own-keys',
  text: 'SELECT user_id AS "userId", key FROM platform.idempotency_key ORDER BY key',
  values: [],
};
const COUNT = 'SELECT count(*)::int AS n FROM platform.idempotency_key';

/** The same promises hold with the role set by the connection and with the role set inside each transaction. */
describe.each([['none'], ['transaction']] as const)('UnitOfWork with DB_POOLER=%s', (pooler) => {
  let units: TestUnits;

  beforeAll(async () => {
    units = await openUnits({ pooler, poolMax: 2 });
  });

  /** After whatever a test did, no pooled connection carries a scope, a role, an open transaction or, below a pooler, a name. */
  afterEach(async () => {
    const clients = await Promise.all([units.pool.connect(), units.pool.connect()]);
    const states = clients.map((client) =>
      client.query(
        `SELECT coalesce(current_setting('app.user_id', true), '') AS scope, current_user::text AS role,
                now() = statement_timestamp() AS "isOutside", EXISTS (SELECT FROM pg_prepared_statements) AS "hasNames"`,
      ),
    );
    const rows = (await Promise.all(states)).flatMap((state) => state.rows as { hasNames: boolean }[]);
    for (const client of clients) client.release();
    const role = pooler === 'none' ? 'guildhall_app' : 'guildhall';
    for (const row of rows) {
      expect(row).toMatchObject({ scope: '', role, isOutside: true });
      if (pooler === 'transaction') expect(row.hasNames).toBe(false);
    }
    expect(units.pool.waitingCount).toBe(0);
  });

  afterAll(() => units.close());

  async function keys(userId: string): Promise<string[]> {
    const rows = await units.app.read<{ userId: string; key: string }>({ id: userId }, OWN_KEYS);
    for (const row of rows) expect(row.userId).toBe(userId);
    return rows.map((row) => row.key);
  }

  async function storedCount(userId: string): Promise<number> {
    const [row] = await units.system.run({ id: '' }, (tx) =>
      tx.query<{ n: number }>({
        name: 'spec.count-of',
        text: `${COUNT} WHERE user_id = $1`,
        values: [userId],
      }),
    );
    return row!.n;
  }

  it('acts as the application role, and the system unit as the system role', async () => {
    const whoami = { name: 'spec.whoami', text: 'SELECT current_user::text AS name', values: [] };
    expect(await units.app.read({ id: '' }, whoami)).toEqual([{ name: 'guildhall_app' }]);
    expect(await units.app.run({ id: '' }, (tx) => tx.query(whoami))).toEqual([{ name: 'guildhall_app' }]);
    expect(await units.system.run({ id: '' }, (tx) => tx.query(whoami))).toEqual([
      { name: 'guildhall_system' },
    ]);
    expect(await units.system.read({ id: '' }, whoami)).toEqual([{ name: 'guildhall_system' }]);
  });

  it('reads as the system in the scope that was asked for, also after a failure and beside other reads', async () => {
    const scope = {
      name: 'spec.scope',
      text: `SELECT current_setting('app.user_id', true) AS id`,
      values: [],
    };
    const wrong = { name: 'spec.wrong', text: 'SELECT 1 / $1::int AS n', values: [0] };
    for (const id of [randomUUID(), randomUUID()]) {
      expect(await units.system.read({ id }, scope)).toEqual([{ id }]);
      await expect(units.system.read({ id }, wrong)).rejects.toThrow('division by zero');
    }
    const all = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const id = randomUUID();
        const [row] = await units.system.read<{ id: string }>({ id }, scope);
        return row!.id === id;
      }),
    );
    expect(all).not.toContain(false);
  });

  it('commits what work has done, and shows it to its user alone', async () => {
    const user = randomUUID();
    const result = await units.app.run({ id: user }, async (tx) => {
      await insertIdempotencyKey(tx, user, { key: 'mine' });
      return 'done';
    });
    expect(result).toBe('done');
    expect(await keys(user)).toEqual(['mine']);
    expect(await keys(randomUUID())).toEqual([]);
    expect(await storedCount(user)).toBe(1);
  });

  it('lets save() join the transaction and its scope', async () => {
    const user = randomUUID();
    const work = units.app.run({ id: user }, async (tx) => {
      await tx.manager.save([anIdempotencyKey(user, { key: 'one' }), anIdempotencyKey(user, { key: 'two' })]);
      // Had save() committed, the scope would be gone and these would see nothing.
      expect(await tx.query(OWN_KEYS)).toHaveLength(2);
      const [found] = await tx.manager.find(IdempotencyKeyEntity, { where: { key: 'one' } });
      await tx.manager.save(Object.assign(found!, { status: 409 }));
      expect(await tx.manager.countBy(IdempotencyKeyEntity, { status: 409 })).toBe(1);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await storedCount(user)).toBe(0);
  });

  it('gives entities back as they were saved', async () => {
    const user = randomUUID();
    const saved = anIdempotencyKey(user, { response: { list: [1, { deep: null }] }, status: 201 });
    await units.app.run({ id: user }, (tx) => tx.manager.save(saved));
    const found = await units.app.run({ id: user }, (tx) => tx.manager.find(IdempotencyKeyEntity));
    expect(found).toEqual([saved]);
  });

  it('rolls back a nested transaction of TypeORM alone when its error is caught, and all when it is not', async () => {
    const user = randomUUID();
    const nested = (tx: Tx): Promise<void> =>
      tx.manager.transaction(async (inner) => {
        await inner.save(anIdempotencyKey(user, { key: 'inner' }));
        throw new Error('inner failure');
      });
    await units.app.run({ id: user }, async (tx) => {
      await insertIdempotencyKey(tx, user, { key: 'outer' });
      await expect(nested(tx)).rejects.toThrow('inner failure');
      await insertIdempotencyKey(tx, user, { key: 'after' });
    });
    expect(await keys(user)).toEqual(['after', 'outer']);
    const failing = units.app.run({ id: user }, async (tx) => {
      await insertIdempotencyKey(tx, user, { key: 'never' });
      await nested(tx);
    });
    await expect(failing).rejects.toThrow('inner failure');
    expect(await keys(user)).toEqual(['after', 'outer']);
  });

  it('refuses a row for somebody else, by query and by save()', async () => {
    const [user, other] = [randomUUID(), randomUUID()];
    const forged = units.app.run({ id: user }, (tx) => insertIdempotencyKey(tx, other));
    expect(
      await forged.catch((error: { driverError?: unknown }) => sqlState(error.driverError ?? error)),
    ).toBe('42501');
    expect(await storedCount(other)).toBe(0);
  });

  it('takes any text as a scope without running it', async () => {
    const evil = "x', false); SELECT set_config('app.user_id', '00000000-0000-7000-8000-000000000001";
    const scope = { name: 'spec.scope', text: "SELECT current_setting('app.user_id') AS scope", values: [] };
    expect(await units.app.run({ id: evil }, (tx) => tx.query(scope))).toEqual([{ scope: evil }]);
    expect(await units.app.read({ id: evil }, scope)).toEqual([{ scope: evil }]);
  });

  it('refuses a Tx, its manager and a manager taken before, once the transaction has ended', async () => {
    const user = randomUUID();
    const kept = await units.app.run({ id: user }, async (tx) => {
      await tx.query('SELECT 1');
      return { tx, manager: tx.manager };
    });
    await expect(kept.tx.query('SELECT 1')).rejects.toThrow('has ended');
    expect(() => kept.tx.manager).toThrow('has ended');
    await expect(kept.manager.find(IdempotencyKeyEntity)).rejects.toThrow(/released/i);
    await expect(kept.manager.save(anIdempotencyKey(user))).rejects.toThrow(/released/i);
    expect(await storedCount(user)).toBe(0);
  });

  it('refuses a statement that somebody forgot to wait for, instead of running it after COMMIT', async () => {
    let late: Promise<unknown> | undefined;
    await units.app.run({ id: randomUUID() }, (tx) => {
      late = new Promise((resolve) => {
        setImmediate(() =>
          resolve(
            tx.query('SELECT 1').then(
              () => 'it ran',
              (error: Error) => error.message,
            ),
          ),
        );
      });
      return Promise.resolve();
    });
    expect(await late).toContain('has ended');
  });

  it('calls back after the commit and never otherwise', async () => {
    const user = randomUUID();
    const seen: string[] = [];
    let visible: Promise<number> | undefined;
    await units.app.run({ id: user }, async (tx) => {
      tx.afterCommit(() => {
        seen.push('committed');
        visible = storedCount(user);
      });
      await insertIdempotencyKey(tx, user);
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['committed']);
    expect(await visible).toBe(1);
    const failing = units.app.run({ id: user }, async (tx) => {
      tx.afterCommit(() => seen.push('rolled back'));
      await tx.query('SELECT 1 / 0');
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(seen).toEqual(['committed']);
  });

  describe('a statement that goes with the COMMIT', () => {
    const insertKey = (user: string, key: unknown, hash: unknown = Buffer.alloc(32, 7)): Statement => ({
      name: 'spec.insert-with-commit',
      text: `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash, status) VALUES ($1, 'r', $2, $4, $3)`,
      values: [user, key, 200, hash],
    });

    it('is part of the transaction, after everything else, in the order given', async () => {
      const user = randomUUID();
      const evil = `'); ROLLBACK; -- $1 \\ " é`;
      await units.app.run({ id: user }, async (tx) => {
        tx.withCommit(insertKey(user, evil));
        tx.withCommit(insertKey(user, 'second'));
        expect(await tx.query(OWN_KEYS)).toEqual([]);
      });
      expect((await keys(user)).sort()).toEqual([evil, 'second'].sort());
    });

    it('leaves nothing when the work fails, and takes the work with it when it fails itself', async () => {
      const user = randomUUID();
      const seen: string[] = [];
      const failing = units.app.run({ id: user }, (tx) => {
        tx.withCommit(insertKey(user, 'never'));
        return Promise.reject(new Error('changed my mind'));
      });
      await expect(failing).rejects.toThrow('changed my mind');
      const refused = units.app.run({ id: user }, async (tx) => {
        tx.afterCommit(() => seen.push('committed'));
        await insertIdempotencyKey(tx, user, { key: 'with it' });
        tx.withCommit(insertKey(user, null));
      });
      await expect(refused).rejects.toThrow('null value in column');
      const swallowed = units.app.run({ id: user }, async (tx) => {
        tx.withCommit(insertKey(user, 'after a failure'));
        await tx.query('SELECT 1 / 0').catch(() => undefined);
      });
      await expect(swallowed).rejects.toThrow('had failed and was rolled back');
      expect(await storedCount(user)).toBe(0);
      expect(seen).toEqual([]);
    });

    it('takes values that fit into a message, and none after the end', async () => {
      for (const value of ['a\0b', {}, true]) {
        const work = units.app.run({ id: '' }, async (tx) => tx.withCommit(insertKey(randomUUID(), value)));
        await expect(work).rejects.toThrow('takes text without NUL');
      }
      const kept = await units.app.run({ id: '' }, async (tx) => ({ tx }));
      expect(() => kept.tx.withCommit(insertKey(randomUUID(), 'late'))).toThrow('has ended');
    });
  });

  it('does not commit in silence what a swallowed SQL error has aborted', async () => {
    const user = randomUUID();
    const seen: string[] = [];
    const work = units.app.run({ id: user }, async (tx) => {
      tx.afterCommit(() => seen.push('committed'));
      await insertIdempotencyKey(tx, user);
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('was rolled back');
    expect(await storedCount(user)).toBe(0);
    expect(seen).toEqual([]);
  });

  it('leaves the pool usable after statement errors, more often than it has connections', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const failing = units.app.run({ id: randomUUID() }, (tx) => tx.query('SELEC'));
      expect(await failing.catch(sqlState)).toBe('42601');
      expect(
        await units.app.read({ id: '' }, { name: 'spec.bad', text: 'SELEC', values: [] }).catch(sqlState),
      ).toBe('42601');
    }
    expect(await units.app.run({ id: '' }, (tx) => tx.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
    expect(units.pool.totalCount).toBeLessThanOrEqual(2);
  });

  it('keeps no plan of a statement that is planned each time, by either way to ask it', async () => {
    const values = [1];
    const statement: Statement = {
      name: 'spec.each-time',
      text: 'SELECT $1::int AS n',
      values,
      isPlannedAnew: true,
    };
    const kept = { name: 'spec.kept', text: 'SELECT name FROM pg_prepared_statements WHERE $1 > 0', values };
    const namesOf = (rows: { name: string }[]): string[] => rows.map(({ name }) => name);
    for (let round = 0; round < 4; round += 1) {
      expect(await units.app.read({ id: '' }, statement)).toEqual([{ n: 1 }]);
      expect(namesOf(await units.app.read({ id: '' }, kept))).not.toContain('spec.each-time');
      await units.app.run({ id: '' }, async (tx) => {
        expect(await tx.query(statement)).toEqual([{ n: 1 }]);
        const names = namesOf(await tx.query(kept));
        expect(names).not.toContain('spec.each-time');
        expect(names.includes('spec.kept')).toBe(pooler === 'none');
      });
    }
  });

  it('replaces a connection that has lost a prepared statement', async () => {
    const named = { name: 'spec.named', text: 'SELECT 7 AS n', values: [] };
    await units.app.run({ id: '' }, async (tx) => {
      await tx.query(named);
      await tx.query('DEALLOCATE ALL');
    });
    // Both connections of the pool are asked: one of them fails at most once.
    const answers = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const pair = [0, 1].map(() => units.app.run({ id: '' }, (tx) => tx.query(named)));
      answers.push(...(await Promise.allSettled(pair)));
    }
    const failed = answers.filter((answer) => answer.status === 'rejected');
    expect(failed.length).toBe(pooler === 'none' ? 1 : 0);
    for (const answer of failed) expect(answer.reason).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('reports a connection that ended as unavailable and replaces it', async () => {
    const user = randomUUID();
    const cut = units.app.run({ id: user }, async (tx) => {
      await insertIdempotencyKey(tx, user);
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await units.owner('SELECT pg_terminate_backend($1)', [row!.pid]);
      for (;;) await tx.query('SELECT pg_sleep(0.01)');
    });
    await expect(cut).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await storedCount(user)).toBe(0);
    expect(await keys(user)).toEqual([]);
  });
});

describe('UnitOfWork and a statement without an answer', () => {
  let proxy: SilentProxy;
  let units: TestUnits;

  beforeAll(async () => {
    units = await openUnits({ poolMax: 2 }, async (url) => {
      proxy = await openSilentProxy(url);
      return proxy.url;
    });
  });

  afterAll(async () => {
    proxy.isSilent = false;
    await proxy.close();
    await units.close();
  });

  it('waits as long as the database answers others', async () => {
    const slow = units.app.run({ id: '' }, (tx) => tx.query("SELECT 'done' AS word, pg_sleep(2)"));
    expect(await slow).toMatchObject([{ word: 'done' }]);
  });

  it('gives up on a database that answers nobody, and works again when it does', async () => {
    const cut = units.app.run({ id: '' }, async (tx) => {
      proxy.isSilent = true;
      await tx.query('SELECT 1');
    });
    await expect(cut).rejects.toBeInstanceOf(DatabaseUnavailableError);
    proxy.isSilent = false;
    expect(await units.app.run({ id: '' }, (tx) => tx.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
  });
});
