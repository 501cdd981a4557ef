import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { readRollups } from '../../../test/support/rollups.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import type { IngestService } from '../ingest/ingest.service.js';
import { RawPartitionsRepository } from './raw-partitions.repository.js';
import { RawPartitionsService } from './raw-partitions.service.js';
import { RollupsRepository } from './rollups.repository.js';
import { RollupsService } from './rollups.service.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let units: TestUnits;
let ingest: IngestService;
let rollups: RollupsService;
let server: ServerRow;
/** Two days of the month that is the fourth before this one. */
let oldDayMs: number;

beforeAll(async () => {
  units = await openUnits();
  ingest = newIngest(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
  const now = new Date();
  oldDayMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 4, 10);
});

afterAll(() => units.close());

beforeEach(async () => {
  server = await insertServer(units);
});

function partitions(rawMonths: number): RawPartitionsService {
  return new RawPartitionsService(units.system, new IngestRepository(), new RawPartitionsRepository(), {
    marketRawMonths: rawMonths,
  });
}

async function store(...points: { atMs: number; price: number; source?: string }[]): Promise<void> {
  await ingest.store(
    INGEST_PRINCIPAL,
    [
      {
        server,
        observations: points.map(({ atMs, price, source = 'factory' }) =>
          anObservation({ capturedAtMs: atMs, price, source }),
        ),
      },
    ],
    undefined,
    () => null,
  );
}

const rawCount = async (): Promise<number> =>
  (
    await units.owner<{ n: number }>(
      'SELECT count(*)::int AS n FROM market.observation WHERE server_id = $1',
      [server.id],
    )
  )[0]!.n;
const daily = async (): Promise<{ day: string; n: number; sum: number }[]> =>
  (await readRollups(units, server.id)).daily.map(({ day, n, sum }) => ({ day, n, sum }));
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

describe('partitions of raw prices', () => {
  it('are made for this month and the next two', async () => {
    await partitions(0).makePartitionsAhead();
    await partitions(0).makePartitionsAhead();
    const now = new Date();
    const expected = [0, 1, 2].map(
      (ahead) =>
        `observation_${new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7).replace('-', '_')}`,
    );
    const found = await units.owner<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' AND relname = ANY ($1) ORDER BY 1`,
      [expected],
    );
    expect(found.map(({ name }) => name)).toEqual(expected);
  });

  it('all stay when nothing is set', async () => {
    await store({ atMs: oldDayMs, price: 5 });
    await rollups.refresh(server.id);
    expect(await partitions(0).detachOldPartitions()).toEqual([]);
    expect(await rawCount()).toBe(1);
  });

  it('leave when they are old, with their rows kept beside and their days in the rollups', async () => {
    await store(
      { atMs: oldDayMs, price: 10 },
      { atMs: oldDayMs + 30 * MINUTE_MS, price: 20 },
      { atMs: Date.now() - MINUTE_MS, price: 30 },
    );
    expect(await partitions(3).detachOldPartitions()).toEqual([]); // the rollups have not seen it yet
    for (const { id } of await units.owner<{ id: number }>(
      'SELECT DISTINCT server_id AS id FROM market.dirty_batch',
    ))
      await rollups.refresh(id);
    const before = await readRollups(units, server.id);
    expect(before.daily).toHaveLength(2);

    const kept = await partitions(3).detachOldPartitions();
    expect(kept).toEqual([expect.stringMatching(/^detached_observation_\d{4}_\d{2}_\d{20}$/)]);
    expect(await partitions(3).detachOldPartitions()).toEqual([]);
    expect(await rawCount()).toBe(1);
    expect(
      await units.owner(`SELECT price FROM market.${kept[0]!} WHERE server_id = $1 ORDER BY captured_at`, [
        server.id,
      ]),
    ).toEqual([{ price: 10 }, { price: 20 }]);
    await rollups.refreshAll(server.id);
    expect(await readRollups(units, server.id)).toEqual(before);
  });

  it('that have left may get late points, which make days of their own but replace none by less', async () => {
    await store({ atMs: oldDayMs, price: 10 }, { atMs: oldDayMs + 30 * MINUTE_MS, price: 20 });
    await rollups.refresh(server.id);
    await partitions(3).detachOldPartitions();
    expect(await rawCount()).toBe(0);

    // the ingest still believes in the partition that has left
    await store({ atMs: oldDayMs + 60 * MINUTE_MS, price: 1 }, { atMs: oldDayMs + DAY_MS, price: 2 });
    await rollups.refresh(server.id);
    expect(await daily()).toEqual([
      { day: isoDay(oldDayMs), n: 2, sum: 30 },
      { day: isoDay(oldDayMs + DAY_MS), n: 1, sum: 2 },
    ]);

    await store({ atMs: oldDayMs + DAY_MS + 60 * MINUTE_MS, price: 4 });
    await store(
      { atMs: oldDayMs, price: 10, source: 'import' },
      { atMs: oldDayMs + 30 * MINUTE_MS, price: 20, source: 'import' },
    );
    await rollups.refresh(server.id);
    expect(await daily()).toEqual([
      { day: isoDay(oldDayMs), n: 3, sum: 31 },
      { day: isoDay(oldDayMs + DAY_MS), n: 2, sum: 6 },
    ]);
    await rollups.refreshAll(server.id);
    expect((await daily()).map(({ n }) => n)).toEqual([3, 2]);
  });

  it('are never taken from the month under way or the one before', async () => {
    await expect(
      units.system.run({ id: '' }, (tx) => new RawPartitionsRepository().detachOldest(tx, Date.now())),
    ).rejects.toThrow('never detached');
  });
});
