import type { ArbitrageDto } from './arbitrage.dto.js';
import type { ArbitrageRow } from './arbitrage.repository.js';

/** @param keys of servers by id */
export function toArbitrageDto(row: ArbitrageRow, keys: ReadonlyMap<number, string>): ArbitrageDto {
  return {
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    buy: {
      server: keys.get(row.buyServerId)!,
      unitPrice: row.buyPrice,
      capturedAt: row.buyAt.toISOString(),
    },
    sell: {
      server: keys.get(row.sellServerId)!,
      unitPrice: row.sellPrice,
      capturedAt: row.sellAt.toISOString(),
    },
    netPrice: row.buyPrice + row.profit,
    profit: row.profit,
    marginPct: row.marginPct,
    n: row.n,
    confidence: row.confidence,
  };
}
