import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import { runCli } from '../support/cli-process.js';
import { waitUntil } from '../support/wait-until.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { schemaFingerprint } from '../support/schema-fingerprint.js';
import { type ServerProcess, spawnServer, startServerProcess } from '../support/server-process.js';

/** Migrations as operators meet them: several starters at once, versions that do not fit, an owner with too few rights. */
const opened: { url: string; drop(): Promise<void> }[] = [];
let shipped: string[];

beforeAll(async () => {
  const template = await createTestDatabase();
  shipped = await appliedMigrations(template.url);
  await template.drop();
});

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.drop();
});

async function database(template?: null): Promise<TestDatabase> {
  const made = await createTestDatabase(template);
  opened.push(made);
  return made;
}

async function query<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function appliedMigrations(url: string): Promise<string[]> {
  return (await query<{ name: string }>(url, 'SELECT name FROM platform.migration ORDER BY id')).map(
    (row) => row.name,
  );
}

async function count(url: string, table: string): Promise<number> {
  const [row] = await query<{ n: number }>(url, `SELECT count(*)::int AS n FROM ${table}`);
  return row!.n;
}

/** A fresh owner role and its empty database, as an administrator would set up a second Guildhall on one server. */
async function databaseOfAnotherOwner(
  rights: '' | 'CREATEROLE',
  owner = `owner_${randomBytes(4).toString('hex')}`,
) {
  const cluster = process.env['GUILDHALL_TEST_CLUSTER_URL']!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const [existing] = await query(cluster, 'SELECT FROM pg_roles WHERE rolname = $1', [owner]);
  if (!existing) {
    await query(cluster, `CREATE ROLE ${owner} LOGIN ${rights} PASSWORD 'only-for-this-test'`);
    await query(cluster, `GRANT ${owner} TO CURRENT_USER`);
  }
  await query(cluster, `CREATE DATABASE ${name} OWNER ${owner}`);
  const url = new URL(cluster);
  url.username = owner;
  url.password = 'only-for-this-test';
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    // A worker of autovacuum belongs to the superuser, and is not ended for the sake of a DROP.
    await waitUntil('the database is dropped', 30_000, () =>
      query(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(
        () => true,
        () => false,
      ),
    );
    const left = await query(cluster, 'SELECT FROM pg_database WHERE datdba = to_regrole($1)', [owner]);
    if (left.length > 0) return;
    for (const role of [`${owner}_app`, `${owner}_system`, owner])
      await query(cluster, `DROP ROLE IF EXISTS ${role}`);
  };
  opened.push({ url: url.href, drop });
  return { owner, url: url.href };
}

/** Takes back the newest migrations. @returns the names that were left after each step */
async function takeBack(url: string, steps: number): Promise<string[][]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'test/support/migrations-down.mjs',
    url,
    String(steps),
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
}

/** What a start that is meant to fail says: its exit code and the lines it printed. */
async function refusal(
  env: Record<string, string>,
): Promise<{ code: number | NodeJS.Signals; lines: string[] }> {
  const server = spawnServer(env);
  const started = server.ready.then(() => 'started' as const);
  const code = await Promise.race([server.exited, started]);
  if (code === 'started') {
    await server.stop();
    throw new Error(`It started:\n${server.output()}`);
  }
  return { code, lines: server.output().trim().split('\n') };
}

describe('several starters on an empty database', () => {
  it('migrate once when two commands run at the same time', async () => {
    const { url } = await database(null);
    const runs = await Promise.all([
      runCli(['migrate'], { DATABASE_URL: url }),
      runCli(['migrate'], { DATABASE_URL: url }),
    ]);
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const said = runs.map(({ stdout }) => stdout.trim()).sort();
    expect(said).toEqual([`applied ${shipped.join(', ')}`, 'the schema is up to date']);
    expect(await appliedMigrations(url)).toEqual(shipped);
    expect(await count(url, 'market.item')).toBe(8_424);
  });

  it('migrate once when two servers start at the same time, and both serve', async () => {
    const { url } = await database(null);
    const servers: ServerProcess[] = await Promise.all([
      startServerProcess({ DATABASE_URL: url }),
      startServerProcess({ DATABASE_URL: url }),
    ]);
    try {
      for (const server of servers) expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
      expect(await appliedMigrations(url)).toEqual(shipped);
      expect(await count(url, 'market.item')).toBe(8_424);
      expect(await count(url, 'market.recipe_ingredient')).toBe(22_987);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });

  it('make the roles once when two databases of one new owner are migrated at the same time', async () => {
    const first = await databaseOfAnotherOwner('CREATEROLE');
    const second = await databaseOfAnotherOwner('CREATEROLE', first.owner);
    const runs = await Promise.all(
      [first, second].map(({ url }) => runCli(['migrate'], { DATABASE_URL: url })),
    );
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const roles = await query<{ rolname: string }>(
      first.url,
      'SELECT rolname FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1',
      [`${first.owner}\\_%`],
    );
    expect(roles.map(({ rolname }) => rolname)).toEqual([`${first.owner}_app`, `${first.owner}_system`]);
  });
});

describe('up, down and up again', () => {
  it('leaves the same schema on a seeded database, and the facts come back', async () => {
    const { url } = await database();
    const env = { DATABASE_URL: url };
    const simulate = ['market', 'simulate', '--days', '3', '--items', '5', '--servers', '2'];
    for (const [name, maximum] of Object.entries({ items: 100_000, servers: 1_000, seed: 2 ** 32 - 1 })) {
      const stderr = `--${name} takes a whole number from 1 to ${maximum}.\n`;
      expect(await runCli([...simulate, `--${name}`, '1.5'], env)).toMatchObject({ code: 1, stderr });
    }
    expect(await runCli(simulate, env)).toMatchObject({ code: 0 });
    expect(await count(url, 'market.latest')).toBeGreaterThan(0);
    const before = await schemaFingerprint(url);
    expect(before.length).toBeGreaterThan(100);
    expect(await runCli(['migrate', '--down'], env)).toMatchObject({ code: 0 });
    expect(await appliedMigrations(url)).toEqual(shipped.slice(0, -1));
    // The others by the same function, without a process each.
    expect(await takeBack(url, shipped.length - 1)).toEqual(
      shipped.slice(1).map((_, index) => shipped.slice(0, shipped.length - 2 - index)),
    );
    expect(
      await query(
        url,
        "SELECT to_regclass('market.item') AS item, to_regclass('platform.idempotency_key') AS key",
      ),
    ).toEqual([{ item: null, key: null }]);
    expect(await runCli(['migrate'], env)).toMatchObject({
      code: 0,
      stdout: `applied ${shipped.join(', ')}\n`,
    });
    expect(await schemaFingerprint(url)).toEqual(before);
    expect(await count(url, 'market.item')).toBe(8_424);
    expect(await runCli(simulate, env)).toMatchObject({ code: 0 });
  }, 180_000);
});

describe('a schema that does not fit', () => {
  it.each(['api', 'worker'])('is refused by role %s while a migration is pending', async (role) => {
    const { url } = await database(null);
    expect(await refusal({ DATABASE_URL: url, GUILDHALL_ROLE: role })).toEqual({
      code: 1,
      lines: [
        `The database lacks ${shipped.length} migration(s), first ${shipped[0]!}; run: npm run migrate.`,
      ],
    });
    expect(await query(url, "SELECT to_regclass('platform.migration') AS migration")).toEqual([
      { migration: null },
    ]);
  });

  it('is refused by role api when only the last migration is pending', async () => {
    const { url } = await database();
    await runCli(['migrate', '--down'], { DATABASE_URL: url });
    const { code, lines } = await refusal({ DATABASE_URL: url, GUILDHALL_ROLE: 'api' });
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [`The database lacks 1 migration(s), first ${shipped.at(-1)!}; run: npm run migrate.`],
    });
  });

  it('is refused by every role and by the command when a newer Guildhall has migrated it', async () => {
    const { url } = await database();
    await query(url, "INSERT INTO platform.migration (timestamp, name) VALUES (9, 'RunningCreateRaces9')");
    const sentence =
      'The database was migrated by a newer Guildhall (it knows RunningCreateRaces9); start that version or restore a backup.';
    for (const role of ['api', 'worker', 'all'])
      expect(await refusal({ DATABASE_URL: url, GUILDHALL_ROLE: role })).toEqual({
        code: 1,
        lines: [sentence],
      });
    expect(await runCli(['migrate'], { DATABASE_URL: url })).toEqual({
      code: 1,
      stdout: '',
      stderr: `${sentence}\n`,
    });
  });
});

describe('an owner with too few rights', () => {
  it('is told the SQL for the administrator, and starts once that was run', async () => {
    const { owner, url } = await databaseOfAnotherOwner('');
    const { code, lines } = await refusal({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    const sql = /let an administrator run: (.+)$/.exec(lines[0]!)?.[1];
    expect(sql).toBe(
      [`${owner}_app`, `${owner}_system`]
        .map(
          (role) => `CREATE ROLE "${role}" NOLOGIN NOSUPERUSER NOBYPASSRLS; GRANT "${role}" TO "${owner}";`,
        )
        .join(' '),
    );
    await query(process.env['GUILDHALL_TEST_CLUSTER_URL']!, sql!);
    expect(await runCli(['migrate'], { DATABASE_URL: url })).toMatchObject({ code: 0, stderr: '' });
    expect(await appliedMigrations(url)).toEqual(shipped);
  });

  it('is told in one sentence what else is missing', async () => {
    const { url } = await databaseOfAnotherOwner('CREATEROLE');
    const cluster = new URL(process.env['GUILDHALL_TEST_CLUSTER_URL']!);
    cluster.pathname = new URL(url).pathname;
    await query(cluster.href, `ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO CURRENT_USER`);
    const { code, lines } = await refusal({ DATABASE_URL: url });
    expect({ code, lines: lines.length }).toEqual({ code: 1, lines: 1 });
    expect(lines[0]).toContain('lacks a right that migrations need: permission denied for database');
  });
});
