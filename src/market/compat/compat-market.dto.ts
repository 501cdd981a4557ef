import { ApiProperty } from '@nestjs/swagger';
import type { Signal } from '../analytics/item-stats.js';

export class CompatIndexDto {
  server: string;
  /** Percent, weighted by the days on which each item was seen. */
  index_change: number;
  /** Items that count. */
  total_items: number;
}

export class CompatMoverDto {
  item_name: string;
  server: string;
  /** Mean of the last day seen, kamas for one unit. */
  last_price: number;
  /** Percent, from the first day's mean to the last's. */
  pct_change: number;
  icon_url: string | null;
}

export class CompatItemStatsDto {
  item_name: string;
  server: string;
  /** Sample deviation of the day-over-day changes in percent; null for a single day. */
  volatility: number | null;
  /** Median of the daily means. */
  median_price: number;
  @ApiProperty({ enum: ['buy', 'sell', 'neutral'] })
  signal: Signal;
  /** Mean of the daily means within 6 days of the last day. */
  ma7: number;
  /** Mean of the last day seen. */
  current_price: number;
  category: string | null;
  icon_url: string | null;
}

export class CompatPointDto {
  id: number;
  /** When it was seen, ISO-8601 with `+00:00`. */
  date: string;
  /** Kamas for one unit. */
  avg_price: number;
}
