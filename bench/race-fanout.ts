// 100 racers at 1 Hz with 50 observers each over two API processes, told on PostgreSQL and on Redis: latency to observers
import { execFileSync } from 'node:child_process';
import { startGuildhall } from './support/guildhall.js';
import type { Latencies, LoadRequest, ServerRequest } from './support/race-fanout.js';
import { startRedisServer } from './support/redis.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, quantile } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// Time is taken from before a runner's frame is sent to when an observer has it, in one process with one clock. Half of the observers of
// every race sit at the other API process than its runner; `far` are those. Every frame of every observer is counted. The gateway is
// a small one of its own on platform/realtime, so what is measured is the fan-out; the load generator shares the machine.

const RACERS = 100;
const OBSERVERS = 50;
const SECONDS = { quick: 3, full: 10 };
const STORES = ['pg', 'redis'] as const;
type Store = (typeof STORES)[number];

await runBenchmark('race-fanout', async (benchmark) => {
  assertDescriptors();
  const { databaseUrl } = await startGuildhall(benchmark);
  const redisUrl = await startRedisServer(benchmark);
  const load = startWorker(benchmark, 'race-fanout-load');
  for (const store of STORES) {
    const urls = await startPair(benchmark, { databaseUrl, redisUrl: store === 'pg' ? null : redisUrl });
    await load.ask({
      kind: 'open',
      name: store,
      urls,
      racers: RACERS,
      observers: OBSERVERS,
    } satisfies LoadRequest);
  }
  const seconds = benchmark.isQuick ? SECONDS.quick : SECONDS.full;
  const measured = await interleave(benchmark.rounds, {
    pg: (round) => run(load, 'pg', seconds, benchmark.seed + round),
    redis: (round) => run(load, 'redis', seconds, benchmark.seed + round),
  });
  return report(measured);
});

/** The load generator holds all clients of both stores. */
function assertDescriptors(): void {
  const needed = 2 * RACERS * (OBSERVERS + 1) + 500;
  const most = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (most !== 'unlimited' && Number(most) < needed)
    throw new Error(`ulimit -Hn is ${most}; the observers need ${needed}`);
}

async function startPair(benchmark: Benchmark, request: ServerRequest): Promise<[string, string]> {
  const start = (): Promise<string> => startWorker(benchmark, 'live-server').ask<string>(request);
  return [await start(), await start()];
}

function run(load: Worker, name: Store, seconds: number, seed: number): Promise<Latencies> {
  return load.ask<Latencies>({ kind: 'run', name, seconds, seed } satisfies LoadRequest);
}

function report(measured: Record<Store, Latencies[]>): Figures {
  const figures: Figures = {};
  let lost = 0;
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
  }
  const worst = Math.max(...STORES.map((store) => figures[`p95_${store}_ms`]!));
  return { p95_ms: worst, ...figures, lost, racers: RACERS, observers: OBSERVERS };
}
