import { expect } from '@jest/globals';
import {
  type DailyRow,
  deriveDaily,
  deriveWindows,
  type RawPoint,
  utcDay,
  type WindowRow,
} from '../../src/market/rollups/rollup.js';
import type { TestUnits } from './units.js';

/** The rollups of one server, in order of items and days. */
export interface Rollups {
  daily: (DailyRow & { itemId: number })[];
  windows: (WindowRow & { itemId: number })[];
}

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** What the tables hold. */
export async function readRollups(units: TestUnits, serverId: number): Promise<Rollups> {
  const daily = await units.owner<Rollups['daily'][number]>(
    `SELECT item_id AS "itemId", day::text, n, sum, open, high, low, close, median,
       ${MS('first_at')} AS "firstAtMs", ${MS('last_at')} AS "lastAtMs"
     FROM market.daily WHERE server_id = $1 ORDER BY item_id, day`,
    [serverId],
  );
  const windows = await units.owner<Rollups['windows'][number]>(
    `SELECT item_id AS "itemId", days, n, day_count AS "dayCount", sum, first_day::text AS "firstDay", last_day::text AS "lastDay",
       first_mean AS "firstMean", last_mean AS "lastMean", first_median AS "firstMedian", last_median AS "lastMedian",
       ${MS('first_at')} AS "firstAtMs", ${MS('last_at')} AS "lastAtMs"
     FROM market.window_stat WHERE server_id = $1 ORDER BY item_id, days`,
    [serverId],
  );
  return { daily, windows };
}

/** What they must hold: derived from every raw row of the server, in the plainest way. */
export async function rebuildFromRaw(units: TestUnits, serverId: number, asOfMs: number): Promise<Rollups> {
  const points = await units.owner<RawPoint & { itemId: number }>(
    `SELECT id::float8, item_id AS "itemId", ${MS('captured_at')} AS "capturedAtMs", price
     FROM market.observation WHERE server_id = $1 ORDER BY item_id`,
    [serverId],
  );
  const series = new Map<number, RawPoint[]>();
  for (const { itemId, ...raw } of points) series.set(itemId, [...(series.get(itemId) ?? []), raw]);
  const rebuilt: Rollups = { daily: [], windows: [] };
  for (const [itemId, raw] of series) {
    const daily = deriveDaily(raw);
    rebuilt.daily.push(...daily.map((row) => ({ itemId, ...row })));
    rebuilt.windows.push(...deriveWindows(daily, utcDay(asOfMs)).map((row) => ({ itemId, ...row })));
  }
  return rebuilt;
}

/** Sums may differ in rounding, by a thousand-millionth at most; everything else is equal. */
export function expectSameRollups(found: Rollups, expected: Rollups): void {
  expect(found).toEqual(approximate(expected));
}

const ROUNDED = new Set(['sum', 'median', 'firstMean', 'lastMean', 'firstMedian', 'lastMedian']);

function approximate({ daily, windows }: Rollups): unknown {
  const loosen = (row: object): object =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, ROUNDED.has(key) ? near(value as number) : value]),
    );
  return { daily: daily.map(loosen), windows: windows.map(loosen) };
}

function near(expected: number) {
  return {
    asymmetricMatch: (found: number): boolean => Math.abs(found - expected) <= 1e-9 * Math.abs(expected),
    toString: () => `near ${expected}`,
    toAsymmetricMatcher: () => `near ${expected}`,
  };
}
