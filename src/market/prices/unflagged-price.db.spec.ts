import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { insertServer } from '../../../test/factories/server.factory.js';
import { insertRaw, prepareForWorlds, type Raw, rawWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { utcDayOf } from '../analytics/utc-day.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { CraftingService } from '../crafting/crafting.service.js';
import { type PriceChoice, RecipesRepository } from '../crafting/recipes.repository.js';
import { HarvestRepository, type ResourcePriceRow } from '../harvest/harvest.repository.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';

const NOW = Date.now();
const TODAY = utcDayOf(NOW);

interface Price {
  itemId: number;
  price: number;
  atMs: number;
}

let units: TestUnits;
let rollups: RollupsService;
let crafting: CraftingService;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
  crafting = new CraftingService(units.app, new RecipesRepository());
});

beforeEach(async () => {
  server = await insertServer(units);
});

afterAll(() => units.close());

/** Stores raw rows and the newest of each series, and has flags follow as workers do. */
async function store(points: readonly Raw[]): Promise<void> {
  await insertRaw(units, server, points, TODAY);
  await units.owner(
    `INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
     SELECT DISTINCT ON (item_id) server_id, item_id, price, captured_at, lots, source_id, id
     FROM market.observation WHERE server_id = $1 ORDER BY item_id, captured_at DESC`,
    [server.id],
  );
  await judge(points);
}

async function judge(points: readonly Raw[]): Promise<void> {
  await units.owner(
    `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
     SELECT $1, array_agg(item), array_agg($2::date - ago), count(*) FROM unnest($3::int[], $4::int[]) AS t(item, ago)`,
    [server.id, TODAY, points.map(({ itemId }) => itemId), points.map(({ daysAgo }) => daysAgo)],
  );
  await rollups.refresh(server.id, { nowMs: NOW });
}

async function prices(choice: PriceChoice): Promise<Price[]> {
  const costs = await crafting.costs(INGEST_PRINCIPAL, server, choice);
  return [...costs.prices]
    .map(([itemId, { price, atMs }]) => ({ itemId, price, atMs }))
    .sort((a, b) => a.itemId - b.itemId);
}

/** From raw rows, by the plainest SQL. */
const plainly = (isFlagLooked: boolean): Promise<Price[]> =>
  units.owner<Price>(
    `SELECT DISTINCT ON (o.item_id) o.item_id AS "itemId", o.price, extract(epoch FROM o.captured_at)::float8 * 1000 AS "atMs"
     FROM market.observation o LEFT JOIN market.observation_flag f USING (server_id, item_id, captured_at, source_id)
     WHERE o.server_id = $1 AND (NOT $2 OR f.reason IS NULL OR f.verdict = 'cleared')
     ORDER BY o.item_id, o.captured_at DESC`,
    [server.id, isFlagLooked],
  );

/** Ten days at a hundred, then this many of an absurd price today. */
const trolled = (itemId: number, count: number): Raw[] => [
  ...Array.from({ length: 10 }, (_, back) => ({ itemId, daysAgo: back + 1, place: 0, price: 100 + back })),
  ...Array.from({ length: count }, (_, at) => ({ itemId, daysAgo: 0, place: at + 1, price: 1e7 })),
];

describe('the newest price that is not flagged', () => {
  it('is what raw rows say, on any world, and stays beside the newest', async () => {
    const worlds = fc.tuple(
      rawWorlds({ items: 4, points: 60 }),
      fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(worlds, async ([world, trolls]) => {
        server = await insertServer(units);
        await store([...world, ...trolls.flatMap((count, at) => trolled(at + 6, count))]);
        expect(await prices('newest')).toEqual(await plainly(false));
        expect(await prices('unflagged')).toEqual(await plainly(true));
      }),
      { numRuns: 25 },
    );
  });

  it('moves with a verdict, and its tag does', async () => {
    await store(trolled(1, 1));
    const before = await crafting.version(INGEST_PRINCIPAL, server, 'unflagged');
    expect(await prices('unflagged')).toEqual([expect.objectContaining({ price: 100 })]);
    await units.owner(`UPDATE market.observation_flag SET verdict = 'cleared' WHERE server_id = $1`, [
      server.id,
    ]);
    await judge([{ itemId: 1, daysAgo: 0, place: 0, price: 0 }]);
    expect(await crafting.version(INGEST_PRINCIPAL, server, 'unflagged')).not.toBe(before);
    expect(await prices('unflagged')).toEqual([expect.objectContaining({ price: 1e7 })]);
  });

  it('is none where all prices of the series are flagged', async () => {
    await store(trolled(1, 0).slice(0, 1));
    await units.owner(
      `INSERT INTO market.observation_flag (server_id, item_id, captured_at, source_id, observation_id, price, reason, expected_price, ratio, verdict)
       SELECT server_id, item_id, captured_at, source_id, id, price, 'above-level', 1, 100, 'confirmed'
       FROM market.observation WHERE server_id = $1`,
      [server.id],
    );
    await judge([{ itemId: 1, daysAgo: 1, place: 0, price: 0 }]);
    expect(await prices('newest')).toHaveLength(1);
    expect(await prices('unflagged')).toEqual([]);
  });

  it('is what a harvest is worth, with the source that it came from and not the flagged one’s', async () => {
    await store(trolled(1, 1));
    await units.owner(
      `WITH s AS (INSERT INTO market.source (name, is_simulated) VALUES ('troll', true) RETURNING id),
       o AS (UPDATE market.observation SET source_id = s.id FROM s WHERE server_id = $1 AND price = 1e7),
       f AS (UPDATE market.observation_flag SET source_id = s.id FROM s WHERE server_id = $1)
       UPDATE market.latest SET source_id = s.id FROM s WHERE server_id = $1`,
      [server.id],
    );
    const [item] = await units.owner<{ id: number }>(
      'SELECT external_id AS id FROM market.item WHERE id = 1',
    );
    const statement = new HarvestRepository().pricesStatement(server.id, 1, [item!.id]);
    expect(await units.app.read<ResourcePriceRow>(INGEST_PRINCIPAL, statement)).toEqual([
      { id: item!.id, price: 100, capturedAt: new Date(Date.parse(TODAY) - 86_400_000), isSimulated: false },
    ]);
  });
});
