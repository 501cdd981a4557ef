import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillWorld, prepareForWorlds, type Raw, rawWorlds } from '../../../test/support/raw-worlds.js';
import { openTradeTerms } from '../../../test/support/trade-terms.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import { AnalyticsRepository } from './analytics.repository.js';
import { AnalyticsService } from './analytics.service.js';
import { median } from './order-statistics.js';
import { HeldFigures } from './held-figures.service.js';
import { RawMeansRepository } from './raw-means.repository.js';
import { SCANNER_RULE, type ScannerFigure } from './scanner-rule.js';
import { ScannerService } from './scanner.service.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays, utcDayOf } from './utc-day.js';
import { WindowFiguresRepository } from './window-figures.repository.js';

const NOW = Date.now();
const TODAY = utcDayOf(NOW);

let units: TestUnits;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
});

afterAll(() => units.close());

/** As another process would have it: with caches of its own. */
function newScanner(): ScannerService {
  return new ScannerService(
    units.app,
    new AnalyticsService(units.app, new AnalyticsRepository()),
    new SeriesFigures(
      units.app,
      new SeriesFiguresRepository(),
      new HeldFigures(units.app, new WindowFiguresRepository()),
    ),
    new RawMeansRepository(),
    openTradeTerms(units),
  );
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Straight from the raw rows of one item within the window that ends `endsAgo` days ago. */
function naiveScan(points: readonly Raw[], windowDays: number, endsAgo: number) {
  const within = points.filter(({ daysAgo }) => daysAgo >= endsAgo && daysAgo <= endsAgo + windowDays);
  return [...new Set(within.map(({ itemId }) => itemId))].map((itemId) => {
    const own = within.filter((raw) => raw.itemId === itemId);
    const days = [...new Set(own.map(({ daysAgo }) => daysAgo))]
      .sort((a, b) => b - a)
      .map((daysAgo) => own.filter((raw) => raw.daysAgo === daysAgo).map(({ price }) => price));
    const newest = own.reduce((a, b) =>
      b.daysAgo < a.daysAgo || (b.daysAgo === a.daysAgo && b.place > a.place) ? b : a,
    );
    const means = days.map(meanOf);
    return {
      itemId,
      n: own.length,
      days: days.length,
      current: newest.price,
      mean: meanOf(means),
      median: median(days.map((prices) => median(prices))),
    };
  });
}

const shown = ({ itemId, n, days, currentPrice, averagePrice, profit }: ScannerFigure): object => ({
  itemId,
  n,
  days,
  currentPrice,
  averagePrice,
  profit,
});

describe('the scanner', () => {
  it('finds what raw rows say, today and as of any day', async () => {
    const when = fc.constantFrom(0, 0, 1, 5, 40);
    await fc.assert(
      fc.asyncProperty(
        rawWorlds(),
        fc.constantFrom(7, 30, 90, 365),
        when,
        async (points, windowDays, ago) => {
          const server = await fillWorld(units, points, TODAY);
          for (const method of ['classic', 'robust'] as const) {
            const rule = SCANNER_RULE.parse({ method, windowDays });
            const asOf = ago === 0 ? undefined : addDays(TODAY, -ago);
            const found = await newScanner().scan(INGEST_PRINCIPAL, server.id, rule, NOW, asOf);
            const expected = naiveScan(points, windowDays, ago).map((item) => {
              const average = method === 'classic' ? item.mean : item.median;
              return {
                itemId: item.itemId,
                n: item.n,
                days: item.days,
                currentPrice: item.current,
                averagePrice: expect.closeTo(average, 8),
                profit: expect.closeTo(average - item.current, 8),
              };
            });
            const byItem = [...found].sort((a, b) => a.itemId - b.itemId).map(shown);
            expect(byItem).toEqual(expected.sort((a, b) => a.itemId - b.itemId));
            expect(found.map(({ profit }) => profit)).toEqual(
              found.map(({ profit }) => profit).sort((a, b) => b - a),
            );
          }
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);

  it('by the document’s method gives what its SQL gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        rawWorlds(),
        fc.constantFrom(7, 30),
        fc.constantFrom(undefined, 1, 24, 100.5, 2_000),
        fc.constantFrom(0, 0, 3),
        async (points, windowDays, maxAgeH, ago) => {
          const server = await fillWorld(units, points, TODAY);
          const asOf = ago === 0 ? undefined : addDays(TODAY, -ago);
          const rule = SCANNER_RULE.parse({
            method: 'document',
            windowDays,
            ...(maxAgeH !== undefined && { maxAgeH }),
          });
          const untilMs = ago === 0 ? NOW - (NOW % 60_000) : Date.parse(TODAY) - (ago - 1) * 86_400_000;
          const expected = await units.owner<{ itemId: number; current: number; average: number }>(
            `SELECT c.item_id AS "itemId", c.price AS current, a.price AS average FROM
               (SELECT item_id, avg(price) AS price FROM market.observation WHERE server_id = $1
                  AND captured_at >= $2::timestamptz - $3 * interval '1 hour' AND captured_at < $4 GROUP BY 1) c
             JOIN (SELECT item_id, avg(price) AS price FROM market.observation WHERE server_id = $1
                  AND captured_at >= $2::timestamptz - $5 * interval '1 day' AND captured_at < $4 GROUP BY 1) a USING (item_id)
             ORDER BY a.price - c.price DESC, 1`,
            [
              server.id,
              new Date(untilMs),
              maxAgeH ?? 24,
              ago === 0 ? new Date(Date.parse(TODAY) + 86_400_000) : new Date(untilMs),
              windowDays,
            ],
          );
          const found = await newScanner().scan(INGEST_PRINCIPAL, server.id, rule, NOW, asOf);
          const ids = (rows: readonly { itemId: number }[]): number[] =>
            rows.map(({ itemId }) => itemId).sort((one, other) => one - other);
          expect(ids(found)).toEqual(ids(expected));
          for (const { itemId, currentPrice, averagePrice, profit, marginOnCostPct } of found) {
            const row = expected.find((one) => one.itemId === itemId)!;
            expect([currentPrice, averagePrice, profit]).toEqual([
              expect.closeTo(row.current, 8),
              expect.closeTo(row.average, 8),
              expect.closeTo(row.average - row.current, 8),
            ]);
            expect(marginOnCostPct).toEqual(
              row.current === 0 ? null : expect.closeTo(((row.average - row.current) / row.current) * 100, 6),
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});
