import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { MAX_DAYS, nativeDaySchema } from './calendar-day.js';
import {
  CalendarDto,
  CalendarImportedDto,
  CalendarImportQueryDto,
  CalendarQueryDto,
} from './calendar.dto.js';
import { CalendarService } from './calendar.service.js';

const { $schema: _version, ...DAY_SCHEMA } = z.toJSONSchema(nativeDaySchema, { io: 'input' });
const DAYS = {
  type: 'array',
  minItems: 1,
  maxItems: MAX_DAYS,
  items: DAY_SCHEMA as Record<string, unknown>,
} as const;

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  /** What is offered on which day, and what that costs on the server: the newest price of each tribute, with its age. */
  @Get('servers/:server/calendar')
  @RequirePermission('market:read')
  days(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: CalendarQueryDto,
  ): Promise<CalendarDto> {
    return this.calendar.days(caller, { game, server }, query);
  }

  /**
   * Takes days into a calendar, safe to repeat: a list, or an object with the list as `days`, also of days as doduapi writes them. Each is
   * judged by itself; tributes that the catalogue lacks are added to it. Answers 422 when not one could be taken.
   */
  @Post('calendar/import')
  @HttpCode(200)
  @ApiBody({
    schema: { oneOf: [DAYS, { type: 'object', required: ['days'], properties: { days: DAYS } }] },
  })
  @RequirePermission('market:curate')
  import(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: CalendarImportQueryDto,
    @Req() request: Request,
  ): Promise<CalendarImportedDto> {
    return this.calendar.import(caller, game, query.source, request.body as unknown);
  }
}
