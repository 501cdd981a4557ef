import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PriceWorld, type PriceChunk, type PriceWorldOptions } from './price-world.js';

const DAY_MS = 86_400_000;
const END_AT = new Date('2026-03-15T09:30:00.123Z');

interface Row {
  serverId: number;
  itemId: number;
  price: number;
  atMs: number;
  lots: number;
  isTroll: boolean;
}

function toRows(chunks: Iterable<PriceChunk>): Row[] {
  const rows: Row[] = [];
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.count; i += 1) {
      rows.push({
        serverId: chunk.serverId,
        itemId: chunk.itemIds[i] ?? Number.NaN,
        price: chunk.prices[i] ?? Number.NaN,
        atMs: chunk.capturedAtMs[i] ?? Number.NaN,
        lots: chunk.lots[i] ?? Number.NaN,
        isTroll: chunk.isTroll[i] === 1,
      });
    }
  }
  return rows;
}

function rowsOf(options: PriceWorldOptions, maxRows?: number): Row[] {
  return toRows(new PriceWorld(options).chunks(maxRows));
}

function seriesKey(row: Row | undefined): string {
  return `${row?.serverId}/${row?.itemId}`;
}

function seriesOf(rows: readonly Row[]): Row[][] {
  const series = new Map<string, Row[]>();
  for (const row of rows) {
    const known = series.get(seriesKey(row));
    if (known === undefined) series.set(seriesKey(row), [row]);
    else known.push(row);
  }
  return [...series.values()];
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of normal values, unmoved by a few outliers. */
function robustDeviation(values: readonly number[]): number {
  return 1.4826 * median(values.map(Math.abs));
}

function itemsOfLevel(count: number, level: number | null): { id: number; level: number | null }[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, level }));
}

const someOptions: fc.Arbitrary<PriceWorldOptions> = fc.record({
  seed: fc.integer(),
  items: fc.uniqueArray(
    fc.record({ id: fc.nat(0x7fffffff), level: fc.option(fc.integer({ min: 0, max: 200 })) }),
    { selector: (item) => item.id, maxLength: 6 },
  ),
  servers: fc.uniqueArray(fc.nat(0x7fffffff), { maxLength: 3 }),
  days: fc.integer({ min: 1, max: 12 }),
  pointsPerDay: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.double({ min: 0.05, max: 6, noNaN: true })),
  endAt: fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
});

describe('PriceWorld, for any options', () => {
  it('is the same world for the same options, however it is cut into chunks', () => {
    fc.assert(
      fc.property(someOptions, fc.integer({ min: 1, max: 40 }), (options, maxRows) => {
        const chunks = [...new PriceWorld(options).chunks(maxRows)];
        for (const chunk of chunks) {
          expect(chunk.count).toBeGreaterThan(0);
          expect(chunk.count).toBeLessThanOrEqual(maxRows);
          const columns = [chunk.itemIds, chunk.prices, chunk.capturedAtMs, chunk.lots, chunk.isTroll];
          expect(columns.map((column) => column.length)).toEqual(columns.map(() => chunk.count));
        }
        expect(toRows(chunks)).toEqual(rowsOf(options));
      }),
    );
  });

  it('knows beforehand exactly how many points there are', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const world = new PriceWorld(options);
        expect(toRows(world.chunks(7))).toHaveLength(world.totalPoints());
        for (const serverId of options.servers) {
          expect(toRows(world.serverChunks(serverId))).toHaveLength(world.serverPoints(serverId));
        }
      }),
    );
  });

  it('has prices above zero, rounded as the real client rounds, and one to four lots', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        for (const { price, lots } of rowsOf(options)) {
          expect(price).toBeGreaterThan(0);
          expect(price).toBeLessThan(2e9);
          expect(price).toBe(price < 10 ? Number(price.toFixed(2)) : Math.round(price));
          expect([1, 2, 3, 4]).toContain(lots);
        }
      }),
    );
  });

  it('captures strictly inside the window, at whole milliseconds, ascending within a series', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const endMs = options.endAt.getTime();
        for (const series of seriesOf(rowsOf(options))) {
          let beforeMs = endMs - options.days * DAY_MS;
          for (const { atMs } of series) {
            expect(Number.isInteger(atMs)).toBe(true);
            expect(atMs).toBeGreaterThan(beforeMs);
            beforeMs = atMs;
          }
          expect(beforeMs).toBeLessThan(endMs);
        }
      }),
    );
  });

  it('yields each server day by day, and by ascending item id within a day', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const startMs = options.endAt.getTime() - options.days * DAY_MS;
        for (const serverId of options.servers) {
          const keys = toRows(new PriceWorld(options).serverChunks(serverId)).map(
            ({ atMs, itemId }) => Math.floor((atMs - startMs) / DAY_MS) * 2 ** 32 + itemId,
          );
          expect(keys).toEqual([...keys].sort((left, right) => left - right));
        }
      }),
    );
  });

  it('gives a server the same rows whichever other servers are asked for', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const together = rowsOf(options);
        for (const serverId of options.servers) {
          const alone = rowsOf({ ...options, servers: [serverId] });
          expect(alone).toEqual(together.filter((row) => row.serverId === serverId));
        }
      }),
    );
  });

  it('gives an item the same rows whichever other items there are, and in whatever order', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const together = rowsOf(options);
        expect(rowsOf({ ...options, items: [...options.items].reverse() })).toEqual(together);
        for (const item of options.items) {
          const alone = rowsOf({ ...options, items: [item] });
          expect(alone).toEqual(together.filter((row) => row.itemId === item.id));
        }
      }),
    );
  });
});

describe('PriceWorld, as a market', () => {
  // Statistics of fixed worlds: the numbers are what they are, and the bounds are several standard errors wide.
  const month: PriceWorldOptions = {
    seed: 20_260_315,
    items: itemsOfLevel(400, 120),
    servers: [3, 8],
    days: 56,
    pointsPerDay: 4,
    endAt: END_AT,
  };
  const monthRows = rowsOf(month);
  const honest = seriesOf(monthRows.filter((row) => !row.isTroll));

  /** Log returns over `lag` points, per root day, of every honest series. */
  function scaledReturns(series: readonly Row[], lag: number): number[] {
    return series.slice(lag).map((row, index) => {
      const earlier = series[index] ?? row;
      return Math.log(row.price / earlier.price) / Math.sqrt((row.atMs - earlier.atMs) / DAY_MS);
    });
  }

  it('differs from seed to seed', () => {
    expect(rowsOf({ ...month, days: 2, seed: 1 })).not.toEqual(rowsOf({ ...month, days: 2, seed: 2 }));
  });

  it('has between one and two per cent of troll prices, both far too low and far too high', () => {
    const trolls = monthRows.filter((row) => row.isTroll);
    expect(trolls.length / monthRows.length).toBeGreaterThan(0.01);
    expect(trolls.length / monthRows.length).toBeLessThan(0.02);

    const usual = new Map(honest.map((rows) => [seriesKey(rows[0]), median(rows.map((row) => row.price))]));
    const factors = trolls.map((row) => row.price / (usual.get(seriesKey(row)) ?? Number.NaN));
    const low = factors.filter((factor) => factor < 0.25).length / factors.length;
    const high = factors.filter((factor) => factor > 4).length / factors.length;
    expect(low).toBeGreaterThan(0.2);
    expect(high).toBeGreaterThan(0.6);
    expect(low + high).toBeGreaterThan(0.95);
  });

  it('is dearer at week-ends', () => {
    const byWeekday = new Map<number, number[]>();
    for (const series of honest) {
      const level = mean(series.map((row) => Math.log(row.price)));
      for (const { price, atMs } of series) {
        const weekday = new Date(atMs).getUTCDay();
        const seen = byWeekday.get(weekday) ?? [];
        seen.push(Math.log(price) - level);
        byWeekday.set(weekday, seen);
      }
    }
    const [sun = 0, mon = 0, tue = 0, wed = 0, thu = 0, fri = 0, sat = 0] = [0, 1, 2, 3, 4, 5, 6].map((day) =>
      mean(byWeekday.get(day) ?? []),
    );
    expect(Math.min(sat, sun)).toBeGreaterThan(Math.max(mon, tue, wed, thu, fri));
    expect((sat + sun) / 2 - (tue + wed + thu) / 3).toBeGreaterThan(0.06);
    expect((sat + sun) / 2 - (tue + wed + thu) / 3).toBeLessThan(0.12);
  });

  it('walks: plausible daily volatility, growing with the root of time', () => {
    const volatility = (lag: number): number =>
      median(honest.map((series) => robustDeviation(scaledReturns(series, lag))));
    // A lag of 28 points is a week, where the season cancels out.
    expect(volatility(1)).toBeGreaterThan(0.03);
    expect(volatility(1)).toBeLessThan(0.06);
    expect(volatility(28)).toBeGreaterThan(0.03);
    expect(volatility(28)).toBeLessThan(0.06);
  });

  it('walks by elapsed time, however often one looks', () => {
    const volatility = (pointsPerDay: number): number => {
      const rows = rowsOf({ ...month, servers: [3], days: 30, pointsPerDay }).filter((row) => !row.isTroll);
      return median(seriesOf(rows).map((series) => robustDeviation(scaledReturns(series, 1))));
    };
    const ratio = volatility(16) / volatility(2);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it('jumps rarely, and for good', () => {
    let days = 0;
    let jumps = 0;
    let lasting = 0;
    for (const series of honest) {
      const calm = robustDeviation(scaledReturns(series, 1)) < 0.045;
      if (!calm) continue;
      days += 56;
      series.slice(8, -8).forEach((row, index) => {
        const before = series[index + 7] ?? row;
        const later = series[index + 16] ?? row;
        if (Math.abs(Math.log(row.price / before.price)) < 0.25) return;
        jumps += 1;
        if (Math.abs(Math.log(later.price / before.price)) > 0.12) lasting += 1;
      });
    }
    expect(jumps / days).toBeGreaterThan(0.002);
    expect(jumps / days).toBeLessThan(0.006);
    expect(lasting / jumps).toBeGreaterThan(0.9);
  });

  it('is silent on some days, for up to three days on end', () => {
    const startMs = END_AT.getTime() - month.days * DAY_MS;
    const silences: number[] = [];
    for (const series of seriesOf(monthRows)) {
      const seen = new Set(series.map((row) => Math.floor((row.atMs - startMs) / DAY_MS)));
      let silentDays = 0;
      for (let day = 0; day <= month.days; day += 1) {
        if (day < month.days && !seen.has(day)) silentDays += 1;
        else if (silentDays > 0) {
          silences.push(silentDays);
          silentDays = 0;
        }
      }
    }
    const silentShare = silences.reduce((sum, length) => sum + length, 0) / (800 * month.days);
    expect(silentShare).toBeGreaterThan(0.02);
    expect(silentShare).toBeLessThan(0.06);
    expect(silences.filter((length) => length === 1).length).toBeGreaterThan(100);
    expect(silences.filter((length) => length === 3).length).toBeGreaterThan(100);
  });

  it('has a fraction of a point per day when asked for', () => {
    const world = new PriceWorld({ ...month, pointsPerDay: 0.25 });
    const perDay = world.totalPoints() / (800 * month.days);
    expect(perDay).toBeGreaterThan(0.22);
    expect(perDay).toBeLessThan(0.26);
  });

  it('agrees between servers on what an item is worth, roughly', () => {
    // One day only: later the walks, which are each server's own, drift apart as well.
    const rows = rowsOf({ ...month, days: 1 }).filter((row) => !row.isTroll);
    const logs = new Map(
      seriesOf(rows).map((series) => [seriesKey(series[0]), Math.log(series[0]?.price ?? 0)]),
    );
    const pairs = month.items.flatMap(({ id }) => {
      const left = logs.get(`3/${id}`);
      const right = logs.get(`8/${id}`);
      return left === undefined || right === undefined ? [] : [{ left, right }];
    });
    expect(pairs.length).toBeGreaterThan(350);
    const difference = pairs.map(({ left, right }) => left - right);
    const offset = mean(difference);
    const deviation = Math.sqrt(mean(difference.map((value) => (value - offset) ** 2)));
    const leftMean = mean(pairs.map(({ left }) => left));
    const spread = Math.sqrt(mean(pairs.map(({ left }) => (left - leftMean) ** 2)));
    expect(spread).toBeGreaterThan(1);
    expect(deviation).toBeGreaterThan(0.2);
    expect(deviation).toBeLessThan(0.4);
  });

  it('rounds no price down to zero, not even the lowest troll price of the cheapest item', () => {
    const prices = rowsOf({ ...month, items: itemsOfLevel(2_000, 0), days: 7 }).map((row) => row.price);
    expect(prices.filter((price) => price === 0.01).length).toBeGreaterThan(0);
    expect(prices.filter((price) => !(price > 0))).toEqual([]);
  });

  it('is dearer at higher levels, and takes a middling level for an unknown one', () => {
    const priceAt = (level: number | null): number =>
      median(rowsOf({ ...month, items: itemsOfLevel(400, level), days: 2 }).map((row) => row.price));
    expect(priceAt(200) / priceAt(1)).toBeGreaterThan(100);
    expect(priceAt(null)).toBe(priceAt(100));
  });

  it('makes points only when they are asked for', () => {
    const world = new PriceWorld({ ...month, days: 365, pointsPerDay: 86_400 });
    expect(world.totalPoints()).toBeGreaterThan(2e10);
    const [first] = world.chunks(5);
    expect(first?.count).toBe(5);
  });

  it.each<[string, Partial<PriceWorldOptions>]>([
    ['an item id occurs twice', { items: [...itemsOfLevel(2, 1), ...itemsOfLevel(1, 1)] }],
    ['a server id occurs twice', { servers: [1, 1] }],
    ['an item id must be', { items: [{ id: -1, level: 1 }] }],
    ['a level must be', { items: [{ id: 1, level: Number.NaN }] }],
    ['a server id must be', { servers: [2 ** 31] }],
    ['days must be', { days: 0 }],
    ['days must be', { days: 1.5 }],
    ['the seed must be', { seed: 0.5 }],
    ['pointsPerDay must be', { pointsPerDay: 0 }],
    ['pointsPerDay must be', { pointsPerDay: 100_000 }],
    ['endAt is not a valid date', { endAt: new Date(Number.NaN) }],
  ])('refuses options: %s (%j)', (message, change) => {
    expect(() => new PriceWorld({ ...month, ...change })).toThrow(new RegExp(`^${message}`));
  });
});
