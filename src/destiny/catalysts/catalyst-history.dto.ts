import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional } from 'class-validator';
import { type Bucket, BUCKETS } from './history.js';

export class HistoryQueryDto {
  /** First instant. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  from?: string;

  /** End, exclusive. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  to?: string;

  /** `day`: of each objective the last move of each day (UTC). */
  @ApiPropertyOptional({ enum: BUCKETS, default: 'none' })
  @IsOptional()
  @IsIn(BUCKETS)
  bucket: Bucket = 'none';
}

export class ProgressPointDto {
  /** When Bungie made it. */
  @ApiProperty({ format: 'date-time' })
  at: string;
  /** Not above the target. */
  @ApiProperty({ type: 'integer' })
  progress: number;
  @ApiProperty({ type: 'integer' })
  target: number;
  isComplete: boolean;
  /** Of all characters by then. */
  @ApiProperty({ type: 'integer' })
  minutesPlayed: number;
}

export class ProgressSeriesDto {
  @ApiProperty({ type: 'integer' })
  objectiveHash: number;
  text: string | null;
  @ApiProperty({ type: [ProgressPointDto] })
  points: ProgressPointDto[];
}

export class CatalystHistoryDto {
  @ApiProperty({ type: 'integer' })
  recordHash: number;
  /** One per objective that ever moved. */
  @ApiProperty({ type: [ProgressSeriesDto] })
  series: ProgressSeriesDto[];
  /** There are older moves in the range than the 10,000 newest that are shown. */
  isCut: boolean;
}

const ETA_STATES = ['complete', 'unknown', 'stalled', 'estimated'] as const;

/** 10th, 50th and 90th percentile: four of five times the truth lies between the outer ones. */
export class NumberRangeDto {
  low: number;
  mid: number;
  high: number;
}

export class InstantRangeDto {
  @ApiProperty({ format: 'date-time' })
  low: string;
  @ApiProperty({ format: 'date-time' })
  mid: string;
  @ApiProperty({ format: 'date-time' })
  high: string;
}

export class EtaDto {
  /** `stalled`: no progress for two weeks of play; `unknown`: nothing to tell it by. */
  @ApiProperty({ enum: ETA_STATES })
  state: (typeof ETA_STATES)[number];
  /** From the last reading on, in days of the calendar. */
  @ApiProperty({ nullable: true, type: NumberRangeDto })
  days: NumberRangeDto | null;
  @ApiProperty({ nullable: true, type: InstantRangeDto })
  finishAt: InstantRangeDto | null;
  /** Hours of play, in any activity. */
  @ApiProperty({ nullable: true, type: NumberRangeDto })
  hoursPlayed: NumberRangeDto | null;
  /** Evenings with progress that the forecast rests on. */
  @ApiProperty({ type: 'integer' })
  eveningCount: number;
  /** Of `stalled`: when it last moved. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  stalledSince: string | null;
}

export class ObjectiveEtaDto extends EtaDto {
  @ApiProperty({ type: 'integer' })
  objectiveHash: number;
  text: string | null;
  @ApiProperty({ nullable: true, type: 'integer' })
  remaining: number | null;
  /** Units a day of the calendar. */
  perDay: number | null;
  /** Units an hour played, in any activity. */
  perHourPlayed: number | null;
  /** Units an hour with the weapon in use. */
  perActiveHour: number | null;
}

export class CatalystEtaDto extends EtaDto {
  @ApiProperty({ type: 'integer' })
  recordHash: number;
  /** The reading that it starts from. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;
  @ApiProperty({ type: [ObjectiveEtaDto] })
  objectives: ObjectiveEtaDto[];
}
