// one indexed read through the whole stack against bare node:http + pg; 304 answers; growth with 400 more routes
import type { Client } from 'pg';
import type { BareServerOptions } from './processes/bare-server.js';
import type { RoutesServerOptions } from './processes/routes-server.js';
import { connectOwner, type Guildhall, POOL_SIZE, READ_TOKEN, startGuildhall } from './support/guildhall.js';
import { HttpLoad, type LoadFigures, type Target } from './support/http-load.js';
import { fillPrices } from './support/prices.js';
import { pick, randomOf } from './support/random-data.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// What is compared, on one database and with the same load:
// - ours: GET .../prices?ids=<one random item> with a token (context, guard, validation, scope, log line, problem filter,
//   security and CORS headers), as `npm start` serves it.
// - bare: node:http and pg with the same named statement, role, JSON and number of pooled connections as ours may open.
//   bare_pipelined: the same on two pipelined connections, which is how our own short reads travel.
// - 304: ours with a matching If-None-Match against the bare server doing the same (the version by the same named statement,
//   then 304 without a body); and against the bare server's ordinary answer, which is what a 304 saves.
// - growth: processor time per request of a small Nest application on our adapter, 410 routes before the target against 10.

const PIPELINED_CONNECTIONS = 2;
const GAME = 'dofus';
const SERVER = 'draconiros';
const ITEMS = 6_000;
const CHECKED_ANSWERS = 25;
const PATHS = 2_000;

await runBenchmark('api-read', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const database = await connectOwner(benchmark, server);
  const itemIds = await fillPrices(benchmark, server, database, SERVER, ITEMS);
  const targets = await startTargets(benchmark, server, database, itemIds);
  await assertSameAnswers(targets);
  const load = new HttpLoad(benchmark);
  const seconds = benchmark.isQuick ? 1 : 4;
  for (const target of Object.values(targets)) await load.run(target, benchmark.isQuick ? 1 : 3); // compiles the hot path
  const variants = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [name, () => load.run(target, seconds)]),
  ) as Record<keyof Targets, () => Promise<LoadFigures>>;
  return report(await interleave(benchmark.rounds, variants));
});

interface Targets {
  ours: Target;
  bare: Target;
  barePipelined: Target;
  ours304: Target;
  bare304: Target;
  routes10: Target;
  routes410: Target;
}

async function startTargets(
  benchmark: Benchmark,
  server: Guildhall,
  database: Client,
  itemIds: readonly number[],
): Promise<Targets> {
  const { rows } = await database.query<{ id: number }>('SELECT id FROM market.server WHERE key = $1', [
    SERVER,
  ]);
  const random = randomOf(benchmark.seed, 2);
  const ids = Array.from({ length: PATHS }, () => pick(itemIds, random));
  const ownPath = (id: number): string => `/api/v1/market/games/${GAME}/servers/${SERVER}/prices?ids=${id}`;
  const bareOptions = { databaseUrl: server.databaseUrl, server: { id: rows[0]!.id, key: SERVER } };
  const bare = await startBare(benchmark, { ...bareOptions, connections: POOL_SIZE, isPipelined: false });
  const barePipelined = await startBare(benchmark, {
    ...bareOptions,
    connections: PIPELINED_CONNECTIONS,
    isPipelined: true,
  });
  const ours: Target = {
    name: 'ours',
    url: server.url,
    pid: server.pid,
    headers: { Authorization: `Bearer ${READ_TOKEN}` },
    paths: ids.map(ownPath),
    status: 200,
  };
  const bareTarget = (name: string, at: { url: string; pid: number }): Target => ({
    ...at,
    name,
    headers: {},
    paths: ids.map((id) => `/prices?ids=${id}`),
    status: 200,
  });
  const etag =
    (await fetch(server.url + ours.paths[0]!, { headers: ours.headers })).headers.get('etag') ?? '';
  const withTag = (target: Target): Target => ({
    ...target,
    name: `${target.name}304`,
    headers: { ...target.headers, 'If-None-Match': etag },
    status: 304,
  });
  const plain = bareTarget('bare', bare);
  return {
    ours,
    bare: plain,
    barePipelined: bareTarget('barePipelined', barePipelined),
    ours304: withTag(ours),
    bare304: withTag(plain),
    routes10: await startRoutes(benchmark, 10),
    routes410: await startRoutes(benchmark, 410),
  };
}

async function startBare(
  benchmark: Benchmark,
  options: BareServerOptions,
): Promise<{ url: string; pid: number }> {
  const worker = startWorker(benchmark, 'bare-server');
  const { url } = await worker.ask<{ url: string }>(options);
  return { url, pid: worker.pid };
}

async function startRoutes(benchmark: Benchmark, routes: number): Promise<Target> {
  const worker = startWorker(benchmark, 'routes-server');
  const { url } = await worker.ask<{ url: string }>({ routes } satisfies RoutesServerOptions);
  const random = randomOf(benchmark.seed, 3);
  const paths = Array.from({ length: PATHS }, () => `/api/v1/target/things/${random.uint32()}`);
  return { name: `routes${routes}`, url, pid: worker.pid, headers: {}, paths, status: 200 };
}

/** Faster by answering something else would be no answer. */
async function assertSameAnswers({ ours, bare, barePipelined, ours304, bare304 }: Targets): Promise<void> {
  for (let index = 0; index < CHECKED_ANSWERS; index += 1) {
    const expected = await bodyOf(ours, index);
    if (!expected.includes('"unitPrice":')) throw new Error(`No price in ${expected}`);
    for (const other of [bare, barePipelined]) {
      const found = await bodyOf(other, index);
      if (found !== expected) throw new Error(`${other.name} answers ${found}, ours ${expected}`);
    }
  }
  for (const target of [ours304, bare304]) {
    if ((await bodyOf(target, 0)) !== '') throw new Error(`${target.name} has a body`);
  }
}

async function bodyOf(target: Target, index: number): Promise<string> {
  const answer = await fetch(target.url + target.paths[index]!, { headers: target.headers });
  if (answer.status !== target.status) throw new Error(`${target.name} answers ${answer.status}`);
  return answer.text();
}

function report(measured: Record<keyof Targets, LoadFigures[]>): Figures {
  const rate = (name: keyof Targets): number[] => measured[name].map((figures) => figures.requestsPerS);
  const cpu = (name: keyof Targets): number[] => measured[name].map((figures) => figures.cpuUsPerRequest);
  for (const name of Object.keys(measured) as (keyof Targets)[]) {
    printVariant(name, 'requests/s', rate(name));
    printVariant('', 'us CPU each', cpu(name));
  }
  const toBare = ratios(rate('ours'), rate('bare'));
  return {
    ratio_to_bare: median(toBare),
    spread: spread(toBare),
    cpu_us: median(cpu('ours')),
    cpu_us_bare: median(cpu('bare')),
    cpu_ratio_to_bare: median(ratios(cpu('bare'), cpu('ours'))),
    ratio_to_bare_pipelined: median(ratios(rate('ours'), rate('barePipelined'))),
    cpu_us_bare_pipelined: median(cpu('barePipelined')),
    ratio_304_to_bare: median(ratios(rate('ours304'), rate('bare304'))),
    ratio_304_to_bare_200: median(ratios(rate('ours304'), rate('bare'))),
    cpu_us_304: median(cpu('ours304')),
    cpu_us_304_bare: median(cpu('bare304')),
    growth_400_routes: median(ratios(cpu('routes410'), cpu('routes10'))),
  };
}
