import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Statement, Tx } from '../../src/platform/database/unit-of-work.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { AnalyticsRepository } from '../../src/market/analytics/analytics.repository.js';
import { CompatItemsRepository } from '../../src/market/compat/compat-items.repository.js';
import { WindowFiguresRepository } from '../../src/market/analytics/window-figures.repository.js';
import { IndexLinksRepository } from '../../src/market/analytics/index-links.repository.js';
import { ItemsRepository } from '../../src/market/catalog/items.repository.js';
import { arrangeBatch } from '../../src/market/ingest/arrange-batch.js';
import { HistoryChanges } from '../../src/market/ingest/history-changes.js';
import { IngestRepository } from '../../src/market/ingest/ingest.repository.js';
import { PriceHistoryRepository } from '../../src/market/ingest/price-history.repository.js';
import { PricesRepository } from '../../src/market/prices/prices.repository.js';
import { SeriesRepository } from '../../src/market/prices/series.repository.js';
import { anObservation } from '../factories/observation.factory.js';
import { indexes, planOf, type PlanNode, plansWithin, readWhole } from '../support/plans.js';
import { openUnits, type TestUnits } from '../support/units.js';

/**
 * The statements that every request waits for, planned by PostgreSQL on tables with rows in them, as the application's role:
 * they find their rows by an index. A plan that reads a whole table would pass every other test and fail the users.
 */
const DAY_MS = 86_400_000;
const NOW = Date.now();
const USER = randomUUID();
/** Few rows by nature: reading them whole is the best plan. */
const SMALL = new Set(['game', 'category', 'item_type', 'job', 'figure_change', 'decided_observation']);

let units: TestUnits;

beforeAll(async () => {
  units = await openUnits();
  // Whole months, this one to its end: of a month with a few hours in it the planner would rightly read everything.
  await units.owner(
    "SELECT market.ensure_observation_partitions(date_trunc('month', now()) - interval '3 months', now())",
  );
  await units.owner(`
    INSERT INTO market.server (game_id, key, name) SELECT 1, 'filled-' || n, 'Filled ' || n FROM generate_series(1, 3000) n;
    INSERT INTO market.source (name) SELECT 'source ' || n FROM generate_series(1, 5000) n;
    INSERT INTO market.server_version (server_id) SELECT id FROM market.server;
    INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
      SELECT s.id, i.id, 5, now(), 1, 1 + i.id % 5000, 1 FROM market.server s, market.item i WHERE s.id <= 10;
    INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
      SELECT t, 5, i, 1 + i % 5000, 1, s
      FROM generate_series(date_trunc('month', now()) - interval '3 months', date_trunc('month', now()) + interval '27 days', interval '12 hours') t,
        generate_series(1, 200) i, generate_series(1, 3) s;
    INSERT INTO market.withheld_observation (server_id, item_id, captured_at, source_id, price, lots)
      SELECT server_id, item_id, captured_at + interval '5 minutes', source_id, price, lots FROM market.observation;
    INSERT INTO market.rollup_version (server_id, as_of) SELECT id, current_date FROM market.server;
    INSERT INTO market.daily (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
      SELECT s, i, current_date - n, 2, 10, 5, 5, 5, 5, 5, now(), now()
      FROM generate_series(1, 90) n, generate_series(1, 200) i, generate_series(1, 3) s;
    INSERT INTO market.window_stat (server_id, days, item_id, as_of, n, day_count, sum, first_day, last_day, first_mean, last_mean,
        first_median, last_median, first_at, last_at)
      SELECT s, d, i, current_date, 9, 5, 45, current_date - 6, current_date, 5, 5, 5, 5, now(), now()
      FROM unnest(ARRAY[7, 30, 90, 365]) d, generate_series(1, 2000) i, generate_series(1, 5) s;
    INSERT INTO market.observation_flag (server_id, item_id, captured_at, source_id, observation_id, price, reason,
        expected_price, ratio)
      SELECT server_id, item_id, captured_at, source_id, id, price, 'above-level', 1, 5
      FROM market.observation WHERE id % 20 = 0`);
  await units.owner(`
    INSERT INTO market.window_figure (server_id, days, item_id, figures)
      SELECT s, d, i, convert_to(repeat('x', 192), 'UTF8')
      FROM unnest(ARRAY[7, 30, 90, 365]) d, generate_series(1, 2000) i, generate_series(1, 5) s;
    INSERT INTO market.figure_version (server_id, as_of) SELECT id, current_date FROM market.server;
    INSERT INTO market.index_link (server_id, day, log_change, dispersion, matched_count, seen_count)
      SELECT s, current_date - n, 0, 0, 1, 1 FROM generate_series(1, 700) n, generate_series(1, 10) s`);
  for (const userId of [USER, randomUUID(), randomUUID()]) {
    await units.app.run({ id: userId }, (tx) =>
      tx.query({
        name: 'spec.fill',
        text: `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash)
               SELECT $1, 'POST /filled', n::text, sha256('') FROM generate_series(1, 5000) n`,
        values: [userId],
      }),
    );
  }
  await units.owner('ANALYZE');
}, 60_000);

afterAll(() => units.close());

const wholeTables = (nodes: readonly PlanNode[]): string[] => readWhole(nodes, SMALL);
const plansOf = (scope: string, method: (tx: Tx) => Promise<unknown>): Promise<PlanNode[][]> =>
  plansWithin((work) => units.app.run({ id: scope }, work), method);

const items = new ItemsRepository();
const prices = new PricesRepository();
const everything = {
  query: '',
  categoryId: undefined,
  typeExternalId: undefined,
  levelMin: undefined,
  levelMax: undefined,
  limit: 50,
  after: undefined,
};
const month = { fromMs: NOW - 30 * DAY_MS, toMs: NOW, limit: 201, after: undefined };
const compatItems = new CompatItemsRepository();
const unfiltered = {
  ...{ server: '', search: '', category: null },
  ...{ minPrice: null, maxPrice: null, labels: null },
};
const windowFigures = new WindowFiguresRepository();
const ids = Array.from({ length: 500 }, (_, index) => index + 1);

const analytics = new AnalyticsRepository();
const indexLinks = new IndexLinksRepository();
const series = new SeriesRepository();
const today = new Date(NOW).toISOString().slice(0, 10);
const week = { from: new Date(NOW - 7 * DAY_MS).toISOString().slice(0, 10), to: today };
const movers = {
  ...({ method: 'robust', order: 'abs', limit: 21, minN: 1 } as const),
  ...{ minPrice: null, maxPrice: null, itemIds: null, after: null },
};
const buckets = { fromMs: NOW - 7 * DAY_MS, endMs: NOW, limit: 201 };

describe('reads of the market', () => {
  it.each<[string, Statement, string]>([
    ['the version of a server', prices.versionStatement(2), 'pk_server_version'],
    ['the price of one item', prices.latestStatement(2, [7]), 'pk_latest'],
    ['the links of the index', indexLinks.linksStatement(2, week), 'pk_index_link'],
    ['what items are called', analytics.namesStatement(ids.slice(0, 20)), 'pk_item'],
    ['prices of 20 items', prices.latestStatement(2, ids.slice(0, 20)), 'pk_latest'],
    [
      "prices by the game's ids",
      prices.latestByExternalIdStatement(2, 1, ids.slice(0, 20)),
      'uq_item_game_external',
    ],
    ['the first page of items', items.listStatement(1, everything), 'ix_item_game_label_fold'],
    [
      'the next page of items',
      items.listStatement(1, { ...everything, after: ['bois', 40] }),
      'ix_item_game_label_fold',
    ],
    [
      'items by a rare part of their name',
      items.listStatement(1, { ...everything, query: 'boisaille' }),
      'ix_item_label_fold_trgm',
    ],
    ['the best matches of a name', items.searchStatement(1, 'boisaille', 10), 'ix_item_label_fold_trgm'],
    [
      'names like a text that none holds',
      items.similarStatement(1, 'boisallie', 10),
      'ix_item_label_fold_trgm',
    ],
    ['an item', items.itemStatement(1, 7), 'pk_item'],
    ['an item by its label', items.itemByLabelStatement(1, 'Bois de Frêne'), 'uq_item_game_label'],
    ['the version of the rollups', analytics.versionStatement(2), 'pk_rollup_version'],
    ['the index', analytics.indexStatement(2, week, 'window', 'robust', null), 'pk_window_stat'],
    ['movers', analytics.moversStatement(2, week, 'window', movers), 'pk_window_stat'],
    ['the figures that have changed', windowFigures.changesStatement(2, 30, 1), 'pk_window_figure'],
    [
      'a page of prices by name',
      compatItems.pageStatement({ serverId: 2 }, unfiltered, 'name-asc', { limit: 20, offset: 0 }),
      'ix_item_game_label_fold',
    ],
    ['the days of an item', analytics.daysStatement(2, 7, week), 'pk_daily'],
    ['a series by day', series.daysStatement(2, 7, buckets), 'pk_daily'],
    ['a recipe', items.recipeStatement(7), 'uq_recipe_result_item'],
  ])('find %s by an index', async (_what, statement, index) => {
    const nodes = await units.app.run({ id: '' }, (tx) => planOf(tx, statement));
    expect(wholeTables(nodes)).toEqual([]);
    expect(indexes(nodes)).toContain(index);
  });

  it('find prices of 500 items by an index, though names may then be read as a whole', async () => {
    const nodes = await units.app.run({ id: '' }, (tx) => planOf(tx, prices.latestStatement(2, ids)));
    expect(wholeTables(nodes)).not.toContain('latest');
    expect(indexes(nodes)).toContain('pk_latest');
  });

  it.each<[string, Statement]>([
    ['a month', prices.seriesStatement(2, 7, month)],
    ['hours of a week', series.hoursStatement(2, 7, buckets)],
    ['its next page', prices.seriesStatement(2, 7, { ...month, after: [(NOW - 20 * DAY_MS) * 1_000, 5, 9] })],
  ])('find %s of an item in its partitions, by their indexes', async (_what, statement) => {
    const nodes = await units.app.run({ id: '' }, (tx) => planOf(tx, statement));
    expect(wholeTables(nodes)).toEqual([]);
    const partitions = new Set(
      nodes.flatMap((node) => node['Relation Name'] ?? []).filter((name) => /^observation_\d/.test(name)),
    );
    expect(partitions.size).toBeGreaterThan(0);
    expect(partitions.size).toBeLessThanOrEqual(2);
  });
});

describe('writes of the ingest', () => {
  const observations = Array.from({ length: 200 }, (_, index) => anObservation({ externalId: index + 1 }));

  const ingest = new IngestRepository();
  const history = new PriceHistoryRepository();
  const points = arrangeBatch(
    observations,
    observations.map((o) => o.externalId!),
    observations.map(() => ({ id: 1, key: '' })),
  );
  const itemIds = points.map(({ itemId }) => itemId);

  it('find what they compare with by an index', async () => {
    const [nodes] = await plansOf('', (tx) => ingest.listNewest(tx, 2, Int32Array.from(itemIds)));
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!)).toEqual(['pk_latest']);
  });

  it('look around late points in their partitions, by an index', async () => {
    const spans = points.map(({ itemId, capturedAtMs }) => ({
      itemId,
      fromMs: capturedAtMs,
      untilMs: capturedAtMs + DAY_MS,
    }));
    const [nodes] = await plansOf('', (tx) => history.listStored(tx, 2, spans));
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!).length).toBeGreaterThan(0);
  });

  it.each([
    [
      'take away what counts or is withheld no longer',
      (tx: Tx) => history.deleteMoved(tx, 2, points, points),
    ],
    ['find the newest price there is now', (tx: Tx) => history.deriveLatest(tx, 2, itemIds)],
  ])('%s by an index', async (_what, work) => {
    const [nodes] = await plansOf('', work);
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!).length).toBeGreaterThan(0);
  });

  it('look for thousands of points in their months alone', async () => {
    const atMs = NOW - 40 * DAY_MS;
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      ...points[index % points.length]!,
      capturedAtMs: atMs + index * 1_000,
    }));
    const [nodes] = await plansOf('', (tx) => history.deleteMoved(tx, 2, many, many));
    const months = (table: string): Set<string> =>
      new Set(nodes!.flatMap(({ 'Relation Name': name }) => (name?.startsWith(`${table}_2`) ? [name] : [])));
    for (const table of ['observation', 'withheld_observation']) {
      expect(months(table).size).toBeGreaterThan(0);
      expect(months(table).size).toBeLessThanOrEqual(2);
    }
  });

  it('move what they find by an index', async () => {
    const changes = new HistoryChanges();
    for (const point of points) changes.takeNewer([point], ['kept'], false);
    const [nodes] = await plansOf('', async (tx) => ingest.storePoints(tx, 2, changes));
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!)).toContain('pk_latest');
  });

  it('find known items by an index', async () => {
    const [nodes] = await plansOf('', (tx) => items.listKnown(tx, 1, [1, 2, 3], ['Bois', 'Laine']));
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!)).toEqual(expect.arrayContaining(['uq_item_game_external', 'uq_item_game_label']));
  });
});

describe('statements under row-level security', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['a stored answer', (tx) => new IdempotencyRepository().findResponse(tx, USER, 'POST /filled', '7')],
    [
      'the answer to store',
      (tx) => new IdempotencyRepository().updateResponse(tx, USER, 'POST /filled', '7', 201, '{}'),
    ],
    [
      "a page of one's own rows",
      (tx) =>
        tx.query({
          name: 'spec.page',
          text: 'SELECT route, key FROM platform.idempotency_key ORDER BY route, key LIMIT 20',
          values: [],
        }),
    ],
  ])('read the scope once and find %s by an index', async (_what, method) => {
    const [nodes] = await plansOf(USER, method);
    expect(wholeTables(nodes!)).toEqual([]);
    expect(indexes(nodes!)).toEqual(['pk_idempotency_key']);
    expect(nodes!.filter((node) => node['Parent Relationship'] === 'InitPlan').length).toBeGreaterThan(0);
    expect(nodes!.filter((node) => node['Parent Relationship'] === 'SubPlan')).toEqual([]);
  });
});
