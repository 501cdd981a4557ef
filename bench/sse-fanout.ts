// One change of a price told to 2,000 listeners of its server, against bare node:http writing the same bytes.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_TOKEN, READ_TOKEN, startGuildhall } from './support/guildhall.js';
import type { Arrival, SubscribersRequest } from './processes/sse-subscribers.js';
import { cpuUs } from './support/process-figures.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

const LISTENERS = 2_000;
const SERVER = 'draconiros';
const ROOT = `/api/v1/market/games/dofus/servers/${SERVER}`;
/** Items that the server shows beside the one that changes. */
const ITEMS = 1_000;
/** Between two events, so that none finds the work of the one before. */
const REST_MS = 150;
const EXTERNAL_ID = 44;

interface Side {
  url: string;
  pid: number;
  subscribers: Worker;
  /** Makes the next change. @returns a text of its event */
  change: () => Promise<string>;
}

interface Told {
  /** From the answer that the change was taken until the last listener has it. */
  lastMs: number;
  /** From the first listener's to the last one's. */
  spreadMs: number;
  cpuUs: number;
  bytes: number;
}

await runBenchmark('sse-fanout', async (benchmark) => {
  assertDescriptors();
  const ours = await startOurs(benchmark);
  const bare = await startBare(benchmark, ours);
  const events = benchmark.isQuick ? 8 : 25;
  for (const side of [ours, bare]) await tell(side, 3); // compiles the hot path
  const measured = await interleave(benchmark.rounds, {
    ours: () => tell(ours, events),
    bare: () => tell(bare, events),
  });
  return report(measured);
});

/** Listeners are file descriptors of the server, which Node raises to the hard limit. */
function assertDescriptors(): void {
  const most = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (most !== 'unlimited' && Number(most) < 2 * LISTENERS + 500)
    throw new Error(`ulimit -Hn is ${most}; ${LISTENERS} listeners on two servers need more`);
}

async function startOurs(benchmark: Benchmark): Promise<Side> {
  const { url, pid } = await startGuildhall(benchmark, { env: { RATE_LIMITS: 'off' } });
  let [clock, price] = [Date.now() - 3_600_000, 1_000];
  const observe = async (points: object[]): Promise<void> => {
    const answer = await fetch(`${url}${ROOT}/observations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INGEST_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(points),
    });
    if (answer.status !== 201) throw new Error(await answer.text());
    await answer.arrayBuffer();
  };
  const seen = (externalId: number, unitPrice: number): object => ({
    externalId,
    unitPrice,
    capturedAt: new Date(clock).toISOString(),
  });
  await observe(Array.from({ length: ITEMS }, (_, index) => seen(EXTERNAL_ID + index, 500)));
  const subscribers = startWorker(benchmark, 'sse-subscribers');
  const path = `${ROOT}/stream`;
  await subscribers.ask({
    kind: 'open',
    url,
    path,
    token: READ_TOKEN,
    count: LISTENERS,
  } satisfies SubscribersRequest);
  return {
    url,
    pid,
    subscribers,
    change: async () => {
      clock += 1_000;
      price += 1;
      await observe([seen(EXTERNAL_ID, price)]);
      return `"unitPrice":${price},`;
    },
  };
}

/** The very bytes of an event of ours, with another price each time. */
async function startBare(benchmark: Benchmark, ours: Side): Promise<Side> {
  const worker = startWorker(benchmark, 'bare-sse-server');
  const { url } = await worker.ask<{ url: string }>({});
  const { subscribers } = ours;
  await subscribers.ask({
    kind: 'open',
    url,
    path: '/',
    token: '',
    count: LISTENERS,
  } satisfies SubscribersRequest);
  let price = 1_000;
  return {
    url,
    pid: worker.pid,
    subscribers,
    change: async () => {
      price += 1;
      const capturedAt = new Date().toISOString();
      const version = Date.now();
      const told = `{"itemId":1234,"unitPrice":${price},"previousUnitPrice":${price - 1},"capturedAt":"${capturedAt}","lots":1}`;
      const body = `event: price\ndata: {"version":${version},"isLast":true,"prices":[${told}]}\n\nid: ${version}\n\n`;
      const answer = await fetch(url, { method: 'POST', body });
      await answer.arrayBuffer();
      return `"unitPrice":${price},`;
    },
  };
}

async function tell({ url, pid, subscribers, change }: Side, events: number): Promise<Told> {
  const told: Told[] = [];
  for (let index = 0; index < events; index += 1) {
    await sleep(REST_MS);
    const before = cpuUs(pid);
    const marker = await change();
    const takenMs = performance.timeOrigin + performance.now();
    const { firstMs, lastMs, bytes } = await subscribers.ask<Arrival>({
      kind: 'await',
      url,
      marker,
    } satisfies SubscribersRequest);
    told.push({
      lastMs: Math.max(lastMs - takenMs, lastMs - firstMs),
      spreadMs: lastMs - firstMs,
      cpuUs: cpuUs(pid) - before,
      bytes,
    });
  }
  const middle = (figure: (one: Told) => number): number => median(told.map(figure));
  return {
    lastMs: middle((one) => one.lastMs),
    spreadMs: middle((one) => one.spreadMs),
    cpuUs: told.reduce((sum, one) => sum + one.cpuUs, 0) / events,
    bytes: middle((one) => one.bytes),
  };
}

function report(measured: Record<'ours' | 'bare', Told[]>): Figures {
  const of = (name: 'ours' | 'bare', figure: keyof Told): number[] =>
    measured[name].map((one) => one[figure]);
  for (const name of ['ours', 'bare'] as const) {
    printVariant(name, 'ms until the last has it', of(name, 'lastMs'));
    printVariant('', 'ms from the first to the last', of(name, 'spreadMs'));
    printVariant(
      '',
      'us CPU per listener',
      of(name, 'cpuUs').map((us) => us / LISTENERS),
    );
  }
  const toBare = ratios(of('bare', 'lastMs'), of('ours', 'lastMs'));
  return {
    ratio_to_bare: median(toBare),
    spread: spread(toBare),
    listeners: LISTENERS,
    last_ms: median(of('ours', 'lastMs')),
    last_ms_bare: median(of('bare', 'lastMs')),
    ratio_to_bare_writing: median(ratios(of('bare', 'spreadMs'), of('ours', 'spreadMs'))),
    cpu_us: median(of('ours', 'cpuUs')) / LISTENERS,
    cpu_us_bare: median(of('bare', 'cpuUs')) / LISTENERS,
    bytes: median(of('ours', 'bytes')) / LISTENERS,
    bytes_bare: median(of('bare', 'bytes')) / LISTENERS,
  };
}
