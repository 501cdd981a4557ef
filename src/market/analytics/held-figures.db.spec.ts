import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillWorld, insertRaw, prepareForWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openWindowFigures } from '../../../test/support/window-figures.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { ItemCurationRepository } from '../catalog/item-curation.repository.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';
import type { FigureTable } from './figure-table.js';
import { HeldFigures } from './held-figures.service.js';
import { utcDayOf } from './utc-day.js';
import { WindowFiguresRepository } from './window-figures.repository.js';
import type { WindowFigures } from './window-figures.service.js';

const TODAY = utcDayOf(Date.now());

let units: TestUnits;
let figures: WindowFigures;
let rollups: RollupsService;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  figures = openWindowFigures(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
  server = await fillWorld(units, [{ itemId: 1, daysAgo: 1, place: 0, price: 5 }], TODAY);
  while ((await figures.refresh(server.id)) !== 'done');
});

afterAll(() => units.close());

/** Counts the reads of tables, which are the only transactions that held figures need. */
function openHeld(): { held: HeldFigures; reads: () => number } {
  let count = 0;
  const uow = Object.create(units.app, {
    run: {
      value: (...args: Parameters<UnitOfWork['run']>) => {
        count += 1;
        return units.app.run(...args);
      },
    },
  }) as UnitOfWork;
  return { held: new HeldFigures(uow, new WindowFiguresRepository()), reads: () => count };
}

async function observe(itemId: number, place: number, price: number): Promise<void> {
  await insertRaw(units, server, [{ itemId, daysAgo: 0, place, price }], TODAY);
  await units.owner(
    'INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count) VALUES ($1, $2, $3, 1)',
    [server.id, [itemId], [TODAY]],
  );
  await rollups.refresh(server.id);
  while ((await figures.refresh(server.id)) !== 'done');
}

async function version(): Promise<number> {
  const [row] = await units.app.read<{ version: number }>(
    INGEST_PRINCIPAL,
    new WindowFiguresRepository().versionsStatement([server.id]),
  );
  return row!.version;
}

const ask = async (held: HeldFigures): Promise<FigureTable> =>
  held.table(INGEST_PRINCIPAL, server.id, 30, await version());

describe('held figures', () => {
  it('have been renewed by the time somebody asks again', async () => {
    const { held, reads } = openHeld();
    await ask(held);
    expect(reads()).toBe(1);
    await observe(2, 1, 7);
    await waitUntil('the table has been read again', 20_000, () => reads() === 2);
    const table = await ask(held);
    expect(table.itemIds).toEqual(Int32Array.of(1, 2));
    expect(reads()).toBe(2);
    held.beforeApplicationShutdown();
  });

  it('of whoever asks first are waited for, and read once for all who do', async () => {
    const { held, reads } = openHeld();
    await ask(held);
    held.beforeApplicationShutdown(); // nobody looks any more
    await observe(3, 2, 9);
    const tables = await Promise.all([ask(held), ask(held), ask(held)]);
    for (const table of tables) expect([...table.itemIds]).toContain(3);
    expect(reads()).toBe(2);
    held.beforeApplicationShutdown();
  });

  it('show the category that a curator gave an item', async () => {
    const { held } = openHeld();
    expect([...(await ask(held)).categoryIds]).not.toContain(4);
    await units.owner('UPDATE market.item SET category_id = 4 WHERE id = 1', []);
    await units.system.run(INGEST_PRINCIPAL, (tx) =>
      new ItemCurationRepository().bumpVersions(tx, [server.id]),
    );
    expect((await ask(held)).categoryIds[0]).toBe(4);
    held.beforeApplicationShutdown();
  });
});
