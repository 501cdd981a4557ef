import { confidenceOf } from '../analytics/confidence.js';
import { daysBetween, utcDayOf } from '../analytics/utc-day.js';
import type { DetailedPriceDto, ItemPricesDto, PriceFiguresDto } from './price-reach.dto.js';
import type { PriceFiguresRow } from './price-figures.repository.js';

/** [asOf - 30, asOf], both included. */
const MONTH_DAYS = 31;

/** @param asOfMs Unix time for which it was asked */
function toPriceFiguresDto(row: PriceFiguresRow, asOfMs: number): PriceFiguresDto {
  return {
    unitPrice: row.price,
    capturedAt: row.capturedAt.toISOString(),
    ageS: Math.max(0, Math.round((asOfMs - row.capturedAt.getTime()) / 1_000)),
    lots: row.lots,
    source: row.source,
    isSimulated: row.isSimulated,
    isFlagged: row.isFlagged,
    median7d: row.median7d,
    low7d: row.low7d,
    n30d: row.n30d,
    confidence: confidenceOf({
      n: row.n30d,
      days: row.days30d,
      spanDays: MONTH_DAYS,
      ageDays: daysBetween(utcDayOf(row.capturedAt.getTime()), utcDayOf(asOfMs)),
    }),
  };
}

export function toDetailedPriceDto(row: PriceFiguresRow, asOfMs: number): DetailedPriceDto {
  const { itemId, externalId, label } = row;
  return { itemId, externalId, label, ...toPriceFiguresDto(row, asOfMs) };
}

/** @param rows by item @param keys of servers by id */
export function toItemPricesDtos(
  rows: readonly PriceFiguresRow[],
  keys: ReadonlyMap<number, string>,
  asOfMs: number,
): ItemPricesDto[] {
  const items: ItemPricesDto[] = [];
  for (const row of rows) {
    const { itemId, externalId, label } = row;
    if (items.at(-1)?.itemId !== itemId) items.push({ itemId, externalId, label, prices: [] });
    items.at(-1)!.prices.push({ server: keys.get(row.serverId)!, ...toPriceFiguresDto(row, asOfMs) });
  }
  for (const { prices } of items) prices.sort((a, b) => (a.server < b.server ? -1 : 1));
  return items;
}
