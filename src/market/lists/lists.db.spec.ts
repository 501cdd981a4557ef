import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { rebuildRollups } from '../../../test/factories/rollups.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { utcDayOf } from '../analytics/utc-day.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { ItemUsesRepository } from '../profiles/item-uses.repository.js';
import { LIST_RANGES, rangeStartMs } from './list-range.js';
import { type ListItemRow, ListsRepository } from './lists.repository.js';

const HOUR_MS = 3_600_000;
const ITEMS = 4;
const NOW = Date.now();

interface Raw {
  itemId: number;
  hoursAgo: number;
  /** Within the hour, so that no two points of an item share an instant. */
  place: number;
  price: number;
}
const atMs = ({ hoursAgo, place }: Raw): number => NOW - hoursAgo * HOUR_MS + place * 1_000;

let units: TestUnits;
let listId: string;
const owner = { id: randomUUID() };
const repository = new ListsRepository();

beforeAll(async () => {
  units = await openUnits();
  await units.owner("SELECT market.ensure_observation_partitions(now() - interval '380 days', now())");
  await units.owner("INSERT INTO market.source (name) VALUES ('spec')");
  listId = await units.app.run(owner, async (tx) => {
    const list = {
      id: randomUUID(),
      userId: owner.id,
      gameId: 1,
      profileId: null,
      name: 'Spec',
      scope: 'private',
    } as const;
    const { id } = await repository.insertList(tx, list);
    for (let itemId = 1; itemId <= ITEMS; itemId += 1)
      await repository.upsertItem(tx, {
        userId: owner.id,
        listId: id,
        itemId,
        scope: 'private',
        quantity: itemId,
      });
    return id;
  });
});

afterAll(() => units.close());

/** Stores a history as the ingest and the rollups would. */
async function fill(server: ServerRow, world: readonly Raw[]): Promise<void> {
  await units.owner('DELETE FROM market.latest');
  await units.owner('DELETE FROM market.observation');
  await units.owner(
    `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
     SELECT to_timestamp(at / 1000), price, item, (SELECT id FROM market.source WHERE name = 'spec'), 1, $1
     FROM unnest($2::int[], $3::float8[], $4::float8[]) AS t(item, at, price)`,
    [server.id, world.map(({ itemId }) => itemId), world.map(atMs), world.map(({ price }) => price)],
  );
  await units.owner(
    `INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
     SELECT DISTINCT ON (item_id) server_id, item_id, price, captured_at, lots, source_id, id
     FROM market.observation ORDER BY item_id, captured_at DESC`,
  );
  await rebuildRollups((sql) => units.owner(sql), utcDayOf(NOW));
}

const look = (serverId: number, sinceMs: number): Promise<ListItemRow[]> =>
  units.app.run(owner, (tx) =>
    tx.query<ListItemRow>(
      repository.itemsStatement([listId], { serverId, preferredServerId: null, sinceMs }),
    ),
  );

const world = fc
  .array(
    fc.record({
      itemId: fc.integer({ min: 1, max: ITEMS }),
      hoursAgo: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8_900 })),
      price: fc.integer({ min: 0, max: 1_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => rows.map((row, place): Raw => ({ ...row, place })));

describe('prices on a list', () => {
  it('begin with the first observation of the range and end with the newest, as raw rows say', async () => {
    const server = await insertServer(units);
    await fc.assert(
      fc.asyncProperty(world, async (rows) => {
        await fill(server, rows);
        for (const range of LIST_RANGES) {
          const sinceMs = rangeStartMs(range, NOW);
          for (const shown of await look(server.id, sinceMs)) {
            const own = rows
              .filter(({ itemId }) => itemId === shown.itemId)
              .sort((a, b) => atMs(a) - atMs(b));
            const last = own.at(-1)?.price ?? null;
            const first = own.find((row) => atMs(row) >= sinceMs)?.price ?? last;
            expect({ range, itemId: shown.itemId, last: shown.price, first: shown.previousPrice }).toEqual({
              range,
              itemId: shown.itemId,
              last,
              first,
            });
          }
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('read raw rows of the day at most into which the range begins', async () => {
    const server = await insertServer(units);
    await fill(
      server,
      Array.from({ length: 400 }, (_, place) => ({
        itemId: 1 + (place % ITEMS),
        hoursAgo: 1 + place * 20,
        place,
        price: place,
      })),
    );
    await units.owner('ANALYZE market.observation, market.daily, market.latest');
    const sinceMs = rangeStartMs('90d', NOW);
    const statement = repository.itemsStatement([listId], {
      serverId: server.id,
      preferredServerId: null,
      sinceMs,
    });
    const [plan] = await units.app.run(owner, async (tx) =>
      tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
        name: 'spec.plan',
        text: `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
        values: statement.values,
      }),
    );
    const scans = nodesOf(plan!['QUERY PLAN'][0].Plan).filter((node) =>
      node['Relation Name']?.startsWith('observation_'),
    );
    const rows = scans.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
    expect(scans.length).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(2 * ITEMS);
  });

  it('are counted over all accounts by the system role only', async () => {
    const uses = new ItemUsesRepository();
    expect(await units.system.run(SYSTEM_SCOPE, (tx) => uses.countItemUses(tx, 2))).toEqual({
      lists: 1,
      favourites: 0,
      stock: 0,
    });
    expect((await units.app.run({ id: randomUUID() }, (tx) => uses.countItemUses(tx, 2))).lists).toBe(0);
  });
});

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
