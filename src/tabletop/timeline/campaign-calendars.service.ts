import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { CampaignsRepository } from '../campaigns/campaigns.repository.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { invalidCalendar, noSuchDay, staleObject } from '../tabletop.errors.js';
import { calendarOf } from './campaign-calendar.js';
import type {
  WorldDayDto,
  CalendarDayQueryDto,
  CampaignCalendarDto,
  GameCalendarDto,
} from './calendars.dto.js';
import {
  dateOfDay,
  dateText,
  dayNumberOf,
  faultOf,
  type GameCalendar,
  isGameDate,
  weekdayOf,
} from './game-calendar.js';

/** The calendar of a campaign's world. Days are stored as numbers: another calendar gives them other names, and moves nothing. */
@Injectable()
export class CampaignCalendars {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly campaigns: CampaignsRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError unknown campaign */
  find(caller: Principal, campaignId: string): Promise<CampaignCalendarDto> {
    return this.desk.within(caller, campaignId, 'observer', (_tx, { campaign }) =>
      Promise.resolve(toCalendarDto(campaign.calendar)),
    );
  }

  /** By masters. Safe to repeat. @throws DomainError unknown campaign, the role is too low, a calendar that cannot work */
  put(caller: Principal, campaignId: string, wish: GameCalendarDto): Promise<CampaignCalendarDto> {
    return this.desk.within(caller, campaignId, 'gm', async (tx, { campaign }) => {
      const calendar = asCalendar(wish);
      const fault = faultOf(calendar);
      if (fault !== null) throw invalidCalendar(fault.pointer, fault.detail);
      const after = await this.campaigns.updateCampaign(tx, campaign.id, campaign.version, {
        ...campaign,
        calendar,
      });
      if (after === null) throw staleObject(campaign.version + 1);
      await this.changes.record(tx, caller, {
        campaignId: campaign.id,
        kind: 'campaign',
        action: 'calendar-changed',
        before: { calendar: campaign.calendar },
        after: { calendar },
      });
      return toCalendarDto(after.calendar);
    });
  }

  /** A day by its number or by its date. @throws DomainError unknown campaign; no such day */
  day(caller: Principal, campaignId: string, query: CalendarDayQueryDto): Promise<WorldDayDto> {
    return this.desk.within(caller, campaignId, 'observer', (_tx, { campaign }) =>
      Promise.resolve(dayOf(calendarOf(campaign.calendar), query)),
    );
  }
}

function dayOf(calendar: GameCalendar, query: CalendarDayQueryDto): WorldDayDto {
  const { day, year, month, dayOfMonth } = query;
  const date = day === undefined ? { year: year ?? 0, month, day: dayOfMonth } : dateOfDay(calendar, day);
  if (date === null || !isGameDate(calendar, date)) throw noSuchDay(day === undefined ? '/year' : '/day');
  return {
    day: dayNumberOf(calendar, date),
    year: date.year,
    month: date.month,
    dayOfMonth: date.day,
    weekday: weekdayOf(calendar, date),
    text: dateText(calendar, date),
  };
}

function toCalendarDto(stored: object | null): CampaignCalendarDto {
  return { calendar: asCalendar(calendarOf(stored)), isOwn: stored !== null };
}

function asCalendar({ name, months, weekdays, firstWeekday, leapRules, era }: GameCalendar): GameCalendarDto {
  return {
    name,
    months: months.map((month) => ({
      name: month.name,
      days: month.days,
      isOutsideWeeks: month.isOutsideWeeks,
    })),
    weekdays: [...weekdays],
    firstWeekday,
    leapRules: leapRules.map((rule) => ({
      month: rule.month,
      days: rule.days,
      everyYears: rule.everyYears,
      offsetYears: rule.offsetYears,
    })),
    era,
  };
}
