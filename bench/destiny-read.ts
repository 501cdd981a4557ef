// the catalyst list of a player with two years of history through the whole stack, against bare node:http + pg
import type { BareCatalystsOptions } from './processes/bare-catalysts-server.js';
import { fillHistory } from './support/destiny-history.js';
import { connectOwner, connectSystem, POOL_SIZE, startGuildhall } from './support/guildhall.js';
import { HttpLoad, type LoadFigures, type Target } from './support/http-load.js';
import { PacedLoad } from './support/paced-load.js';
import { register, signIn } from './support/people.js';
import { runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, quantile, ratios, spread } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// What is compared, on one database and with the same load:
// - ours: GET /api/v1/destiny/catalysts with an account's access token, as `npm start` serves it (context, guard, row-level security,
//   validation, filters, order, tag, log line, problem filter, security headers). No request carries a tag: all are answered in full.
// - bare: node:http and pg with the same named statement, role, mapper, order, JSON and number of pooled connections. Its player is a
//   setting of the connection, so that it pays nothing for the scope.
// p95: ours at a third of the pace that it bears, from when a request was due.

const EMAIL = 'guardian@example.org';
const PATH = '/api/v1/destiny/catalysts';
const PACE = 1 / 3;

await runBenchmark('destiny-read', async (benchmark) => {
  const server = await startGuildhall(benchmark, {
    env: { DOMAINS: 'destiny', RATE_LIMIT_PER_MIN: '1000000' },
  });
  await register(server.url, EMAIL);
  const { accessToken } = await signIn(server.url, EMAIL, '192.0.2.1');
  const owner = await connectOwner(benchmark, server);
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
    EMAIL,
  ]);
  const userId = rows[0]!.id;
  const system = await connectSystem(benchmark, server);
  const filled = await fillHistory(system, userId, benchmark.seed);
  await owner.query('ANALYZE destiny.catalyst_status, destiny.catalyst_progress, destiny.tracked_catalyst');
  const worker = startWorker(benchmark, 'bare-catalysts-server');
  const options: BareCatalystsOptions = {
    databaseUrl: server.databaseUrl,
    connections: POOL_SIZE,
    userId,
  };
  const bareAt = await worker.ask<{ url: string }>(options);
  const headers = { Authorization: `Bearer ${accessToken}` };
  const ours: Target = {
    name: 'ours',
    url: server.url,
    pid: server.pid,
    headers,
    paths: [PATH],
    status: 200,
  };
  const bare: Target = { ...ours, name: 'bare', url: bareAt.url, pid: worker.pid, headers: {} };
  const text = await bodyOf(ours);
  if (text !== (await bodyOf(bare))) throw new Error('The two sides do not answer the same');
  const { items } = JSON.parse(text) as { items: { state: string; isTracked: boolean }[] };
  if (items.length !== filled.statuses || items.some(({ state }) => state === 'unknown'))
    throw new Error('Not all catalysts are answered');
  console.log(`  ${filled.statuses} statuses, ${filled.moves} moves, answers of ${text.length} characters`);
  const load = new HttpLoad(benchmark);
  const seconds = benchmark.isQuick ? 3 : 6;
  for (const target of [ours, bare]) await load.run(target, benchmark.isQuick ? 2 : 4); // compiles the hot path
  const measured = await interleave<'ours' | 'bare', LoadFigures>(benchmark.rounds, {
    ours: () => load.run(ours, seconds),
    bare: () => load.run(bare, seconds),
  });
  const rate = (name: 'ours' | 'bare'): number[] => measured[name].map(({ requestsPerS }) => requestsPerS);
  const cpu = (name: 'ours' | 'bare'): number[] =>
    measured[name].map(({ cpuUsPerRequest }) => cpuUsPerRequest);
  for (const name of ['ours', 'bare'] as const) {
    printVariant(name, 'requests/s', rate(name));
    printVariant('', 'us CPU each', cpu(name));
  }
  const pace = Math.max(1, Math.floor(median(rate('ours')) * PACE));
  const latencies = await new PacedLoad(benchmark).run(ours, pace, seconds);
  const toBare = ratios(rate('ours'), rate('bare'));
  return {
    ratio_to_bare: median(toBare),
    spread: spread(toBare),
    rps: median(rate('ours')),
    rps_bare: median(rate('bare')),
    cpu_us: median(cpu('ours')),
    cpu_us_bare: median(cpu('bare')),
    p95_ms: quantile(latencies, 0.95),
  };
});

async function bodyOf({ url, headers, paths }: Target): Promise<string> {
  const answer = await fetch(url + paths[0]!, { headers });
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer.text();
}
