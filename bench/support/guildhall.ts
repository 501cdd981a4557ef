import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findRunningEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { packageRoot } from '../../src/platform/config/package-root.js';
import type { Benchmark } from './run-benchmark.js';

export const INGEST_TOKEN = 'ingest-token-of-the-benchmarks-0123456789';
/** The program's default number of pooled connections; the reference sides use as many. */
export const POOL_SIZE = 10;
export const READ_TOKEN = 'read-token-of-the-benchmarks-0123456789';
export const ADMIN_TOKEN = 'admin-token-of-the-benchmarks-0123456789';

/** The program under test: dist/main.js in its own process, with its own embedded PostgreSQL at default settings. */
export interface Guildhall {
  readonly url: string;
  readonly pid: number;
  /** Owner role's URL of its database. */
  readonly databaseUrl: string;
  readonly postgresPid: number;
}

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 20_000;

/** What differs, where several run side by side. */
export interface StartOptions {
  /** Of its folder and its log; one per server. */
  name?: string;
  env?: Record<string, string>;
}

/** Starts it as `npm start` would (development, role all), with the shipped catalogue and no demonstration prices. */
export async function startGuildhall(benchmark: Benchmark, options: StartOptions = {}): Promise<Guildhall> {
  const { url, pid, output, dataDir } = await spawnGuildhall(benchmark, options);
  const databaseUrl = (await findRunningEmbeddedPostgres({ dir: dataDir }))?.url;
  if (databaseUrl === undefined) throw new Error('The embedded PostgreSQL was not found');
  return { url, pid, databaseUrl, postgresPid: postgresPidOf(output) };
}

/** A started process. */
export interface Spawned {
  readonly url: string;
  readonly pid: number;
  /** What it has written by then. */
  readonly output: string;
  readonly dataDir: string;
}

/** The program in any role; where the environment names no database it has one of its own. */
export async function spawnGuildhall(benchmark: Benchmark, options: StartOptions): Promise<Spawned> {
  const { name = 'server', env = {} } = options;
  const dataDir = join(benchmark.folder, `${name}-data`);
  mkdirSync(dataDir, { recursive: true });
  const logFile = join(benchmark.folder, `${name}.log`);
  const log = openSync(logFile, 'w'); // a file, as an operator keeps one; a pipe would have to be read by this process
  const child = spawn(process.execPath, [...profilingFlags(), 'dist/main.js'], {
    cwd: packageRoot(),
    env: { ...plainEnvironment(), PORT: '0', DATA_DIR: dataDir, DEMO_SEED: 'false', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  benchmark.onEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const hurry = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    await once(child, 'exit');
    clearTimeout(hurry);
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const output = readFileSync(logFile, 'utf8');
    const url = /^ +(?:API|worker) +(http:\S+)/m.exec(output)?.[1];
    if (url !== undefined) return { url, pid: child.pid ?? 0, output, dataDir };
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The server did not start:\n${output}`);
    await sleep(20);
  }
}

/** The defaults of a fresh clone, whatever the reader's shell and .env say (an empty value counts as none). */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  const unset = [
    'HOST',
    'DEBUG',
    'LOG_LEVEL',
    'DOMAINS',
    'DATABASE_URL',
    'DATABASE_DIRECT_URL',
    'CORS_ORIGINS',
  ];
  return {
    PATH,
    HOME,
    ...Object.fromEntries(unset.map((name) => [name, ''])),
    NODE_ENV: 'development',
    GUILDHALL_ROLE: 'all',
    DB_POOLER: 'none',
    DB_POOL_MAX: String(POOL_SIZE),
    INGEST_API_TOKEN: INGEST_TOKEN,
    READ_API_TOKEN: READ_TOKEN,
    ADMIN_API_TOKEN: ADMIN_TOKEN,
  };
}

/** BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=/tmp/profile" profiles the server under test, and processes of benchmarks. */
export function profilingFlags(): string[] {
  return (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
}

function postgresPidOf(output: string): number {
  const folder = /embedded PostgreSQL.* in (\/.+)$/m.exec(output)?.[1];
  if (folder === undefined) throw new Error('The embedded PostgreSQL was not found');
  return Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}

/** A connection as the database's owner, for tables of the benchmark and for counting. */
export async function connectOwner(
  benchmark: Benchmark,
  server: Pick<Guildhall, 'databaseUrl'>,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  benchmark.onEnd(() => client.end());
  return client;
}

/** One in the system role, which sees everybody's rows and changes no schema. */
export async function connectSystem(
  benchmark: Benchmark,
  server: Pick<Guildhall, 'databaseUrl'>,
): Promise<pg.Client> {
  const client = await connectOwner(benchmark, server);
  await client.query("SELECT set_config('role', current_user || '_system', false)");
  return client;
}
