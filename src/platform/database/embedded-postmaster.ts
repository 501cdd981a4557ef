import { spawn } from 'node:child_process';
import { closeSync, fchmodSync, fchownSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '../config/startup-error.js';
import type { DatabaseHome } from './embedded-account.js';
import { SERVER_ENV } from './embedded-cluster.js';
import { cannotRun, logTail, programFailed } from './embedded-faults.js';
import { isRunning, processArguments } from './embedded-process.js';

/**
 * The server process (the "postmaster"). It runs in a session of its own, so Ctrl-C reaches only us and we stop it after
 * our last flush; the price is that it outlives a killed Guildhall, whose next start finds it by its `postmaster.pid`.
 *
 * That file survives crashes too, and its process id may then belong to a stranger. So an id counts only if that process
 * was started on this very folder (`postgres -D <folder>`); nothing else is ever waited for or sent a signal.
 */
export interface Postmaster {
  pid: number;
  port: number;
}

export interface LaunchOptions {
  location: DatabaseHome;
  program: string;
  settings: Record<string, string>;
}

type Phase = 'starting' | 'ready' | 'stopping';

const READY_TIMEOUT_MS = 60_000;
const FAST_STOP_TIMEOUT_MS = 10_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;
const LAUNCH_ATTEMPTS = 50;
const LOG_NAME = 'guildhall.log';

/** One machine, one client program, a world that fits in memory; nothing replicates from it. */
const DEFAULT_SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_wal_size: '1GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements reach the client, which logs them; here they would only let the file grow.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** The server that runs on this folder, whoever started it; null when there is none. */
export function findPostmaster(dataDir: string): (Postmaster & { phase: Phase }) | null {
  const noted = readPidFile(dataDir);
  return noted !== null && isPostmasterOf(noted.pid, dataDir) ? noted : null;
}

/** Waits until a server that was found running takes connections; false when it ends or stops instead. */
export async function becomesReady(server: Postmaster, dataDir: string): Promise<boolean> {
  return (await watchStart(server, dataDir, () => !isPostmasterOf(server.pid, dataDir))) === 'ready';
}

/** Whether a running server has the program and settings that a new one would get. */
export function isAsLaunched({ port }: Postmaster, { location, program, settings }: LaunchOptions): boolean {
  const args = launchArguments(location.dataDir, port, settings);
  const expected = [program, ...args.map((arg) => `"${arg}"`)].join(' ');
  try {
    return readFileSync(join(location.dataDir, 'postmaster.opts'), 'utf8').trim() === expected;
  } catch {
    return false;
  }
}

/**
 * Starts a server and waits until it takes connections. The caller has made sure that none runs on this folder.
 * @param wantedPort of 127.0.0.1; any free one by default
 */
export async function launchPostmaster(options: LaunchOptions, wantedPort?: number): Promise<Postmaster> {
  const { dataDir, home } = options.location;
  const log = join(dataDir, LOG_NAME);
  for (let attempt = 1; ; attempt++) {
    removeStrangersPidFile(dataDir);
    const port = wantedPort ?? (await freePort());
    const { pid, outcome } = await launchOnce(options, port, log);
    if (outcome === 'ready') return { pid, port };
    const output = logTail(log);
    if (outcome === 'late') {
      await stopPostmaster(pid, dataDir);
      const what = `PostgreSQL in ${dataDir} did not become ready within ${READY_TIMEOUT_MS / 1000} s`;
      throw programFailed(what, output, home, log);
    }
    // Somebody took the port in between, or the children of a killed server are still on their way out.
    const isPassing =
      /Address already in use|could not create any TCP|still in use|lock file .* already exists/.test(output);
    if (!isPassing || attempt === LAUNCH_ATTEMPTS) {
      throw programFailed(`PostgreSQL in ${dataDir} did not start`, output, home, log);
    }
    await sleep(100);
  }
}

/** Ends the server, if this process id is still that of the server on this folder; returns when it is gone. */
export async function stopPostmaster(pid: number, dataDir: string): Promise<void> {
  const signals = [
    ['SIGINT', FAST_STOP_TIMEOUT_MS], // ends sessions, writes a checkpoint
    ['SIGQUIT', IMMEDIATE_STOP_TIMEOUT_MS], // like a crash: the next start recovers from the log
  ] as const;
  for (const [signal, timeoutMs] of signals) {
    if (!isPostmasterOf(pid, dataDir)) return;
    send(pid, signal);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (!isPostmasterOf(pid, dataDir)) return;
      await sleep(5);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) on ${dataDir} does not stop`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone in this very moment
  }
}

function launchArguments(dataDir: string, port: number, settings: Record<string, string>): string[] {
  const all = Object.entries({ ...DEFAULT_SETTINGS, ...settings });
  return ['-D', dataDir, '-p', String(port), ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function launchOnce(
  { location, program, settings }: LaunchOptions,
  port: number,
  log: string,
): Promise<{ pid: number; outcome: 'ready' | 'ended' | 'late' }> {
  const { dataDir, account } = location;
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  const output = openSync(log, 'w', 0o600); // begun anew with every start, so it stays small
  try {
    fchmodSync(output, 0o600);
    if (account !== null) fchownSync(output, account.uid, account.gid);
    const child = spawn(program, launchArguments(dataDir, port, settings), {
      cwd: dataDir,
      env: SERVER_ENV,
      detached: true,
      stdio: ['ignore', output, output],
      ...identity,
    });
    let hasEnded = false;
    child.once('exit', () => (hasEnded = true));
    const failure = new Promise<never>((_resolve, reject) => child.once('error', reject));
    child.unref();
    if (child.pid === undefined)
      throw cannotRun(program, await failure.catch((error: unknown) => error), account);
    const { pid } = child;
    const outcome = await watchStart({ pid, port }, dataDir, () => hasEnded);
    return { pid, outcome };
  } finally {
    closeSync(output);
  }
}

async function watchStart(
  { pid, port }: Postmaster,
  dataDir: string,
  hasEnded: () => boolean,
): Promise<'ready' | 'ended' | 'late'> {
  const begunAt = Date.now();
  for (;;) {
    const noted = readPidFile(dataDir);
    // In a container a new server may get the process id of the last one, whose file still says ready; but not its port.
    if (noted?.pid === pid && noted.port === port && noted.phase === 'ready') return 'ready';
    if (hasEnded()) return 'ended';
    const waitedMs = Date.now() - begunAt;
    if (waitedMs > READY_TIMEOUT_MS) return 'late';
    await sleep(waitedMs < 500 ? 4 : 50);
  }
}

/** Lines: process id, folder, start time, port, socket folder, address, memory key, phase (PostgreSQL, miscadmin.h). */
function readPidFile(dataDir: string): (Postmaster & { phase: Phase }) | null {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const phase = lines[7]?.trim();
    if (!Number.isSafeInteger(pid) || pid <= 1) return null;
    return {
      pid,
      port: Number(lines[3]),
      phase: phase === 'ready' || phase === 'stopping' ? phase : 'starting',
    };
  } catch {
    return null;
  }
}

function isPostmasterOf(pid: number, dataDir: string): boolean {
  const args = processArguments(pid);
  if (args === null) return false;
  if (args.length > 1) return /postgres$/.test(args[0] ?? '') && args[1] === '-D' && args[2] === dataDir;
  return args[0]?.includes(`postgres -D ${dataDir} `) ?? false;
}

/** PostgreSQL itself refuses to start while the noted process id is in use, by whatever program. */
function removeStrangersPidFile(dataDir: string): void {
  const noted = readPidFile(dataDir);
  if (noted !== null && isRunning(noted.pid) && !isPostmasterOf(noted.pid, dataDir)) {
    rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string')
    throw new StartupError('No free port was found on 127.0.0.1.');
  return address.port;
}
