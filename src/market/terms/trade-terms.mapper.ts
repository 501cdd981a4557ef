import { NO_TERMS } from './trade-terms.js';
import type { GameTermsDto, TradeTermsDto } from './trade-terms.dto.js';
import type { TradeTermsRow } from './trade-terms.repository.js';

export function toTradeTermsDto(row: TradeTermsRow | undefined): TradeTermsDto {
  const { saleTaxPct, listingFeePct } = row ?? NO_TERMS;
  return {
    saleTaxPct,
    listingFeePct,
    setFor: row === undefined ? 'none' : row.serverId === null ? 'game' : 'server',
    changedAt: row?.changedAt.toISOString() ?? null,
  };
}

export function toGameTermsDto(rows: readonly { row: TradeTermsRow; server: string | null }[]): GameTermsDto {
  return {
    ...toTradeTermsDto(rows.find(({ server }) => server === null)?.row),
    servers: rows.flatMap(({ row, server }) =>
      server === null ? [] : [{ server, ...toTradeTermsDto(row) }],
    ),
  };
}
