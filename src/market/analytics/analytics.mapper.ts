import type { Asked } from './analytics-desk.service.js';
import type { IndexDto, ItemStatsDto, MoverDto } from './analytics.dto.js';
import type { DayRow, IndexRow, Method, MoverRow } from './analytics.repository.js';
import { confidenceOf } from './confidence.js';
import { classicStats, robustStats } from './item-stats.js';
import { type ChainFigure, classicIndex, pctOfLog } from './market-index.js';
import { daysBetween, utcDayOf } from './utc-day.js';

/** @param chain of the robust method */
export function toIndexDto(row: IndexRow, chain: ChainFigure | null, method: Method, asked: Asked): IndexDto {
  const { itemCount, seenCount } = row;
  const share = seenCount === 0 ? 0 : itemCount / seenCount;
  const figure = method === 'classic' ? classicIndex({ ...row, weight: row.days }) : chain;
  const coverage = method === 'classic' ? share : (chain?.coverage ?? 0);
  const [n, days] = [row.n ?? 0, row.days ?? 0];
  const average = confidence(n / itemCount, days / itemCount, row.lastSeenAt, asked);
  return {
    server: asked.server,
    from: asked.from,
    to: asked.to,
    method,
    changePct: figure?.changePct ?? null,
    dispersionPct: figure?.dispersionPct ?? null,
    itemCount,
    coverage: round(coverage, 1e4),
    n,
    days: itemCount === 0 ? 0 : round(days / itemCount, 1e2),
    firstSeenAt: row.firstSeenAt?.toISOString() ?? null,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    confidence: itemCount === 0 ? 0 : round(average * coverage, 1e3),
  };
}

export function toMoverDto(row: MoverRow, method: Method, asked: Asked): MoverDto {
  return {
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    changePct: method === 'classic' ? row.change : pctOfLog(row.change),
    firstPrice: row.firstPrice,
    lastPrice: row.lastPrice,
    n: row.n,
    days: row.days,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    confidence: confidence(row.n, row.days, row.lastSeenAt, asked),
  };
}

export function toItemStatsDto(rows: readonly DayRow[], itemId: number, asked: Asked): ItemStatsDto {
  const last = rows.at(-1);
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  return {
    server: asked.server,
    from: asked.from,
    to: asked.to,
    itemId,
    n,
    days: rows.length,
    firstSeenAt: rows[0]?.firstSeenAt.toISOString() ?? null,
    lastSeenAt: last?.lastSeenAt.toISOString() ?? null,
    confidence: last ? confidence(n, rows.length, last.lastSeenAt, asked) : 0,
    lastPrice: last?.mean ?? null,
    classic: last ? classicStats(rows) : null,
    robust: last ? robustStats(rows) : null,
  };
}

function confidence(n: number, days: number, lastSeenAt: Date | null, asked: Asked): number {
  if (lastSeenAt === null) return 0;
  return confidenceOf({
    n,
    days,
    spanDays: daysBetween(asked.from, asked.to) + 1,
    ageDays: daysBetween(utcDayOf(lastSeenAt.getTime()), asked.endOn),
  });
}

function round(value: number, scale: number): number {
  return Math.round(value * scale) / scale;
}
