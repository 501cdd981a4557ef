// an import of the manifest in streaming: memory that it takes, and what readers of the current version feel meanwhile
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN, type Guildhall, READ_TOKEN, startGuildhall } from './support/guildhall.js';
import type { Target } from './support/http-load.js';
import {
  MANIFEST_API_KEY,
  type ManifestRequest,
  type ManifestUpstream,
} from './support/manifest-upstream.js';
import { PacedLoad } from './support/paced-load.js';
import { cpuUs, rssMb } from './support/process-figures.js';
import { type Benchmark, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, quantile } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// The program with its embedded PostgreSQL, as one process for API and worker: whoever reads shares everything with the import. Each
// round reads definitions at a given pace while nothing else happens, then publishes another version and goes on reading at that pace
// until it is current. p95_during_over_idle compares both of the same round. rss_growth_mb is the most that the process had during an import
// beyond what it had before it, of the worst round; counts of stored definitions are checked. Single definitions come from the program's
// memory once they were read, so every fourth request searches by name, which the database answers.

const SIZE_BYTES = { quick: 12_000_000, full: 200_000_000 };
const FIRST_BYTES = 4_000_000;
const REQUESTS_PER_S = 150;
const ITEMS = '/api/v1/destiny/definitions/DestinyInventoryItemDefinition';
/** Parts of the names that the stand-in makes. */
const SEARCHED = ['solar arc', 'last wish', 'void', 'catalyst', 'strand gun'].map(encodeURIComponent);
const IDLE_S = { quick: 3, full: 8 };
/** Of the load during an import; the last one may go on behind its end and does not count then. */
const SLICE_S = 1;
const SAMPLE_EVERY_MS = 50;
/** An import rests two thirds of its time, so that of 200 MB takes two minutes on an idle machine. */
const CURRENT_WITHIN_MS = 750_000;
const MOST_ROUNDS = 2;

interface Round {
  idleP95Ms: number;
  duringP95Ms: number;
  growthMb: number;
  mbPerS: number;
  cpuMsPerMb: number;
}

interface Shown {
  version: string;
  items: {
    version: string;
    state: string;
    isCurrent: boolean;
    fault: string | null;
    tables: { definitionCount: number }[];
  }[];
}

class ManifestBenchmark {
  private constructor(
    private readonly benchmark: Benchmark,
    private readonly upstream: Worker,
    private readonly server: Guildhall,
    private readonly load: PacedLoad,
    private readonly target: Target,
  ) {}

  static async open(benchmark: Benchmark): Promise<ManifestBenchmark> {
    const upstream = startWorker(benchmark, 'manifest-upstream');
    const first: ManifestRequest = { seed: benchmark.seed, version: 'bench.0', sizeBytes: FIRST_BYTES };
    const { url, itemHashes } = await upstream.ask<ManifestUpstream>(first);
    const env = { BUNGIE_API_KEY: MANIFEST_API_KEY, BUNGIE_URL: url };
    const server = await startGuildhall(benchmark, { env });
    const target: Target = {
      name: 'definitions',
      url: server.url,
      pid: server.pid,
      headers: { Authorization: `Bearer ${READ_TOKEN}` },
      paths: itemHashes.map((hash, index) =>
        index % 4 === 0 ? `${ITEMS}?q=${SEARCHED[index % SEARCHED.length]}&limit=3` : `${ITEMS}/${hash}`,
      ),
      status: 200,
    };
    const bench = new ManifestBenchmark(benchmark, upstream, server, new PacedLoad(benchmark), target);
    await bench.isCurrent('bench.0'); // the import of the start
    await bench.load.run(target, REQUESTS_PER_S, 2); // warm
    return bench;
  }

  async round(number: number): Promise<Round> {
    const { isQuick, seed } = this.benchmark;
    const idle = await this.load.run(this.target, REQUESTS_PER_S, isQuick ? IDLE_S.quick : IDLE_S.full);
    const version = `bench.${number}`;
    const sizeBytes = isQuick ? SIZE_BYTES.quick : SIZE_BYTES.full;
    const sent = await this.upstream.ask<ManifestUpstream>({ seed, version, sizeBytes });
    const beforeMb = rssMb(this.server.pid);
    const beforeUs = cpuUs(this.server.pid);
    let mostMb = beforeMb;
    const sampler = setInterval(() => (mostMb = Math.max(mostMb, rssMb(this.server.pid))), SAMPLE_EVERY_MS);
    const startedMs = performance.now();
    await this.call('POST', '/api/v1/destiny/manifest/import', ADMIN_TOKEN);
    let endedMs = 0;
    const current = this.isCurrent(version).then((shown) => {
      endedMs = performance.now();
      return shown;
    });
    current.catch(() => (endedMs = performance.now()));
    const during: number[] = [];
    for (;;) {
      const latencies = await this.load.run(this.target, REQUESTS_PER_S, SLICE_S);
      if (endedMs > 0 && during.length > 0) break;
      during.push(...latencies);
    }
    clearInterval(sampler);
    const shown = await current;
    this.assertWhole(shown, version, sent.definitionCount);
    const usedUs = cpuUs(this.server.pid) - beforeUs;
    const mb = sent.sizeBytes / 1e6;
    return {
      idleP95Ms: quantile(idle, 0.95),
      duringP95Ms: quantile(during, 0.95),
      growthMb: mostMb - beforeMb,
      mbPerS: mb / ((endedMs - startedMs) / 1_000),
      cpuMsPerMb: usedUs / 1_000 / mb,
    };
  }

  private assertWhole({ items }: Shown, version: string, definitionCount: number): void {
    const found = items.find((item) => item.version === version);
    const stored = (found?.tables ?? []).reduce((sum, table) => sum + table.definitionCount, 0);
    if (stored !== definitionCount)
      throw new Error(`${version} holds ${stored} definitions instead of ${definitionCount}`);
  }

  private async isCurrent(version: string): Promise<Shown> {
    const deadline = Date.now() + CURRENT_WITHIN_MS;
    for (;;) {
      const shown = await this.call<Shown>('GET', '/api/v1/destiny/manifest', READ_TOKEN);
      if (shown.version === version) return shown;
      const fault = shown.items.find((item) => item.version === version)?.fault;
      if (fault || Date.now() > deadline) throw new Error(`${version} did not become current: ${fault}`);
      await sleep(100);
    }
  }

  private async call<T>(method: string, path: string, token: string): Promise<T> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(this.server.url + path, { method, headers });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}

await runBenchmark('destiny-manifest', async (benchmark) => {
  const bench = await ManifestBenchmark.open(benchmark);
  const rounds: Round[] = [];
  const count = benchmark.isQuick ? benchmark.rounds : MOST_ROUNDS;
  for (let number = 1; number <= count; number += 1) rounds.push(await bench.round(number));
  const of = (key: keyof Round): number[] => rounds.map((round) => round[key]);
  printVariant('read while nothing happens, p95', 'ms', of('idleP95Ms'));
  printVariant('read during an import, p95', 'ms', of('duringP95Ms'));
  printVariant('memory that an import takes', 'MB', of('growthMb'));
  printVariant('import', 'MB/s', of('mbPerS'));
  const ratios = rounds.map(({ duringP95Ms, idleP95Ms }) => duringP95Ms / idleP95Ms);
  return {
    rss_growth_mb: Math.max(...of('growthMb')),
    p95_during_over_idle: median(ratios),
    p95_during_over_idle_worst: Math.max(...ratios),
    idle_p95_ms: median(of('idleP95Ms')),
    during_p95_ms: median(of('duringP95Ms')),
    mb_per_s: median(of('mbPerS')),
    cpu_ms_per_mb: median(of('cpuMsPerMb')),
  };
});
