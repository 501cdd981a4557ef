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
import { connectSystem, spawnGuildhall } from './support/guildhall.js';
import { childrenCpuUs, cpuUs } from './support/process-figures.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { startWorker } from './support/worker.js';

// The stand-in for Bungie is a process with Bungie's rate rule (25 a second over ten seconds; who is over is refused). The program runs as
// a worker, dist/main.js in the role `worker`, with its queues on PostgreSQL. The players have accounts, sealed tokens and memberships. All
// are read once, which is not measured; then all are due again, and their runs are begun as the look of every minute begins them. The
// window lies within that second reading, and every profile that was given has to be stored.
// What is used is counted at the stand-in: calls in the window that it did not refuse, over 25 a second.

/** Enough that the window ends before the last of them. */
const PLAYERS = { quick: 300, full: 5_000 };
const WINDOW_S = { quick: 10, full: 170 };
/** From the first call on, until the queues have settled. */
const SETTLE_MS = 1_500;
const LOOK_MS = 200;
/** Once a minute. */
const LOOKS_PER_BEGIN = 300;
const READ_WITHIN_MS = { quick: 45_000, full: 600_000 };

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
  const count = (fromMs: number, untilMs: number): Promise<BungieCalls> =>
    bungie.ask({ kind: 'count', fromMs, untilMs } satisfies BungieRequest);
  const readWithinMs = benchmark.isQuick ? READ_WITHIN_MS.quick : READ_WITHIN_MS.full;
  const begin = (): Promise<null> => linker.ask({ kind: 'start' } satisfies LinkRequest);
  const system = await connectSystem(benchmark, { databaseUrl });
  const startedMs = Date.now();
  await begin();
  await untilRead(system, startedMs, players, readWithinMs, begin);
  console.log(`  read for the first time in ${((Date.now() - startedMs) / 1_000).toFixed(1)} s`);
  await owner.query('VACUUM ANALYZE');
  await system.query('UPDATE destiny.profile SET due_at = now()');
  const againMs = Date.now();
  await begin();
  while ((await count(againMs, Date.now() + 1)).profiles === 0) await sleep(20);
  await sleep(SETTLE_MS);
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
  const given = (await count(againMs, untilMs)).profiles;
  await untilRead(system, againMs, Math.min(given, players), readWithinMs, begin);
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

/** Whoever is fast because answers are thrown away is not. @param begin is the look of every minute, which finds what did not fit before */
async function untilRead(
  system: Client,
  sinceMs: number,
  players: number,
  withinMs: number,
  begin: () => Promise<null>,
): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  for (let looks = 1; ; looks += 1) {
    const { rows } = await system.query<{ stored: number; failed: number }>(
      `SELECT (SELECT count(*)::int FROM destiny.profile WHERE minted_at >= to_timestamp($1::float8 / 1000)) AS stored,
         (SELECT count(*)::int FROM platform.sync_run WHERE state = 'failed') AS failed`,
      [sinceMs],
    );
    const { stored, failed } = rows[0]!;
    if (failed > 0) throw new Error(`${failed} runs have failed`);
    if (stored >= players) return;
    if (Date.now() > deadlineMs) throw new Error(`Of ${players} profiles ${stored} are stored`);
    if (looks % LOOKS_PER_BEGIN === 0) await begin();
    await sleep(LOOK_MS);
  }
}
