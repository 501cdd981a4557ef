import type { FigureDto } from './analytics.dto.js';
import type { ItemName } from './analytics.repository.js';
import type { SignalDto, TrendDto, VolatileItemDto } from './figure-lists.dto.js';
import type { SignalRow, TrendRow, VolatilityRow } from './figure-lists.js';
import type { Named } from './figure-lists.service.js';
import type { Evidence } from './figure-table.js';

export function toFigureDto(row: ItemName & Evidence): FigureDto {
  return {
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    n: row.n,
    days: row.days,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    confidence: row.confidence,
  };
}

export function toVolatileItemDto(row: Named<VolatilityRow>): VolatileItemDto {
  return { ...toFigureDto(row), volatilityPct: row.volatilityPct, lastPrice: row.price };
}

export function toSignalDto(row: Named<SignalRow>): SignalDto {
  return {
    ...toFigureDto(row),
    currentPrice: row.price,
    referencePrice: row.referencePrice,
    targetPrice: row.targetPrice,
    beyondPct: row.beyondPct,
    volatilityPct: row.volatilityPct,
    zScore: row.zScore,
  };
}

export function toTrendDto(row: Named<TrendRow>): TrendDto {
  return {
    ...toFigureDto(row),
    currentPrice: row.price,
    changePct: row.changePct,
    runDays: row.runDays,
    slopePctPerDay: row.slopePctPerDay,
    p: row.p,
  };
}
