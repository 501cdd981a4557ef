import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ALMANAX } from '../calendar/calendar-day.js';
import { CalendarRefresh, DAYS_AHEAD } from '../calendar/calendar-refresh.service.js';
import { addDays, dayOf } from '../calendar/calendar-span.js';
import { CalendarRepository, type CalendarRow } from '../calendar/calendar.repository.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { iconUrl } from '../icons/market-icon.js';
import type { CompatAlmanaxDayDto, CompatCronDto } from './compat-calendar.dto.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

/** An older price is none. */
const FRESH_MS = 3 * 86_400_000;
const DEFAULT_SERVER = 'Draconiros';

/** The original's Almanax: its 90 days with prices, and the address by which a scheduler has them brought in. */
@Injectable()
export class CompatCalendar implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly calendar: CalendarRepository,
    private readonly refresh: CalendarRefresh,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'toolbox&mode=almanax', {
      GET: async (request) => replyOf(await this.almanax(request)),
    });
  }

  /** Brings in what is missing of the days ahead, as far as it has not been asked for today. */
  async cron(nowMs: number): Promise<CompatCronDto> {
    const report = await this.refresh.refresh({ nowMs });
    const { isConfigured, processedCount: processed, attemptedCount: attempted, remainingCount } = report;
    const message = isConfigured
      ? `Processed ${processed}/${attempted} dates`
      : 'No calendar is configured (MARKET_CALENDAR_URL)';
    return {
      success: true,
      message: remainingCount === 0 && attempted === 0 ? 'All dates are up to date' : message,
      processed,
      attempted,
      remaining: remainingCount,
    };
  }

  /** A server that nobody knows has no prices, and the same days. */
  private async almanax({ principal, query, origin, now }: CompatRequest): Promise<CompatAlmanaxDayDto[]> {
    const game = await this.directory.game(COMPAT_GAME);
    const server = await this.directory.serverByName(COMPAT_GAME, textOf(query, 'server') || DEFAULT_SERVER);
    const from = dayOf(now.getTime());
    const span = { from, end: addDays(from, DAYS_AHEAD) };
    const statement = this.calendar.daysStatement(game.id, server?.id ?? null, span, ALMANAX);
    const rows = await this.uow.read<CalendarRow>(principal, statement);
    return rows.map((row) => toAlmanaxDayDto(row, now.getTime() - FRESH_MS, origin));
  }
}

function toAlmanaxDayDto(row: CalendarRow, freshFromMs: number, origin: string): CompatAlmanaxDayDto {
  const isFresh = row.capturedAt !== null && row.capturedAt.getTime() >= freshFromMs;
  return {
    date: row.date,
    quantity: row.quantity,
    bonus_description: row.bonus ?? row.bonusType ?? '',
    item: {
      id: row.itemId,
      name: row.label,
      icon_url: iconUrl(row.iconId, origin),
      level: row.level,
      last_price: isFresh ? row.price || null : null, // a price of 0 is none, as in the original
    },
  };
}
