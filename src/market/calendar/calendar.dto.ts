import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { ALMANAX, SOURCE_KEY } from './calendar-day.js';

const DAY = /^20\d\d-\d\d-\d\d$/;

export class CalendarQueryDto {
  /** First day, UTC (today). */
  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @Matches(DAY, { message: 'takes a date between 2000 and 2099' })
  @IsISO8601({ strict: true })
  from?: string;

  /** Number of days, 1 to 365 (90). */
  @ApiPropertyOptional({ default: 90, minimum: 1, maximum: 365 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(365)
  days: number = 90;

  /** Key of one calendar; all of the game's when it is left out. */
  @ApiPropertyOptional({ pattern: SOURCE_KEY.source })
  @IsOptional()
  @Matches(SOURCE_KEY)
  source?: string;
}

export class CalendarImportQueryDto {
  /** Key of the calendar that takes the days (almanax): small letters, digits and dashes. */
  @ApiPropertyOptional({ default: ALMANAX, pattern: SOURCE_KEY.source })
  @Matches(SOURCE_KEY)
  source: string = ALMANAX;
}

export class TributePriceDto {
  /** Newest price of ONE unit on the server, in the game's coin. */
  unitPrice: number;
  /** Of the whole quantity at that price. */
  total: number;
  capturedAt: string;
  /** Seconds since it was seen. */
  ageS: number;
  /** The price was made up by the simulator. */
  isSimulated: boolean;
}

export class TributeDto {
  itemId: number;
  /** The game's own id; null for an item known by name only. */
  externalId: number | null;
  label: string;
  level: number | null;
  iconUrl: string | null;
  quantity: number;
  /** Null where nobody has seen one. */
  price: TributePriceDto | null;
}

export class CalendarDayDto {
  /** `2026-11-28`. */
  date: string;
  /** Key of the calendar. */
  source: string;
  tribute: TributeDto;
  bonusType: string | null;
  bonus: string | null;
  /** Kamas for the offering. */
  rewardKamas: number | null;
  /** Experience for the offering, as the share of the usual one that the source gives. */
  xpRatio: number | null;
}

export class CalendarDto {
  /** Key of the server. */
  server: string;
  from: string;
  /** The last day that was asked for. */
  to: string;
  /** By date; days that no calendar knows are left out. */
  items: CalendarDayDto[];
}

export class CalendarFaultDto {
  /** JSON pointer into the list of days. */
  pointer: string;
  code: string;
  detail: string;
}

export class CalendarImportedDto {
  createdCount: number;
  changedCount: number;
  /** Days that were stored just like this already. */
  unchangedCount: number;
  /** Tributes that the catalogue did not have. */
  createdItemCount: number;
  /** First fault of each day that was refused. */
  rejected: CalendarFaultDto[];
}
