import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { WorldDayDto, CalendarDayQueryDto, CampaignCalendarDto, GameCalendarDto } from './calendars.dto.js';
import { CampaignCalendars } from './campaign-calendars.service.js';
import {
  TimelineExportDto,
  TimelineExportQueryDto,
  type TimelineFormat,
  TimelinePageDto,
  TimelineQueryDto,
} from './timeline.dto.js';
import { Timeline } from './timeline.service.js';

const TYPES: Readonly<Record<TimelineFormat, string>> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};
const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('tabletop')
@ApiExtraModels(TimelineExportDto)
@Controller('api/v1/tabletop/campaigns/:c')
export class TimelineController {
  constructor(
    private readonly timeline: Timeline,
    private readonly calendars: CampaignCalendars,
  ) {}

  /** What happened when, oldest first: sessions, events, milestones, visits, and to game masters what was planted and paid off. */
  @Get('timeline')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: TimelineQueryDto,
  ): Promise<TimelinePageDto> {
    return this.timeline.list(caller, campaignId, query);
  }

  /** The same as a file, of up to 20,000 entries: JSON, Markdown, or CSV for spreadsheets. */
  @Get('timeline/export')
  @ApiOkResponse({
    description: 'The file',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(TimelineExportDto) } },
      'text/markdown': TEXT,
      'text/csv': TEXT,
    },
  })
  @RequirePermission('tabletop:own')
  async export(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: TimelineExportQueryDto,
  ): Promise<Buffer> {
    const text = await this.timeline.export(caller, campaignId, query);
    response.setHeader('Content-Type', TYPES[query.format]);
    response.setHeader('Content-Disposition', `attachment; filename="timeline.${query.format}"`);
    response.setHeader('Cache-Control', 'private, no-store');
    return Buffer.from(text);
  }

  /** The calendar of the campaign's world. */
  @Get('calendar')
  @RequirePermission('tabletop:own')
  calendar(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<CampaignCalendarDto> {
    return this.calendars.find(caller, campaignId);
  }

  /** Gives the world a calendar of its own. Days keep their numbers and get other names. By a game master. */
  @Put('calendar')
  @RequirePermission('tabletop:own')
  putCalendar(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: GameCalendarDto,
  ): Promise<CampaignCalendarDto> {
    return this.calendars.put(caller, campaignId, body);
  }

  /** A day of the calendar, by its number or by its date. */
  @Get('calendar/day')
  @RequirePermission('tabletop:own')
  day(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: CalendarDayQueryDto,
  ): Promise<WorldDayDto> {
    return this.calendars.day(caller, campaignId, query);
  }
}
