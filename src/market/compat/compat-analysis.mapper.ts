import type { ItemName } from '../analytics/analytics.repository.js';
import type { SignalRow, TrendRow, VolatilityRow } from '../analytics/figure-lists.js';
import type { Named } from '../analytics/figure-lists.service.js';
import type { ScannerFigure } from '../analytics/scanner-rule.js';
import type { TrendType } from '../analytics/trends.js';
import { iconUrl } from '../icons/market-icon.js';
import type {
  CompatOpportunityDto,
  CompatScanDto,
  CompatSellOpportunityDto,
  CompatTrendDayDto,
  CompatTrendDto,
  CompatVolatilityDto,
} from './compat-analysis.dto.js';
import { formatInstant } from './compat-instant.js';

/** Where a row is shown. */
export interface CompatPlace {
  /** Name of the server. */
  server: string;
  /** Where the client reaches this program. */
  origin: string;
}

export function toCompatVolatilityDto(row: Named<VolatilityRow>, place: CompatPlace): CompatVolatilityDto {
  return {
    item_name: row.label,
    server: place.server,
    volatility: row.volatilityPct,
    last_price: row.price,
    pct_change: row.changePct!,
    obs_count: row.days,
    icon_url: iconUrl(row.iconId, place.origin),
  };
}

function toSignal(row: Named<SignalRow>, { server, origin }: CompatPlace) {
  return {
    item_name: row.label,
    server,
    current_price: row.price,
    ma7: row.referencePrice,
    volatility: row.volatilityPct,
    target_price: row.targetPrice,
    icon_url: iconUrl(row.iconId, origin),
  };
}

export function toCompatOpportunityDto(row: Named<SignalRow>, place: CompatPlace): CompatOpportunityDto {
  return { ...toSignal(row, place), discount_pct: row.beyondPct };
}

export function toCompatSellOpportunityDto(
  row: Named<SignalRow>,
  place: CompatPlace,
): CompatSellOpportunityDto {
  return { ...toSignal(row, place), premium_pct: row.beyondPct };
}

export function toCompatScanDto(
  figure: ScannerFigure,
  name: ItemName,
  { server, origin }: CompatPlace,
): CompatScanDto {
  return {
    item_name: name.label,
    server,
    category: name.category,
    current_price: figure.currentPrice,
    avg_price: figure.averagePrice,
    profit: figure.profit,
    margin: figure.marginOnAveragePct,
    volatility: figure.volatilityPct,
    last_seen_at: formatInstant(`${figure.lastSeenAt.toISOString().slice(0, -1)}000`),
    days_seen: figure.days,
    icon_url: iconUrl(name.iconId, origin),
  };
}

export function toCompatTrendDto(
  row: Named<TrendRow>,
  type: TrendType,
  history: CompatTrendDayDto[],
  { server, origin }: CompatPlace,
): CompatTrendDto {
  return {
    item_id: row.itemId,
    item_name: row.label,
    server,
    category: row.category,
    current_price: row.price,
    start_price: row.startPrice!,
    price_change_pct: row.changePct,
    trend_type: type,
    consecutive_days: row.runDays,
    history,
    icon_url: iconUrl(row.iconId, origin),
  };
}
