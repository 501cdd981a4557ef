import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { isGiven } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import {
  CampaignObjectDto,
  MOST_OBJECT_NAME,
  NewObjectDto,
  ObjectChangeDto,
} from '../objects/objects.dto.js';
import { PLOT_STATUSES, type PlotStatus } from './plot-dependencies.js';
import { REMINDER_KINDS, type ReminderKind } from './reminders.js';

const MOST_NOTE = 2_000;

export class PlotDetailsChangeDto {
  /** How it stands (planned). */
  @ApiPropertyOptional({ enum: PLOT_STATUSES })
  @ValidateIf(isGiven)
  @IsIn(PLOT_STATUSES)
  status?: PlotStatus;

  /** How far it is, 0 to 100 (0). */
  @ApiPropertyOptional({ minimum: 0, maximum: 100 })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(0)
  @Max(100)
  progressPct?: number;
}

export class PlotChangeDto extends ObjectChangeDto {
  @ApiPropertyOptional({ type: PlotDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => PlotDetailsChangeDto)
  details?: PlotDetailsChangeDto;
}

export class NewPlotDto extends NewObjectDto {
  @ApiPropertyOptional({ type: PlotDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => PlotDetailsChangeDto)
  details?: PlotDetailsChangeDto;
}

export class PlotProgressDto extends PlotDetailsChangeDto {
  /** The session in which it moved: it appeared there then. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  sessionId?: string;

  /** What happened, kept with the session's appearance; up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;
}

export class PlotDetailsDto {
  @ApiProperty({ enum: PLOT_STATUSES })
  status: PlotStatus;
  /** 0 to 100. */
  progressPct: number;
}

export class CampaignPlotDto extends CampaignObjectDto {
  @ApiProperty({ type: PlotDetailsDto })
  details: PlotDetailsDto;
}

export class PlotPageDto {
  @ApiProperty({ type: [CampaignPlotDto] })
  items: CampaignPlotDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class PlotsQueryDto extends PageQueryDto {
  /** Whose name begins with this, in any case. */
  @ApiPropertyOptional({ maxLength: MOST_OBJECT_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_OBJECT_NAME)
  name?: string;

  @ApiPropertyOptional({ maxLength: 60 })
  @ValidateIf(isGiven)
  @StorableText(60)
  tag?: string;
}

export class NewPlotDependencyDto {
  /** The thread that it waits for. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  plotId: string;
}

export class PlotDependencyDto {
  /** Of the dependency. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  /** The thread that it waits for. */
  @ApiProperty({ format: 'uuid' })
  plotId: string;
  name: string;
  @ApiProperty({ enum: PLOT_STATUSES })
  status: PlotStatus;
  /** Whether it is neither resolved nor given up. */
  isOpen: boolean;
}

export class PlotDependenciesDto {
  /** What it waits for, as far as the caller sees it. */
  @ApiProperty({ type: [PlotDependencyDto] })
  items: PlotDependencyDto[];
}

export class StoryReminderDto {
  @ApiProperty({ enum: REMINDER_KINDS })
  kind: ReminderKind;
  /** Of the hook, the milestone, the thread or the event. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  title: string;
  /** The thread that it belongs to; null for an event. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  plotId: string | null;
  /** Sessions past its time, 0 = due in the next one. */
  @ApiProperty({ type: 'integer' })
  overdueSessions: number;
  /** Days of the world past its day, negative = ahead; null = not by days. */
  @ApiProperty({ type: 'integer', nullable: true })
  overdueDays: number | null;
}

export class StoryRemindersDto {
  /** Number of the last session that the caller sees; 0 = none yet. */
  @ApiProperty({ type: 'integer' })
  sessionNumber: number;
  /** Day of the campaign's calendar on which it ended; null = nobody said. */
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  /** The most urgent first. */
  @ApiProperty({ type: [StoryReminderDto] })
  items: StoryReminderDto[];
}

export class RemindersQueryDto {
  /** Where the group stands, instead of the last session's number. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 100_000 })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(100_000)
  sessionNumber?: number;
}
