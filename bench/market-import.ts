// a CSV history applied by its job against COPY of the same rows into the same table, indexes and constraints included
import type { Client } from 'pg';
import { IMPORT_HISTORY } from '../src/market/imports/imports.jobs.js';
import type { DatabaseLoadRequest, Loaded } from './processes/database-load.js';
import {
  connectOwner,
  connectSystem,
  type Guildhall,
  INGEST_TOKEN,
  startGuildhall,
} from './support/guildhall.js';
import { observationsOf, type ServerRef, type Slice, type World } from './support/ingest-world.js';
import { SOURCE } from './support/observations.js';
import { childrenCpuUs, cpuUs } from './support/process-figures.js';
import { randomOf, shuffle } from './support/random-data.js';
import { makeRawTable } from './support/raw-table.js';
import { RollupJobs } from './support/rollup-jobs.js';
import { type Benchmark, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// In one embedded PostgreSQL at the settings that the program gives it (synchronous_commit on):
// - job: a CSV file of one server, uploaded in parts before the clock starts; from the job's start to its end, as its row says. It reads
//   and checks every line, looks for repetitions, keeps `latest`, marks days, moves its position and leaves an audit event
//   per portion. Rollups are asked for at its end; rollups_s says how long they took then, and the next round waits for them.
// - copy: the same rows in one COPY into a copy of the raw table with its constraints, indexes and partitions.
// Every row differs from the one before it of its item, so all must be stored; job, import and tables are counted.

const ROWS = { quick: 40_000, full: 120_000 };
const PART_ROWS = 10_000;
const DONE_WITHIN_MS = 120_000;
const PAUSE_MS = 20;

interface Measured {
  rowsPerS: number;
  /** Processor time per row of API and worker, which are one process, and of PostgreSQL. */
  cpuUs: number;
  postgresCpuUs: number;
}

class ImportBenchmark {
  /** How long the worker needed for the rollups of each import after its end. */
  readonly drainsMs: number[] = [];
  private readonly direct: Worker;
  private readonly rows: number;
  private readonly rollups: RollupJobs;
  private target: ServerRef = { id: 0, key: '' };
  private sourceId = 0;
  private sentRows = 0;
  private slice: Slice | undefined;

  constructor(
    benchmark: Benchmark,
    private readonly server: Guildhall,
    private readonly owner: Client,
    private readonly system: Client,
    private readonly world: World,
  ) {
    this.direct = startWorker(benchmark, 'database-load');
    this.rows = benchmark.isQuick ? ROWS.quick : ROWS.full;
    this.rollups = new RollupJobs(system);
  }

  async prepare(): Promise<void> {
    const { rows } = await this.owner.query<ServerRef>(
      'SELECT id, key FROM market.server ORDER BY id LIMIT 1',
    );
    this.target = rows[0]!;
    const { databaseUrl } = this.server;
    await this.ask({ kind: 'use', world: this.world, databaseUrl, connections: 1 });
    await this.runJob(PART_ROWS); // partitions, source and items are known from here on
    const sources = await this.owner.query<{ id: number }>('SELECT id FROM market.source WHERE name = $1', [
      SOURCE,
    ]);
    this.sourceId = sources.rows[0]!.id;
    await makeRawTable(this.owner);
  }

  variants(): Record<'job' | 'copy', () => Promise<Measured>> {
    return { job: () => this.runJob(this.rows), copy: () => this.copy() };
  }

  async assertAllStored(rounds: number): Promise<void> {
    const expected = [
      ['market.observation', this.sentRows],
      ['bench.observation', rounds * this.rows],
    ] as const;
    for (const [table, count] of expected) {
      const { rows } = await this.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      if (rows[0]!.n !== count) throw new Error(`${table} holds ${rows[0]!.n} rows instead of ${count}`);
    }
  }

  /** Applies the next rows of the stream. */
  private async runJob(count: number): Promise<Measured> {
    this.slice = { server: this.target, first: this.sentRows, count };
    const path = `/api/v1/market/games/dofus/servers/${this.target.key}/imports`;
    const { id } = await this.call<{ id: string }>(
      'POST',
      path,
      JSON.stringify({ format: 'csv' }),
      'application/json',
    );
    for (const [part, body] of partsOf(observationsOf(this.world, this.slice)).entries())
      await this.call('PUT', `${path}/${id}/parts/${part}`, body, 'text/csv');
    const before = this.cpu();
    const { jobId } = await this.call<{ jobId: string }>(
      'POST',
      `${path}/${id}/start`,
      '',
      'application/json',
    );
    const seconds = await this.jobDone(jobId);
    const after = this.cpu();
    const { acceptedCount } = await this.call<{ acceptedCount: number }>('GET', `${path}/${id}`);
    if (acceptedCount !== count) throw new Error(`${acceptedCount} of ${count} rows were accepted`);
    this.sentRows += count;
    this.drainsMs.push(await this.rollups.drained());
    return this.figures(count, seconds, before, after);
  }

  /** The rows that the job has just applied. */
  private async copy(): Promise<Measured> {
    const slice = this.slice!;
    await this.ask({ kind: 'prepareCopy', table: 'bench.observation', sourceId: this.sourceId, slice });
    const before = this.cpu();
    const loaded = (await this.ask({ kind: 'copy' }))!;
    if (loaded.stored !== slice.count) throw new Error(`${loaded.stored} of ${slice.count} rows were copied`);
    return this.figures(slice.count, loaded.seconds, before, this.cpu());
  }

  /** @returns seconds from its start to its end */
  private async jobDone(jobId: string): Promise<number> {
    const deadline = Date.now() + DONE_WITHIN_MS;
    for (;;) {
      const { rows } = await this.system.query<{ state: string; seconds: number }>({
        name: 'bench.market-import.find-job',
        text: `SELECT state, extract(epoch FROM finished_at - started_at)::float8 AS seconds FROM platform.job
               WHERE id = $1 AND name = $2`,
        values: [jobId, IMPORT_HISTORY.name],
      });
      const [job] = rows;
      if (job?.state === 'done') return job.seconds;
      if (job?.state === 'dead' || Date.now() > deadline) throw new Error(`The import is ${job?.state}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private cpu(): { ours: number; postgres: number } {
    return { ours: cpuUs(this.server.pid), postgres: childrenCpuUs(this.server.postgresPid) };
  }

  private figures(
    count: number,
    seconds: number,
    before: { ours: number; postgres: number },
    after: { ours: number; postgres: number },
  ): Measured {
    return {
      rowsPerS: count / seconds,
      cpuUs: (after.ours - before.ours) / count,
      postgresCpuUs: (after.postgres - before.postgres) / count,
    };
  }

  private async call<T>(method: string, path: string, body?: string, type?: string): Promise<T> {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${INGEST_TOKEN}`,
        ...(type && body !== '' ? { 'Content-Type': type } : {}),
      },
      ...(body === undefined || body === '' ? {} : { body }),
    });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  private ask(request: DatabaseLoadRequest): Promise<Loaded | undefined> {
    return this.direct.ask(request);
  }
}

function partsOf(observations: ReturnType<typeof observationsOf>): string[] {
  const lines = observations.map(
    (o) => `${o.externalId},${o.unitPrice},${o.lots},${o.capturedAt},${o.source}\n`,
  );
  const parts: string[] = [];
  for (let first = 0; first < lines.length; first += PART_ROWS)
    parts.push(lines.slice(first, first + PART_ROWS).join(''));
  parts[0] = `externalId,unitPrice,lots,capturedAt,source\n${parts[0]}`;
  return parts;
}

async function makeWorld({ seed }: Benchmark, database: Client): Promise<World> {
  const { rows } = await database.query<World['items'][number]>(
    `SELECT id, external_id AS "externalId", label AS name FROM market.item WHERE external_id IS NOT NULL ORDER BY id`,
  );
  const now = new Date();
  // The month before the last, so that no row lies in the future and all lie in one partition.
  const startMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 2);
  return { seed, items: shuffle(rows, randomOf(seed, 1)), startMs };
}

await runBenchmark('market-import', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const owner = await connectOwner(benchmark, server);
  const system = await connectSystem(benchmark, server);
  const bench = new ImportBenchmark(benchmark, server, owner, system, await makeWorld(benchmark, owner));
  await bench.prepare();
  const measured = await interleave(benchmark.rounds, bench.variants());
  await bench.assertAllStored(benchmark.rounds);
  const rate = (name: 'job' | 'copy'): number[] => measured[name].map(({ rowsPerS }) => rowsPerS);
  printVariant('job', 'rows/s', rate('job'));
  printVariant('copy', 'rows/s', rate('copy'));
  const toCopy = ratios(rate('job'), rate('copy'));
  const middle = (name: 'job' | 'copy', key: 'cpuUs' | 'postgresCpuUs'): number =>
    median(measured[name].map((figures) => figures[key]));
  return {
    ratio_to_copy: median(toCopy),
    spread: spread(toCopy),
    rows_per_s: median(rate('job')),
    copy_rows_per_s: median(rate('copy')),
    rollups_s: median(bench.drainsMs.slice(1)) / 1_000,
    cpu_us: middle('job', 'cpuUs'),
    cpu_us_postgres: middle('job', 'postgresCpuUs'),
    cpu_us_postgres_copy: middle('copy', 'postgresCpuUs'),
  };
});
