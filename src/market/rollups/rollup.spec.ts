import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  deriveDaily,
  deriveWindows,
  median,
  nextAsOf,
  type RawPoint,
  shiftDay,
  utcDay,
  WINDOW_DAYS,
} from './rollup.js';

const DAY_MS = 86_400_000;
const END_MS = Date.UTC(2026, 2, 1);

const points = fc
  .array(
    fc.record({
      capturedAtMs: fc.integer({ min: END_MS - 400 * DAY_MS, max: END_MS }),
      price: fc.integer({ min: 1, max: 1_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => rows.map((row, id): RawPoint => ({ id, ...row })));
const day = fc.integer({ min: 0, max: 40_000 }).map((days) => utcDay(days * DAY_MS));

describe('days', () => {
  it('hold every point once, in order, with its extremes', () => {
    fc.assert(
      fc.property(points, (raw) => {
        const daily = deriveDaily(raw);
        expect(daily.reduce((sum, row) => sum + row.n, 0)).toBe(raw.length);
        expect(daily.map((row) => row.day)).toEqual(
          [...new Set(raw.map(({ capturedAtMs }) => utcDay(capturedAtMs)))].sort(),
        );
        for (const row of daily) {
          const prices = raw
            .filter(({ capturedAtMs }) => utcDay(capturedAtMs) === row.day)
            .map(({ price }) => price);
          expect([row.low, row.high]).toEqual([Math.min(...prices), Math.max(...prices)]);
          for (const price of [row.open, row.close]) expect(prices).toContain(price);
          expect(row.sum / row.n).toBeGreaterThanOrEqual(row.low);
          expect(row.median).toBeLessThanOrEqual(row.high);
        }
      }),
    );
  });

  it('do not depend on the order in which points came', () => {
    fc.assert(
      fc.property(points, (raw) => {
        expect(deriveDaily([...raw].reverse())).toEqual(deriveDaily(raw));
      }),
    );
  });

  it('take the id for what was captured at the same instant', () => {
    const [row] = deriveDaily([
      { id: 2, capturedAtMs: END_MS, price: 20 },
      { id: 1, capturedAtMs: END_MS, price: 10 },
    ]);
    expect(row).toMatchObject({ open: 10, close: 20, median: 15, n: 2 });
  });
});

describe('windows', () => {
  it('lie in one another: a longer one has no less', () => {
    fc.assert(
      fc.property(points, (raw) => {
        const windows = deriveWindows(deriveDaily(raw), utcDay(END_MS));
        expect(windows.map(({ days }) => days)).toEqual(
          WINDOW_DAYS.slice(WINDOW_DAYS.length - windows.length),
        );
        windows.slice(1).reduce((shorter, longer) => {
          expect(longer.n).toBeGreaterThanOrEqual(shorter.n);
          expect(longer.firstDay <= shorter.firstDay).toBe(true);
          expect([longer.lastDay, longer.lastMean]).toEqual([shorter.lastDay, shorter.lastMean]);
          return longer;
        }, windows[0]!);
      }),
    );
  });

  it('reach from `days` days before a day to that day, both included', () => {
    const seenOn = (daysBack: number): RawPoint => ({
      id: 1,
      capturedAtMs: END_MS - daysBack * DAY_MS,
      price: 1,
    });
    const daysOf = (point: RawPoint): number[] =>
      deriveWindows(deriveDaily([point]), utcDay(END_MS)).map(({ days }) => days);
    expect(daysOf(seenOn(-1))).toEqual([]);
    expect(daysOf(seenOn(0))).toEqual([7, 30, 90, 365]);
    expect(daysOf(seenOn(7))).toEqual([7, 30, 90, 365]);
    expect(daysOf(seenOn(8))).toEqual([30, 90, 365]);
    expect(daysOf(seenOn(365))).toEqual([365]);
    expect(daysOf(seenOn(366))).toEqual([]);
  });

  it('have ends that one absurd day does not move', () => {
    const raw = [1, 999, 3, 4, 5].map((price, index) => ({
      id: index,
      capturedAtMs: END_MS - (6 - index) * DAY_MS,
      price,
    }));
    expect(deriveWindows(deriveDaily(raw), utcDay(END_MS))[0]).toMatchObject({
      firstMean: 1,
      firstMedian: 3,
      lastMean: 5,
      lastMedian: 4,
    });
  });
});

describe('nextAsOf', () => {
  it('goes forward, leaves a day alone that another worker has begun, and takes a wrong clock back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -400, max: 400 }), (today, ahead) => {
        const stored = shiftDay(today, ahead);
        expect(nextAsOf(stored, today)).toBe(ahead === 1 ? stored : today);
      }),
    );
    expect(nextAsOf(null, '2026-01-01')).toBe('2026-01-01');
  });
});

describe('median', () => {
  it('has as many values below as above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
