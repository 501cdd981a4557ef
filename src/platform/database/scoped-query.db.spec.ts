import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg, { type ClientConfig } from 'pg';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { roleConfig } from './connection-config.js';
import { sqlState } from './database.errors.js';
import { prepareScope, submitScoped } from './scoped-query.js';

/**
 * ScopedQuery stands on internals of pg. What must hold whatever pg does: a query sees the rows of its own user, and what
 * comes next on the same connection sees nothing of them.
 */
const ALICE = randomUUID();
const BOB = randomUUID();
const KEYS_OF = { [ALICE]: ['a1', 'a2', 'a3'], [BOB]: ['b1', 'b2'] };

const LIST = { name: 'list-keys', text: 'SELECT key FROM platform.idempotency_key ORDER BY key', values: [] };
const DIVIDE = {
  name: 'divide',
  text: 'SELECT key, 1 / $1::int AS n FROM platform.idempotency_key',
  values: [0],
};
const SLEEP = { name: 'sleep', text: 'SELECT key, pg_sleep($1) FROM platform.idempotency_key', values: [30] };

let units: TestUnits;
const open: pg.Client[] = [];

beforeAll(async () => {
  units = await openUnits();
  for (const [userId, keys] of Object.entries(KEYS_OF)) {
    await units.app.run({ id: userId }, (tx) =>
      tx.query({
        name: 'plant',
        text: `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash) SELECT $1, 'r', unnest($2::text[]), ''`,
        values: [userId, keys],
      }),
    );
  }
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
});

afterAll(() => units.close());

async function connect(options: ClientConfig = {}): Promise<pg.Client> {
  const target = { url: units.url, directUrl: units.url, pooler: 'none', poolMax: 2 } as const;
  const client = new pg.Client({ ...roleConfig(target, 'app'), ...options });
  open.push(client);
  await client.connect();
  await prepareScope(client);
  return client;
}

async function keys(client: pg.Client, userId: string): Promise<string[]> {
  return (await submitScoped<{ key: string }>(client, userId, LIST)).map((row) => row.key);
}

/** What a query without a scope finds on this connection: it must be nothing, and no scope. */
async function unscoped(client: pg.Client): Promise<{ rows: number; scope: string }> {
  const { rows } = await client.query<{ rows: number; scope: string }>(
    `SELECT (SELECT count(*)::int FROM platform.idempotency_key) AS rows,
            coalesce(current_setting('app.user_id', true), '') AS scope`,
  );
  return rows[0]!;
}

const NOTHING = { rows: 0, scope: '' };

async function failure(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => 'no error',
    (error: unknown) => sqlState(error) ?? String(error),
  );
}

/** Cancels the query that holds this text, as soon as the server runs it. */
async function cancel(text: string): Promise<void> {
  for (;;) {
    const cancelled = await units.owner(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
       WHERE state = 'active' AND wait_event = 'PgSleep' AND query = $1 AND datname = current_database()`,
      [text],
    );
    if (cancelled.length > 0) return;
  }
}

describe.each([
  ['an ordinary connection', {}],
  ['a pipelined connection', { pipeline: true }],
])('on %s', (_kind, options: ClientConfig) => {
  it('shows each user their own rows and leaves no scope behind', async () => {
    const client = await connect(options);
    expect(await keys(client, ALICE)).toEqual(KEYS_OF[ALICE]);
    expect(await unscoped(client)).toEqual(NOTHING);
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
    expect(await keys(client, randomUUID())).toEqual([]);
    expect(await unscoped(client)).toEqual(NOTHING);
  });

  it('gives rows, types and counts as an ordinary query does', async () => {
    const client = await connect(options);
    const statement = {
      name: 'types',
      text: `SELECT 7::bigint AS id, $1::timestamptz AS at, NULL::text AS nothing, ARRAY[1, 2] AS list`,
      values: ['2026-01-02T03:04:05.678Z'],
    };
    expect(await submitScoped(client, ALICE, statement)).toEqual([
      { id: 7, at: new Date('2026-01-02T03:04:05.678Z'), nothing: null, list: [1, 2] },
    ]);
    const nobody = { name: 'none', text: 'SELECT 1 AS n WHERE false', values: [] };
    expect(await submitScoped(client, ALICE, nobody)).toEqual([]);
    const change = {
      name: 'touch',
      text: 'UPDATE platform.idempotency_key SET status = 200 RETURNING key',
      values: [],
    };
    expect(await submitScoped(client, BOB, change)).toHaveLength(2);
    expect(
      await units.owner('SELECT key FROM platform.idempotency_key WHERE status = 200 ORDER BY key'),
    ).toEqual([{ key: 'b1' }, { key: 'b2' }]);
  });

  it('rejects a failing query, keeps the connection and drops the scope', async () => {
    const client = await connect(options);
    expect(await failure(submitScoped(client, ALICE, DIVIDE))).toBe('22012');
    expect(await unscoped(client)).toEqual(NOTHING);
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
  });

  it('rejects what row-level security refuses: a row for somebody else', async () => {
    const client = await connect(options);
    const forge = {
      name: 'forge',
      text: `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash) VALUES ($1, 'r', 'forged', '')`,
      values: [BOB],
    };
    expect(await failure(submitScoped(client, ALICE, forge))).toBe('42501');
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
  });

  it('shows nothing in a scope that is no user', async () => {
    const client = await connect(options);
    expect(await keys(client, '')).toEqual([]);
    expect(await failure(submitScoped(client, "' OR true --", LIST))).toBe('22P02');
    expect(await unscoped(client)).toEqual(NOTHING);
    expect(await keys(client, ALICE)).toEqual(KEYS_OF[ALICE]);
  });

  it('survives a cancelled query', async () => {
    const client = await connect(options);
    const [code] = await Promise.all([failure(submitScoped(client, ALICE, SLEEP)), cancel(SLEEP.text)]);
    expect(code).toBe('57014');
    expect(await unscoped(client)).toEqual(NOTHING);
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
  });

  it('survives a query that takes longer than its limit', async () => {
    const client = await connect(options);
    await client.query('SET statement_timeout = 100');
    expect(await failure(submitScoped(client, ALICE, SLEEP))).toBe('57014');
    expect(await unscoped(client)).toEqual(NOTHING);
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
  });

  it('can use the name of a query again whose text the server had refused', async () => {
    const client = await connect(options);
    const statement = { name: 'later', text: 'SELECT n FROM planted ORDER BY n', values: [] };
    expect(await failure(submitScoped(client, ALICE, statement))).toBe('42P01');
    expect(await unscoped(client)).toEqual(NOTHING);
    await client.query('CREATE TEMP TABLE planted AS SELECT 1 AS n');
    expect(await submitScoped(client, ALICE, statement)).toEqual([{ n: 1 }]);
    expect(await submitScoped(client, BOB, statement)).toEqual([{ n: 1 }]);
    expect(await unscoped(client)).toEqual(NOTHING);
  });

  it('prepares a statement anew that the server has lost', async () => {
    const client = await connect(options);
    expect(await keys(client, ALICE)).toEqual(KEYS_OF[ALICE]);
    await client.query(`DEALLOCATE "${LIST.name}"`);
    expect(await failure(keys(client, ALICE))).toBe('26000');
    expect(await keys(client, ALICE)).toEqual(KEYS_OF[ALICE]);
    expect(await keys(client, BOB)).toEqual(KEYS_OF[BOB]);
  });

  it('refuses a connection that was not prepared, and sends nothing', async () => {
    const target = { url: units.url, directUrl: units.url, pooler: 'none', poolMax: 2 } as const;
    const client = new pg.Client({ ...roleConfig(target, 'app'), ...options });
    open.push(client);
    await client.connect();
    await expect(submitScoped(client, ALICE, LIST)).rejects.toThrow('not prepared');
  });
});

describe('one pipelined connection shared by users', () => {
  it('answers 40 interleaved queries and an error, each with its own rows', async () => {
    const client = await connect({ pipeline: true });
    const users = [ALICE, BOB];
    const answers = Array.from({ length: 40 }, (_, index) => {
      const userId = users[index % 2]!;
      return keys(client, userId).then((found) => ({ userId, found }));
    });
    const failed = failure(submitScoped(client, ALICE, DIVIDE));
    const more = Array.from({ length: 40 }, (_, index) => {
      const userId = users[(index + 1) % 2]!;
      return keys(client, userId).then((found) => ({ userId, found }));
    });
    const nobody = unscoped(client);
    for (const { userId, found } of await Promise.all([...answers, ...more]))
      expect(found).toEqual(KEYS_OF[userId]);
    expect(await failed).toBe('22012');
    expect(await nobody).toEqual(NOTHING);
  });

  it('answers what waits behind a query that takes longer than its limit', async () => {
    const client = await connect({ pipeline: true });
    await client.query('SET statement_timeout = 100');
    const sent = [
      submitScoped(client, ALICE, SLEEP),
      keys(client, BOB),
      unscoped(client),
      keys(client, ALICE),
    ];
    const [slow, bob, nobody, alice] = await Promise.allSettled(sent);
    expect(slow).toMatchObject({ status: 'rejected', reason: { code: '57014' } });
    expect(bob).toEqual({ status: 'fulfilled', value: KEYS_OF[BOB] });
    expect(nobody).toEqual({ status: 'fulfilled', value: NOTHING });
    expect(alice).toEqual({ status: 'fulfilled', value: KEYS_OF[ALICE] });
  });

  it('fails none of the queries behind one whose text is refused while they are on the wire', async () => {
    const client = await connect({ pipeline: true });
    const wrong = { name: 'wrong', text: 'SELECT nothing FROM nowhere', values: [] };
    const sent = [
      submitScoped(client, ALICE, wrong),
      submitScoped(client, BOB, wrong),
      keys(client, ALICE),
      keys(client, BOB),
    ];
    const [first, second, alice, bob] = await Promise.allSettled(sent);
    expect([first!.status, second!.status]).toEqual(['rejected', 'rejected']);
    expect(alice).toEqual({ status: 'fulfilled', value: KEYS_OF[ALICE] });
    expect(bob).toEqual({ status: 'fulfilled', value: KEYS_OF[BOB] });
    expect(await unscoped(client)).toEqual(NOTHING);
  });
});

describe('a statement that is planned anew', () => {
  it('is kept by no connection, and seen by its own user alone like any other', async () => {
    const client = await connect();
    const anew = { ...LIST, name: 'list-keys-anew', isPlannedAnew: true } as const;
    for (const userId of [ALICE, BOB, ALICE]) {
      const rows = await submitScoped<{ key: string }>(client, userId, anew);
      expect(rows.map(({ key }) => key)).toEqual(KEYS_OF[userId]);
    }
    await submitScoped(client, ALICE, LIST);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM pg_prepared_statements');
    const names = rows.map(({ name }) => name);
    expect([names.includes(LIST.name), names.includes(anew.name)]).toEqual([true, false]);
  });
});
