// one indexed read with an account's access token, which was verified before, against the same read with a service token
import { connectOwner, READ_TOKEN, startGuildhall } from './support/guildhall.js';
import { HttpLoad, type LoadFigures, type Target } from './support/http-load.js';
import { register, signIn } from './support/people.js';
import { fillPrices } from './support/prices.js';
import { pick, randomOf } from './support/random-data.js';
import { runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';

// What is compared, on one server and with the same load: GET .../prices?ids=<one random item>
// - account: with the access token of a member who has signed in. It was verified at the first request; each one asks whether
//   it has been revoked, and is counted against a limit that is set too high to be reached.
// - service: with READ_API_TOKEN, which is neither revoked nor counted.

const SERVER = 'draconiros';
const ITEMS = 2_000;
const PATHS = 2_000;
const EMAIL = 'runner@example.org';

await runBenchmark('auth-overhead', async (benchmark) => {
  const server = await startGuildhall(benchmark, { env: { RATE_LIMIT_PER_MIN: '1000000' } });
  const database = await connectOwner(benchmark, server);
  const itemIds = await fillPrices(benchmark, server, database, SERVER, ITEMS);
  await register(server.url, EMAIL);
  const { accessToken } = await signIn(server.url, EMAIL, '192.0.2.1');
  const random = randomOf(benchmark.seed, 2);
  const paths = Array.from(
    { length: PATHS },
    () => `/api/v1/market/games/dofus/servers/${SERVER}/prices?ids=${pick(itemIds, random)}`,
  );
  const target = (name: string, token: string): Target => ({
    name,
    url: server.url,
    pid: server.pid,
    headers: { Authorization: `Bearer ${token}` },
    paths,
    status: 200,
  });
  const targets = { account: target('account', accessToken), service: target('service', READ_TOKEN) };
  const load = new HttpLoad(benchmark);
  for (const one of Object.values(targets)) await load.run(one, benchmark.isQuick ? 1 : 3); // compiles the hot path
  const seconds = benchmark.isQuick ? 2 : 4;
  const measured: Record<keyof typeof targets, LoadFigures[]> = await interleave(benchmark.rounds, {
    account: () => load.run(targets.account, seconds),
    service: () => load.run(targets.service, seconds),
  });
  const rate = (name: keyof typeof targets): number[] =>
    measured[name].map(({ requestsPerS }) => requestsPerS);
  const cpu = (name: keyof typeof targets): number[] =>
    measured[name].map(({ cpuUsPerRequest }) => cpuUsPerRequest);
  for (const name of ['account', 'service'] as const) {
    printVariant(name, 'requests/s', rate(name));
    printVariant('', 'us CPU each', cpu(name));
  }
  const toService = ratios(rate('account'), rate('service'));
  return {
    ratio: median(toService),
    spread: spread(toService),
    cpu_us: median(cpu('account')),
    cpu_us_service: median(cpu('service')),
  };
});
