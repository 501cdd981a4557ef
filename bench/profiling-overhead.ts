// what profiling costs a small read: two servers, PROFILING on and off, at saturation and at half of it; nothing dropped
import {
  connectOwner,
  type Guildhall,
  ADMIN_TOKEN,
  READ_TOKEN,
  startGuildhall,
} from './support/guildhall.js';
import { HttpLoad, type Target } from './support/http-load.js';
import { PacedLoad } from './support/paced-load.js';
import { fillPrices } from './support/prices.js';
import { pick, randomOf } from './support/random-data.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';

// Both servers run the program as it is shipped, each with its own embedded PostgreSQL; the one that profiles writes its rows
// there, which is part of the price. NODE_ENV=test: development would add the Server-Timing header. The request is one indexed
// read of a price. Rows are counted at the end: as many as the server has answered requests (its own counter at /metrics), and
// at least as many as the loads have seen answers.

const GAME = 'dofus';
const SERVER = 'draconiros';
const ROUTE = '/api/v1/market/games/:game/servers/:server/prices';
const ITEMS = 2_000;
const PATHS = 2_000;
const SETTLE_MS = 10_000;

await runBenchmark('profiling-overhead', async (benchmark) => {
  const on = await startSide(benchmark, 'on');
  const off = await startSide(benchmark, 'off');
  const saturation = new HttpLoad(benchmark);
  const paced = new PacedLoad(benchmark);
  const seconds = benchmark.isQuick ? 1 : 3;
  const rounds = 2 * benchmark.rounds; // short and many: whatever disturbs the machine lasts longer than a pair
  for (const { target } of [on, off]) await saturation.run(target, benchmark.isQuick ? 2 : 4); // compiles the hot path

  const full = await interleave(rounds, {
    off: () => saturation.run(off.target, seconds),
    on: () => saturation.run(on.target, seconds),
  });
  const rate = (name: 'on' | 'off'): number[] => full[name].map((figures) => figures.requestsPerS);
  const halfPerS = Math.round(Math.min(median(rate('on')), median(rate('off'))) / 2);
  const half = await interleave(rounds, {
    off: () => paced.run(off.target, halfPerS, seconds),
    on: () => paced.run(on.target, halfPerS, seconds),
  });
  const quantile = (name: 'on' | 'off', ratio: number): number[] =>
    half[name].map((latencies) => latencies[Math.floor(latencies.length * ratio)]!);

  for (const name of ['off', 'on'] as const) {
    printVariant(`profiling ${name}, saturation`, 'requests/s', rate(name));
    printVariant(
      '',
      'us CPU each',
      full[name].map((figures) => figures.cpuUsPerRequest),
    );
    printVariant(`profiling ${name}, ${halfPerS} requests/s`, 'ms p50', quantile(name, 0.5));
    printVariant('', 'ms p99', quantile(name, 0.99));
  }
  const p50 = ratios(quantile('off', 0.5), quantile('on', 0.5));
  const throughput = ratios(rate('on'), rate('off'));
  const counted = await countRows(benchmark, on.server);
  return {
    p50_ratio: median(p50),
    throughput_ratio: median(throughput),
    ...counted,
    p50_spread: spread(p50),
    throughput_spread: spread(throughput),
    p99_ratio: median(ratios(quantile('off', 0.99), quantile('on', 0.99))),
    cpu_us_on: median(full.on.map((figures) => figures.cpuUsPerRequest)),
    cpu_us_off: median(full.off.map((figures) => figures.cpuUsPerRequest)),
  };
});

interface Side {
  server: Guildhall;
  target: Target;
}

async function startSide(benchmark: Benchmark, profiling: 'on' | 'off'): Promise<Side> {
  const server = await startGuildhall(benchmark, {
    name: `profiling-${profiling}`,
    env: { PROFILING: profiling, NODE_ENV: 'test' },
  });
  const database = await connectOwner(benchmark, server);
  const itemIds = await fillPrices(benchmark, server, database, SERVER, ITEMS);
  const random = randomOf(benchmark.seed, 2);
  const path = (id: number): string => `/api/v1/market/games/${GAME}/servers/${SERVER}/prices?ids=${id}`;
  const target: Target = {
    name: `profiling ${profiling}`,
    url: server.url,
    pid: server.pid,
    headers: { Authorization: `Bearer ${READ_TOKEN}` },
    paths: Array.from({ length: PATHS }, () => path(pick(itemIds, random))),
    status: 200,
  };
  return { server, target };
}

/** Rows of the loaded route against the server's own count of its answers. */
async function countRows(benchmark: Benchmark, server: Guildhall): Promise<Figures> {
  const database = await connectOwner(benchmark, server);
  const metrics = async (): Promise<string> => {
    const answer = await fetch(`${server.url}/metrics`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    if (answer.status !== 200) throw new Error(`/metrics answers ${answer.status}`);
    return answer.text();
  };
  const expected = figureOf(
    await metrics(),
    `http_requests_total{method="GET",route="${ROUTE}",status="2xx"}`,
  );
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const { rows } = await database.query<{ stored: number }>(
      `SELECT count(*)::float8 AS stored FROM platform.api_performance_logs
       WHERE operation = 'request' AND endpoint = $1 AND (extra_data ->> 'status')::int = 200`,
      [`GET ${ROUTE}`],
    );
    const stored = rows[0]!.stored;
    if (stored >= expected || Date.now() > deadline) {
      const dropped = figureOf(await metrics(), 'profiling_rows_dropped_total');
      return { dropped, stored, expected, stored_ratio: stored / expected };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function figureOf(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(line.slice(name.length));
}
