// 2,000 small jobs from outbox to effect against bare BullMQ with the same effect, on PostgreSQL and on Redis; latency
import type { Client } from 'pg';
import { connectOwner, startGuildhall } from './support/guildhall.js';
import type { JobFigures, JobRequest } from './support/job-load.js';
import { startRedisServer } from './support/redis.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// What is compared, on one database and with as many places and connections:
// - ours: enqueueMany(500) in the caller's transaction, relay, BullMQ, and a handler whose effect is committed in one
//   transaction with the end of its job: exactly once, whatever dies.
// - bare: BullMQ's addBulk(500) and a handler that inserts the same row in an autocommit statement: lost when the process dies
//   between the business commit and addBulk, doubled when it dies between the effect and the end of the job.
// Enqueuer and workers share a process on both sides. Time is taken to the last committed effect; effects are counted here.

const JOBS = { quick: 500, full: 2_000 };
const TIMED_JOBS = { quick: 50, full: 200 };
const VARIANTS = ['oursPg', 'barePg', 'oursRedis', 'bareRedis'] as const;
type Variant = (typeof VARIANTS)[number];
let rounds = 0;

await runBenchmark('jobs', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const redisUrl = await startRedisServer(benchmark);
  const owner = await connectOwner(benchmark, server);
  await owner.query(`
    CREATE TABLE platform.bench_effect (round int NOT NULL, place int NOT NULL);
    GRANT SELECT, INSERT ON platform.bench_effect TO PUBLIC`);
  const side = async (file: string, redis: string | null): Promise<Worker> => {
    const worker = startWorker(benchmark, file);
    await worker.ask<null>({
      kind: 'open',
      databaseUrl: server.databaseUrl,
      redisUrl: redis,
    } satisfies JobRequest);
    return worker;
  };
  const workers: Record<Variant, Worker> = {
    oursPg: await side('jobs-ours', null),
    barePg: await side('jobs-bare', null),
    oursRedis: await side('jobs-ours', redisUrl),
    bareRedis: await side('jobs-bare', redisUrl),
  };
  return measure(benchmark, owner, workers);
});

async function measure(
  benchmark: Benchmark,
  owner: Client,
  workers: Record<Variant, Worker>,
): Promise<Figures> {
  const count = benchmark.isQuick ? JOBS.quick : JOBS.full;
  const timed = benchmark.isQuick ? TIMED_JOBS.quick : TIMED_JOBS.full;
  const variants = Object.fromEntries(
    VARIANTS.map((name) => [name, () => jobsPerS(owner, workers[name], count)]),
  ) as Record<Variant, () => Promise<number>>;
  for (const name of VARIANTS) await variants[name](); // compiles the hot path
  const rates = await interleave(benchmark.rounds, variants);
  const latency = {
    pg: await latenciesMs(owner, workers.oursPg, timed),
    redis: await latenciesMs(owner, workers.oursRedis, timed),
  };
  for (const name of VARIANTS) printVariant(name, 'jobs/s', rates[name]);
  const toBare = { pg: ratios(rates.oursPg, rates.barePg), redis: ratios(rates.oursRedis, rates.bareRedis) };
  const p95 = { pg: quantile(latency.pg, 0.95), redis: quantile(latency.redis, 0.95) };
  return {
    ratio_to_bare: Math.min(median(toBare.pg), median(toBare.redis)),
    ratio_to_bare_pg: median(toBare.pg),
    ratio_to_bare_redis: median(toBare.redis),
    spread_pg: spread(toBare.pg),
    spread_redis: spread(toBare.redis),
    enqueue_to_run_p95_ms: Math.max(p95.pg, p95.redis),
    enqueue_to_run_p95_ms_pg: p95.pg,
    enqueue_to_run_p95_ms_redis: p95.redis,
    enqueue_to_run_p50_ms_pg: quantile(latency.pg, 0.5),
    enqueue_to_run_p50_ms_redis: quantile(latency.redis, 0.5),
    jobs_per_s_pg: median(rates.oursPg),
    jobs_per_s_redis: median(rates.oursRedis),
    jobs_per_s_bare_pg: median(rates.barePg),
    jobs_per_s_bare_redis: median(rates.bareRedis),
  };
}

async function jobsPerS(owner: Client, worker: Worker, count: number): Promise<number> {
  const { durationsMs } = await ask(owner, worker, 'run', count);
  return (count / durationsMs[0]!) * 1_000;
}

async function latenciesMs(owner: Client, worker: Worker, count: number): Promise<number[]> {
  return (await ask(owner, worker, 'time', count)).durationsMs;
}

/** Asks, and counts what it was asked for. */
async function ask(owner: Client, worker: Worker, kind: 'run' | 'time', count: number): Promise<JobFigures> {
  const round = (rounds += 1);
  const figures = await worker.ask<JobFigures>({ kind, round, count } satisfies JobRequest);
  const { rows } = await owner.query<{ all: number; different: number }>(
    'SELECT count(*)::int AS all, count(DISTINCT place)::int AS different FROM platform.bench_effect WHERE round = $1',
    [round],
  );
  if (rows[0]?.all !== count || rows[0].different !== count)
    throw new Error(`${JSON.stringify(rows[0])} effects instead of ${count}`);
  return figures;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
