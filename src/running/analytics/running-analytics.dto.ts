import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsISO8601, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { ZONE_METHODS, type ZoneMethod } from '../analysis/heart-rate-zones.js';
import { DATE, DATE_WORDS, FigureSourceDto } from './running-stats.dto.js';

const NUMBER_OR_NULL = { type: 'number', nullable: true } as const;

export class TrainingLoadQueryDto {
  /** First day; 89 days before the last one without it. */
  @ApiPropertyOptional({ format: 'date', example: '2026-01-01' })
  @IsOptional()
  @Matches(DATE, DATE_WORDS)
  @IsISO8601({ strict: true })
  from?: string;

  /** Last day, included, at most 731 after the first; today without it. */
  @ApiPropertyOptional({ format: 'date', example: '2026-03-31' })
  @IsOptional()
  @Matches(DATE, DATE_WORDS)
  @IsISO8601({ strict: true })
  to?: string;
}

export class PredictionsQueryDto {
  /** How far back an effort counts, in days, 14 to 730. */
  @ApiPropertyOptional({ type: 'integer', minimum: 14, maximum: 730, default: 90 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(14)
  @Max(730)
  days: number = 90;
}

export class ZonesQueryDto {
  /** Of this run alone; of the last `days` without it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  runId?: string;

  /** Without it by threshold where the preferences have one, else by the reserve where they have a resting heart rate, else by the highest. */
  @ApiPropertyOptional({ enum: ZONE_METHODS })
  @IsOptional()
  @IsIn(ZONE_METHODS)
  method?: ZoneMethod;

  /** Days back from now, 1 to 730. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 730, default: 28 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(730)
  days: number = 28;
}

/** Beats per minute, and where they are from. */
export class HeartSettingsDto {
  maxBpm: number;
  /** `observed`: the preferences have none; it is the highest that a run of the last two years held for ten seconds. */
  @ApiProperty({ enum: ['preference', 'observed'] })
  maxSource: 'preference' | 'observed';
  restingBpm: number;
  /** `assumed`: 60, since the preferences have none. */
  @ApiProperty({ enum: ['preference', 'assumed'] })
  restingSource: 'preference' | 'assumed';
  @ApiProperty(NUMBER_OR_NULL)
  thresholdBpm: number | null;
}

export class LoadDayDto {
  @ApiProperty({ format: 'date' })
  on: string;
  /** The day's stress: hours at threshold times 100. */
  load: number;
  /** CTL, 42 days: fitness. */
  chronicLoad: number;
  /** ATL, 7 days: fatigue. */
  acuteLoad: number;
  /** TSB: yesterday's difference, form. */
  balance: number;
  /** Acute over chronic load, a trend and no warning: it cannot tell who will be injured (Impellizzeri 2020). Null in the first 28 days. */
  @ApiProperty(NUMBER_OR_NULL)
  loadRatio: number | null;
  /** The first 42 days of a history: the chronic load is still filling up. */
  isWarmUp: boolean;
}

export class TrainingLoadDto {
  @ApiProperty({ format: 'date' })
  from: string;
  @ApiProperty({ format: 'date' })
  to: string;
  /** Null where no highest heart rate is known. */
  @ApiProperty({ type: HeartSettingsDto, nullable: true })
  heart: HeartSettingsDto | null;
  /** Pace that can be held for an hour, by which runs without a heart rate are weighed. */
  @ApiProperty(NUMBER_OR_NULL)
  thresholdPaceSPerKm: number | null;
  /** `effort`: the preferences have none; by VDOT of the best effort of 180 days. */
  @ApiProperty({ enum: ['preference', 'effort'], nullable: true, type: String })
  thresholdSource: 'preference' | 'effort' | null;
  /** Runs of these days weighed by heart rate, by pace, and not at all. */
  @ApiProperty({ type: 'integer' })
  heartRateRunCount: number;
  @ApiProperty({ type: 'integer' })
  paceRunCount: number;
  @ApiProperty({ type: 'integer' })
  unweighedRunCount: number;
  /** From the day of the first run on. */
  @ApiProperty({ type: [LoadDayDto] })
  days: LoadDayDto[];
}

export class VdotEffortDto extends FigureSourceDto {
  distanceM: number;
  elapsedTimeS: number;
  /** Daniels & Gilbert: the VO2max that would explain it, ml/kg/min. */
  vdot: number;
}

export class RacePredictionDto {
  distanceM: number;
  /** The mean of both formulas. */
  likelyS: number;
  /** The range: both formulas, the spread of Riegel's exponents and a receiver's error. */
  fastestS: number;
  slowestS: number;
  /** The time of the same VDOT: an equal performance. */
  vdotS: number;
  /** By Riegel's 1.06. */
  riegelS: number;
  /** The distance is too far from the effort's, or the time from what the formulas cover. */
  isFarOff: boolean;
}

export class RacePredictionsDto {
  /** The effort that they stand on; null where there is none of 3.5 minutes to four hours. */
  @ApiProperty({ type: VdotEffortDto, nullable: true })
  basis: VdotEffortDto | null;
  /** Held for an hour: 88 % of VDOT. */
  @ApiProperty(NUMBER_OR_NULL)
  thresholdPaceSPerKm: number | null;
  @ApiProperty({ type: [RacePredictionDto] })
  items: RacePredictionDto[];
}

export class HeartRateZoneDto {
  @ApiProperty({ type: 'integer' })
  number: number;
  /** First beat of the zone. */
  @ApiProperty({ type: 'integer' })
  fromBpm: number;
  /** First beat of the next one; null of the last. */
  @ApiProperty({ type: 'integer', nullable: true })
  belowBpm: number | null;
  timeS: number;
  /** Of all time with a heart rate, 0 to 100. */
  pct: number;
}

export class HeartRateZonesDto {
  @ApiProperty({ enum: ZONE_METHODS })
  method: ZoneMethod;
  /** Null where no highest heart rate is known: no zones then. */
  @ApiProperty({ type: HeartSettingsDto, nullable: true })
  heart: HeartSettingsDto | null;
  /** Below the first zone. */
  belowS: number;
  @ApiProperty({ type: [HeartRateZoneDto] })
  zones: HeartRateZoneDto[];
  /** Banister's training impulse. */
  @ApiProperty(NUMBER_OR_NULL)
  banisterImpulse: number | null;
  /** Edwards' training impulse. */
  @ApiProperty(NUMBER_OR_NULL)
  edwardsImpulse: number | null;
}

export class SubmaximalVo2maxDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;
  @ApiProperty({ format: 'date-time' })
  startedAt: string;
  /** ml/kg/min */
  vo2max: number;
}

export class Vo2maxDto {
  /** By the best effort of the last 90 days. */
  @ApiProperty({ type: VdotEffortDto, nullable: true })
  byEffort: VdotEffortDto | null;
  /** The middle one of the steady runs of the last ten days, by their heart rate; ml/kg/min. */
  @ApiProperty(NUMBER_OR_NULL)
  byHeartRate: number | null;
  /** Null where no highest heart rate is known. */
  @ApiProperty({ type: HeartSettingsDto, nullable: true })
  heart: HeartSettingsDto | null;
  /** Steady runs of the last 90 days, oldest first. */
  @ApiProperty({ type: [SubmaximalVo2maxDto] })
  items: SubmaximalVo2maxDto[];
}
