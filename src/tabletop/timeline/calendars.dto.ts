import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { isGiven } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import {
  MOST_DAY,
  MOST_LEAP_RULES,
  MOST_MONTH_DAYS,
  MOST_MONTHS,
  MOST_WEEKDAYS,
  MOST_YEAR,
} from './game-calendar.js';

const MOST_NAME = 60;
const MOST_LEAP_DAYS = 500;

export class CalendarMonthDto {
  /** 1 to 60 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_NAME })
  @StorableText(MOST_NAME)
  name: string;

  /** Days in a common year; 0 where it is there in leap years alone. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MOST_MONTH_DAYS })
  @IsInt()
  @Min(0)
  @Max(MOST_MONTH_DAYS)
  days: number;

  /** Festival days that no week counts. */
  @ApiPropertyOptional({ default: false })
  @IsBoolean()
  isOutsideWeeks: boolean = false;
}

export class LeapRuleDto {
  /** Which month, 1 = first. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_MONTHS })
  @IsInt()
  @Min(1)
  @Max(MOST_MONTHS)
  month: number;

  /** Days more, or fewer where negative. */
  @ApiProperty({ type: 'integer', minimum: -MOST_LEAP_DAYS, maximum: MOST_LEAP_DAYS })
  @IsInt()
  @Min(-MOST_LEAP_DAYS)
  @Max(MOST_LEAP_DAYS)
  days: number;

  /** In years whose number less `offsetYears` this divides. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_YEAR })
  @IsInt()
  @Min(1)
  @Max(MOST_YEAR)
  everyYears: number;

  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_YEAR, maximum: MOST_YEAR, default: 0 })
  @IsInt()
  @Min(-MOST_YEAR)
  @Max(MOST_YEAR)
  offsetYears: number = 0;
}

/** Days are numbered from the first day of year 0, which is day 0. */
export class GameCalendarDto {
  /** 1 to 60 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_NAME })
  @StorableText(MOST_NAME)
  name: string;

  /** In order, 1 to 60. */
  @ApiProperty({ type: [CalendarMonthDto], minItems: 1, maxItems: MOST_MONTHS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_MONTHS)
  @ValidateNested({ each: true })
  @Type(() => CalendarMonthDto)
  months: CalendarMonthDto[];

  /** In order, up to 30; none = no weeks. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_WEEKDAYS, default: [] })
  @IsArray()
  @ArrayMaxSize(MOST_WEEKDAYS)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(MOST_NAME, { each: true })
  weekdays: string[] = [];

  /** Which of the weekdays day 0 would be, 0 = first. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_WEEKDAYS, default: 0 })
  @IsInt()
  @Min(0)
  @Max(MOST_WEEKDAYS)
  firstWeekday: number = 0;

  /** Up to 20; each adds its days in its years, so that the Gregorian calendar has three. */
  @ApiPropertyOptional({ type: [LeapRuleDto], maxItems: MOST_LEAP_RULES, default: [] })
  @IsArray()
  @ArrayMaxSize(MOST_LEAP_RULES)
  @ValidateNested({ each: true })
  @Type(() => LeapRuleDto)
  leapRules: LeapRuleDto[] = [];

  /** Behind the year, `DR`; up to 60 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NAME, default: '' })
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NAME)
  era: string = '';
}

export class CampaignCalendarDto {
  /** The campaign's own; the Gregorian one where it has none. */
  @ApiProperty({ type: GameCalendarDto })
  calendar: GameCalendarDto;
  /** Whether the campaign has one of its own. */
  isOwn: boolean;
}

export class CalendarDayQueryDto {
  /** A day by its number; without it a date. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  day?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_YEAR, maximum: MOST_YEAR })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(-MOST_YEAR)
  @Max(MOST_YEAR)
  year?: number;

  /** 1 = the first month (1). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_MONTHS, default: 1 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_MONTHS)
  month: number = 1;

  /** Day of the month, 1 = the first (1). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 20_000, default: 1 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(20_000)
  dayOfMonth: number = 1;
}

export class WorldDayDto {
  /** Its number. */
  @ApiProperty({ type: 'integer' })
  day: number;
  @ApiProperty({ type: 'integer' })
  year: number;
  @ApiProperty({ type: 'integer' })
  month: number;
  @ApiProperty({ type: 'integer' })
  dayOfMonth: number;
  /** Null for a day outside of weeks, and where there are none. */
  @ApiProperty({ type: String, nullable: true })
  weekday: string | null;
  /** In words. */
  text: string;
}
