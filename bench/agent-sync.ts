// copying a Langfuse: rows per second against COPY of the same rows, the share of a limit that is used, 100 new rows whatever the history
import { once } from 'node:events';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openOwnDatabase } from './support/agent-database.js';
import { multiplyPast } from './support/agent-history.js';
import type {
  BudgetFigures,
  EngineRequest,
  SyncFigures,
  Upstream,
  UpstreamRequest,
} from './support/agent-world.js';
import { rssMb } from './support/process-figures.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// The stand-in for Langfuse is a process, the engine with the domain's tables another, PostgreSQL a third, at the settings that the
// program gives it (synchronous_commit on). Rests between pages, which a Langfuse is owed, are left out; each row is counted.
// - ours: an empty copy is filled, from the run's start to its end with all derived rows, by the legacy API (sessions, traces,
//   observations and scores, 100 a page) and by observations v2 (1,000 a page).
// - copy: the raw rows that came of it, texts included, in one COPY per table into tables with the same constraints and indexes. It knows
//   no versions, keeps no position and derives nothing.
// - incremental: 100 observations more, with their traces and session, in the next run; at 100,000 and at a million observations.
// - budget: another copy by the legacy API under the limits of the smallest plan, by a virtual clock that sandbox, engine and budget share.

const OBSERVATIONS = { quick: 100_000, full: 1_000_000 };
const MILLION = 1_000_000;
const HUNDRED_THOUSAND = 100_000;
/** Of the legacy API, whose pages are a tenth as long. */
const LEGACY_OBSERVATIONS = { quick: 25_000, full: HUNDRED_THOUSAND };
const BUDGET_OBSERVATIONS = { quick: 6_000, full: 30_000 };
const NEW_ROWS = 100;
const SAMPLE_MS = 50;
const ROUND_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;
/** Days that the plays of a hundred thousand observations take, and of a million ten times as many. */
const DAYS = 40;
const RAW_TABLES = ['session', 'trace', 'observation', 'score', 'payload'] as const;

interface Copied {
  ours: SyncFigures;
  rows: number;
  rssGrowthMb: number;
  copySeconds: number;
}

class SyncBenchmark {
  readonly upstreams: Record<string, Worker> = {};
  readonly untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 1.25 * DAY_MS;
  private rounds = 0;

  constructor(
    private readonly benchmark: Benchmark,
    private readonly databaseUrl: string,
    private readonly owner: Client,
  ) {}

  /** One generation, read by an engine of its own from nothing. */
  async copy(project: 'legacy' | 'v2', observations: number): Promise<Copied> {
    const upstream = startWorker(this.benchmark, 'langfuse-upstream');
    this.upstreams[project] = upstream;
    const days = DAYS * (observations / HUNDRED_THOUSAND);
    const fromMs = this.untilMs - days * DAY_MS;
    const { url, rows } = await upstream.ask<Upstream>({
      kind: 'open',
      generation: project === 'v2' ? 'events-only' : 'legacy',
      world: { seed: this.benchmark.seed, fromMs, untilMs: this.untilMs, observations },
    } satisfies UpstreamRequest);
    const engine = await this.openEngine(project, url);
    const before = rssMb(engine.pid);
    let most = before;
    const sampler = setInterval(() => (most = Math.max(most, rssMb(engine.pid))), SAMPLE_MS);
    const ours = await this.sync(engine, project).finally(() => clearInterval(sampler));
    const expected =
      project === 'v2'
        ? rows.observations + rows.scores
        : rows.sessions + rows.traces + rows.observations + rows.scores;
    if (ours.inserted !== expected)
      throw new Error(`${ours.inserted} rows were stored, there are ${expected}`);
    await this.assertDerived(project, rows.sessions, rows.traces);
    const copySeconds = await this.copyOfRaw(project);
    console.log(
      `  ${project}: ${expected} rows on ${ours.pages} pages in ${(ours.ms / 1_000).toFixed(1)} s ` +
        `(asking ${(ours.fetchMs / 1_000).toFixed(1)}, storing ${(ours.storeMs / 1_000).toFixed(1)}), COPY ${copySeconds.toFixed(1)} s`,
    );
    return { ours, rows: expected, rssGrowthMb: most - before, copySeconds };
  }

  /** A hundred rows more, again and again. */
  async incremental(project: string): Promise<SyncFigures[]> {
    const engine = await this.openEngine(project, (await this.addRows(project, 0)).url);
    await this.sync(engine, project); // compiles the paths
    const measured: SyncFigures[] = [];
    for (let round = 0; round < Math.max(5, this.benchmark.rounds); round += 1) {
      await this.addRows(project, NEW_ROWS);
      const figures = await this.sync(engine, project);
      if (figures.inserted < NEW_ROWS) throw new Error(`${figures.inserted} rows were new`);
      measured.push(figures);
    }
    return measured;
  }

  async budget(): Promise<BudgetFigures> {
    const observations = this.benchmark.isQuick ? BUDGET_OBSERVATIONS.quick : BUDGET_OBSERVATIONS.full;
    const fromMs = this.untilMs - 7 * DAY_MS;
    const world = { seed: this.benchmark.seed, fromMs, untilMs: this.untilMs, observations };
    const engine = startWorker(this.benchmark, 'agent-engine');
    const request: EngineRequest = { kind: 'budget', databaseUrl: this.databaseUrl, world };
    const budget = await engine.ask<BudgetFigures>(request);
    const { calls, minutes, refused } = budget;
    console.log(`  ${calls} calls in ${minutes.toFixed(1)} virtual minutes, ${refused} refused`);
    return budget;
  }

  async grow(project: string, copies: number): Promise<void> {
    await multiplyPast(this.owner, project, { copies, days: DAYS + 4 });
    const { rows } = await this.owner.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM agent_analytics.observation WHERE project_id = $1',
      [project],
    );
    console.log(`  ${rows[0]!.count} observations of ${project}`);
  }

  private async openEngine(project: string, baseUrl: string): Promise<Worker> {
    const engine = startWorker(this.benchmark, 'agent-engine');
    const sinceMs = this.untilMs - 1_000 * DAY_MS;
    const projects = [{ name: project, baseUrl, sinceMs }];
    await engine.ask({ kind: 'open', databaseUrl: this.databaseUrl, projects } satisfies EngineRequest);
    return engine;
  }

  private sync(engine: Worker, project: string): Promise<SyncFigures> {
    return engine.ask<SyncFigures>({ kind: 'sync', project } satisfies EngineRequest);
  }

  private addRows(project: string, observations: number): Promise<Upstream> {
    // Further apart than runs overlap: each reads again what the one before has brought, and no more.
    const atMs = this.untilMs + DAY_MS / 8 + this.rounds * ROUND_MS;
    if (observations > 0) this.rounds += 1;
    const request: UpstreamRequest = { kind: 'add', observations, atMs };
    return this.upstreams[project]!.ask<Upstream>(request);
  }

  /** Whoever is fast because something was left out is not. */
  private async assertDerived(project: string, sessions: number, traces: number): Promise<void> {
    const { rows } = await this.owner.query<Record<'sessions' | 'traces' | 'dayTraces', number>>(
      `SELECT (SELECT count(*)::int FROM agent_analytics.session_figure WHERE project_id = $1) AS sessions,
         (SELECT count(*)::int FROM agent_analytics.trace_figure WHERE project_id = $1) AS traces,
         (SELECT sum(trace_count)::int FROM agent_analytics.chapter_day WHERE project_id = $1) AS "dayTraces"`,
      [project],
    );
    const found = rows[0]!;
    if (found.sessions !== sessions || found.traces !== traces || found.dayTraces !== traces)
      throw new Error(`${sessions} sessions and ${traces} traces became ${JSON.stringify(found)}`);
  }

  /** COPY's own text is made before its clock starts. @returns seconds for all tables */
  private async copyOfRaw(project: string): Promise<number> {
    await this.owner.query('CREATE SCHEMA bench');
    let seconds = 0;
    for (const table of RAW_TABLES) {
      await this.owner.query(`CREATE TABLE bench.${table} (LIKE agent_analytics.${table} INCLUDING ALL)`);
      const { rows } = await this.owner.query<{ line: string }>(
        `SELECT t::text AS line FROM agent_analytics.${table} t WHERE project_id = $1`,
        [project],
      );
      seconds += await this.copyLines(table, rows.map(lineOf));
      const { rows: counted } = await this.owner.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM bench.${table}`,
      );
      if (counted[0]!.count !== rows.length) throw new Error(`COPY stored ${counted[0]!.count} of ${table}`);
    }
    await this.owner.query('DROP SCHEMA bench CASCADE');
    return seconds;
  }

  private async copyLines(table: string, lines: readonly string[]): Promise<number> {
    const startedMs = performance.now();
    const stream = this.owner.query(
      copyFrom(`COPY bench.${table} FROM STDIN (FORMAT csv, ESCAPE '"', NULL '')`),
    );
    for (let at = 0; at < lines.length; at += 500)
      if (!stream.write(lines.slice(at, at + 500).join(''))) await once(stream, 'drain');
    stream.end();
    await once(stream, 'finish');
    return (performance.now() - startedMs) / 1_000;
  }
}

/** A row's text is nearly a line of CSV: quotes and commas are the same, backslashes are doubled. */
function lineOf({ line }: { line: string }): string {
  return `${line.slice(1, -1).replaceAll('\\\\', '\\')}\n`;
}

function rowsPerS({ rows, ours }: Copied): number {
  return rows / (ours.ms / 1_000);
}

function report(
  copied: Record<'legacy' | 'v2', Copied>,
  cycles: Record<'small' | 'large', SyncFigures[]>,
  budget: BudgetFigures,
): Figures {
  const ratioToCopy = ({ ours, copySeconds }: Copied): number => copySeconds / (ours.ms / 1_000);
  const ms = (figures: SyncFigures[]): number[] => figures.map((one) => one.ms);
  printVariant('100 new rows after 100,000', 'ms', ms(cycles.small));
  printVariant('100 new rows after a million', 'ms', ms(cycles.large));
  return {
    budget_used: (budget.calls - budget.refused) / budget.permitted,
    budget_refused: budget.refused,
    ratio_to_copy: Math.min(ratioToCopy(copied.legacy), ratioToCopy(copied.v2)),
    ratio_to_copy_legacy: ratioToCopy(copied.legacy),
    ratio_to_copy_v2: ratioToCopy(copied.v2),
    rows_per_s: Math.min(rowsPerS(copied.legacy), rowsPerS(copied.v2)),
    rows_per_s_legacy: rowsPerS(copied.legacy),
    rows_per_s_v2: rowsPerS(copied.v2),
    rss_growth_mb: Math.max(copied.legacy.rssGrowthMb, copied.v2.rssGrowthMb),
    incremental_s: median(ms(cycles.large)) / 1_000,
    incremental_100k_s: median(ms(cycles.small)) / 1_000,
    growth_1m_over_100k: median(ms(cycles.large)) / median(ms(cycles.small)),
  };
}

await runBenchmark('agent-sync', async (benchmark) => {
  const { url, owner } = await openOwnDatabase(benchmark);
  const bench = new SyncBenchmark(benchmark, url, owner);
  const observations = benchmark.isQuick ? OBSERVATIONS.quick : OBSERVATIONS.full;
  const budget = await bench.budget();
  const v2 = await bench.copy('v2', observations);
  const legacy = await bench.copy(
    'legacy',
    benchmark.isQuick ? LEGACY_OBSERVATIONS.quick : LEGACY_OBSERVATIONS.full,
  );
  // The one that has a hundred thousand.
  const project = benchmark.isQuick ? 'v2' : 'legacy';
  const small = await bench.incremental(project);
  await bench.grow(project, MILLION / HUNDRED_THOUSAND - 1);
  const large = await bench.incremental(project);
  return report({ legacy, v2 }, { small, large }, budget);
});
