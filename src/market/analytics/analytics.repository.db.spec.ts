import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillWorld, prepareForWorlds, type Raw, rawWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { Span } from './analytics-span.js';
import { AnalyticsRepository, type IndexRow, type Method, type MoverRow } from './analytics.repository.js';
import { AnalyticsService, type AnalyticsState } from './analytics.service.js';
import { classicIndex } from './market-index.js';
import { median } from './order-statistics.js';
import { addDays, daysBetween, utcDayOf } from './utc-day.js';

const TODAY = utcDayOf(Date.now());

let units: TestUnits;
const repository = new AnalyticsRepository();

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
});

afterAll(() => units.close());

const fill = (points: readonly Raw[]): Promise<ServerRow> => fillWorld(units, points, TODAY);
const world = rawWorlds();

interface NaiveItem {
  itemId: number;
  n: number;
  means: number[];
  medians: number[];
}

/** Straight from the raw rows. */
function naiveItems(points: readonly Raw[], span: Span): NaiveItem[] {
  const [oldest, newest] = [daysBetween(span.from, TODAY), daysBetween(span.to, TODAY)];
  const within = points.filter(({ daysAgo }) => daysAgo <= oldest && daysAgo >= newest);
  return [...new Set(within.map((raw) => raw.itemId))]
    .sort((a, b) => a - b)
    .map((itemId) => {
      const own = within.filter((raw) => raw.itemId === itemId);
      const days = [...new Set(own.map((raw) => raw.daysAgo))]
        .sort((a, b) => b - a)
        .map((daysAgo) => own.filter((raw) => raw.daysAgo === daysAgo).map((raw) => raw.price));
      return {
        itemId,
        n: own.length,
        means: days.map((prices) => prices.reduce((a, b) => a + b) / prices.length),
        medians: days.map(median),
      };
    });
}

function naiveMovers(points: readonly Raw[], span: Span, method: Method): object[] {
  return naiveItems(points, span).flatMap(({ itemId, n, means, medians }) => {
    const isClassic = method === 'classic';
    const first = isClassic ? means[0]! : median(medians.slice(0, 3));
    const last = isClassic ? means.at(-1)! : median(medians.slice(-3));
    if (!isClassic && (first === 0 || last === 0)) return [];
    const pct = first === 0 ? 0 : ((last - first) / first) * 100;
    const change = isClassic ? pct : Math.log(last / first);
    return [
      {
        itemId,
        n,
        days: means.length,
        change: expect.closeTo(change, 8),
        firstPrice: expect.closeTo(first, 8),
        lastPrice: expect.closeTo(last, 8),
      },
    ];
  });
}

function naiveIndex(points: readonly Raw[], span: Span): { change: number | null; items: number } {
  const counted = naiveItems(points, span).filter(({ means }) => means.length >= 2 && means[0]! > 0);
  const weight = counted.reduce((sum, { means }) => sum + means.length, 0);
  const sum = counted.reduce(
    (total, { means }) => total + ((means.at(-1)! - means[0]!) / means[0]!) * 100 * means.length,
    0,
  );
  return { change: weight === 0 ? null : sum / weight, items: counted.length };
}

const QUESTION = {
  order: 'desc',
  limit: 500,
  minPrice: null,
  maxPrice: null,
  itemIds: null,
  minN: 1,
  after: null,
} as const;

const moversOf = async (
  server: ServerRow,
  span: Span,
  source: 'window' | 'daily',
  method: Method,
): Promise<object[]> => {
  const statement = repository.moversStatement(server.id, span, source, { ...QUESTION, method });
  const rows = await units.app.read<MoverRow>(INGEST_PRINCIPAL, statement);
  return rows
    .map(({ itemId, n, days, change, firstPrice, lastPrice }) => ({
      itemId,
      n,
      days,
      change,
      firstPrice,
      lastPrice,
    }))
    .sort((a, b) => a.itemId - b.itemId);
};

const indexOf = async (
  server: ServerRow,
  span: Span,
  source: 'window' | 'daily',
  method: Method,
): Promise<IndexRow> => {
  const statement = repository.indexStatement(server.id, span, source, method, null);
  const [row] = await units.app.read<IndexRow>(INGEST_PRINCIPAL, statement);
  return row!;
};

const windowSpan = (days: number): Span => ({ from: addDays(TODAY, -days), to: TODAY });

describe('figures of the rollups', () => {
  it('are those of the raw rows, from kept windows and from the days alike', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.constantFrom(7, 30, 90, 365), async (points, days) => {
        const server = await fill(points);
        const span = windowSpan(days);
        for (const method of ['classic', 'robust'] as const) {
          const expected = naiveMovers(points, span, method);
          expect(await moversOf(server, span, 'window', method)).toEqual(expected);
          expect(await moversOf(server, span, 'daily', method)).toEqual(expected);
          const [kept, fresh] = [
            await indexOf(server, span, 'window', method),
            await indexOf(server, span, 'daily', method),
          ];
          expect(near(fresh)).toEqual(near(kept));
        }
        const classic = await indexOf(server, span, 'window', 'classic');
        const { change, items } = naiveIndex(points, span);
        expect(classic.itemCount).toBe(items);
        const figure = classicIndex({ ...classic, weight: classic.days });
        if (change === null) expect(figure).toBeNull();
        else
          expect(Math.abs(figure!.changePct - change)).toBeLessThanOrEqual(0.005 + 1e-9 * Math.abs(change));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('of any other span come from the days', async () => {
    const spans = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 40 }));
    await fc.assert(
      fc.asyncProperty(world, spans, async (points, [endsAgo, length]) => {
        const server = await fill(points);
        const to = addDays(TODAY, -endsAgo);
        const span = { from: addDays(to, -length), to };
        for (const method of ['classic', 'robust'] as const)
          expect(await moversOf(server, span, 'daily', method)).toEqual(naiveMovers(points, span, method));
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

/** Sums of floats depend on their order in the last digits. */
function near(row: IndexRow): object {
  const digits = (value: number | null): string | null => (value === null ? null : value.toPrecision(9));
  return {
    ...row,
    weightedPct: digits(row.weightedPct && row.weightedPct + 1e6),
    weightedSquares: digits(row.weightedSquares && row.weightedSquares + 1e6),
  };
}

describe('the service', () => {
  it('looks at kept windows only while they end today, and answers twice from one read', async () => {
    const server = await fill([
      { itemId: 1, daysAgo: 3, place: 0, price: 10 },
      { itemId: 1, daysAgo: 1, place: 0, price: 20 },
    ]);
    await units.owner('UPDATE market.window_stat SET n = 99');
    const service = new AnalyticsService(units.app, repository);
    const nOf = async (state: AnalyticsState): Promise<number | undefined> => {
      const question = { ...QUESTION, limit: 20, method: 'classic' } as const;
      return (await service.movers(INGEST_PRINCIPAL, state, windowSpan(30), question))[0]?.n;
    };
    const state = await service.state(INGEST_PRINCIPAL, server.id, TODAY);
    expect(state.rollup?.asOf).toBe(TODAY);
    expect(await nOf(state)).toBe(99);
    await units.owner('UPDATE market.window_stat SET n = 98');
    expect(await nOf(state)).toBe(99);
    await units.owner('UPDATE market.rollup_version SET version = version + 1');
    expect(await nOf(await service.state(INGEST_PRINCIPAL, server.id, TODAY))).toBe(98);
    await units.owner('UPDATE market.rollup_version SET as_of = as_of - 1');
    expect(await nOf(await service.state(INGEST_PRINCIPAL, server.id, TODAY))).toBe(2);
  });
});
