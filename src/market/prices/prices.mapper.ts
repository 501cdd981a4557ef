import type { ObservationDto, PriceDto, SeriesObservationDto } from './prices.dto.js';
import type { ObservationRow, PriceRow, SeriesRow } from './prices.repository.js';

export function toPriceDto(row: PriceRow): PriceDto {
  return {
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    unitPrice: row.price,
    capturedAt: row.capturedAt.toISOString(),
    lots: row.lots,
    source: row.source,
    isSimulated: row.isSimulated,
  };
}

export function toObservationDto(row: ObservationRow): ObservationDto {
  return {
    id: row.id,
    capturedAt: row.capturedAt.toISOString(),
    unitPrice: row.price,
    lots: row.lots,
    source: row.source,
    isSimulated: row.isSimulated,
  };
}

export function toSeriesObservationDto(row: SeriesRow): SeriesObservationDto {
  return { ...toObservationDto(row), isFlagged: row.flagReason !== null, flagReason: row.flagReason };
}
