// 100 people sign in at the same moment: how long others wait meanwhile, and how many get in
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOwner, startGuildhall } from './support/guildhall.js';
import { copyAccounts, register, signIn } from './support/people.js';
import { runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, quantile } from './support/statistics.js';

// Each storm is 100 sign-ins of different accounts from different addresses, all sent at once; while it lasts, /health/live is
// asked every few milliseconds over connections of its own. The reference is the same without a storm, for as long. A password costs
// some 20 to 50 ms of a core; two are hashed at a time and fifty wait, the others are told to come back (503, Retry-After).

const PEOPLE = 100;
const ASK_EVERY_MS = 5;
const EMAIL = 'first@example.org';

interface Storm {
  healthMs: number[];
  signedIn: number;
  turnedAway: number;
  durationMs: number;
}

await runBenchmark('signin-storm', async (benchmark) => {
  const server = await startGuildhall(benchmark, { env: { TRUST_PROXY: '1' } });
  const database = await connectOwner(benchmark, server);
  await register(server.url, EMAIL);
  const emailOf = (index: number): string => `person-${index}@example.org`;
  await copyAccounts(database, EMAIL, PEOPLE, emailOf);
  let storms = 0;
  const storm = async (): Promise<Storm> => {
    storms += 1;
    const startedMs = performance.now();
    const people = Promise.all(
      Array.from({ length: PEOPLE }, (_, index) =>
        signIn(server.url, emailOf(index), `10.${storms}.0.${index + 1}`),
      ),
    );
    const healthMs = await askUntil(server.url, people);
    const statuses = (await people).map(({ status }) => status);
    const count = (status: number): number => statuses.filter((one) => one === status).length;
    if (count(200) + count(503) !== PEOPLE) throw new Error(`Unexpected answers: ${statuses.join(' ')}`);
    const durationMs = performance.now() - startedMs;
    return { healthMs, signedIn: count(200), turnedAway: count(503), durationMs };
  };
  const first = await storm(); // compiles the path
  const calm = async (): Promise<Storm> => {
    const healthMs = await askUntil(server.url, sleep(first.durationMs));
    return { healthMs, signedIn: 0, turnedAway: 0, durationMs: first.durationMs };
  };
  const measured = await interleave(benchmark.rounds, { storm, calm });
  const p99 = (of: Storm[]): number[] => of.map(({ healthMs }) => quantile(healthMs, 0.99));
  printVariant('health during the storm', 'ms p99', p99(measured.storm));
  printVariant('health without one', 'ms p99', p99(measured.calm));
  const perS = measured.storm.map(({ signedIn, durationMs }) => (signedIn / durationMs) * 1_000);
  printVariant('sign-ins', 'per s', perS);
  return {
    health_p99_ms: median(p99(measured.storm)),
    health_p99_calm_ms: median(p99(measured.calm)),
    health_max_ms: Math.max(...measured.storm.flatMap(({ healthMs }) => healthMs)),
    signed_in: median(measured.storm.map(({ signedIn }) => signedIn)),
    turned_away: median(measured.storm.map(({ turnedAway }) => turnedAway)),
    sign_ins_per_s: median(perS),
  };
});

/** Asks for the server's health until something else has ended. @returns how long each answer took */
async function askUntil(base: string, ended: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  void ended.finally(() => (isOver = true));
  const waits: number[] = [];
  const asked: Promise<void>[] = [];
  while (!isOver) {
    const startedMs = performance.now();
    asked.push(
      fetch(`${base}/health/live`).then(async (answer) => {
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`Health answered ${answer.status}`);
        waits.push(performance.now() - startedMs);
      }),
    );
    await sleep(ASK_EVERY_MS);
  }
  await Promise.all(asked);
  return waits;
}
