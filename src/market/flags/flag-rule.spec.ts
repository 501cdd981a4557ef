import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveDaily, type RawPoint, shiftDay, utcDay } from '../rollups/rollup.js';
import { PriceWorld } from '../simulation/price-world.js';
import {
  judgePrice,
  LEAST_DAY_PRICES,
  LEAST_LEVEL_DAYS,
  LEVEL_DAYS,
  LEVEL_REACH_DAYS,
  yardstickOf,
} from './flag-rule.js';

const price = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
const medians = fc.array(price, { minLength: LEAST_LEVEL_DAYS, maxLength: LEVEL_DAYS });
const few = fc.array(price, { minLength: 1, maxLength: LEAST_DAY_PRICES - 1 });

describe('a suspicious price', () => {
  it('is more than five times off, and says by how much and on which side', () => {
    fc.assert(
      fc.property(medians, price, (before, asked) => {
        const yardstick = yardstickOf(before, [asked])!;
        const suspicion = judgePrice(asked, yardstick);
        if (suspicion === null) return;
        expect(suspicion.ratio > 5 || suspicion.ratio < 1 / 5).toBe(true);
        expect(suspicion.reason).toBe(suspicion.ratio > 1 ? 'above-level' : 'below-level');
        expect(suspicion.expectedPrice * suspicion.ratio).toBeCloseTo(asked, -Math.log10(asked) + 6);
      }),
    );
  });

  it('stays one when it goes further off, and in another currency', () => {
    fc.assert(
      fc.property(medians, price, fc.double({ min: 1, max: 100, noNaN: true }), (before, asked, factor) => {
        const yardstick = yardstickOf(before, [asked])!;
        const suspicion = judgePrice(asked, yardstick);
        if (suspicion === null) return;
        const further = suspicion.ratio > 1 ? asked * factor : asked / factor;
        expect(judgePrice(further, yardstick)?.reason).toBe(suspicion.reason);
        const inCents = yardstickOf(
          before.map((median) => median * 128),
          [asked * 128],
        )!;
        expect(judgePrice(asked * 128 * (suspicion.ratio > 1 ? 1.01 : 0.99), inCents)?.reason).toBe(
          suspicion.reason,
        );
      }),
    );
  });

  it.each([
    [[100, 100, 100], 500, null],
    [[100, 100, 100], 501, 'above-level'],
    [[100, 100, 100], 20, null],
    [[100, 100, 100], 19.9, 'below-level'],
    [[100, 100, 100], 0, 'below-level'],
    [[0, 0, 0], 0, null],
    [[100, 110, 90, 100_000], 1_000, 'above-level'],
    [[10, 1_000, 10, 1_000, 10, 1_000], 5_000, null],
  ])('after days at %j is %d: %s', (before, asked, reason) => {
    expect(judgePrice(asked, yardstickOf(before, [asked])!)?.reason ?? null).toBe(reason);
  });

  it('is not to be told from one or two prices of a series that nobody knows', () => {
    fc.assert(
      fc.property(few, (prices) => {
        expect(yardstickOf([1, 2], prices)).toBeNull();
      }),
    );
  });

  it('is told from the day itself where there are three', () => {
    const yardstick = yardstickOf([], [10, 11, 900])!;
    expect(yardstick).toMatchObject({ basis: 'day', expectedPrice: 11 });
    expect(judgePrice(900, yardstick)).toMatchObject({ reason: 'above-day' });
    expect(judgePrice(10, yardstick)).toBeNull();
  });
});

interface Told extends RawPoint {
  isTroll: boolean;
}

/** Flagged points of one series by the rule. */
function flagged(points: readonly Told[]): Set<number> {
  const days = deriveDaily(points);
  const ids = new Set<number>();
  const byDay = new Map(days.map(({ day }) => [day, [] as Told[]]));
  for (const point of points) byDay.get(utcDay(point.capturedAtMs))!.push(point);
  for (const { day } of days) {
    const earliest = shiftDay(day, -LEVEL_REACH_DAYS);
    const before = days
      .filter((other) => other.day < day && other.day >= earliest)
      .slice(-LEVEL_DAYS)
      .map(({ median }) => median);
    const seen = byDay.get(day)!;
    const yardstick = yardstickOf(
      before,
      seen.map((point) => point.price),
    );
    for (const point of seen) if (yardstick && judgePrice(point.price, yardstick)) ids.add(point.id);
  }
  return ids;
}

describe('troll prices of a simulated market', () => {
  it.each([
    ['twice a day', 2, 80, 0.97, 0.94],
    ['eight times a day', 8, 20, 0.97, 0.96],
    ['every other day', 0.5, 160, 0.9, 0.85],
  ])('seen %s are flagged, and hardly anything else is', (_often, pointsPerDay, items, precision, recall) => {
    const world = new PriceWorld({
      seed: 7,
      items: Array.from({ length: items }, (_, id) => ({ id, level: (id * 7) % 200 })),
      servers: [1],
      days: 90,
      pointsPerDay,
      endAt: new Date('2026-06-01T00:00:00Z'),
    });
    const series = new Map<number, Told[]>();
    let id = 0;
    for (const chunk of world.chunks())
      for (let row = 0; row < chunk.count; row += 1) {
        const itemId = chunk.itemIds[row]!;
        const point = {
          id: (id += 1),
          capturedAtMs: chunk.capturedAtMs[row]!,
          price: chunk.prices[row]!,
          isTroll: chunk.isTroll[row] === 1,
        };
        if (!series.has(itemId)) series.set(itemId, []);
        series.get(itemId)!.push(point);
      }
    const counts = { hits: 0, flags: 0, trolls: 0 };
    for (const points of series.values()) {
      const ids = flagged(points);
      const trolls = points.filter(({ isTroll }) => isTroll);
      counts.flags += ids.size;
      counts.trolls += trolls.length;
      counts.hits += trolls.filter((point) => ids.has(point.id)).length;
    }
    expect(counts.trolls).toBeGreaterThan(80);
    expect(counts.hits / counts.flags).toBeGreaterThan(precision);
    expect(counts.hits / counts.trolls).toBeGreaterThan(recall);
  });
});
