import { ApiProperty } from '@nestjs/swagger';
import { TREND_TYPES, type TrendType } from '../analytics/trends.js';

export class CompatVolatilityDto {
  item_name: string;
  server: string;
  /** Sample deviation of the day-over-day changes in percent. */
  volatility: number;
  /** Mean of the last day seen, kamas for one unit. */
  last_price: number;
  /** Percent, from the first day's mean to the last's. */
  pct_change: number;
  /** Days seen. */
  obs_count: number;
  icon_url: string | null;
}

class CompatSignalDto {
  item_name: string;
  server: string;
  /** Mean of the last day seen, kamas for one unit. */
  current_price: number;
  /** Mean of the last seven days seen. */
  ma7: number;
  /** Percent. */
  volatility: number;
  /** `ma7` less, or plus, the volatility. */
  target_price: number;
  icon_url: string | null;
}

export class CompatOpportunityDto extends CompatSignalDto {
  /** How far the price lies below the target, in percent of it. */
  discount_pct: number;
}

export class CompatSellOpportunityDto extends CompatSignalDto {
  /** How far the price lies above the target, in percent of it. */
  premium_pct: number;
}

export class CompatScanDto {
  item_name: string;
  server: string;
  category: string | null;
  /** The newest observation, kamas for one unit. */
  current_price: number;
  /** Mean of the daily means. */
  avg_price: number;
  /** Average less current price. */
  profit: number;
  /** Profit in percent of the average. */
  margin: number | null;
  /** Deviation of the daily means in percent of their mean; null for a single day. */
  volatility: number | null;
  /** ISO-8601 with `+00:00`. */
  last_seen_at: string;
  days_seen: number;
  icon_url: string | null;
}

export class CompatTrendDayDto {
  /** Day, UTC. */
  d: string;
  /** Mean of the day, kamas for one unit. */
  p: number;
}

export class CompatTrendDto {
  item_id: number;
  item_name: string;
  server: string;
  category: string | null;
  /** Mean of the last day seen. */
  current_price: number;
  /** Mean of the first day seen. */
  start_price: number;
  /** Percent, from the first day's mean to the last's. */
  price_change_pct: number;
  @ApiProperty({ enum: TREND_TYPES })
  trend_type: TrendType;
  /** 1 to 3. */
  consecutive_days: number;
  /** Every day seen, oldest first. */
  history: CompatTrendDayDto[];
  icon_url: string | null;
}
