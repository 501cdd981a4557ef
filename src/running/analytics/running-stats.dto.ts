import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { type Period, PERIODS } from './calendar.js';

export const DATE = /^(?:19|20|21)\d\d-\d\d-\d\d$/;
export const DATE_WORDS = { message: 'takes a date from 1900 to 2199' } as const;
const NUMBER_OR_NULL = { type: 'number', nullable: true } as const;
const YEARS = { from: 1900, to: 2199 } as const;

export class StatsSummaryQueryDto {
  /** Weeks begin on Monday. */
  @ApiPropertyOptional({ enum: PERIODS, default: 'week' })
  @IsOptional()
  @IsIn(PERIODS)
  period: Period = 'week';

  /** A day of the period; today by the clock of the profile without it. */
  @ApiPropertyOptional({ format: 'date', example: '2026-03-14' })
  @IsOptional()
  @Matches(DATE, DATE_WORDS)
  @IsISO8601({ strict: true })
  on?: string;
}

export class MonthlyStatsQueryDto {
  /** The year whose months are meant; the months until this one without it. */
  @ApiPropertyOptional({ type: 'integer', minimum: YEARS.from, maximum: YEARS.to })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(YEARS.from)
  @Max(YEARS.to)
  year?: number;

  /** How many, the last ones of the year or until this month, 1 to 60. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 60, default: 12 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(60)
  months: number = 12;
}

export class RecordsQueryDto {
  /** Of one year by the clocks of the runs; of all time without it. */
  @ApiPropertyOptional({ type: 'integer', minimum: YEARS.from, maximum: YEARS.to })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(YEARS.from)
  @Max(YEARS.to)
  year?: number;
}

export class RunSumsDto {
  @ApiProperty({ type: 'integer' })
  runCount: number;
  distanceM: number;
  movingTimeS: number;
  elapsedTimeS: number;
  elevationGainM: number;
  /** Of runs whose device told them. */
  caloriesKcal: number;
  /** Time moved over distance. */
  @ApiProperty(NUMBER_OR_NULL)
  averagePaceSPerKm: number | null;
  /** Weighed by time moved. */
  @ApiProperty(NUMBER_OR_NULL)
  averageHeartRateBpm: number | null;
  @ApiProperty(NUMBER_OR_NULL)
  longestRunM: number | null;
}

/** Runs belong to the day that their own clock showed at their start. */
export class StatsSummaryDto extends RunSumsDto {
  @ApiProperty({ enum: PERIODS })
  period: Period;
  /** First day; null of all time. */
  @ApiProperty({ nullable: true, format: 'date' })
  from: string | null;
  /** Last day, included. */
  @ApiProperty({ nullable: true, format: 'date' })
  to: string | null;
}

export class MonthStatsDto extends RunSumsDto {
  /** Its first day. */
  @ApiProperty({ format: 'date' })
  month: string;
}

export class MonthlyStatsDto {
  /** Oldest first; months without a run, too. */
  @ApiProperty({ type: [MonthStatsDto] })
  items: MonthStatsDto[];
}

/** The run that a figure is from. */
export class FigureSourceDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;
  @ApiProperty({ type: String, nullable: true })
  title: string | null;
  @ApiProperty({ format: 'date-time' })
  startedAt: string;
}

export class EffortRecordDto extends FigureSourceDto {
  distanceM: number;
  elapsedTimeS: number;
  paceSPerKm: number;
  /** Metres from the run's start to where it began. */
  startM: number;
}

export class RunRecordDto extends FigureSourceDto {
  /** Metres, or seconds. */
  value: number;
}

export class RunRecordsDto {
  @ApiProperty({ type: 'integer', nullable: true })
  year: number | null;
  /** The fastest stretch of each length, shortest first; lengths that were run. */
  @ApiProperty({ type: [EffortRecordDto] })
  efforts: EffortRecordDto[];
  /** By distance. */
  @ApiProperty({ type: RunRecordDto, nullable: true })
  longestRun: RunRecordDto | null;
  /** By time moved. */
  @ApiProperty({ type: RunRecordDto, nullable: true })
  longestTime: RunRecordDto | null;
  @ApiProperty({ type: RunRecordDto, nullable: true })
  mostElevationGain: RunRecordDto | null;
}
