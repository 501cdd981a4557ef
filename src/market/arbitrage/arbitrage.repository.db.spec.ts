import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { insertServer } from '../../../test/factories/server.factory.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { confidenceOf } from '../analytics/confidence.js';
import { ArbitrageRepository, type ArbitrageQuestion, type ArbitrageRow } from './arbitrage.repository.js';

const ITEMS = 8;
const TODAY = '2026-06-15';
const NOW_MS = Date.parse(`${TODAY}T12:00:00Z`);
const HOUR_MS = 3_600_000;

let units: TestUnits;
let servers: number[];
let sourceId: number;

beforeAll(async () => {
  units = await openUnits();
  servers = [];
  for (let count = 0; count < 4; count += 1) servers.push((await insertServer(units)).id);
  const [source] = await units.owner<{ id: number }>(
    "INSERT INTO market.source (name) VALUES ('arbitrage') RETURNING id",
  );
  sourceId = source!.id;
});

afterAll(() => units.close());

/** What a server knows of an item. */
const offer = fc.record({
  server: fc.nat(3),
  itemId: fc.integer({ min: 1, max: ITEMS }),
  price: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(0, 1e12) },
    { weight: 9, arbitrary: fc.integer({ min: 50, max: 500 }) },
  ),
  lastMedian: fc.constantFrom(100, 200),
  ageH: fc.integer({ min: 0, max: 100 }),
  n: fc.integer({ min: 1, max: 40 }),
  days: fc.integer({ min: 1, max: 20 }),
});
type Offer = typeof offer extends fc.Arbitrary<infer T> ? T : never;
const world = fc.uniqueArray(offer, {
  minLength: 1,
  maxLength: 32,
  selector: ({ server, itemId }) => `${server}/${itemId}`,
});

const asked = fc.record({
  kept: fc.array(fc.constantFrom(1, 0.98, 0.5, 0), { minLength: 4, maxLength: 4 }),
  buy: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  sell: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  minProfit: fc.constantFrom(0, 20),
  minMarginPct: fc.constantFrom(0, 30),
  minConfidence: fc.constantFrom(0, 0.2),
  maxAgeH: fc.constantFrom(24, 72),
  itemIds: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: ITEMS }), { minLength: 1 })),
  order: fc.constantFrom('profit', 'margin'),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

async function fill(offers: readonly Offer[]): Promise<void> {
  await units.owner('DELETE FROM market.latest');
  await units.owner('DELETE FROM market.window_stat');
  for (const { server, itemId, price, lastMedian, ageH, n, days } of offers) {
    const at = new Date(NOW_MS - ageH * HOUR_MS);
    await units.owner(
      `WITH l AS (
         INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
         VALUES ($1, $2, $3, $4, 1, $5, 1))
       INSERT INTO market.window_stat (server_id, days, item_id, as_of, n, day_count, sum, first_day, last_day, first_mean,
         last_mean, first_median, last_median, first_at, last_at)
       VALUES ($1, 30, $2, '${TODAY}', $6, $7, 1, $4::timestamptz::date, $4::timestamptz::date, 1, 1, 1, $8, $4, $4)`,
      [servers[server], itemId, price, at, sourceId, n, days, lastMedian],
    );
  }
}

const ageDays = (ageH: number): number =>
  (Date.parse(TODAY) - Date.parse(new Date(NOW_MS - ageH * HOUR_MS).toISOString().slice(0, 10))) / 86_400_000;

/** Every pair of every item, one by one. */
function naive(
  offers: readonly Offer[],
  question: Asked,
): { itemId: number; profit: number; marginPct: number }[] {
  const usable = offers
    .map((given) => ({
      ...given,
      confidence: confidenceOf({ n: given.n, days: given.days, spanDays: 31, ageDays: ageDays(given.ageH) }),
    }))
    .filter(
      ({ price, lastMedian, ageH, confidence, itemId }) =>
        price > 0 &&
        price >= lastMedian / 5 &&
        price <= lastMedian * 5 &&
        ageH <= question.maxAgeH &&
        confidence >= question.minConfidence &&
        (question.itemIds?.includes(itemId) ?? true),
    );
  const best = new Map<number, { itemId: number; profit: number; marginPct: number }>();
  for (const from of usable.filter(({ server }) => question.buy[server]))
    for (const to of usable.filter(({ server }) => question.sell[server])) {
      if (from.itemId !== to.itemId) continue;
      const profit = to.price * question.kept[to.server]! - from.price;
      if (profit > (best.get(from.itemId)?.profit ?? 0))
        best.set(from.itemId, { itemId: from.itemId, profit, marginPct: (profit / from.price) * 100 });
    }
  const key = question.order === 'profit' ? 'profit' : 'marginPct';
  return [...best.values()]
    .filter(({ profit, marginPct }) => profit >= question.minProfit && marginPct >= question.minMarginPct)
    .sort((a, b) => b[key] - a[key] || a.itemId - b.itemId);
}

function ask(question: Asked, page: Pick<ArbitrageQuestion, 'limit' | 'after'>): Promise<ArbitrageRow[]> {
  return units.app.run(SYSTEM_PRINCIPAL, (tx) =>
    tx.query<ArbitrageRow>(
      new ArbitrageRepository().bestStatement({
        places: servers.map((serverId, index) => ({
          serverId,
          keptShare: question.kept[index]!,
          isToBuy: question.buy[index]!,
          isToSell: question.sell[index]!,
        })),
        today: TODAY,
        sinceMs: NOW_MS - question.maxAgeH * HOUR_MS,
        minProfit: question.minProfit,
        minMarginPct: question.minMarginPct,
        minConfidence: question.minConfidence,
        itemIds: question.itemIds,
        order: question.order,
        ...page,
      }),
    ),
  );
}

describe('arbitrage', () => {
  it('is the best of all pairs of servers, after what selling costs, and comes page by page', async () => {
    await fc.assert(
      fc.asyncProperty(world, asked, async (offers, question) => {
        await fill(offers);
        const expected = naive(offers, question);
        const rows = await ask(question, { limit: 100, after: null });
        expect(rows.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
        rows.forEach((row, index) => {
          expect(row.profit).toBeCloseTo(expected[index]!.profit, 6);
          expect(row.marginPct).toBeCloseTo(expected[index]!.marginPct, 6);
          const [buy, sell] = [row.buyServerId, row.sellServerId].map((id) =>
            offers.find(({ server, itemId }) => servers[server] === id && itemId === row.itemId)!,
          );
          expect([row.buyPrice, row.sellPrice]).toEqual([buy!.price, sell!.price]);
          const confidences = [buy!, sell!].map(({ n, days, ageH }) =>
            confidenceOf({ n, days, spanDays: 31, ageDays: ageDays(ageH) }),
          );
          expect(row.confidence).toBeCloseTo(Math.min(...confidences), 2);
          expect(row.n).toBe(Math.min(buy!.n, sell!.n));
        });
        const walked: ArbitrageRow[] = [];
        for (;;) {
          const last = walked.at(-1);
          const page = await ask(question, { limit: 2, after: last ? [last.sortKey, last.itemId] : null });
          walked.push(...page);
          if (page.length < 2) break;
        }
        expect(walked).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
