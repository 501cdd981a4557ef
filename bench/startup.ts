// warm `npm start` until /health/ready answers; resident memory when idle
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/platform/config/package-root.js';
import { plainEnvironment } from './support/guildhall.js';
import { childrenOf, cpuUs, rssMb } from './support/process-figures.js';
import { type Benchmark, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, spread } from './support/statistics.js';

// A first start makes the database and its demonstration prices and is not counted. Then `npm start` as a newcomer types it
// (npm itself, the check whether packages and build are current, PostgreSQL, the schema check, the application), from the
// start of the process to the first 200 of /health/ready. In between the server is interrupted and stops in order.
// Memory is that of the Node process that serves; PostgreSQL's own is a key of its own (shared pages counted once).

const IDLE_MS = 5_000;
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 30_000;
const POLL_MS = 10;

interface Started {
  readyS: number;
  npm: ChildProcess;
  /** The process that listens. */
  pid: number;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function start(benchmark: Benchmark): Promise<Started> {
  const port = await freePort();
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: packageRoot(),
    env: {
      ...plainEnvironment(),
      PORT: String(port),
      DATA_DIR: join(benchmark.folder, 'data'),
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true, // a process group of its own, so that an interrupt reaches npm and server alike, as Ctrl-C does
  });
  benchmark.onEnd(() => stop(npm));
  while (!(await isReady(`http://127.0.0.1:${port}`))) {
    if (npm.exitCode !== null) throw new Error(`npm start ended with ${npm.exitCode}`);
    if (performance.now() - startedAt > READY_WITHIN_MS) throw new Error('npm start did not become ready');
    await sleep(POLL_MS);
  }
  return { readyS: (performance.now() - startedAt) / 1_000, npm, pid: serverBelow(npm.pid ?? 0) };
}

async function stop(npm: ChildProcess): Promise<void> {
  if (npm.exitCode !== null || npm.signalCode !== null || npm.pid === undefined) return;
  const group = -npm.pid;
  process.kill(group, 'SIGINT');
  const hurry = setTimeout(() => process.kill(group, 'SIGKILL'), STOPPED_WITHIN_MS);
  await once(npm, 'exit');
  clearTimeout(hurry);
  // npm does not wait for the server's last words.
  for (let waited = 0; waited < STOPPED_WITHIN_MS && hasMembers(npm.pid); waited += 20) await sleep(20);
}

function hasMembers(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** npm starts a shell, which starts the server. */
function serverBelow(pid: number): number {
  const all = [pid];
  for (const next of all) all.push(...childrenOf(next));
  const server = all.find((candidate) =>
    readFileSync(`/proc/${candidate}/cmdline`, 'utf8').includes('\0dist/main.js'),
  );
  if (server === undefined) throw new Error('The server process was not found');
  return server;
}

/** Proportional set size of a PostgreSQL and its sessions: memory that several share is counted once. */
function postgresMb(dataDir: string): number {
  const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n', 1);
  const postmaster = Number(lines[0]);
  const sizes = [postmaster, ...childrenOf(postmaster)].map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // it has ended meanwhile
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

await runBenchmark('startup', async (benchmark) => {
  const first = await start(benchmark);
  console.log(`  the first start of all took ${first.readyS.toFixed(1)} s, simulated prices included`);
  await stop(first.npm);
  const readyS: number[] = [];
  const cpuS: number[] = [];
  const rss: number[] = [];
  let postgres = Number.NaN;
  for (let round = 0; round < benchmark.rounds; round += 1) {
    const started = await start(benchmark);
    readyS.push(started.readyS);
    cpuS.push(cpuUs(started.pid) / 1e6);
    if (round === 0) {
      await sleep(IDLE_MS);
      postgres = postgresMb(join(benchmark.folder, 'data', 'postgres'));
      rss.push(rssMb(started.pid));
    }
    await stop(started.npm);
  }
  printVariant('npm start to ready', 's', readyS);
  printVariant('processor time of the server until then', 's', cpuS);
  return {
    ready_s: median(readyS),
    spread: spread(readyS),
    cpu_s: median(cpuS),
    rss_mb: median(rss),
    rss_postgres_mb: postgres,
    first_ready_s: first.readyS,
  };
});
