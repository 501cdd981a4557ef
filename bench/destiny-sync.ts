// refreshing the profiles of 5,000 players by a worker: the share of Bungie's 25 requests a second that is used, and none over it
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { openOwnDatabase } from './support/agent-database.js';
import {
  BUNGIE_CLIENT,
  BUNGIE_KEY,
  type BungieCalls,
  type BungieRequest,
  CALLS_PER_SECOND,
  type LinkRequest,
  type OpenBungie,
  SECRETS_KEY,
} from './support/bungie-world.js';
import { spawnGuildhall } from './support/guildhall.js';
import { childrenCpuUs, cpuUs } from './support/process-figures.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { startWorker } from './support/worker.js';

// The stand-in for Bungie is a process with Bungie's rate rule (25 a second over ten seconds; who is over is refused). The program runs as
// a worker, dist/main.js in the role `worker`, with its queues on PostgreSQL. The players have accounts, sealed tokens and memberships,
// and are all due; their runs are begun as the look of every minute begins them. The window begins some seconds after the first call,
// and every profile that was given in it has to be stored.
// What is used is counted at the stand-in: calls in the window over 25 a second; sign-ins would count, and there are none.

const PLAYERS = { quick: 700, full: 5_000 };
const WINDOW_S = { quick: 18, full: 170 };
const WARM_MS = 4_000;
const FIRST_CALL_WITHIN_MS = 30_000;
const STORED_WITHIN_MS = 5_000;

await runBenchmark('destiny-sync', async (benchmark) => {
  const players = benchmark.isQuick ? PLAYERS.quick : PLAYERS.full;
  const windowMs = 1_000 * (benchmark.isQuick ? WINDOW_S.quick : WINDOW_S.full);
  const { url: databaseUrl, owner, postgresPid } = await openOwnDatabase(benchmark);
  const bungie = startWorker(benchmark, 'bungie-upstream');
  const upstream = await bungie.ask<OpenBungie>({ kind: 'open', players } satisfies BungieRequest);
  const linker = startWorker(benchmark, 'destiny-linker');
  const link: LinkRequest = {
    kind: 'link',
    databaseUrl,
    bungieUrl: upstream.url,
    players: upstream.players,
  };
  await linker.ask(link);
  console.log(`  ${players} players, a profile has ${Math.round(upstream.profileBytes / 1_000)} kB`);
  const worker = await startProgram(benchmark, databaseUrl, upstream.url);
  await linker.ask({ kind: 'start' } satisfies LinkRequest);
  const count = (fromMs: number, untilMs: number): Promise<BungieCalls> =>
    bungie.ask({ kind: 'count', fromMs, untilMs } satisfies BungieRequest);
  await firstCall(count);
  await sleep(WARM_MS);
  const fromMs = Date.now();
  const before = { worker: cpuUs(worker.pid), postgres: childrenCpuUs(postgresPid) };
  await sleep(windowMs);
  const used = {
    worker: cpuUs(worker.pid) - before.worker,
    postgres: childrenCpuUs(postgresPid) - before.postgres,
  };
  const untilMs = Date.now();
  const window = await count(fromMs, untilMs);
  if (window.foreign > 0) throw new Error(`${window.foreign} profiles were asked for in another's name`);
  await assertStored(owner, count);
  const seconds = (untilMs - fromMs) / 1_000;
  console.log(
    `  ${window.calls} calls and ${window.profiles} profiles in ${seconds.toFixed(1)} s, ${window.over} over`,
  );
  return {
    budget_used: (window.calls - window.over) / (CALLS_PER_SECOND * seconds),
    over_budget: window.over,
    profiles_per_s: window.profiles / seconds,
    cpu_ms_per_profile: used.worker / 1_000 / window.profiles,
    postgres_cpu_ms_per_profile: used.postgres / 1_000 / window.profiles,
    profile_kb: upstream.profileBytes / 1_000,
  } satisfies Figures;
});

function startProgram(
  benchmark: Benchmark,
  databaseUrl: string,
  bungieUrl: string,
): Promise<{ pid: number }> {
  return spawnGuildhall(benchmark, {
    name: 'worker',
    env: {
      GUILDHALL_ROLE: 'worker',
      DATABASE_URL: databaseUrl,
      DOMAINS: 'destiny',
      BUNGIE_API_KEY: BUNGIE_KEY,
      BUNGIE_CLIENT_ID: BUNGIE_CLIENT.id,
      BUNGIE_CLIENT_SECRET: BUNGIE_CLIENT.secret,
      BUNGIE_URL: bungieUrl,
      SECRETS_KEY,
    },
  });
}

async function firstCall(count: (fromMs: number, untilMs: number) => Promise<BungieCalls>): Promise<void> {
  const deadlineMs = Date.now() + FIRST_CALL_WITHIN_MS;
  while ((await count(0, Number.MAX_SAFE_INTEGER)).profiles === 0) {
    if (Date.now() > deadlineMs) throw new Error('Nobody was asked for');
    await sleep(50);
  }
}

/** Whoever is fast because answers are thrown away is not. */
async function assertStored(
  owner: Client,
  count: (fromMs: number, untilMs: number) => Promise<BungieCalls>,
): Promise<void> {
  const { profiles } = await count(0, Date.now());
  const deadlineMs = Date.now() + STORED_WITHIN_MS;
  for (;;) {
    const { rows } = await owner.query<{ stored: number; failed: number }>(
      `SELECT (SELECT count(*)::int FROM destiny.profile WHERE minted_at IS NOT NULL) AS stored,
         (SELECT count(*)::int FROM platform.sync_run WHERE state = 'failed') AS failed`,
    );
    const { stored, failed } = rows[0]!;
    if (failed > 0) throw new Error(`${failed} runs have failed`);
    if (stored >= profiles) return;
    if (Date.now() > deadlineMs) throw new Error(`${profiles} profiles were given, ${stored} are stored`);
    await sleep(100);
  }
}
