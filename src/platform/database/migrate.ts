import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { packageRoot } from '../config/package-root.js';
import { StartupError } from '../config/startup-error.js';
import { ADVISORY_LOCK } from './advisory-locks.js';
import { sqlState } from './database.errors.js';
import { ensureRoles } from './roles.js';

// Migrations run by role `all` and by `npm run migrate` only, one starter at a time: TypeORM has no lock of its own, so a
// session lock on a connection without a pooler is held around the whole run. Everybody else only compares names.

const MIGRATION_TABLE = 'platform.migration';

/** A connection of the role that owns everything. */
export type OwnerClient = pg.Client;

export interface MigrationState {
  pending: string[];
  /** Names that the database knows and this program does not: a newer Guildhall was here. */
  unknown: string[];
}

/** Names of the shipped migrations in order: `<ms>-<domain>-<verb>-<noun>`. */
export async function listMigrationFiles(): Promise<string[]> {
  const files = await readdir(migrationFolder());
  return files.filter((file) => /^\d+-.+\.js$/.test(file)).sort();
}

function migrationFolder(): string {
  return join(packageRoot(), 'dist', 'migrations');
}

/** Compares the shipped migrations with the applied ones. */
export async function migrationState(
  client: pg.ClientBase,
  files: readonly string[],
): Promise<MigrationState> {
  const table = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('${MIGRATION_TABLE}') IS NOT NULL AS exists`,
  );
  const applied = table.rows[0]?.exists
    ? (await client.query<{ name: string }>(`SELECT name FROM ${MIGRATION_TABLE}`)).rows.map(
        (row) => row.name,
      )
    : [];
  const shipped = files.map(classNameOf);
  return {
    pending: shipped.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !shipped.includes(name)),
  };
}

/** `1763600000000-market-create-prices.js` -> `MarketCreatePrices1763600000000`, TypeORM's form of a name. */
function classNameOf(file: string): string {
  const [, time, words] = /^(\d+)-(.+)\.js$/.exec(file) ?? [];
  const pascal = (words ?? '').replace(/(^|-)([a-z0-9])/g, (_all, _dash, letter: string) =>
    letter.toUpperCase(),
  );
  return `${pascal}${time ?? ''}`;
}

/** Refuses to start on a schema that is behind or ahead of this program. @throws StartupError */
export function assertCurrent(state: MigrationState): void {
  assertNotNewer(state);
  if (state.pending.length > 0) {
    throw new StartupError(
      `The database lacks ${state.pending.length} migration(s), first ${state.pending[0] ?? ''}; run: npm run migrate.`,
    );
  }
}

function assertNotNewer(state: MigrationState): void {
  if (state.unknown.length > 0) {
    throw new StartupError(
      `The database was migrated by a newer Guildhall (it knows ${state.unknown[0] ?? ''}); start that version or restore a backup.`,
    );
  }
}

/**
 * Connects as the owner. A server that does not answer, refuses the password or lacks the database is one sentence.
 * @throws StartupError
 */
export async function connectOwner(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'guildhall owner',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new StartupError(
      `The database of DATABASE_URL (${placeOf(url)}) cannot be used: ${reasonOf(error)}.`,
    );
  }
}

function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
}

function reasonOf(error: unknown): string {
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return causes
    .map((cause) => (cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)))
    .join(', ');
}

/**
 * Brings the database to this program's schema: roles, then each pending migration in a transaction of its own. Safe to
 * call from several processes at once: one migrates, the others wait and find nothing to do.
 * @param client owner connection to `url`, without a pooler in between: it holds the session lock
 * @returns the names that were applied here
 */
export async function migrate(client: pg.Client, url: string): Promise<string[]> {
  const files = await listMigrationFiles();
  const before = await migrationState(client, files);
  assertNotNewer(before);
  if (before.pending.length === 0) return [];
  await client.query('SELECT pg_advisory_lock($1, 0)', [ADVISORY_LOCK.migrations]);
  try {
    const state = await migrationState(client, files);
    assertNotNewer(state);
    if (state.pending.length === 0) return [];
    await ensureRoles(client);
    await client.query('CREATE SCHEMA IF NOT EXISTS platform');
    return await runPending(url, files);
  } catch (error) {
    if (sqlState(error) === '42501') {
      throw new StartupError(
        `The database user of DATABASE_URL lacks a right that migrations need: ${(error as Error).message}.`,
      );
    }
    throw error;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1, 0)', [ADVISORY_LOCK.migrations]);
  }
}

async function runPending(url: string, files: readonly string[]): Promise<string[]> {
  const dataSource = await openForMigrations(url, files);
  try {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

/** Takes back the newest migration; for `npm run migrate -- --down` and the up-down-up test. */
export async function migrateDown(url: string): Promise<void> {
  const dataSource = await openForMigrations(url, await listMigrationFiles());
  try {
    await dataSource.undoLastMigration({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

async function openForMigrations(url: string, files: readonly string[]): Promise<DataSource> {
  const migrations: (new () => MigrationInterface)[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(join(migrationFolder(), file)).href)) as Record<
      string,
      new () => MigrationInterface
    >;
    migrations.push(...Object.values(module));
  }
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    schema: 'platform',
    migrationsTableName: 'migration',
    migrations,
    installExtensions: false,
    extra: { max: 1 },
  });
  return dataSource.initialize();
}
