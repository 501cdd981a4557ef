import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fillWorld,
  insertRaw,
  prepareForWorlds,
  type Raw,
  rawWorlds,
} from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openWindowFigures } from '../../../test/support/window-figures.js';
import { INGEST_PRINCIPAL, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { ItemCurationRepository } from '../catalog/item-curation.repository.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';
import { AnalyticsRepository } from './analytics.repository.js';
import { AnalyticsService, type AnalyticsState } from './analytics.service.js';
import type { ChainFigure } from './market-index.js';
import type { FigureTable } from './figure-table.js';
import { HeldFigures } from './held-figures.service.js';
import { IndexLinksRepository } from './index-links.repository.js';
import { MarketIndexes } from './market-indexes.service.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays, utcDayOf } from './utc-day.js';
import { type KeptTable, WindowFiguresRepository } from './window-figures.repository.js';
import type { WindowFigures } from './window-figures.service.js';

const NOW = Date.now();
const TODAY = utcDayOf(NOW);
const DAY_MS = 86_400_000;

let units: TestUnits;
let figures: WindowFigures;
let rollups: RollupsService;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  figures = openWindowFigures(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
});

afterAll(() => units.close());

const analytics = (): AnalyticsService => new AnalyticsService(units.app, new AnalyticsRepository());
const stateOf = (server: ServerRow, today = TODAY): Promise<AnalyticsState> =>
  analytics().state(INGEST_PRINCIPAL, server.id, today);

/** As another process would read them: with a cache of its own. */
function tableOf(state: AnalyticsState, days: number, today = TODAY): Promise<FigureTable> {
  const series = new SeriesFigures(
    units.app,
    new SeriesFiguresRepository(),
    new HeldFigures(units.app, new WindowFiguresRepository()),
  );
  return series.table(INGEST_PRINCIPAL, state, { from: addDays(today, -days), to: today });
}

/** Kept figures of all windows, and the same worked out from the days. */
async function expectKeptEqualsWorkedOut(server: ServerRow, today = TODAY): Promise<void> {
  const state = await stateOf(server, today);
  expect(state.rollup!.figuresAsOf).toBe(today);
  const fresh = { ...state, rollup: { ...state.rollup!, figuresAsOf: null } };
  for (const days of [7, 30, 90, 365])
    expect(await tableOf(state, days, today)).toEqual(await tableOf(fresh, days, today));
  for (const ago of [0, 3, 40]) {
    const to = addDays(today, -ago);
    for (const length of [7, 60])
      expect(await chainOf(state, addDays(to, -length), to)).toEqual(
        await chainOf(fresh, addDays(to, -length), to),
      );
  }
}

function chainOf(state: AnalyticsState, from: string, to: string): Promise<ChainFigure | null> {
  return new MarketIndexes(units.app, new IndexLinksRepository()).chain(
    INGEST_PRINCIPAL,
    state,
    { from, to },
    null,
  );
}

/** Marks the days of raw rows as writers do. */
async function store(server: ServerRow, points: readonly Raw[]): Promise<void> {
  await insertRaw(units, server, points, TODAY);
  await units.owner(
    `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
     SELECT $1, array_agg(item), array_agg($2::date - ago), count(*) FROM unnest($3::int[], $4::int[]) AS t(item, ago)`,
    [server.id, TODAY, points.map(({ itemId }) => itemId), points.map(({ daysAgo }) => daysAgo)],
  );
}

async function follow(server: ServerRow, nowMs = NOW): Promise<void> {
  await rollups.refresh(server.id, { nowMs });
  while ((await figures.refresh(server.id)) !== 'done');
}

describe('kept figures', () => {
  it('equal those worked out from the days, whatever came in which order, once or in parts', async () => {
    const steps = fc.array(rawWorlds({ items: 4, points: 20 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(steps, async (worlds) => {
        const server = await fillWorld(units, [], TODAY);
        const places = worlds.map((world, step) =>
          world.map((raw) => ({ ...raw, place: raw.place + step * 1_000 })),
        );
        for (const world of places) {
          await store(server, world);
          await follow(server);
        }
        await expectKeptEqualsWorkedOut(server);
        const tables = await Promise.all([7, 365].map(async (days) => tableOf(await stateOf(server), days)));
        const again = await fillWorld(units, [], TODAY);
        await store(again, places.flat().reverse());
        await follow(again);
        for (const [place, days] of [7, 365].entries())
          expect(near(await tableOf(await stateOf(again), days))).toEqual(near(tables[place]!));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('are all made anew when a day begins, and stand for no day until they are', async () => {
    const server = await fillWorld(units, [], TODAY);
    await store(
      server,
      [7, 8, 20, 30, 31].map((daysAgo, place) => ({ itemId: 1 + place, daysAgo, place, price: 5 })),
    );
    await follow(server);
    await expectKeptEqualsWorkedOut(server);
    await rollups.refresh(server.id, { nowMs: NOW + DAY_MS });
    expect((await stateOf(server)).rollup).toMatchObject({ figuresAsOf: TODAY });
    await units.owner('UPDATE market.stale_series SET item_ids = ARRAY[1] WHERE server_id = $1', [server.id]);
    await units.owner('INSERT INTO market.stale_series (server_id, item_ids) VALUES ($1, $2)', [
      server.id,
      Array.from({ length: 8_000 }, (_, index) => index + 2),
    ]);
    expect(await figures.refresh(server.id)).toBe('more');
    expect((await stateOf(server)).rollup!.figuresAsOf).toBeNull();
    expect(await figures.refresh(server.id)).toBe('done');
    const tomorrow = addDays(TODAY, 1);
    await expectKeptEqualsWorkedOut(server, tomorrow);
    expect((await tableOf(await stateOf(server, tomorrow), 7, tomorrow)).itemIds).toEqual(Int32Array.of());
  });

  it('forget an item that is gone, and leave a server alone that somebody else has in hand', async () => {
    const server = await fillWorld(units, [], TODAY);
    await store(server, [{ itemId: 3, daysAgo: 1, place: 0, price: 5 }]);
    await rollups.refresh(server.id, { nowMs: NOW });
    await units.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await new WindowFiguresRepository().tryLock(tx, server.id);
      expect(await figures.refresh(server.id)).toBe('left');
    });
    await follow(server);
    expect((await tableOf(await stateOf(server), 7)).itemIds).toEqual(Int32Array.of(3));
    await units.owner('DELETE FROM market.observation WHERE server_id = $1', [server.id]);
    await units.owner(
      `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count) VALUES ($1, '{3}', ARRAY[$2::date], 1)`,
      [server.id, addDays(TODAY, -1)],
    );
    await follow(server);
    expect((await tableOf(await stateOf(server), 7)).itemIds).toEqual(Int32Array.of());
    expect(await figures.refresh(server.id)).toBe('done');
  });

  it('leave out an item that was deleted on every day on which it was seen', async () => {
    const GONE = 900_000;
    const curation = new ItemCurationRepository();
    const worlds = fc.tuple(rawWorlds({ items: 5, points: 40 }), fc.subarray([1, 2, 3], { minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(worlds, async ([world, deleted]) => {
        const server = await fillWorld(units, [], TODAY);
        const idOf = (itemId: number): number => (deleted.includes(itemId) ? GONE + itemId : itemId);
        for (const itemId of deleted)
          await units.owner(
            `INSERT INTO market.item (id, game_id, external_id, label, label_fold) OVERRIDING SYSTEM VALUE
             VALUES ($1::int, $2, $1::int, 'gone ' || $1::int, 'gone ' || $1::int) ON CONFLICT DO NOTHING`,
            [idOf(itemId), server.gameId],
          );
        await store(
          server,
          world.map((raw) => ({ ...raw, itemId: idOf(raw.itemId) })),
        );
        await follow(server);
        await expectKeptEqualsWorkedOut(server);
        for (const itemId of deleted)
          await units.system.run(SYSTEM_PRINCIPAL, (tx) => curation.deleteItem(tx, idOf(itemId)));
        await follow(server);
        await expectKeptEqualsWorkedOut(server);
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  it('are read again only where they have changed, and as a whole where that is not known', async () => {
    const server = await fillWorld(units, [], TODAY);
    const kept = new WindowFiguresRepository();
    const point = (itemId: number, place: number): Raw => ({ itemId, daysAgo: 1, place, price: 5 + place });
    const renew = (before: KeptTable): Promise<KeptTable | null> =>
      units.app.run(INGEST_PRINCIPAL, (tx) => kept.renewTable(tx, server.id, 30, before));
    const read = (): Promise<KeptTable> =>
      units.app.run(INGEST_PRINCIPAL, (tx) => kept.readTable(tx, server.id, 30));
    await store(server, [point(1, 0), point(3, 1)]);
    await follow(server);
    const first = await read();
    await store(server, [point(2, 2)]);
    await follow(server);
    await store(server, [point(3, 3)]);
    await follow(server);
    const third = await read();
    expect(third.columns.itemIds).toEqual(Int32Array.of(1, 2, 3));
    expect(await renew(first)).toEqual(third);
    expect(await renew(third)).toEqual(third);
    await units.owner('UPDATE market.figure_version SET version = version + 1 WHERE server_id = $1', [
      server.id,
    ]);
    expect(await renew(third)).toBeNull();

    const series = new SeriesFigures(
      units.app,
      new SeriesFiguresRepository(),
      new HeldFigures(units.app, kept),
    );
    const asked = { from: addDays(TODAY, -30), to: TODAY };
    const table = async (): Promise<FigureTable> =>
      series.table(INGEST_PRINCIPAL, await stateOf(server), asked);
    expect((await table()).itemIds).toEqual(Int32Array.of(1, 2, 3));
    await store(server, [point(4, 4), point(1, 5)]);
    await follow(server);
    expect(await table()).toEqual(await tableOf(await stateOf(server), 30));
    expect((await table()).itemIds).toEqual(Int32Array.of(1, 2, 3, 4));
  });

  it('are undone as a whole when a worker is told to stop', async () => {
    const server = await fillWorld(units, [{ itemId: 1, daysAgo: 1, place: 0, price: 5 }], TODAY);
    await expect(figures.refresh(server.id, AbortSignal.abort())).rejects.toThrow();
    expect((await stateOf(server)).rollup!.figuresAsOf).toBeNull();
    await follow(server);
    await expectKeptEqualsWorkedOut(server);
  });
});

/** Sums of floats depend on their order in the last digits. */
function near({ itemIds, figures: columns }: FigureTable): object {
  const round = (values: Float64Array): string[] => [...values].map((value) => (value + 1e3).toPrecision(9));
  return { itemIds, columns: Object.entries(columns).map(([name, values]) => [name, round(values)]) };
}
