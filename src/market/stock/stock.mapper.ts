import { isoOf } from '../profiles/profiles.mapper.js';
import type { StockChangeDto, StockLineDto } from './stock.dto.js';
import type { StockChange, StockRow } from './stock.repository.js';

export function toStockLineDto(row: StockRow): StockLineDto {
  return {
    externalId: row.externalId,
    itemId: row.itemId,
    label: row.label,
    quantity: row.quantity,
    capturedAt: isoOf(row.capturedAtUtc),
    unitPrice: row.price,
    value: row.price === null ? null : row.price * row.quantity,
  };
}

export function toStockChangeDto(change: StockChange): StockChangeDto {
  return {
    insertedCount: change.insertedCount,
    updatedCount: change.updatedCount,
    deletedCount: change.deletedCount,
    unknownIds: change.unknownIds,
  };
}
