import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CalendarImport } from './calendar-import.service.js';
import { addDays, dayOf } from './calendar-span.js';
import type { CalendarDto, CalendarImportedDto, CalendarQueryDto } from './calendar.dto.js';
import { toCalendarDayDto } from './calendar.mapper.js';
import { CalendarRepository, type CalendarRow } from './calendar.repository.js';

/** Calendars of a game, with what their tributes cost on a server. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly calendar: CalendarRepository,
    private readonly imports: CalendarImport,
  ) {}

  async days(
    caller: Principal,
    place: { game: string; server: string },
    query: CalendarQueryDto,
  ): Promise<CalendarDto> {
    const server = await this.directory.server(place.game, place.server);
    const nowMs = Date.now();
    const from = query.from ?? dayOf(nowMs);
    const span = { from, end: addDays(from, query.days) };
    const statement = this.calendar.daysStatement(server.gameId, server.id, span, query.source ?? null);
    const rows = await this.uow.read<CalendarRow>(caller, statement);
    return {
      server: server.key,
      from,
      to: addDays(span.end, -1),
      items: rows.map((row) => toCalendarDayDto(row, nowMs)),
    };
  }

  import(caller: Principal, game: string, source: string, content: unknown): Promise<CalendarImportedDto> {
    return this.imports.import(caller, game, { source, origin: 'request', content });
  }
}
