// all real recipes priced for one server after a change of its prices, against a plain recursion over the same rows
import type { Client } from 'pg';
import {
  connectOwner,
  connectSystem,
  type Guildhall,
  INGEST_TOKEN,
  READ_TOKEN,
  startGuildhall,
} from './support/guildhall.js';
import { observationAt, postBatch } from './support/observations.js';
import { fillPrices } from './support/prices.js';
import { randomOf, shuffle } from './support/random-data.js';
import { RollupJobs } from './support/rollup-jobs.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, quantile, ratios } from './support/statistics.js';

// Each round sends a batch of 1,000 new prices, waits until the server's worker has brought its rollups and figures up to date, and
// then asks, for the first time since:
// - ours: GET .../recipes over HTTP, cheapest way for each ingredient, best margin first. It reads all prices of the server, prices
//   all recipes and sends the first 200.
// - naive: the newest prices by SQL, and for each recipe the cheapest way by plain recursion, without remembering what was worked out.
// What both give is compared, all of it: our pages are followed to the end, outside of the measured time. Two thirds of the items
// have a price, so that crafting replaces what nobody sells.

const MARKET = 'draconiros';
const BATCH = 1_000;
const PAGE = 200;
const RECIPES = 4_402;
const PRICED_ITEMS = 5_600;
const UNCHANGED_CALLS = 50;
const WARM_UP_ROUNDS = 3;

interface Recipe {
  id: number;
  itemId: number;
  itemIds: number[];
  quantities: number[];
}
interface PricedRecipe {
  id: number;
  cost: number | null;
  pricedRatio: number;
}
interface Page {
  items: PricedRecipe[];
  nextCursor: string | null;
}

class CraftingBenchmark {
  readonly oursMs: number[] = [];
  readonly naiveMs: number[] = [];
  readonly unchangedMs: number[] = [];
  private recipes: Recipe[] = [];
  private byItem = new Map<number, Recipe>();
  private externalIds: number[] = [];

  constructor(
    private readonly benchmark: Benchmark,
    private readonly server: Guildhall,
    private readonly database: Client,
    private readonly jobs: RollupJobs,
  ) {}

  async prepare(): Promise<void> {
    const { rows } = await this.database.query<Recipe>(
      `SELECT r.id, r.result_item_id AS "itemId", array_agg(g.item_id) AS "itemIds", array_agg(g.quantity) AS quantities
       FROM market.recipe r JOIN market.recipe_ingredient g ON g.recipe_id = r.id GROUP BY r.id`,
    );
    if (rows.length !== RECIPES) throw new Error(`There are ${rows.length} recipes instead of ${RECIPES}`);
    this.recipes = rows;
    this.byItem = new Map(rows.map((recipe) => [recipe.itemId, recipe]));
    const items = await fillPrices(this.benchmark, this.server, this.database, MARKET, PRICED_ITEMS);
    const known = await this.database.query<{ externalId: number }>(
      'SELECT external_id AS "externalId" FROM market.item WHERE id = ANY ($1)',
      [items],
    );
    this.externalIds = known.rows.map(({ externalId }) => externalId);
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await this.round(-1 - round);
    for (const figures of [this.oursMs, this.naiveMs, this.unchangedMs]) figures.length = 0;
  }

  async round(number: number): Promise<void> {
    await this.applyBatch(number);
    const startedMs = performance.now();
    const first = await this.page();
    this.oursMs.push(performance.now() - startedMs);
    const naiveStartedMs = performance.now();
    const costs = await this.priceNaively();
    this.naiveMs.push(performance.now() - naiveStartedMs);
    await this.assertSame(first, costs);
    for (let call = 0; call < UNCHANGED_CALLS; call += 1) {
      const askedMs = performance.now();
      await this.page();
      this.unchangedMs.push(performance.now() - askedMs);
    }
  }

  private async applyBatch(number: number): Promise<void> {
    const random = randomOf(this.benchmark.seed, 1_000 + number);
    const sent = shuffle([...this.externalIds], random)
      .slice(0, BATCH)
      .map((externalId) => observationAt(externalId, Date.now(), random));
    const { acceptedCount } = await postBatch(this.server.url, INGEST_TOKEN, MARKET, JSON.stringify(sent));
    if (acceptedCount < BATCH * 0.99) throw new Error(`${acceptedCount} of ${BATCH} prices were stored`);
    await this.jobs.drained();
    await this.jobs.figuresFollowed();
  }

  private async page(cursor?: string): Promise<Page> {
    const more = cursor === undefined ? '' : `&cursor=${cursor}`;
    const path = `/api/v1/market/games/dofus/servers/${MARKET}/recipes?priceMode=min&sort=margin&limit=${PAGE}${more}`;
    const response = await fetch(this.server.url + path, {
      headers: { Authorization: `Bearer ${READ_TOKEN}` },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text) as Page;
  }

  /** Cost of each recipe, null where something can be had in no way. */
  private async priceNaively(): Promise<Map<number, number | null>> {
    const { rows } = await this.database.query<{ itemId: number; price: number }>(
      `SELECT l.item_id AS "itemId", l.price FROM market.latest l JOIN market.server s ON s.id = l.server_id WHERE s.key = $1`,
      [MARKET],
    );
    const prices = new Map(rows.map((row) => [row.itemId, row.price]));
    const unit = (itemId: number): number => {
      const recipe = this.byItem.get(itemId);
      return Math.min(prices.get(itemId) ?? Infinity, recipe ? cost(recipe) : Infinity);
    };
    const cost = ({ itemIds, quantities }: Recipe): number =>
      itemIds.reduce((sum, itemId, index) => sum + quantities[index]! * unit(itemId), 0);
    return new Map(
      this.recipes.map((recipe) => {
        const total = cost(recipe);
        return [recipe.id, total === Infinity ? null : total];
      }),
    );
  }

  /** Faster by answering something else would be no answer. */
  private async assertSame(first: Page, costs: ReadonlyMap<number, number | null>): Promise<void> {
    const all = [...first.items];
    for (let page = first; page.nextCursor !== null;) {
      page = await this.page(page.nextCursor);
      all.push(...page.items);
    }
    if (all.length !== RECIPES) throw new Error(`${all.length} recipes were answered`);
    for (const { id, cost } of all) {
      const naive = costs.get(id)!;
      const isSame =
        cost === null || naive === null
          ? cost === naive
          : Math.abs(cost - naive) <= 1e-9 * Math.max(1, naive);
      if (!isSame) throw new Error(`Recipe ${id} costs ${cost}, by recursion ${naive}`);
    }
    const pricedCount = all.filter(({ cost }) => cost !== null).length;
    if (pricedCount < RECIPES / 20) throw new Error(`Only ${pricedCount} recipes could be priced`);
  }
}

function report(bench: CraftingBenchmark): Figures {
  printVariant('recipes after new prices, ours over HTTP', 'ms', bench.oursMs);
  printVariant('the same by plain recursion', 'ms', bench.naiveMs);
  return {
    recipes_ms: median(bench.oursMs),
    naive_ms: median(bench.naiveMs),
    ratio_to_naive: median(ratios(bench.naiveMs, bench.oursMs)),
    unchanged_p95_ms: quantile(bench.unchangedMs, 0.95),
  };
}

await runBenchmark('market-crafting', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const bench = new CraftingBenchmark(
    benchmark,
    server,
    await connectOwner(benchmark, server),
    new RollupJobs(await connectSystem(benchmark, server)),
  );
  await bench.prepare();
  for (let round = 0; round < benchmark.rounds; round += 1) await bench.round(round);
  return report(bench);
});
