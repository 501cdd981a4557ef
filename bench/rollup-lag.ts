// how long after its 201 a price shows in analytics, at 5,000 rows per second over five servers; whether the worker keeps up
import type { Client } from 'pg';
import {
  connectOwner,
  connectSystem,
  type Guildhall,
  INGEST_TOKEN,
  READ_TOKEN,
  startGuildhall,
} from './support/guildhall.js';
import { fillHistory, type History } from './support/market-history.js';
import { childrenCpuUs, cpuUs } from './support/process-figures.js';
import type { LagReply, LagRequest, LagSent } from './support/rollup-lag.js';
import { RollupJobs } from './support/rollup-jobs.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, quantile } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// 400 days of 6,500 items on 5 servers, rollups built. Then another process sends 5 batches of 1,000 rows a second, each of
// random items and priced now, to the servers in turn, and asks for one marked item of every second batch each 50 ms until
// GET .../analytics/movers has its price. API and worker are one process here, as `npm start` runs them. There is no reference
// side and there are no rounds: what counts is the lag itself and that it does not grow.
// - p95_s, p50_s, max_s: from 201 to shown, so up to 50 ms and an answer too long.
// - p95_first_half_s, p95_last_half_s: the same by halves of the run; a worker that falls behind shows here.
// - left_batches: batches not derived when the last one was answered; drain_s: how long the worker needed for them.

const ROWS = { quick: 1_000_000, full: 8_000_000 };
const SECONDS = { quick: 20, full: 60 };
const BATCHES_PER_S = 5;

interface Cost {
  /** Processor milliseconds per second of the run. */
  api: number;
  postgres: number;
}

async function measureLoad(
  benchmark: Benchmark,
  server: Guildhall,
  jobs: RollupJobs,
  history: History,
): Promise<{ figures: Figures; acceptedCount: number }> {
  const load = startWorker(benchmark, 'rollup-lag-load');
  const ask = (request: LagRequest): Promise<LagReply> => load.ask(request);
  const since = await jobs.now();
  const cost = startCost(server);
  const reply = await ask({
    kind: 'send',
    url: server.url,
    ingestToken: INGEST_TOKEN,
    readToken: READ_TOKEN,
    serverKeys: history.servers.map(({ key }) => key),
    items: history.items,
    seed: benchmark.seed,
    seconds: benchmark.isQuick ? SECONDS.quick : SECONDS.full,
    batchesPerS: BATCHES_PER_S,
  });
  const { api, postgres } = cost();
  const sent = reply.sent!;
  const { markedCount } = await jobs.backlog();
  const drainMs = await jobs.drained();
  const { lagsMs } = await ask({ kind: 'seen' });
  const refreshesMs = await jobs.durationsMs(since);
  const lags = lagsMs.map((ms) => ms / 1_000);
  const middle = lags.length >> 1;
  printVariant('a batch from due to answered, last 20', 'ms', sent.answersMs.slice(-20));
  printVariant('a refresh, last 20', 'ms', refreshesMs.slice(-20));
  printVariant('from 201 to shown, last 20', 's', lags.slice(-20));
  console.log(`  ${refreshesMs.length} refreshes of ${sent.answersMs.length} batches`);
  const figures = {
    p95_s: quantile(lags, 0.95),
    p50_s: median(lags),
    max_s: Math.max(...lags),
    ...rates(sent),
    cpu_ms_per_s_api: api,
    cpu_ms_per_s_postgres: postgres,
    p95_first_half_s: quantile(lags.slice(0, middle), 0.95),
    p95_last_half_s: quantile(lags.slice(middle), 0.95),
    left_batches: markedCount,
    drain_s: drainMs / 1_000,
    watched: lags.length,
    refreshes: refreshesMs.length,
    refresh_p50_ms: median(refreshesMs),
    refresh_p95_ms: quantile(refreshesMs, 0.95),
  };
  return { figures, acceptedCount: sent.acceptedCount };
}

function rates({ acceptedCount, seconds, answersMs }: LagSent): Figures {
  return {
    rows_per_s: acceptedCount / seconds,
    answer_p50_ms: median(answersMs),
    answer_p95_ms: quantile(answersMs, 0.95),
  };
}

function startCost(server: Guildhall): () => Cost {
  const used = (): Cost => ({ api: cpuUs(server.pid), postgres: childrenCpuUs(server.postgresPid) });
  const before = used();
  const startedMs = performance.now();
  return () => {
    const after = used();
    const ms = performance.now() - startedMs;
    return { api: (after.api - before.api) / ms, postgres: (after.postgres - before.postgres) / ms };
  };
}

/** Whoever is fast because something was left out is not. */
async function assertDerived(database: Client, rows: number): Promise<void> {
  const { rows: found } = await database.query<Record<'raw' | 'daily' | 'wrong', number>>(
    `SELECT (SELECT count(*) FROM market.observation)::int AS raw, (SELECT sum(n) FROM market.daily)::int AS daily,
       (SELECT count(*) FROM market.window_stat w WHERE w.days = 7 AND w.n IS DISTINCT FROM (
          SELECT sum(d.n) FROM market.daily d
          WHERE d.server_id = w.server_id AND d.item_id = w.item_id AND d.day BETWEEN w.as_of - 7 AND w.as_of))::int AS wrong`,
  );
  const { raw, daily, wrong } = found[0]!;
  if (raw !== rows || daily !== rows || wrong !== 0)
    throw new Error(
      `${rows} rows were accepted, ${raw} stored, ${daily} derived; ${wrong} windows are wrong`,
    );
}

await runBenchmark('rollup-lag', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const database = await connectOwner(benchmark, server);
  const jobs = new RollupJobs(await connectSystem(benchmark, server));
  await jobs.drained(); // what a start catches up with
  const history = await fillHistory(database, {
    seed: benchmark.seed,
    rows: benchmark.isQuick ? ROWS.quick : ROWS.full,
    asOf: new Date().toISOString().slice(0, 10),
    hasReference: false,
  });
  console.log(
    `  ${history.rows} raw rows, ${history.items.length} items on ${history.servers.length} servers`,
  );
  const { figures, acceptedCount } = await measureLoad(benchmark, server, jobs, history);
  await assertDerived(database, history.rows + acceptedCount);
  return figures;
});
