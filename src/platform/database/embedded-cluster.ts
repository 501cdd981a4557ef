import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import { StartupError } from '../config/startup-error.js';
import { currentUser, type DatabaseHome, type ServerAccount } from './embedded-account.js';
import { cannotRun, programFailed } from './embedded-faults.js';
import type { Programs } from './embedded-programs.js';

/**
 * The database folder (a "cluster" in PostgreSQL's words) and the owner role in it. It is made in a folder beside its
 * place and renamed when whole, so an interrupted first start leaves nothing that the next one would trust. The
 * passwords are written before it, hence a cluster always has them. The caller holds the folder's lock.
 */
export interface Credentials {
  superuserPassword: string;
  ownerPassword: string;
}

/** Role and database of the application. */
export const OWNER = 'guildhall';
const SUPERUSER = 'postgres';
const CREDENTIALS_NAME = 'postgres-credentials.json';
const DRAFT_PREFIX = 'postgres-draft-';
/** A locale that every Linux has and that sorts by code point: the same order on every machine. */
const INITDB_OPTIONS = ['--locale=C.UTF-8', '-E', 'UTF8', '--auth=scram-sha-256', `--username=${SUPERUSER}`];
export const SERVER_ENV = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };

export function ownerUrl(port: number, { ownerPassword }: Credentials): string {
  return `postgres://${OWNER}:${ownerPassword}@127.0.0.1:${port}/${OWNER}`;
}

/** null when there are none yet, or when they are not for us to read. */
export function findCredentials(home: string): Credentials | null {
  try {
    return parseCredentials(readFileSync(join(home, CREDENTIALS_NAME), 'utf8'));
  } catch {
    return null;
  }
}

/** Makes the cluster if there is none; `isFlushed: false` spares the disk, for tests. */
export async function prepareCluster(
  location: DatabaseHome,
  programs: Programs,
  { isFlushed }: { isFlushed: boolean },
): Promise<Credentials> {
  const { home, dataDir } = location;
  removeDrafts(home);
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    checkCluster(location, programs);
    return existingCredentials(location);
  }
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new StartupError(
      `${dataDir} holds files but no PostgreSQL database: move them away, or set DATA_DIR to another folder.`,
    );
  }
  const credentials = existsSync(join(home, CREDENTIALS_NAME))
    ? existingCredentials(location)
    : makeCredentials(home);
  const draft = mkdtempSync(join(home, DRAFT_PREFIX));
  try {
    await initialize(draft, location, programs, credentials, isFlushed);
    renameSync(join(draft, 'cluster'), dataDir);
    flushFolder(home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return credentials;
}

/**
 * Makes sure that the owner role can sign in to its database: tries, and only when that fails repairs role, password
 * and database as the superuser. Safe after an interruption at any point.
 */
export async function ensureOwner(port: number, credentials: Credentials, dataDir: string): Promise<void> {
  if (await canSignIn(ownerUrl(port, credentials))) return;
  const url = `postgres://${SUPERUSER}:${credentials.superuserPassword}@127.0.0.1:${port}/postgres`;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER]);
    const verb = role.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(
      `${verb} ROLE ${OWNER} LOGIN CREATEROLE CREATEDB NOSUPERUSER PASSWORD ${escapeLiteral(credentials.ownerPassword)}`,
    );
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [OWNER]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${OWNER} OWNER ${OWNER}`);
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new StartupError(
      `The database in ${dataDir} does not accept the passwords in ${CREDENTIALS_NAME}: put the right file back, or ` +
        'remove that database folder to begin with an empty one.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** True when the server takes the sign-in, false when it refuses role, password or database; throws all else. */
export async function canSignIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // invalid_authorization_specification, invalid_password, invalid_catalog_name
    if (['28000', '28P01', '3D000'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function initialize(
  draft: string,
  location: DatabaseHome,
  programs: Programs,
  credentials: Credentials,
  isFlushed: boolean,
): Promise<void> {
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, credentials.superuserPassword, { mode: 0o600 });
  const { account } = location;
  if (account !== null) {
    try {
      for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
    } catch (error) {
      throw cannotRun(programs.initdb, error, account);
    }
  }
  const flags = [...INITDB_OPTIONS, `--pwfile=${passwordFile}`, ...(isFlushed ? [] : ['--no-sync'])];
  const { code, output } = await run(programs.initdb, ['-D', join(draft, 'cluster'), ...flags], account);
  if (code !== 0) {
    throw programFailed(`The database in ${location.dataDir} could not be made`, output, location.home, null);
  }
}

function run(
  program: string,
  args: string[],
  account: ServerAccount | null,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
    const child = spawn(program, args, {
      cwd: '/',
      env: SERVER_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...identity,
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => reject(cannotRun(program, error, account)));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function checkCluster({ dataDir, account }: DatabaseHome, programs: Programs): void {
  const { uid } = statSync(dataDir);
  if (account === null && process.getuid !== undefined && uid !== process.getuid()) {
    throw new StartupError(
      `The database in ${dataDir} belongs to another user than ${currentUser()}: start Guildhall as its owner, or set ` +
        'DATA_DIR to another folder.',
    );
  }
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (version !== programs.major) {
    throw new StartupError(
      `The database in ${dataDir} was made by PostgreSQL ${version}, but this Guildhall brings PostgreSQL ` +
        `${programs.major}: carry it over with pg_dump and pg_restore, or set DATA_DIR to another folder.`,
    );
  }
}

function existingCredentials({ home, dataDir }: DatabaseHome): Credentials {
  const path = join(home, CREDENTIALS_NAME);
  const credentials = existsSync(path) ? parseCredentials(readFileSync(path, 'utf8')) : null;
  if (credentials !== null) return credentials;
  throw new StartupError(
    `${path}, which holds the passwords of the database in ${dataDir}, is missing or damaged: put it back, or remove ` +
      'both to begin with an empty database.',
  );
}

function parseCredentials(text: string): Credentials | null {
  try {
    const found = JSON.parse(text) as Partial<Credentials>;
    const isWhole = typeof found.superuserPassword === 'string' && typeof found.ownerPassword === 'string';
    return isWhole ? (found as Credentials) : null;
  } catch {
    return null;
  }
}

function makeCredentials(home: string): Credentials {
  const password = (): string => randomBytes(24).toString('base64url');
  const credentials = { superuserPassword: password(), ownerPassword: password() };
  const path = join(home, CREDENTIALS_NAME);
  const draft = `${path}.draft`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, path);
  return credentials;
}

/** What interrupted starts left. A half-dead initdb may still be writing there, so a failure is left to the next time. */
function removeDrafts(home: string): void {
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home)) {
    if (!name.startsWith(DRAFT_PREFIX)) continue;
    try {
      rmSync(join(home, name), { recursive: true, force: true });
    } catch {
      // tried again by the next start
    }
  }
}

/** Makes the rename itself outlive a power cut. */
function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
