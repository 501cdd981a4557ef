import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryChoices } from '../../platform/http/query-words.js';
import { MOST_DAY } from './game-calendar.js';
import { IsRealDate } from './is-real-date.decorator.js';
import { TIMELINE_KINDS, TIMELINE_ORDERS, type TimelineKind, type TimelineOrder } from './timeline-kinds.js';

export class TimelineFilterDto {
  /** By the days of the world's calendar (usual), or by those of ours; what has no such day is left out. */
  @ApiPropertyOptional({ enum: TIMELINE_ORDERS, default: 'world' })
  @ValidateIf(isGiven)
  @IsIn(TIMELINE_ORDERS)
  by: TimelineOrder = 'world';

  /** Of these kinds alone. */
  @QueryChoices(TIMELINE_KINDS)
  kinds?: TimelineKind[];

  /** Days of the world's calendar, from and to, both included. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  fromDay?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  toDay?: number;

  /** Dates of ours, from and to, both included. */
  @ApiPropertyOptional({ format: 'date' })
  @ValidateIf(isGiven)
  @IsRealDate()
  fromDate?: string;

  @ApiPropertyOptional({ format: 'date' })
  @ValidateIf(isGiven)
  @IsRealDate()
  toDate?: string;

  /** Of this thread, or with it in them. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  plotId?: string;

  /** At this place, or with it in them. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  locationId?: string;

  /** With this character. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  characterId?: string;
}

export class TimelineQueryDto extends TimelineFilterDto {
  /** Page size, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

export const TIMELINE_FORMATS = ['json', 'md', 'csv'] as const;
export type TimelineFormat = (typeof TIMELINE_FORMATS)[number];

export class TimelineExportQueryDto extends TimelineFilterDto {
  @ApiPropertyOptional({ enum: TIMELINE_FORMATS, default: 'json' })
  @ValidateIf(isGiven)
  @IsIn(TIMELINE_FORMATS)
  format: TimelineFormat = 'json';
}

export class TimelineEntryDto {
  @ApiProperty({ enum: TIMELINE_KINDS })
  kind: TimelineKind;
  /** Of the session, event, milestone, hook or visit. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  title: string;
  text: string;
  /** Day of the world's calendar. */
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  endDay: number | null;
  /** The day in the words of the calendar. */
  @ApiProperty({ type: String, nullable: true })
  dayText: string | null;
  /** Our date. */
  @ApiProperty({ type: String, format: 'date', nullable: true })
  onDate: string | null;
  /** The session, event, thread or visitor that it is about. */
  @ApiProperty({ format: 'uuid' })
  objectId: string;
}

export class TimelinePageDto {
  @ApiProperty({ type: [TimelineEntryDto] })
  items: TimelineEntryDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class TimelineExportDto {
  @ApiProperty({ type: [TimelineEntryDto] })
  items: TimelineEntryDto[];
}
