import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';
const PASSWORD = 'only-for-this-run';

/** Folder of the newest PostgreSQL that the machine's packages installed, or undefined. */
export function debianPrograms() {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(VERSIONS, newest, 'bin');
}

/**
 * A throw-away cluster of the machine's own PostgreSQL, run by the account `postgres` when we are root.
 * @param {string} dir @param {Record<string, string>} settings
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startDebianPostgres(dir, settings) {
  const programs = debianPrograms();
  if (programs === undefined) throw new Error('GUILDHALL_TEST_POSTGRES=debian needs the package postgresql');
  chmodSync(dir, 0o777);
  const isRoot = process.getuid?.() === 0;
  const as = (program, args) =>
    isRoot
      ? ['runuser', ['-u', 'postgres', '--', join(programs, program), ...args]]
      : [join(programs, program), args];
  const data = join(dir, 'data');
  execFileSync(
    ...as('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8']),
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...settings,
  };
  const child = spawn(
    ...as('postgres', [
      '-D',
      data,
      ...Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ]),
    {
      stdio: 'ignore',
    },
  );
  const root = await connect(`postgres://postgres@127.0.0.1:${port}/postgres`);
  await root.query(`CREATE ROLE guildhall LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}'`);
  await root.query('CREATE DATABASE guildhall OWNER guildhall');
  await root.end();
  return {
    url: `postgres://guildhall:${PASSWORD}@127.0.0.1:${port}/guildhall`,
    stop: () => stop(child, data),
  };
}

async function connect(url) {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (attempt > 100) throw error;
      await sleep(100);
    }
  }
}

/** By the server's own pid: `runuser` in between passes no interrupt on. */
function stop(child, data) {
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    process.kill(pid, 'SIGINT');
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
