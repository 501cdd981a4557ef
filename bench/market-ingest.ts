// price rows per second over HTTP against COPY, against one call per row, with four writers; memory over the run
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { packageRoot } from '../src/platform/config/package-root.js';
import type { DatabaseLoadRequest, Loaded } from './processes/database-load.js';
import type { IngestLoadRequest, Sent } from './processes/ingest-load.js';
import {
  connectOwner,
  type Guildhall,
  INGEST_TOKEN,
  POOL_SIZE,
  startGuildhall,
} from './support/guildhall.js';
import type { ServerRef, Slice, World } from './support/ingest-world.js';
import { SOURCE } from './support/observations.js';
import { childrenCpuUs, cpuUs, rssMb } from './support/process-figures.js';
import { randomOf, shuffle } from './support/random-data.js';
import { makeRawTable } from './support/raw-table.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// What is compared, in one embedded PostgreSQL at the settings that the program gives it (synchronous_commit on):
// - ours: POST of batches of 1,000 observations as JSON, each answered 201 with one verdict per row. `one`: one writer;
//   `fourServers`: four writers, a server each; `oneServer`: four writers on one server.
// - copy: the rows of `one` in one COPY into a copy of the raw table with its constraints, indexes and partitions. It neither
//   looks for repetitions nor keeps `latest`.
// - seed: rows of `one` by one call each of the original's function (seed-ingest.sql): `seedOne` by one caller, which is what
//   `one` is set against; `seedMany` by as many as we may open connections, set against `fourServers`. The ratio is the worse.
// Every row differs from the one before it of its item, so all must be stored; the tables are counted at the end.

const BATCH = 1_000;
const BATCHES = { quick: { one: 40, four: 40 }, full: { one: 60, four: 44 } };
const SEED_ROWS = { quick: 3_000, full: 6_000 };
const WARM_UP_BATCHES = 10;
const SAMPLE_MS = 100;

interface Measured {
  rowsPerS: number;
  /** Processor time per row of the API process, where it takes part. */
  cpuUs: number;
  /** The same of PostgreSQL. */
  postgresCpuUs: number;
}

type Variant = 'one' | 'copy' | 'seedOne' | 'fourServers' | 'seedMany' | 'oneServer';

class IngestBenchmark {
  sentRows = 0;
  private readonly http: Worker;
  private readonly direct: Worker;
  private readonly batches: { one: number; four: number };
  private readonly seedRows: number;
  /** How far each server's stream of rows has come. */
  private readonly positions = new Map<number, number>();
  private readonly stored = { copy: 0, seed: 0 };
  private servers: ServerRef[] = [];
  private sourceId = 0;

  constructor(
    benchmark: Benchmark,
    private readonly server: Guildhall,
    private readonly database: Client,
    private readonly world: World,
  ) {
    this.http = startWorker(benchmark, 'ingest-load');
    this.direct = startWorker(benchmark, 'database-load');
    this.batches = benchmark.isQuick ? BATCHES.quick : BATCHES.full;
    this.seedRows = benchmark.isQuick ? SEED_ROWS.quick : SEED_ROWS.full;
  }

  async prepare(): Promise<void> {
    const { world, server, database } = this;
    this.servers = (await database.query<ServerRef>('SELECT id, key FROM market.server ORDER BY id')).rows;
    await this.askHttp({ kind: 'use', world, url: server.url, token: INGEST_TOKEN });
    await this.askDirect({ kind: 'use', world, databaseUrl: server.databaseUrl, connections: POOL_SIZE });
    await this.sendOver([7], WARM_UP_BATCHES);
    const { rows } = await database.query<{ id: number }>('SELECT id FROM market.source WHERE name = $1', [
      SOURCE,
    ]);
    this.sourceId = rows[0]!.id;
    await makeReferenceTables(database);
  }

  variants(): Record<Variant, (round: number) => Promise<Measured>> {
    return {
      one: () => this.sendOver([1], this.batches.one),
      copy: () => this.copy(),
      seedOne: () => this.callPerRow(1, 0),
      fourServers: () => this.sendOver([2, 3, 4, 5], this.batches.four),
      seedMany: () => this.callPerRow(POOL_SIZE, this.seedRows),
      oneServer: () => this.sendOver([6, 6, 6, 6], this.batches.four),
    };
  }

  /** Counts what is in the tables. */
  async assertAllStored(): Promise<void> {
    const count = async (table: string): Promise<number> =>
      Number((await this.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);
    const expected = [
      ['market.observation', this.sentRows],
      ['bench.observation', this.stored.copy],
      ['bench.seed_observation', this.stored.seed],
    ] as const;
    for (const [table, rows] of expected) {
      const found = await count(table);
      if (found !== rows) throw new Error(`${table} holds ${found} rows instead of ${rows}`);
    }
    const behind = await count(
      `market.latest l WHERE l.captured_at <> (SELECT max(o.captured_at) FROM market.observation o
         WHERE o.server_id = l.server_id AND o.item_id = l.item_id)`,
    );
    if (behind > 0) throw new Error(`${behind} rows of market.latest are not the latest`);
  }

  /** @param writers per writer the number of its server @param count batches of all writers together */
  private async sendOver(writers: readonly number[], count: number): Promise<Measured> {
    const slices = writers.map((): Slice[] => []);
    for (let batch = 0; batch < count; batch += 1) {
      const writer = batch % writers.length;
      slices[writer]!.push(this.nextSlice(this.servers[writers[writer]!]!, BATCH));
    }
    await this.askHttp({ kind: 'prepare', writers: slices });
    const rows = count * BATCH;
    const measured = await this.measured(rows, async () => {
      const sent = (await this.askHttp({ kind: 'send' }))!;
      if (sent.accepted !== rows) throw new Error(`${sent.accepted} of ${rows} rows were accepted`);
      return sent.seconds;
    });
    this.sentRows += rows;
    return measured;
  }

  private async copy(): Promise<Measured> {
    const slice = this.sliceOfOne(0, this.batches.one * BATCH);
    await this.askDirect({ kind: 'prepareCopy', table: 'bench.observation', sourceId: this.sourceId, slice });
    return this.measured(slice.count, async () =>
      this.accept(slice, await this.askDirect({ kind: 'copy' }), 'copy'),
    );
  }

  /** @param skip rows of the round that another variant has taken: sent again they would be repetitions */
  private async callPerRow(callers: number, skip: number): Promise<Measured> {
    const slice = this.sliceOfOne(skip, this.seedRows);
    await this.askDirect({ kind: 'prepareCalls', slice });
    const call: DatabaseLoadRequest = { kind: 'call', callers };
    return this.measured(slice.count, async () => this.accept(slice, await this.askDirect(call), 'seed'));
  }

  private accept(slice: Slice, loaded: Loaded | undefined, side: 'copy' | 'seed'): number {
    if (loaded?.stored !== slice.count)
      throw new Error(`${loaded?.stored} of ${slice.count} rows were stored by ${side}`);
    this.stored[side] += loaded.stored;
    return loaded.seconds;
  }

  /** The references get rows that `one` has just sent. */
  private sliceOfOne(skip: number, count: number): Slice {
    const server = this.servers[1]!;
    return { server, first: this.positions.get(server.id)! - this.batches.one * BATCH + skip, count };
  }

  private nextSlice(server: ServerRef, count: number): Slice {
    const first = this.positions.get(server.id) ?? 0;
    this.positions.set(server.id, first + count);
    return { server, first, count };
  }

  private async measured(rows: number, work: () => Promise<number>): Promise<Measured> {
    const before = { api: cpuUs(this.server.pid), postgres: childrenCpuUs(this.server.postgresPid) };
    const seconds = await work();
    return {
      rowsPerS: rows / seconds,
      cpuUs: (cpuUs(this.server.pid) - before.api) / rows,
      postgresCpuUs: (childrenCpuUs(this.server.postgresPid) - before.postgres) / rows,
    };
  }

  private askHttp(request: IngestLoadRequest): Promise<Sent | undefined> {
    return this.http.ask(request);
  }

  private askDirect(request: DatabaseLoadRequest): Promise<Loaded | undefined> {
    return this.direct.ask(request);
  }
}

async function makeWorld({ seed }: Benchmark, database: Client): Promise<World> {
  const { rows } = await database.query<World['items'][number]>(
    `SELECT id, external_id AS "externalId", label AS name FROM market.item WHERE external_id IS NOT NULL ORDER BY id`,
  );
  const now = new Date();
  // Last month, so that no row lies in the future and all lie in one partition, as the rows of a real day do.
  const startMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 2);
  return { seed, items: shuffle(rows, randomOf(seed, 1)), startMs };
}

/** The raw table once more, with all that makes storing in it dear, and the tables of the original. */
async function makeReferenceTables(database: Client): Promise<void> {
  await makeRawTable(database);
  await database.query(readFileSync(join(packageRoot(), 'bench', 'seed-ingest.sql'), 'utf8'));
  await database.query(
    `INSERT INTO bench.seed_item (name, ankama_id)
     SELECT label, external_id FROM market.item WHERE external_id IS NOT NULL ORDER BY id`,
  );
  await database.query('ANALYZE bench.seed_item');
}

function watchMemory(benchmark: Benchmark, pid: number) {
  const firstMb = rssMb(pid);
  let maxMb = firstMb;
  const timer = setInterval(() => (maxMb = Math.max(maxMb, rssMb(pid))), SAMPLE_MS);
  benchmark.onEnd(() => clearInterval(timer));
  return { firstMb, maxMb: () => maxMb, stop: () => clearInterval(timer) };
}

function report(measured: Record<Variant, Measured[]>): Figures {
  const rate = (name: Variant): number[] => measured[name].map((figures) => figures.rowsPerS);
  const middle = (name: Variant, key: 'cpuUs' | 'postgresCpuUs'): number =>
    median(measured[name].map((figures) => figures[key]));
  for (const name of Object.keys(measured) as Variant[]) {
    printVariant(name, 'rows/s', rate(name));
    console.log(
      `  ${''.padEnd(44)} ${middle(name, 'cpuUs').toFixed(1)} us CPU per row in the API, ${middle(name, 'postgresCpuUs').toFixed(1)} in PostgreSQL`,
    );
  }
  const toCopy = ratios(rate('one'), rate('copy'));
  const toSeedOne = median(ratios(rate('one'), rate('seedOne')));
  const toSeedMany = median(ratios(rate('fourServers'), rate('seedMany')));
  const fourServers = median(ratios(rate('fourServers'), rate('one')));
  const oneServer = median(ratios(rate('oneServer'), rate('one')));
  return {
    ratio_to_copy: median(toCopy),
    spread: spread(toCopy),
    ratio_to_copy_writers4: median(ratios(rate('fourServers'), rate('copy'))),
    ratio_to_seed: Math.min(toSeedOne, toSeedMany),
    ratio_to_seed_1: toSeedOne,
    ratio_to_seed_10: toSeedMany,
    writers4_over_1: Math.min(fourServers, oneServer),
    writers4_servers4_over_1: fourServers,
    writers4_server1_over_1: oneServer,
    rows_per_s: median(rate('one')),
    copy_rows_per_s: median(rate('copy')),
    seed_rows_per_s: median(rate('seedOne')),
    cpu_us: middle('one', 'cpuUs'),
    cpu_us_postgres: middle('one', 'postgresCpuUs'),
    cpu_us_postgres_copy: middle('copy', 'postgresCpuUs'),
  };
}

await runBenchmark('market-ingest', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const database = await connectOwner(benchmark, server);
  const bench = new IngestBenchmark(benchmark, server, database, await makeWorld(benchmark, database));
  const memory = watchMemory(benchmark, server.pid);
  await bench.prepare();
  const measured = await interleave(benchmark.rounds, bench.variants());
  const figures = report(measured);
  await bench.assertAllStored();
  memory.stop();
  const growth = memory.maxMb() - memory.firstMb;
  console.log(
    `  resident memory of the server: ${memory.firstMb.toFixed(0)} MB idle, at most ${memory.maxMb().toFixed(0)} MB over ${bench.sentRows} rows`,
  );
  return { ...figures, rss_growth_mb: growth, rss_rows: bench.sentRows };
});
