import type { DayRow, IndexRow, MoverRow } from '../analytics/analytics.repository.js';
import { classicStats } from '../analytics/item-stats.js';
import { classicIndex } from '../analytics/market-index.js';
import type { ItemRow } from '../catalog/items.repository.js';
import { iconUrl } from '../icons/market-icon.js';
import { formatInstant } from './compat-instant.js';
import type {
  CompatIndexDto,
  CompatItemStatsDto,
  CompatMoverDto,
  CompatPointDto,
} from './compat-market.dto.js';
import type { PointRow } from './compat-market.repository.js';

/** Null where no item counts, as the original has it. */
export function toCompatIndexDto(row: IndexRow, server: string): CompatIndexDto | null {
  const figure = classicIndex({ ...row, weight: row.days });
  return figure && { server, index_change: figure.changePct, total_items: row.itemCount };
}

export function toCompatMoverDto(row: MoverRow, server: string, origin: string): CompatMoverDto {
  return {
    item_name: row.label,
    server,
    last_price: row.lastPrice,
    pct_change: row.change,
    icon_url: iconUrl(row.iconId, origin),
  };
}

/** Null for an item that was not seen within the span. */
export function toCompatItemStatsDto(
  days: readonly DayRow[],
  item: ItemRow,
  server: string,
  origin: string,
): CompatItemStatsDto | null {
  const last = days.at(-1);
  if (!last) return null;
  const stats = classicStats(days);
  return {
    item_name: item.label,
    server,
    volatility: stats.volatilityPct,
    median_price: stats.medianPrice,
    signal: stats.signal,
    ma7: stats.movingAverage,
    current_price: last.mean,
    category: item.category,
    icon_url: iconUrl(item.iconId, origin),
  };
}

export function toCompatPointDto(row: PointRow): CompatPointDto {
  return { id: row.id, date: formatInstant(row.seenAtUtc), avg_price: row.price };
}
