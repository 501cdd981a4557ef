import { iconUrl } from '../icons/market-icon.js';
import type { CalendarDayDto, TributePriceDto } from './calendar.dto.js';
import type { CalendarRow } from './calendar.repository.js';

export function toCalendarDayDto(row: CalendarRow, nowMs: number): CalendarDayDto {
  return {
    date: row.date,
    source: row.source,
    tribute: {
      itemId: row.itemId,
      externalId: row.externalId,
      label: row.label,
      level: row.level,
      iconUrl: iconUrl(row.iconId),
      quantity: row.quantity,
      price: toPrice(row, nowMs),
    },
    bonusType: row.bonusType,
    bonus: row.bonus,
    rewardKamas: row.rewardKamas,
    xpRatio: row.xpRatio,
  };
}

function toPrice(row: CalendarRow, nowMs: number): TributePriceDto | null {
  if (row.price === null || row.capturedAt === null) return null;
  return {
    unitPrice: row.price,
    total: row.price * row.quantity,
    capturedAt: row.capturedAt.toISOString(),
    ageS: Math.max(0, Math.round((nowMs - row.capturedAt.getTime()) / 1_000)), // clocks of clients may be ahead
    isSimulated: row.isSimulated ?? false,
  };
}
