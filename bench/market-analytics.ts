// the analytics after a batch of prices against the original's SQL on the same rows; unchanged calls; long windows
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { packageRoot } from '../src/platform/config/package-root.js';
import {
  connectOwner,
  connectSystem,
  type Guildhall,
  INGEST_TOKEN,
  READ_TOKEN,
  startGuildhall,
} from './support/guildhall.js';
import { fillHistory, type History, type HistoryItem } from './support/market-history.js';
import { observationAt, postBatch } from './support/observations.js';
import { randomOf, shuffle } from './support/random-data.js';
import { RollupJobs } from './support/rollup-jobs.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, quantile, ratios } from './support/statistics.js';

// Each round applies a batch of 1,000 prices to both sides and waits until the server's worker has brought rollups and figures up to
// date by itself (recompute_ms is its job from start to end, figures_ms the wait for what follows; it rests while anything else is
// measured). Then, one after the other and each for the first time since:
// - ours: each figure over HTTP, classic, 30 days; and the same of 365 days. Trends come from the compat mount, which sends the
//   history that the original's statement makes; so does the page of items.
// - seed: the original's statements (market.sql) through one connection to the same PostgreSQL.
// What both answer is compared. Afterwards the same calls are repeated while nothing changes, with and without a tag.

const ROWS = { quick: 1_000_000, full: 8_000_000 };
const BATCH = 1_000;
const LIMIT = 20;
const UNCHANGED_CALLS = 200;
const WARM_UP_CALLS = 12;
const DAY_MS = 86_400_000;
const FIGURES = ['movers', 'index', 'volatility', 'signals', 'scanner', 'trends', 'items_page'] as const;
type FigureName = (typeof FIGURES)[number];

/** Of the compat mount, which has no tags. */
const COMPAT: ReadonlySet<FigureName> = new Set(['trends', 'items_page']);
type Row = Record<string, number | string>;
interface Index {
  changePct: number;
  itemCount: number;
}
type Answer = Index | { items: Row[] } | Row[];

interface Timed<T> {
  ms: number;
  answer: T;
}

const today = new Date().toISOString().slice(0, 10);

class AnalyticsBenchmark {
  readonly recomputeMs: number[] = [];
  readonly figuresMs: number[] = [];
  readonly ours = empty();
  readonly oursLong = empty();
  readonly seed = empty();
  readonly unchangedMs: Record<'plain' | 'tagged', number[]> = { plain: [], tagged: [] };
  private readonly reference = readReference();
  private readonly market: History['servers'][number];

  constructor(
    private readonly benchmark: Benchmark,
    private readonly server: Guildhall,
    private readonly database: Client,
    private readonly jobs: RollupJobs,
    private readonly history: History,
  ) {
    this.market = history.servers[0]!;
  }

  /** Compiles the paths and fills the caches of both sides, on another server than the measured one. */
  async warmUp(): Promise<void> {
    const other = this.history.servers[1]!;
    const [item] = this.history.items;
    for (const market of this.history.servers.slice(0, 2)) await this.apply(market, [item!], 99);
    await this.jobs.drained();
    await this.jobs.figuresFollowed();
    for (let call = 0; call < WARM_UP_CALLS; call += 1)
      for (const name of FIGURES)
        for (const days of [30, 365]) await this.call(name, days, `&limit=${20 + call}`, other);
    for (const name of FIGURES) await this.askReference(name, other.name);
  }

  async round(number: number): Promise<void> {
    await this.applyBatch(number);
    for (const name of FIGURES) {
      const ours = await this.call(name, 30);
      const seed = await this.askReference(name, this.market.name);
      this.assertSame(name, ours.answer, seed.answer);
      this.ours[name].push(ours.ms);
      this.seed[name].push(seed.ms);
      this.oursLong[name].push((await this.call(name, 365)).ms);
    }
    await this.repeat();
  }

  private async applyBatch(number: number): Promise<void> {
    const random = randomOf(this.benchmark.seed, 100 + number);
    const items = shuffle([...this.history.items], random).slice(0, BATCH);
    const askedAt = await this.jobs.now();
    await this.apply(this.market, items, 100 + number);
    await this.jobs.drained();
    const durationsMs = await this.jobs.durationsMs(askedAt);
    if (durationsMs.length === 0) throw new Error('The batch was not followed by a refresh');
    this.recomputeMs.push(...durationsMs);
    this.figuresMs.push(await this.jobs.figuresFollowed());
  }

  /** One price now of each of these items, on both sides. */
  private async apply(market: History['servers'][number], items: HistoryItem[], salt: number): Promise<void> {
    const random = randomOf(this.benchmark.seed, salt);
    const atMs = Date.now() - 30_000;
    const sent = items.map((item) => observationAt(item.externalId, atMs, random));
    const { results } = await postBatch(this.server.url, INGEST_TOKEN, market.key, JSON.stringify(sent));
    const isStored = (_: unknown, index: number): boolean => results[index]!.verdict === 'accepted';
    const rows = sent.filter(isStored);
    const itemIds = items.filter(isStored).map((item) => item.id);
    if (rows.length < items.length * 0.99)
      throw new Error(`${rows.length} of ${items.length} prices were stored`);
    await this.database.query(
      `INSERT INTO bench.seed_observation (item_id, server, price_unit_avg, nb_lots, captured_at)
       SELECT id, $1, price, lots, $5 FROM unnest($2::int[], $3::numeric[], $4::int[]) AS t(id, price, lots)`,
      [market.name, itemIds, rows.map((row) => row.unitPrice), rows.map((row) => row.lots), new Date(atMs)],
    );
  }

  /** The same calls again and again: as a client without a memory, and as one that holds the tag. */
  private async repeat(): Promise<void> {
    for (let call = 0; call < UNCHANGED_CALLS; call += 1) {
      const name = FIGURES[call % FIGURES.length]!;
      const { ms, etag } = await this.call(name, 30);
      this.unchangedMs.plain.push(ms);
      if (!COMPAT.has(name))
        this.unchangedMs.tagged.push((await this.call(name, 30, '', this.market, etag)).ms);
    }
  }

  private async call(
    name: FigureName,
    days: number,
    more = '',
    market = this.market,
    etag?: string,
  ): Promise<Timed<Answer> & { etag: string }> {
    const path = pathOf(name, market, days, more);
    const headers: Record<string, string> = { Authorization: `Bearer ${READ_TOKEN}` };
    if (etag !== undefined) headers['If-None-Match'] = etag;
    const startedMs = performance.now();
    const response = await fetch(this.server.url + path, { headers });
    const text = await response.text();
    const ms = performance.now() - startedMs;
    if (response.status !== (etag === undefined ? 200 : 304))
      throw new Error(`${path} was answered ${response.status}: ${text}`);
    const answer = (text === '' ? undefined : JSON.parse(text)) as Answer;
    return { ms, answer, etag: response.headers.get('etag') ?? '' };
  }

  private async askReference(name: FigureName, serverName: string): Promise<Timed<Record<string, string>[]>> {
    const from = new Date(Date.parse(today) - 30 * DAY_MS);
    const to = new Date(Date.parse(today) + DAY_MS);
    const startedMs = performance.now();
    const { rows } = await this.database.query<Record<string, string>>({
      name: `seed-${name}`,
      text: this.reference[name],
      values: [serverName, from, to, LIMIT],
    });
    return { ms: performance.now() - startedMs, answer: rows };
  }

  /** Faster by answering something else would be no answer. */
  private assertSame(name: FigureName, ours: Answer, seed: Record<string, string>[]): void {
    const isSame =
      name === 'index'
        ? sameIndex(ours as Index, seed[0]!)
        : sameRows(name, Array.isArray(ours) ? ours : (ours as { items: Row[] }).items, seed);
    if (!isSame)
      throw new Error(`${name}: ours ${JSON.stringify(ours)}, the original ${JSON.stringify(seed)}`);
  }
}

/** Our fields and those of the original's statement. */
const SAME: Record<Exclude<FigureName, 'index'>, Record<string, string>> = {
  movers: { label: 'name', changePct: 'pct', lastPrice: 'last' },
  volatility: { label: 'name', volatilityPct: 'volatility', days: 'days' },
  signals: {
    label: 'name',
    currentPrice: 'p',
    referencePrice: 'ma7',
    volatilityPct: 'vol',
    targetPrice: 'target',
  },
  scanner: {
    label: 'name',
    currentPrice: 'p',
    averagePrice: 'avg_price',
    profit: 'profit',
    marginOnAveragePct: 'margin',
    volatilityPct: 'vol',
    days: 'days',
  },
  trends: { item_name: 'name', current_price: 'current', start_price: 'start' },
  items_page: { item_name: 'name', last_price: 'p', average_price: 'average_price' },
};

function sameIndex(ours: Index, seed: Record<string, string>): boolean {
  return (
    near(ours.changePct, Number(seed['index_change']), 0.011) &&
    ours.itemCount === Number(seed['total_items'])
  );
}

function sameRows(
  name: Exclude<FigureName, 'index'>,
  ours: readonly Row[],
  seed: Record<string, string>[],
): boolean {
  const fields = Object.entries(SAME[name]);
  const isSame = (row: Row, other: Record<string, string>): boolean =>
    fields.every(([own, theirs]) =>
      typeof row[own] === 'string'
        ? row[own] === other[theirs]
        : near(row[own]!, Number(other[theirs]), 1e-6),
    );
  if (ours.length !== seed.length) return false;
  if (name !== 'items_page') return ours.every((row, place) => isSame(row, seed[place]!));
  // Names are sorted without regard to case and accents here: pages begin with some of the same items. The window of the
  // average ends at the same day.
  const byName = new Map(seed.map((row) => [row['name'], row]));
  const common = ours.filter((row) => byName.has(row['item_name'] as string));
  return common.length > 0 && common.every((row) => isSame(row, byName.get(row['item_name'] as string)!));
}

function empty(): Record<FigureName, number[]> {
  return Object.fromEntries(FIGURES.map((name) => [name, [] as number[]])) as Record<FigureName, number[]>;
}

function pathOf(name: FigureName, market: { key: string; name: string }, days: number, more: string): string {
  const native = `/api/v1/market/games/dofus/servers/${market.key}/analytics/${name}?method=classic`;
  const compat = `/compat/dofus/api`;
  const server = encodeURIComponent(market.name);
  switch (name) {
    case 'index':
      return `${native}&window=${days}`;
    case 'scanner':
      return `${native}&windowDays=${days}&minProfit=0.000001${more || `&limit=${LIMIT}`}`;
    case 'trends':
      return `${compat}/market_v2?resource=analysis&type=trends&server=${server}&period=${days}${more || `&limit=${LIMIT}`}`;
    case 'items_page':
      return `${compat}/data?resource=items&mode=market&server=${server}&page=1&pageSize=${LIMIT}`;
    default:
      return `${native}&window=${days}${more || `&limit=${LIMIT}`}`;
  }
}

function near(a: number | string, b: number, tolerance: number): boolean {
  return Math.abs(Number(a) - b) <= tolerance * Math.max(1, Math.abs(b) * (tolerance < 1e-3 ? 1 : 0));
}

/** The frozen statements by name. */
function readReference(): Record<FigureName, string> {
  const text = readFileSync(join(packageRoot(), 'bench', 'market.sql'), 'utf8');
  const parts = text.split(/^-- name: (\w+)\n/m).slice(1);
  const byName = new Map(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]!] as const] : [])),
  );
  return Object.fromEntries(FIGURES.map((name) => [name, byName.get(name)!])) as Record<FigureName, string>;
}

function report(bench: AnalyticsBenchmark): Figures {
  for (const name of FIGURES) {
    printVariant(`${name} 30 d, ours`, 'ms', bench.ours[name]);
    printVariant(`${name} 30 d, the original's SQL`, 'ms', bench.seed[name]);
    printVariant(`${name} 365 d, ours`, 'ms', bench.oursLong[name]);
  }
  printVariant('refresh of 1,000 touched series', 'ms', bench.recomputeMs);
  printVariant('until the figures have followed', 'ms', bench.figuresMs);
  const toSeed = (name: FigureName): number => median(ratios(bench.seed[name], bench.ours[name]));
  const growth = (name: FigureName): number => median(bench.oursLong[name]) / median(bench.ours[name]);
  const each = (prefix: string, figure: (name: FigureName) => number, suffix = ''): Figures =>
    Object.fromEntries(FIGURES.map((name) => [`${prefix}${name}${suffix}`, figure(name)]));
  const unchanged = {
    plain: quantile(bench.unchangedMs.plain, 0.95),
    tagged: quantile(bench.unchangedMs.tagged, 0.95),
  };
  return {
    ratio_to_seed: Math.min(...FIGURES.map(toSeed)),
    ...each('ratio_to_seed_', toSeed),
    p95_unchanged_ms: Math.max(unchanged.plain, unchanged.tagged),
    p95_unchanged_200_ms: unchanged.plain,
    p95_unchanged_304_ms: unchanged.tagged,
    p50_unchanged_ms: median([...bench.unchangedMs.plain, ...bench.unchangedMs.tagged]),
    growth_365_over_30: Math.max(...FIGURES.map(growth)),
    ...each('growth_365_over_30_', growth),
    recompute_ms: median(bench.recomputeMs),
    figures_ms: median(bench.figuresMs),
    ...each('', (name) => median(bench.ours[name]), '_ms'),
    ...each('seed_', (name) => median(bench.seed[name]), '_ms'),
  };
}

await runBenchmark('market-analytics', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const database = await connectOwner(benchmark, server);
  const rows = benchmark.isQuick ? ROWS.quick : ROWS.full;
  const jobs = new RollupJobs(await connectSystem(benchmark, server));
  await jobs.drained(); // what a start catches up with
  const history = await fillHistory(database, {
    seed: benchmark.seed,
    rows,
    asOf: today,
    hasReference: true,
  });
  console.log(
    `  ${history.rows} raw rows, ${history.items.length} items on ${history.servers.length} servers`,
  );
  await database.query('SET search_path = bench');
  const bench = new AnalyticsBenchmark(benchmark, server, database, jobs, history);
  await bench.warmUp();
  for (let round = 0; round < benchmark.rounds; round += 1) await bench.round(round);
  return report(bench);
});
