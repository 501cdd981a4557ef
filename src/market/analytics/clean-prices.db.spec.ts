import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openAlerts } from '../../../test/support/alert-world.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { aMember } from '../../../test/support/notification-world.js';
import { insertRaw, prepareForWorlds, type Raw } from '../../../test/support/raw-worlds.js';
import { openTradeTerms } from '../../../test/support/trade-terms.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openWindowFigures } from '../../../test/support/window-figures.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { RollupsService } from '../rollups/rollups.service.js';
import { AnalyticsRepository } from './analytics.repository.js';
import { AnalyticsService } from './analytics.service.js';
import { listFigures, type ListMethod, signalList } from './figure-lists.js';
import { HeldFigures } from './held-figures.service.js';
import { RawMeansRepository } from './raw-means.repository.js';
import { SCANNER_RULE, type ScannerFigure } from './scanner-rule.js';
import { ScannerService } from './scanner.service.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays, utcDayOf } from './utc-day.js';
import { WindowFiguresRepository } from './window-figures.repository.js';
import type { WindowFigures } from './window-figures.service.js';

const NOW = Date.now();
const TODAY = utcDayOf(NOW);
const TODAY_MS = Date.parse(TODAY);
const DAY_MS = 86_400_000;

let units: TestUnits;
let rollups: RollupsService;
let figures: WindowFigures;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
  figures = openWindowFigures(units);
});

beforeEach(async () => {
  server = await insertServer(units);
});

afterAll(() => units.close());

/** Fifteen days, the last of them yesterday: far enough for a level, with some volatility. */
const history = (itemId: number): Raw[] =>
  Array.from({ length: 15 }, (_, back) => ({
    itemId,
    daysAgo: back + 1,
    place: 0,
    price: 100 + (back % 3),
  }));

/** Stores raw rows, marks their days, and has rollups, flags and figures follow as workers do. */
async function store(points: readonly Raw[]): Promise<void> {
  await insertRaw(units, server, points, TODAY);
  await mark(points);
}

async function mark(points: readonly Raw[]): Promise<void> {
  await units.owner(
    `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
     SELECT $1, array_agg(item), array_agg($2::date - ago), count(*) FROM unnest($3::int[], $4::int[]) AS t(item, ago)`,
    [server.id, TODAY, points.map(({ itemId }) => itemId), points.map(({ daysAgo }) => daysAgo)],
  );
  await rollups.refresh(server.id, { nowMs: NOW });
  while ((await figures.refresh(server.id)) !== 'done');
}

const newSeries = (): SeriesFigures =>
  new SeriesFigures(
    units.app,
    new SeriesFiguresRepository(),
    new HeldFigures(units.app, new WindowFiguresRepository()),
  );
const newAnalytics = (): AnalyticsService => new AnalyticsService(units.app, new AnalyticsRepository());

function scan(
  method: 'classic' | 'robust',
  { windowDays = 30, asOf }: { windowDays?: number; asOf?: string } = {},
): Promise<ScannerFigure[]> {
  const scanner = new ScannerService(
    units.app,
    newAnalytics(),
    newSeries(),
    new RawMeansRepository(),
    openTradeTerms(units),
  );
  return scanner.scan(INGEST_PRINCIPAL, server.id, SCANNER_RULE.parse({ method, windowDays }), NOW, asOf);
}

async function signals(method: ListMethod): Promise<number[]> {
  const state = await newAnalytics().state(INGEST_PRINCIPAL, server.id, TODAY);
  const table = await newSeries().table(INGEST_PRINCIPAL, state, { from: addDays(TODAY, -30), to: TODAY });
  const question = {
    limit: 10,
    minPrice: null,
    maxPrice: null,
    minN: 1,
    seenSinceMs: null,
    itemIds: null,
    categoryIds: null,
    after: null,
  };
  return listFigures(signalList(method, 'buy'), table, question).map(({ itemId }) => itemId);
}

/** Today at 90, and then for next to nothing. */
const TROLLED: Raw[] = [
  { itemId: 1, daysAgo: 0, place: 10, price: 90 },
  { itemId: 1, daysAgo: 0, place: 20, price: 0.5 },
];

describe('the current price', () => {
  it('is by the robust scanner the newest that is not flagged, by the classic one the newest', async () => {
    await store([...history(1), ...TROLLED]);
    expect(await scan('robust')).toEqual([
      expect.objectContaining({
        currentPrice: 90,
        averagePrice: 101,
        profit: 11,
        lastSeenAt: new Date(TODAY_MS + 10_000),
      }),
    ]);
    expect(await scan('classic')).toEqual([
      expect.objectContaining({ currentPrice: 0.5, lastSeenAt: new Date(TODAY_MS + 20_000) }),
    ]);
  });

  it('is as old as it is, and looked for on days before', async () => {
    await store([
      ...history(1),
      { itemId: 1, daysAgo: 0, place: 20, price: 1e7 },
      ...history(2),
      { itemId: 2, daysAgo: 0, place: 21, price: 101 },
    ]);
    const rows = new Map((await scan('robust')).map((row) => [row.itemId, row]));
    expect(rows.get(1)).toMatchObject({ currentPrice: 100, lastSeenAt: new Date(TODAY_MS - DAY_MS) });
    expect(rows.get(1)!.confidence).toBeLessThan(rows.get(2)!.confidence);
  });

  it('is the same when it is worked out for a day gone by, where later prices do not count', async () => {
    await store([
      ...history(1).map((raw) => ({ ...raw, daysAgo: raw.daysAgo + 4 })),
      ...TROLLED.map((raw) => ({ ...raw, daysAgo: 4 })),
      { itemId: 1, daysAgo: 2, place: 1, price: 95 },
    ]);
    const asOf = (ago: number): Promise<ScannerFigure[]> => scan('robust', { asOf: addDays(TODAY, -ago) });
    expect(await asOf(4)).toEqual([expect.objectContaining({ currentPrice: 90 })]);
    expect(await asOf(3)).toEqual([expect.objectContaining({ currentPrice: 90 })]);
    expect(await asOf(2)).toEqual([expect.objectContaining({ currentPrice: 95 })]);
  });

  it('is unknown to a window of flagged prices alone', async () => {
    await store([
      ...history(1).map((raw) => ({ ...raw, daysAgo: raw.daysAgo + 8 })),
      { itemId: 1, daysAgo: 1, place: 1, price: 1e6 },
    ]);
    expect(await scan('robust', { windowDays: 7 })).toEqual([]);
    expect(await scan('classic', { windowDays: 7 })).toHaveLength(1);
    expect(await scan('robust', { windowDays: 30 })).toEqual([
      expect.objectContaining({ currentPrice: 100, lastSeenAt: new Date(TODAY_MS - 9 * DAY_MS) }),
    ]);
  });

  it('counts again when a curator clears it', async () => {
    await store([...history(1), ...TROLLED]);
    const [flag] = await units.owner<{ price: number }>(
      `UPDATE market.observation_flag SET verdict = 'cleared' WHERE server_id = $1 RETURNING price`,
      [server.id],
    );
    expect(flag).toEqual({ price: 0.5 });
    await mark(TROLLED);
    expect(await scan('robust')).toEqual([expect.objectContaining({ currentPrice: 0.5 })]);
  });

  it('of a day of flagged prices alone gives no robust signal', async () => {
    await store([...history(1), { itemId: 1, daysAgo: 0, place: 20, price: 0.5 }]);
    expect(await signals('robust')).toEqual([]);
    expect(await signals('classic')).toEqual([1]);
    await store([...history(2), { itemId: 2, daysAgo: 0, place: 21, price: 60 }]);
    expect(await signals('robust')).toEqual([2]);
  });

  it('of an alert is not flagged either', async () => {
    const world = openAlerts(units);
    const caller = aMember(randomUUID());
    await world.alerts.create(
      caller,
      {
        game: 'dofus',
        server: server.key,
        name: 'Cheap',
        rule: { method: 'robust', windowDays: 30, minMarginOnCostPct: 50 },
        rearmPct: 50,
        silenceH: 24,
      },
      undefined,
    );
    const told = (): Promise<unknown[]> =>
      units.app.run(caller, (tx) =>
        world.notifications.rows.listPage(tx, {
          before: null,
          isUnreadOnly: false,
          topic: 'market.alert',
          limit: 50,
        }),
      );
    await store([...history(1), ...TROLLED]);
    await world.evaluation.evaluate(server.id, 60_000);
    expect(await told()).toEqual([]);
    await store([{ itemId: 1, daysAgo: 0, place: 30, price: 60 }]);
    await world.evaluation.evaluate(server.id, 60_000);
    expect(await told()).toHaveLength(1);
    await world.notifications.close();
  });
});
