// 100 racers at 1 Hz with 50 observers each over two API processes, told on PostgreSQL and on Redis: latency to observers
import { execFileSync } from 'node:child_process';
import type { Spawned } from './support/guildhall.js';
import type { Latencies, LoadRequest } from './support/race-fanout.js';
import { prepareRaces, startRaceApi, startRaceHome } from './support/race-world.js';
import { startRedisServer } from './support/redis.js';
import { type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, quantile } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// The program itself, twice in the role `api` for each store: runners race a ghost by `race.join` and `fix` on /ws/running, observers follow by
// `watch`. Time is taken from before a fix is sent to when an observer has the position, in one process with one clock. Half of the
// observers of every race sit at the other API process than its runner; `far` are those. Every position of every observer is counted. The
// load generator shares the machine. `--quick` takes fewer runners: `racers` says how many there were.

const RACERS = { quick: 40, full: 100 };
const OBSERVERS = 50;
const SECONDS = { quick: 3, full: 10 };
const STORES = ['pg', 'redis'] as const;
type Store = (typeof STORES)[number];

await runBenchmark('race-fanout', async (benchmark) => {
  const racers = benchmark.isQuick ? RACERS.quick : RACERS.full;
  assertDescriptors(racers);
  const home = await startRaceHome(benchmark);
  const redisUrl = await startRedisServer(benchmark);
  const world = await prepareRaces(benchmark, home, STORES.length * racers, 1);
  const start = (name: string, store: Store): Promise<Spawned> =>
    startRaceApi(benchmark, home, name, store === 'redis' ? { REDIS_URL: redisUrl } : {});
  const servers = {
    pg: await Promise.all([start('pg-1', 'pg'), start('pg-2', 'pg')]),
    redis: await Promise.all([start('redis-1', 'redis'), start('redis-2', 'redis')]),
  };
  const load = startWorker(benchmark, 'race-fanout-load'); // ends first
  for (const [index, store] of STORES.entries()) {
    const [one, other] = servers[store];
    await load.ask({
      kind: 'open',
      name: store,
      urls: [one.url, other.url],
      token: world.token,
      courses: world.courses,
      racers: world.racers.slice(index * racers, (index + 1) * racers),
      observers: OBSERVERS,
    } satisfies LoadRequest);
  }
  const seconds = benchmark.isQuick ? SECONDS.quick : SECONDS.full;
  const measured = await interleave(benchmark.rounds, {
    pg: (round) => run(load, 'pg', seconds, benchmark.seed + round),
    redis: (round) => run(load, 'redis', seconds, benchmark.seed + round),
  });
  return { ...report(measured), racers, observers: OBSERVERS };
});

/** The load generator holds all clients of both stores. */
function assertDescriptors(racers: number): void {
  const needed = STORES.length * racers * (OBSERVERS + 1) + 500;
  const most = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (most !== 'unlimited' && Number(most) < needed)
    throw new Error(`ulimit -Hn is ${most}; the observers need ${needed}`);
}

function run(load: Worker, name: Store, seconds: number, seed: number): Promise<Latencies> {
  return load.ask<Latencies>({ kind: 'run', name, seconds, seed } satisfies LoadRequest);
}

function report(measured: Record<Store, Latencies[]>): Figures {
  const figures: Figures = {};
  let [lost, skipped] = [0, 0];
  for (const store of STORES) {
    const rounds = measured[store];
    const all = rounds.map(({ near, far }) => [...near, ...far]);
    const p95 = all.map((one) => quantile(one, 0.95));
    const farP95 = rounds.map(({ far }) => quantile(far, 0.95));
    printVariant(store, 'ms p95', p95);
    printVariant('', 'ms p95 at the other process', farP95);
    printVariant(
      '',
      'ms p50',
      all.map((one) => quantile(one, 0.5)),
    );
    figures[`p95_${store}_ms`] = median(p95);
    figures[`p95_${store}_far_ms`] = median(farP95);
    figures[`p50_${store}_ms`] = median(all.map((one) => quantile(one, 0.5)));
    lost += rounds.reduce((sum, one) => sum + one.lost, 0);
    skipped += rounds.reduce((sum, one) => sum + one.skipped, 0);
  }
  const worst = Math.max(...STORES.map((store) => figures[`p95_${store}_ms`]!));
  return { p95_ms: worst, ...figures, lost, skipped };
}
