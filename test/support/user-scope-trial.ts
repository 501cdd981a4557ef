import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sqlState } from '../../src/platform/database/database.errors.js';
import { insertIdempotencyKey } from '../factories/idempotency-key.factory.js';
import type { TestUnits } from './units.js';

// Scopes of several users on few connections, in any order, with failures of every kind in between: whatever happens on a
// connection, its next user sees their own rows, all of them and nobody else's.

const KINDS = [
  'insert',
  'insert, then throw',
  'insert, then fail in SQL',
  'insert, then be cancelled',
  'save, then read in the same scope',
  'read',
  'read, twice at once',
  'read that fails',
  'read that is cancelled',
] as const;

export interface UserScopeStep {
  kind: (typeof KINDS)[number];
  user: number;
  key: string;
}

export const userScopeSteps = fc
  .array(
    fc.record({
      kind: fc.oneof(
        {
          weight: 9,
          arbitrary: fc.constantFrom<UserScopeStep['kind']>('insert', 'read', 'read, twice at once'),
        },
        { weight: 4, arbitrary: fc.constantFrom<UserScopeStep['kind']>(...KINDS) },
      ),
      user: fc.nat(3),
    }),
    { minLength: 200, maxLength: 200 },
  )
  .map((list) => list.map((step, index): UserScopeStep => ({ ...step, key: `k${index}` })));

/** What is known of one user's rows while others are still at work. */
class Ledger {
  readonly id = randomUUID();
  /** Committed: every later read must show them. */
  readonly stored = new Set<string>();
  /** Begun: a read may show them or not. */
  readonly begun = new Set<string>();

  check(rows: readonly { userId: string; key: string }[], before: ReadonlySet<string>): void {
    for (const row of rows) {
      expect(row.userId).toBe(this.id);
      expect(this.begun).toContain(row.key);
    }
    const seen = new Set(rows.map((row) => row.key));
    expect([...before].filter((key) => !seen.has(key))).toEqual([]);
  }
}

const OWN = 'SELECT user_id AS "userId", key FROM platform.idempotency_key';
type Row = { userId: string; key: string };

/** Cancels the one statement that holds `mark`, once it sleeps. */
async function cancel(units: TestUnits, mark: string): Promise<void> {
  for (;;) {
    const found = await units.owner(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
       WHERE wait_event = 'PgSleep' AND strpos(query, $1) > 0 AND datname = current_database()`,
      [mark],
    );
    if (found.length > 0) return;
  }
}

async function take(units: TestUnits, { kind, key }: UserScopeStep, user: Ledger): Promise<void> {
  const before = new Set(user.stored);
  const read = async (): Promise<void> =>
    user.check(await units.app.read<Row>(user, { name: 'spec.own', text: OWN, values: [] }), before);
  const sleep = `SELECT pg_sleep(600) /* ${user.id} ${key} */`;
  switch (kind) {
    case 'insert':
    case 'save, then read in the same scope':
      user.begun.add(key);
      await units.app.run(user, async (tx) => {
        await insertIdempotencyKey(tx, user.id, { key });
        if (kind !== 'insert') user.check(await tx.query<Row>(OWN), new Set([...before, key]));
      });
      user.stored.add(key);
      break;
    case 'insert, then throw':
    case 'insert, then fail in SQL':
    case 'insert, then be cancelled': {
      // Not in `begun`: nobody may ever see it.
      const work = units.app.run(user, async (tx) => {
        await tx.query({
          name: 'spec.insert',
          text: "INSERT INTO platform.idempotency_key (user_id, route, key, body_hash) VALUES ($1, 'r', $2, '')",
          values: [user.id, key],
        });
        if (kind === 'insert, then fail in SQL') await tx.query('SELECT 1 / 0');
        if (kind === 'insert, then be cancelled')
          await Promise.all([tx.query(sleep), cancel(units, `${user.id} ${key}`)]);
        throw new Error('thrown');
      });
      const reason = await work.then(
        () => 'it was committed',
        (error: Error) => sqlState(error) ?? error.message,
      );
      expect(reason).toBe(
        kind === 'insert, then throw' ? 'thrown' : kind === 'insert, then fail in SQL' ? '22012' : '57014',
      );
      break;
    }
    case 'read':
      await read();
      break;
    case 'read, twice at once':
      await Promise.all([read(), read()]);
      break;
    case 'read that fails': {
      const failing = {
        name: 'spec.fail',
        text: `SELECT 1 / $1::int FROM (${OWN} UNION ALL SELECT NULL, NULL) t`,
        values: [0],
      };
      expect(await units.app.read(user, failing).catch(sqlState)).toBe('22012');
      break;
    }
    case 'read that is cancelled': {
      const sleeping = units.app.read(user, {
        name: `spec.sleep ${user.id} ${key}`,
        text: sleep,
        values: [],
      });
      const [code] = await Promise.all([sleeping.catch(sqlState), cancel(units, `${user.id} ${key}`)]);
      expect(code).toBe('57014');
      break;
    }
  }
}

/** Eight callers take the next step as soon as they are done with their last; afterwards the rows and connections are checked. */
export async function tryUserScopes(units: TestUnits, steps: readonly UserScopeStep[]): Promise<void> {
  const users = Array.from({ length: 4 }, () => new Ledger());
  const queue = [...steps];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let step = queue.shift(); step; step = queue.shift()) await take(units, step, users[step.user]!);
    }),
  );
  for (const user of users) {
    const rows = await units.app.read<Row>(user, { name: 'spec.own', text: OWN, values: [] });
    expect(rows.map((row) => row.key).sort()).toEqual([...user.stored].sort());
  }
  const clients = await Promise.all([units.pool.connect(), units.pool.connect()]);
  const scopes = clients.map((client) =>
    client.query<{ scope: string }>("SELECT coalesce(current_setting('app.user_id', true), '') AS scope"),
  );
  const found = (await Promise.all(scopes)).flatMap((result) => result.rows);
  for (const client of clients) client.release();
  expect(found).toEqual([{ scope: '' }, { scope: '' }]);
}
