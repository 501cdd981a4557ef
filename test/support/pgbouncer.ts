import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PgBouncer in transaction mode in front of the test cluster, with two connections to each database behind it. */
export interface PgBouncer {
  /** The same database by way of the pooler. */
  urlOf(url: string): string;
  stop(): Promise<void>;
}

/** Whether the program is there. Where its tests must not be skipped (`npm run test:services`) they run and fail. */
export function hasPgBouncer(): boolean {
  if (process.env['GUILDHALL_TEST_POSTGRES'] === 'debian') return true;
  try {
    execFileSync('pgbouncer', ['--version'], { env: { PATH: searchPath() }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Debian puts it where an ordinary user's PATH does not lead. */
function searchPath(): string {
  return [process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter);
}

export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-pgbouncer-'));
  chmodSync(folder, 0o755); // started by root it becomes `nobody`, who must read its files
  const listenPort = await freePort();
  writeFileSync(join(folder, 'users.txt'), `"${username}" "${decodeURIComponent(password)}"\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
`,
  );
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...asUser, join(folder, 'pgbouncer.ini')], {
    env: { PATH: searchPath() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.on('error', (error) => (output += error.message));
  const urlOf = (url: string): string => {
    const through = new URL(url);
    through.port = String(listenPort);
    return through.href;
  };
  await waitUntilItServes(child, urlOf(databaseUrl), () => output);
  return {
    urlOf,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('exit', resolve));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilItServes(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (child.pid === undefined || child.exitCode !== null)
        throw new Error(`pgbouncer did not start: ${output()}`, { cause: error });
    } finally {
      void client.end().catch(() => undefined);
    }
    await sleep(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
