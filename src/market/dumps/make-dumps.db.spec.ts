import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { INGEST_PRINCIPAL, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { filesPath, parseEnvironment } from '../../platform/config/env.js';
import { FolderFileStore } from '../../platform/storage/folder-file-store.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { StoredFilesRepository } from '../../platform/storage/stored-files.repository.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { ItemCurationRepository } from '../catalog/item-curation.repository.js';
import type { IngestService } from '../ingest/ingest.service.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';
import { DumpsRepository, type StoredDumpRow } from './dumps.repository.js';
import { MakeDumpsService } from './make-dumps.service.js';

const DAY_MS = 86_400_000;
const DAY = '2026-06-15';
const START_MS = Date.parse(DAY);
const NOW_MS = START_MS + 2 * DAY_MS;

let units: TestUnits;
let ingest: IngestService;
let rollups: RollupsService;
let storage: Storage;
let makeDumps: MakeDumpsService;
let servers: ServerRow[];
let dataDir: string;

beforeAll(async () => {
  units = await openUnits();
  dataDir = mkdtempSync(join(tmpdir(), 'guildhall-dumps-'));
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: dataDir });
  ingest = newIngest(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
  const store = new FolderFileStore(join(filesPath(env), 'kept'));
  storage = new Storage(env, store, units.app, units.system, new StoredFilesRepository());
  makeDumps = new MakeDumpsService(
    units.system,
    new CatalogRepository(),
    new DumpsRepository(),
    storage,
    env,
  );
  servers = [await insertServer(units), await insertServer(units)];
});

afterAll(async () => {
  await units.close();
  rmSync(dataDir, { recursive: true });
});

interface Point {
  item: number;
  atMs: number;
  price: number;
  source?: string;
}

async function store(server: ServerRow, ...points: Point[]): Promise<void> {
  const observations = points.map(({ item, atMs, price, source = 'a source' }) =>
    anObservation({ externalId: null, name: `Dumped ${item}`, capturedAtMs: atMs, price, source }),
  );
  await ingest.store(INGEST_PRINCIPAL, [{ server, observations }], undefined, () => null);
}

/** Everything that happens by itself within the hour. */
async function settle(nowMs = NOW_MS): Promise<number> {
  for (const { id } of servers) await rollups.refresh(id, { nowMs });
  return makeDumps.makeDue({ nowMs, signal: new AbortController().signal });
}

async function dumpOf(day: string): Promise<StoredDumpRow & { lines: string[] }> {
  const [dump] = await units.owner<StoredDumpRow>(
    `SELECT game_id AS "gameId", day::text, revision, file_id AS "fileId", sha256, size_bytes::int AS "sizeBytes",
       row_count AS "rowCount" FROM market.dump WHERE day = $1`,
    [day],
  );
  const bytes = await buffer(await storage.read({ id: dump!.fileId }));
  expect(bytes.length).toBe(dump!.sizeBytes);
  return { ...dump!, lines: gunzipSync(bytes).toString().trimEnd().split('\r\n') };
}

/** The raw rows of a day in the plainest way. */
async function rawLines(day: string): Promise<string[]> {
  const rows = await units.owner<{ line: string }>(
    `SELECT concat_ws(',', o.id, v.key, o.item_id, coalesce(i.external_id::text, ''),
       to_char(o.captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), o.price, o.lots, s.name) AS line
     FROM market.observation o JOIN market.item i ON i.id = o.item_id JOIN market.source s ON s.id = o.source_id
     JOIN market.server v ON v.id = o.server_id WHERE (o.captured_at AT TIME ZONE 'UTC')::date = $1
     ORDER BY v.key COLLATE "C", o.item_id, o.captured_at, o.source_id`,
    [day],
  );
  return rows.map(({ line }) => line);
}

const HEADER = 'id,server,itemId,externalId,capturedAt,unitPrice,lots,source';
const filesLeft = (): string[] =>
  readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('dumps', () => {
  it('hold a day that is over, whole and in order, of all servers of the game', async () => {
    await store(
      servers[0]!,
      { item: 1, atMs: START_MS, price: 10 },
      { item: 1, atMs: START_MS + DAY_MS - 1, price: 11.25 },
      { item: 2, atMs: START_MS + 5, price: 1e12, source: '=evil, "source"' },
      { item: 1, atMs: START_MS + DAY_MS, price: 12 },
    );
    await store(servers[1]!, { item: 1, atMs: START_MS + 7, price: 3 });
    await store(servers[1]!, { item: 1, atMs: NOW_MS + 1, price: 4 }); // today is not over
    expect(await settle()).toBe(2);
    const { lines, revision, rowCount } = await dumpOf(DAY);
    expect({ revision, rowCount }).toEqual({ revision: 1, rowCount: 4 });
    expect(lines[0]).toBe(HEADER);
    const expected = (await rawLines(DAY)).map((line) =>
      line.replace('=evil, "source"', `"'=evil, ""source"""`),
    );
    expect(lines.slice(1)).toEqual(expected);
    expect((await dumpOf('2026-06-16')).lines).toHaveLength(2);
    expect(filesLeft()).toHaveLength(2);
  });

  it('are not made again while nothing changes; the same rows make the same bytes', async () => {
    const before = await dumpOf(DAY);
    expect(await settle()).toBe(0);
    await units.owner(`UPDATE market.day_change SET change_count = change_count + 1 WHERE day = $1`, [DAY]);
    expect(await settle()).toBe(1);
    expect(await dumpOf(DAY)).toEqual(before);
    expect(await settle()).toBe(0);
  });

  it('are made again, with the next revision, after late prices, corrections and deletions', async () => {
    await store(servers[1]!, { item: 3, atMs: START_MS + 9, price: 5 });
    await settle();
    expect(await dumpOf(DAY)).toMatchObject({ revision: 2, rowCount: 5 });
    const mark = `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
      SELECT server_id, array[item_id], array[$1::date], 1 FROM changed`;
    await units.owner(
      `WITH changed AS (UPDATE market.observation SET price = 6 WHERE price = 5 RETURNING *) ${mark}`,
      [DAY],
    );
    await settle();
    expect((await dumpOf(DAY)).lines.slice(1).filter((line) => line.includes(',6,'))).toHaveLength(1);
    await units.owner(
      `WITH changed AS (DELETE FROM market.observation WHERE price = 6 RETURNING *) ${mark}`,
      [DAY],
    );
    await settle();
    expect(await dumpOf(DAY)).toMatchObject({ revision: 4, rowCount: 4 });
    expect((await dumpOf(DAY)).lines.slice(1).map((line) => line.split(',')[0])).toEqual(
      (await rawLines(DAY)).map((line) => line.split(',')[0]),
    );
    expect(filesLeft()).toHaveLength(2);
  });

  it('are made again without an item that was deleted', async () => {
    const before = await dumpOf(DAY);
    const [item] = await units.owner<{ id: number }>(`SELECT id FROM market.item WHERE label = 'Dumped 2'`);
    await units.system.run(SYSTEM_PRINCIPAL, (tx) => new ItemCurationRepository().deleteItem(tx, item!.id));
    expect(await settle()).toBe(1);
    const { revision, rowCount, lines } = await dumpOf(DAY);
    expect({ revision, rowCount }).toEqual({ revision: before.revision + 1, rowCount: before.rowCount - 1 });
    expect(lines.filter((line) => line.split(',')[2] === String(item!.id))).toEqual([]);
  });

  it('go on where they were stopped, and two runs at once make one file', async () => {
    const days = [20, 21, 22].map((day) => Date.UTC(2026, 4, day));
    await store(servers[0]!, ...days.map((atMs, index) => ({ item: 9, atMs, price: index + 1 })));
    for (const { id } of servers) await rollups.refresh(id, { nowMs: NOW_MS });
    const stop = new AbortController();
    const stopped = makeDumps.makeDue({ nowMs: NOW_MS, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toThrow();
    const made = await units.owner(`SELECT FROM market.dump WHERE day BETWEEN '2026-05-20' AND '2026-05-22'`);
    expect(made).toHaveLength(1);
    await Promise.all([settle(), settle()]);
    for (const day of ['2026-05-20', '2026-05-21', '2026-05-22'])
      expect(await dumpOf(day)).toMatchObject({ revision: 1, rowCount: 1 });
  });

  it('are kept for as many days as they shall be, and older days are not due', async () => {
    const daysOf = async (): Promise<string[]> =>
      (await units.owner<{ day: string }>('SELECT day::text FROM market.dump ORDER BY day')).map(
        ({ day }) => day,
      );
    const all = await daysOf();
    const files = filesLeft().length;
    const made = { signal: new AbortController().signal, nowMs: NOW_MS };
    const keptFor = (days: string): MakeDumpsService => {
      const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: dataDir, MARKET_DUMP_DAYS: days });
      return new MakeDumpsService(units.system, new CatalogRepository(), new DumpsRepository(), storage, env);
    };
    expect(await keptFor('2').makeDue(made)).toBe(0);
    expect(await daysOf()).toEqual(all.filter((day) => day >= DAY));
    expect(await keptFor('1').makeDue(made)).toBe(0);
    expect(await daysOf()).toEqual(all.filter((day) => day > DAY));
    await waitUntil('their files are gone', 5_000, () => filesLeft().length === 1);
    expect(await keptFor('0').makeDue(made)).toBe(all.length - 1);
    expect(await daysOf()).toEqual(all);
    await waitUntil('the files are as many as before', 5_000, () => filesLeft().length === files);
  });

  it('stay as they are when the raw rows of their month are gone', async () => {
    const before = await dumpOf('2026-05-20');
    await units.owner(`INSERT INTO market.detached_month (month) VALUES ('2026-05-01')`);
    await units.owner(
      `UPDATE market.day_change SET change_count = change_count + 1 WHERE day = '2026-05-20'`,
    );
    expect(await settle()).toBe(0);
    expect(await dumpOf('2026-05-20')).toEqual(before);
  });
});
