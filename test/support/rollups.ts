import { expect } from '@jest/globals';
import {
  type FlagReason,
  judgePrice,
  LEVEL_DAYS,
  LEVEL_REACH_DAYS,
  type Verdict,
  yardstickOf,
} from '../../src/market/flags/flag-rule.js';
import {
  type DailyRow,
  deriveDaily,
  deriveWindows,
  type RawPoint,
  shiftDay,
  utcDay,
  type WindowRow,
} from '../../src/market/rollups/rollup.js';
import type { TestUnits } from './units.js';

/** What a flag says. */
export interface Flag {
  itemId: number;
  id: number;
  price: number;
  reason: FlagReason;
  expectedPrice: number;
  ratio: number;
  verdict: Verdict | null;
}

/** The rollups of one server, in order of items and days. */
export interface Rollups {
  daily: (DailyRow & { itemId: number })[];
  windows: (WindowRow & { itemId: number })[];
  /** In order of ids. */
  flags: Flag[];
}

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** What the tables hold. */
export async function readRollups(units: TestUnits, serverId: number): Promise<Rollups> {
  const daily = await units.owner<Rollups['daily'][number]>(
    `SELECT item_id AS "itemId", day::text, n, sum, open, high, low, close, median, raw_median AS "rawMedian",
       clean_open AS "cleanOpen", clean_close AS "cleanClose", ${MS('clean_at')} AS "cleanAtMs",
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
  return { daily, windows, flags: await readFlags(units, serverId) };
}

async function readFlags(units: TestUnits, serverId: number): Promise<Flag[]> {
  return units.owner<Flag>(
    `SELECT item_id AS "itemId", observation_id::float8 AS id, price, reason, expected_price AS "expectedPrice", ratio, verdict
     FROM market.observation_flag WHERE server_id = $1 ORDER BY observation_id`,
    [serverId],
  );
}

/**
 * What they must hold: derived from every raw row of the server, in the plainest way. Verdicts are taken as they stand: with them
 * a flag is there whatever the rule says.
 */
export async function rebuildFromRaw(units: TestUnits, serverId: number, asOfMs: number): Promise<Rollups> {
  const points = await units.owner<RawPoint & { itemId: number }>(
    `SELECT id::float8, item_id AS "itemId", ${MS('captured_at')} AS "capturedAtMs", price
     FROM market.observation WHERE server_id = $1 ORDER BY item_id`,
    [serverId],
  );
  const judged = new Map(
    (await readFlags(units, serverId))
      .filter(({ verdict }) => verdict !== null)
      .map((flag) => [flag.id, flag]),
  );
  const series = new Map<number, RawPoint[]>();
  for (const { itemId, ...raw } of points) series.set(itemId, [...(series.get(itemId) ?? []), raw]);
  const rebuilt: Rollups = { daily: [], windows: [], flags: [] };
  for (const [itemId, raw] of series) {
    const flags = flagsOf(itemId, raw, judged);
    const counted = flags.filter(({ verdict }) => verdict !== 'cleared').map(({ id }) => id);
    const daily = deriveDaily(raw, new Set(counted));
    rebuilt.flags.push(...flags);
    rebuilt.daily.push(...daily.map((row) => ({ itemId, ...row })));
    rebuilt.windows.push(...deriveWindows(daily, utcDay(asOfMs)).map((row) => ({ itemId, ...row })));
  }
  rebuilt.flags.sort((a, b) => a.id - b.id);
  return rebuilt;
}

/** @param judged flags with a verdict, by id of the observation */
function flagsOf(itemId: number, raw: readonly RawPoint[], judged: ReadonlyMap<number, Flag>): Flag[] {
  const days = deriveDaily(raw);
  return days.flatMap(({ day }) => {
    const before = days
      .filter((other) => other.day < day && other.day >= shiftDay(day, -LEVEL_REACH_DAYS))
      .slice(-LEVEL_DAYS)
      .map((other) => other.median);
    const points = raw.filter(({ capturedAtMs }) => utcDay(capturedAtMs) === day);
    const yardstick = yardstickOf(
      before,
      points.map(({ price }) => price),
    );
    return points.flatMap(({ id, price }) => {
      const given = judged.get(id)?.price === price ? judged.get(id) : undefined;
      const suspicion = yardstick && judgePrice(price, yardstick);
      if (suspicion) return [{ itemId, id, price, ...suspicion, verdict: given?.verdict ?? null }];
      return given ? [given] : [];
    });
  });
}

/** Sums may differ in rounding, by a thousand-millionth at most; everything else is equal. */
export function expectSameRollups(found: Rollups, expected: Rollups): void {
  expect(found).toEqual(approximate(expected));
}

const ROUNDED = new Set([
  'sum',
  'median',
  'rawMedian',
  'firstMean',
  'lastMean',
  'firstMedian',
  'lastMedian',
  'expectedPrice',
  'ratio',
]);

function approximate({ daily, windows, flags }: Rollups): unknown {
  const loosen = (row: object): object =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        ROUNDED.has(key) && typeof value === 'number' ? near(value) : (value as unknown),
      ]),
    );
  return { daily: daily.map(loosen), windows: windows.map(loosen), flags: flags.map(loosen) };
}

function near(expected: number) {
  return {
    asymmetricMatch: (found: number): boolean => Math.abs(found - expected) <= 1e-9 * Math.abs(expected),
    toString: () => `near ${expected}`,
    toAsymmetricMatcher: () => `near ${expected}`,
  };
}
