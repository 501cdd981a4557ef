import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { newIngest, newRollupRequests } from '../../../test/support/new-ingest.js';
import { expectSameRollups, readRollups, rebuildFromRaw } from '../../../test/support/rollups.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';
import { PriceWorld } from './price-world.js';
import { SimulationRepository } from './simulation.repository.js';
import { type SimulationOptions, type SimulationProgress, SimulationService } from './simulation.service.js';

const WORLD: SimulationOptions = {
  seed: 7,
  days: 70,
  items: 40,
  servers: 3,
  pointsPerDay: 2,
  endAt: new Date('2026-03-10T12:00:00Z'),
};

let units: TestUnits;
let simulation: SimulationService;

beforeAll(async () => {
  units = await openUnits();
  const catalog = new CatalogRepository();
  simulation = new SimulationService(
    units.system,
    new CatalogDirectory(units.app, catalog),
    catalog,
    new IngestRepository(),
    new SimulationRepository(),
    newRollupRequests(units),
  );
});

afterAll(() => units.close());

async function fill(options: SimulationOptions): Promise<{ count: number; progress: SimulationProgress[] }> {
  const progress: SimulationProgress[] = [];
  const count = await simulation.fill('dofus', options, (step) => progress.push({ ...step }));
  return { count, progress };
}

interface Point {
  serverId: number;
  itemId: number;
  at: number;
  price: number;
  lots: number;
}

const POINT = `server_id AS "serverId", item_id AS "itemId", (extract(epoch FROM captured_at) * 1000)::float8 AS at, price, lots`;

function rawRows(): Promise<Point[]> {
  return units.owner<Point>(`SELECT ${POINT} FROM market.observation ORDER BY 1, 2, 3`);
}

function latestRows(): Promise<Point[]> {
  return units.owner<Point>(`SELECT ${POINT} FROM market.latest ORDER BY 1, 2`);
}

/** The last row of each series; `rows` are in order. */
function newestOf(rows: readonly Point[]): Point[] {
  return [...new Map(rows.map((row) => [`${row.serverId}/${row.itemId}`, row])).values()];
}

/** What the pure generator makes of the same options. */
async function expectedRows(): Promise<Point[]> {
  const { servers, items } = await units.system.run({ id: '' }, (tx) =>
    new SimulationRepository().listWorld(tx, 1, WORLD.items, WORLD.servers),
  );
  const world = new PriceWorld({ ...WORLD, items, servers: servers.map((server) => server.id) });
  const points: Point[] = [];
  for (const chunk of world.chunks()) {
    for (let row = 0; row < chunk.count; row += 1) {
      points.push({
        serverId: chunk.serverId,
        itemId: chunk.itemIds[row]!,
        at: chunk.capturedAtMs[row]!,
        price: chunk.prices[row]!,
        lots: chunk.lots[row]!,
      });
    }
  }
  return points.sort((a, b) => a.serverId - b.serverId || a.itemId - b.itemId || a.at - b.at);
}

describe('a simulated history', () => {
  it('fills an empty market with the world of its options, telling how far it is', async () => {
    const { count, progress } = await fill(WORLD);
    const rows = await rawRows();
    expect(rows).toHaveLength(count);
    expect(count).toBeGreaterThan(10_000);
    expect(rows).toEqual(await expectedRows());

    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toEqual({ done: count, total: count });
    progress.reduce((before, step) => {
      expect(step.total).toBe(count);
      expect(step.done).toBeGreaterThan(before);
      return step.done;
    }, 0);
  });

  it('has the newest point of each series as its latest price', async () => {
    const latest = await latestRows();
    expect(latest).toEqual(newestOf(await rawRows()));
    const [wrong] = await units.owner<{ n: number }>(
      `SELECT count(*)::int AS n FROM market.latest l
       WHERE NOT EXISTS (SELECT FROM market.observation o WHERE o.id = l.observation_id AND o.server_id = l.server_id
                           AND o.item_id = l.item_id AND o.captured_at = l.captured_at AND o.price = l.price)`,
    );
    expect(wrong).toEqual({ n: 0 });
  });

  it('says of every point that it is simulated', async () => {
    expect(
      await units.owner(
        `SELECT DISTINCT s.name, s.is_simulated AS "isSimulated"
         FROM (SELECT source_id FROM market.observation UNION SELECT source_id FROM market.latest) p
         JOIN market.source s ON s.id = p.source_id`,
      ),
    ).toEqual([{ name: 'simulator', isSimulated: true }]);
  });

  it('marks its days, so that a refresh gives every series its rollups', async () => {
    const nowMs = WORLD.endAt.getTime();
    const rollups = new RollupsService(units.system, new RollupsRepository());
    const servers = await units.owner<{ id: number }>('SELECT DISTINCT server_id AS id FROM market.latest');
    for (const { id } of servers) {
      await rollups.refresh(id, { nowMs });
      const rebuilt = await rebuildFromRaw(units, id, nowMs);
      expect(rebuilt.daily.length).toBeGreaterThan(1_000);
      expectSameRollups(await readRollups(units, id), rebuilt);
    }
  });

  it('is the same after a repetition', async () => {
    const [raw, latest] = [await rawRows(), await latestRows()];
    const { count } = await fill(WORLD);
    expect(count).toBe(raw.length);
    expect(await rawRows()).toEqual(raw);
    expect(await latestRows()).toEqual(latest);
  });

  it('never hides a real price that is newer', async () => {
    const [server] = await units.owner<{ id: number; gameId: number; key: string; name: string }>(
      'SELECT id, game_id AS "gameId", key, name FROM market.server WHERE id = (SELECT min(server_id) FROM market.latest)',
    );
    const [item] = await units.owner<{ externalId: number; id: number }>(
      `SELECT external_id AS "externalId", id FROM market.item WHERE id = (SELECT min(item_id) FROM market.latest)`,
    );
    const real = anObservation({
      externalId: item!.externalId,
      price: 123_456,
      capturedAtMs: WORLD.endAt.getTime() + 1,
    });
    await newIngest(units).store(
      INGEST_PRINCIPAL,
      [{ server: server!, observations: [real] }],
      undefined,
      () => null,
    );
    await fill(WORLD);
    const latest = (await latestRows()).find((row) => row.serverId === server!.id && row.itemId === item!.id);
    expect(latest).toMatchObject({ price: 123_456, at: real.capturedAtMs });

    await fill({ ...WORLD, endAt: new Date(WORLD.endAt.getTime() + 5 * 86_400_000), days: 5 });
    const moved = (await latestRows()).find((row) => row.serverId === server!.id && row.itemId === item!.id);
    expect(moved!.at).toBeGreaterThan(real.capturedAtMs);
    expect(await latestRows()).toEqual(newestOf(await rawRows()));
  });

  it('is not taken for the prices of a client that calls itself the simulator, nor they for it', async () => {
    const [server] = await units.owner<ServerRow>(
      'SELECT id, game_id AS "gameId", key, name FROM market.server WHERE id = (SELECT max(id) FROM market.server)',
    );
    const real = anObservation({ source: 'simulator', sourceVersion: '1' });
    const batches = [{ server: server!, observations: [real] }];
    await newIngest(units).store(INGEST_PRINCIPAL, batches, undefined, () => null);
    const marks = (where: string): Promise<{ isSimulated: boolean }[]> =>
      units.owner(
        `SELECT DISTINCT s.is_simulated AS "isSimulated" FROM market.observation o JOIN market.source s ON s.id = o.source_id
         WHERE s.name = 'simulator' AND o.server_id ${where} ${server!.id}`,
      );
    expect(await marks('=')).toEqual([{ isSimulated: false }]);
    expect(await marks('<>')).toEqual([{ isSimulated: true }]);
    await fill({ ...WORLD, seed: 9, days: 1, endAt: new Date('2026-04-01T00:00:00Z') });
    expect(await marks('<>')).toEqual([{ isSimulated: true }]);
    await units.owner(`DELETE FROM market.observation WHERE server_id = ${server!.id}`);
    await units.owner(`DELETE FROM market.latest WHERE server_id = ${server!.id}`);
    await units.owner(`DELETE FROM market.server_version WHERE server_id = ${server!.id}`);
  });

  it('moves the version of its servers, so that nobody keeps the prices from before', async () => {
    const versions = (): Promise<{ version: string }[]> =>
      units.owner('SELECT version FROM market.server_version ORDER BY server_id');
    const before = await versions();
    expect(before).toHaveLength(WORLD.servers);
    await fill({ ...WORLD, seed: 8, days: 1, endAt: new Date('2026-05-01T00:00:00Z') });
    const after = await versions();
    before.forEach(({ version }, index) =>
      expect(Number(after[index]!.version)).toBeGreaterThan(Number(version)),
    );
  });

  it('refuses a game that does not exist', async () => {
    await expect(simulation.fill('chess', WORLD, () => undefined)).rejects.toMatchObject({
      kind: 'notFound',
    });
  });
});

describe('a demo world', () => {
  const demo = (endAt: Date, onProgress: (step: SimulationProgress) => void = () => undefined) =>
    simulation.fillDemo('dofus', { ...WORLD, endAt }, onProgress);
  const killedAt = (chunk: number): ((step: SimulationProgress) => void) => {
    let chunks = 0;
    return () => {
      chunks += 1;
      if (chunks === chunk) throw new Error('killed');
    };
  };

  beforeAll(() => units.owner('TRUNCATE market.observation, market.latest'));

  it('whose filling was cut off twice becomes whole, as it was begun', async () => {
    await expect(demo(WORLD.endAt, killedAt(1))).rejects.toThrow('killed');
    const hour = 3_600_000;
    await expect(demo(new Date(WORLD.endAt.getTime() + hour), killedAt(2))).rejects.toThrow('killed');
    const cut = (await rawRows()).length;
    await demo(new Date(WORLD.endAt.getTime() + 2 * hour));
    const expected = await expectedRows();
    expect(cut).toBeLessThan(expected.length);
    expect(await rawRows()).toEqual(expected);
    expect(await latestRows()).toEqual(newestOf(expected));
  });

  it('is left alone once it is whole', async () => {
    await demo(new Date('2026-06-01T00:00:00Z'), killedAt(1));
    expect(await rawRows()).toEqual(await expectedRows());
  });

  it('is not put over prices of others', async () => {
    await units.owner('DELETE FROM market.demo_fill');
    await demo(new Date('2026-06-01T00:00:00Z'), killedAt(1));
    expect(await units.owner('SELECT FROM market.demo_fill')).toEqual([]);
  });
});
