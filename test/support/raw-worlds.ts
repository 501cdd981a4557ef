import fc from 'fast-check';
import type { ServerRow } from '../../src/market/catalog/catalog.repository.js';
import { rebuildRollups } from '../factories/rollups.factory.js';
import { insertServer } from '../factories/server.factory.js';
import type { TestUnits } from './units.js';

/** One raw price of one of the items 1 to `WORLD_ITEMS`. */
export interface Raw {
  itemId: number;
  daysAgo: number;
  /** Second within the day; no two points share one, so it gives their order. */
  place: number;
  price: number;
}

export const WORLD_ITEMS = 12;

/** Worlds of raw prices over some hundred days, prices of zero among them. */
export const rawWorlds = (options: { items?: number; points?: number } = {}): fc.Arbitrary<Raw[]> =>
  fc
    .array(
      fc.record({
        itemId: fc.integer({ min: 1, max: options.items ?? WORLD_ITEMS }),
        daysAgo: fc.integer({ min: 0, max: 95 }),
        price: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 1, max: 1_000 }) },
          { weight: 1, arbitrary: fc.constant(0) },
        ),
      }),
      { minLength: 1, maxLength: options.points ?? 150 },
    )
    .map((points) => points.map((point, place): Raw => ({ ...point, place })));

/** Once per database: where the raw rows of worlds go. */
export async function prepareForWorlds(units: TestUnits): Promise<void> {
  await units.owner("SELECT market.ensure_observation_partitions(now() - interval '100 days', now())");
  await units.owner("INSERT INTO market.source (name) VALUES ('spec')");
}

/** A new server with these raw rows and no other server with any; rollups made by the plainest SQL. */
export async function fillWorld(units: TestUnits, world: readonly Raw[], today: string): Promise<ServerRow> {
  const server = await insertServer(units);
  await units.owner('DELETE FROM market.observation');
  await insertRaw(units, server, world, today);
  await rebuildRollups((sql) => units.owner(sql), today);
  return server;
}

export async function insertRaw(
  units: TestUnits,
  server: ServerRow,
  world: readonly Raw[],
  today: string,
): Promise<void> {
  await units.owner(
    `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
     SELECT (($2::date - ago)::timestamp AT TIME ZONE 'UTC') + place * interval '1 second', price, item,
       (SELECT id FROM market.source WHERE name = 'spec'), 1, $1
     FROM unnest($3::int[], $4::int[], $5::float8[], $6::int[]) AS t(item, ago, price, place)`,
    [
      server.id,
      today,
      world.map((raw) => raw.itemId),
      world.map((raw) => raw.daysAgo),
      world.map((raw) => raw.price),
      world.map((raw) => raw.place),
    ],
  );
}
