// the dashboard's six page calls on a million observations: after a change, repeated, and against working them out from raw rows
import type { Client } from 'pg';
import { multiplyPast } from './support/agent-history.js';
import { LANGFUSE_KEYS, type Upstream, type UpstreamRequest } from './support/agent-world.js';
import { connectOwner, type Guildhall, startGuildhall } from './support/guildhall.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, quantile } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// The program as it is shipped copies 25,000 observations by itself; SQL gives them a past of forty times as much, raw and derived. Then
// - after a change: some plays more are copied, and each of the six calls is made for the first time since, for all time as the page does.
// - unchanged: the same calls again and again, with the tag of the answer before where there was one.
// - raw: what statistics and agents cost when they are worked out from raw rows at each call, as the original does.

const OBSERVATIONS = 25_000;
const COPIES = 39;
const DAYS = 10;
const DAY_MS = 86_400_000;
const ROUNDS = { quick: 6, full: 20 };
const UNCHANGED_CALLS = 50;
const ADDED = 100;
const IDLE_WITHIN_MS = 60_000;
const PROJECT = 'default';
const BASE = '/compat/cupid/api';
const NAMES = ['sessions', 'stats', 'conversation', 'agents', 'dashboard', 'status'] as const;
type Name = (typeof NAMES)[number];

/** What the v2 API gives are observations; which session they are of stands in each. */
const RAW_STATS = `
  SELECT count(*), sum(cost), avg(extract(epoch FROM last - first)) FROM (
    SELECT trace_context ->> 'sessionId' AS session_id, sum(cost_usd) AS cost, min(at) AS first, max(at) AS last
    FROM agent_analytics.observation WHERE project_id = $1 GROUP BY 1) s WHERE session_id IS NOT NULL`;
const RAW_AGENTS = `
  SELECT a.name, count(*), avg(a.end_at - a.at), sum(g.cost_usd), sum(g.total_tokens) FROM agent_analytics.observation a
  LEFT JOIN agent_analytics.observation g ON g.project_id = $1 AND g.trace_id = a.trace_id AND g.parent_id = a.id AND g.type = 'GENERATION'
  WHERE a.project_id = $1 AND a.type = 'AGENT' AND a.name <> 'Agent workflow' GROUP BY 1`;

class ReadBenchmark {
  readonly changedMs = empty();
  readonly unchangedMs = empty();
  readonly rawMs: Record<'stats' | 'agents', number[]> = { stats: [], agents: [] };
  private readonly tags = new Map<string, string>();

  constructor(
    private readonly server: Guildhall,
    private readonly owner: Client,
    private readonly upstream: Worker,
  ) {}

  /** @param withRaw takes seconds */
  async round(withRaw: boolean): Promise<void> {
    const request: UpstreamRequest = { kind: 'add', observations: ADDED, atMs: Date.now() - 600_000 };
    await this.upstream.ask<Upstream>(request);
    await fetch(`${this.server.url}${BASE}/sync/trigger`, { method: 'POST' });
    await this.idle();
    for (const name of NAMES) this.changedMs[name].push(await this.call(name));
    if (!withRaw) return;
    for (const [name, text] of [
      ['stats', RAW_STATS],
      ['agents', RAW_AGENTS],
    ] as const) {
      const startedMs = performance.now();
      await this.owner.query(text, [PROJECT]);
      this.rawMs[name].push(performance.now() - startedMs);
    }
  }

  async repeat(): Promise<void> {
    for (let count = 0; count < UNCHANGED_CALLS; count += 1)
      for (const name of NAMES) this.unchangedMs[name].push(await this.call(name));
  }

  async call(name: Name): Promise<number> {
    const path = await this.pathOf(name);
    const tag = this.tags.get(path);
    const startedMs = performance.now();
    const answer = await fetch(this.server.url + path, {
      headers: tag === undefined ? {} : { 'If-None-Match': tag },
    });
    const text = await answer.text();
    const ms = performance.now() - startedMs;
    if (answer.status !== 200 && answer.status !== 304)
      throw new Error(`${path} was answered ${answer.status}: ${text}`);
    const given = answer.headers.get('etag');
    if (given !== null) this.tags.set(path, given);
    return ms;
  }

  async idle(): Promise<void> {
    const deadline = performance.now() + IDLE_WITHIN_MS;
    for (;;) {
      const answer = await fetch(`${this.server.url}${BASE}/sync/status`);
      const { status, last_sync_at: last } = (await answer.json()) as Record<string, string | null>;
      if (status === 'idle' && last !== null) return;
      if (performance.now() > deadline) throw new Error(`The copy does not end: ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async pathOf(name: Name): Promise<string> {
    switch (name) {
      case 'sessions':
        return `${BASE}/sessions?time_range=all&status=all&page=1&limit=50`;
      case 'stats':
        return `${BASE}/sessions/stats?time_range=all`;
      case 'conversation':
        return `${BASE}/sessions/${await this.longest()}/conversation`;
      case 'agents':
        return `${BASE}/agents`;
      case 'dashboard':
        return `${BASE}/metrics/dashboard?time_range=all`;
      case 'status':
        return `${BASE}/sync/status`;
    }
  }

  private longestId: Promise<string> | undefined;

  /** Of the copied plays, which have their texts. */
  private longest(): Promise<string> {
    return (this.longestId ??= this.owner
      .query<{ id: string }>(
        `SELECT session_id AS id FROM agent_analytics.session_figure WHERE project_id = $1 AND session_id !~ '-'
         ORDER BY trace_count DESC, session_id LIMIT 1`,
        [PROJECT],
      )
      .then(({ rows }) => rows[0]!.id));
  }
}

function empty(): Record<Name, number[]> {
  return Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
}

async function start(benchmark: Benchmark): Promise<{ server: Guildhall; upstream: Worker }> {
  const upstream = startWorker(benchmark, 'langfuse-upstream');
  const untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 8;
  const { url } = await upstream.ask<Upstream>({
    kind: 'open',
    generation: 'events-only',
    world: {
      seed: benchmark.seed,
      fromMs: untilMs - (DAYS - 0.5) * DAY_MS,
      untilMs,
      observations: OBSERVATIONS,
    },
  } satisfies UpstreamRequest);
  const env = {
    DOMAINS: 'agent-analytics',
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: url,
    LANGFUSE_API: 'v2',
    SYNC_INTERVAL_SECONDS: '86400',
  };
  return { server: await startGuildhall(benchmark, { env }), upstream };
}

function report(bench: ReadBenchmark): Figures {
  for (const name of NAMES) {
    printVariant(`${name}, after a change`, 'ms', bench.changedMs[name]);
    printVariant(`${name}, unchanged, last 20`, 'ms', bench.unchangedMs[name].slice(-20));
  }
  printVariant('statistics from raw rows', 'ms', bench.rawMs.stats);
  printVariant('agents from raw rows', 'ms', bench.rawMs.agents);
  const p95 = (measured: Record<Name, number[]>, prefix: string): Figures =>
    Object.fromEntries(NAMES.map((name) => [`${prefix}${name}_ms`, quantile(measured[name], 0.95)]));
  const [changed, unchanged] = [p95(bench.changedMs, 'p95_'), p95(bench.unchangedMs, 'p95_unchanged_')];
  return {
    p95_ms: Math.max(...Object.values(changed)),
    p95_unchanged_ms: Math.max(...Object.values(unchanged)),
    ratio_to_raw: Math.min(
      median(bench.rawMs.stats) / median(bench.changedMs.stats),
      median(bench.rawMs.agents) / median(bench.changedMs.agents),
    ),
    ...changed,
    ...unchanged,
    raw_stats_ms: median(bench.rawMs.stats),
    raw_agents_ms: median(bench.rawMs.agents),
  };
}

await runBenchmark('agent-read', async (benchmark) => {
  const { server, upstream } = await start(benchmark);
  const owner = await connectOwner(benchmark, server);
  const bench = new ReadBenchmark(server, owner, upstream);
  await bench.idle();
  await multiplyPast(owner, PROJECT, { copies: COPIES, days: DAYS + 1 });
  const { rows } = await owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM agent_analytics.observation WHERE project_id = $1',
    [PROJECT],
  );
  console.log(`  ${rows[0]!.count} observations`);
  for (let warm = 0; warm < 3; warm += 1) for (const name of NAMES) await bench.call(name);
  const rounds = benchmark.isQuick ? ROUNDS.quick : ROUNDS.full;
  for (let round = 0; round < rounds; round += 1) await bench.round(round < benchmark.rounds);
  await bench.repeat();
  return report(bench);
});
