import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { SPLIT_UNITS, type SplitUnit } from './splits.js';

export const ANALYSIS_STATES = ['ready', 'pending', 'none'] as const;
export type AnalysisState = (typeof ANALYSIS_STATES)[number];
const DISTANCE_BASES = ['device', 'gps', 'none'] as const;
const NUMBER_OR_NULL = { type: 'number', nullable: true } as const;
const STATE = {
  enum: ANALYSIS_STATES,
  description: '`pending`: a job is about to work it out; `none`: the run has no track.',
} as const;

export class SplitsQueryDto {
  @ApiPropertyOptional({ enum: SPLIT_UNITS, default: 'km' })
  @IsOptional()
  @IsIn(SPLIT_UNITS)
  unit: SplitUnit = 'km';
}

export class RunSplitDto {
  /** 1 for the first. */
  @ApiProperty({ type: 'integer' })
  number: number;
  /** A kilometre or a mile; the last one is as long as it is. */
  distanceM: number;
  /** By the clock on the wall. */
  elapsedTimeS: number;
  movingTimeS: number;
  /** Of the time moved; null where none was. */
  @ApiProperty(NUMBER_OR_NULL)
  paceSPerKm: number | null;
  /** The pace that would have been as hard on level ground, by equal heart rate; null without altitudes. */
  @ApiProperty(NUMBER_OR_NULL)
  gradeAdjustedPaceSPerKm: number | null;
  @ApiProperty(NUMBER_OR_NULL)
  elevationGainM: number | null;
  /** Not negative. */
  @ApiProperty(NUMBER_OR_NULL)
  elevationLossM: number | null;
  @ApiProperty(NUMBER_OR_NULL)
  averageHeartRateBpm: number | null;
  /** Steps of both feet per minute. */
  @ApiProperty(NUMBER_OR_NULL)
  averageCadenceSpm: number | null;
}

export class RunSplitsDto {
  @ApiProperty(STATE)
  state: AnalysisState;
  @ApiProperty({ enum: SPLIT_UNITS })
  unit: SplitUnit;
  @ApiProperty({ type: [RunSplitDto] })
  items: RunSplitDto[];
}

export class BestEffortDto {
  /** 400, 800, 1000, a mile (1609.344), 5000, 10000, 15000, a half marathon (21097.5), a marathon (42195). */
  distanceM: number;
  /** By the clock on the wall: a pause within it counts. */
  elapsedTimeS: number;
  paceSPerKm: number;
  /** Metres from the run's start to where it began. */
  startM: number;
  /** Seconds from the run's start to when it began. */
  startS: number;
}

export class RunBestEffortsDto {
  @ApiProperty(STATE)
  state: AnalysisState;
  /** Shortest first; lengths that the run is long enough for. */
  @ApiProperty({ type: [BestEffortDto] })
  items: BestEffortDto[];
}

/** Figures are null where the track does not tell, and while there is no analysis. */
export class RunAnalysisDto {
  @ApiProperty(STATE)
  state: AnalysisState;
  /** Moves when a rule comes to other figures; analyses follow within the hour. */
  @ApiProperty({ type: 'integer', nullable: true })
  rulesVersion: number | null;
  @ApiProperty({ nullable: true, format: 'date-time' })
  analysedAt: string | null;
  /** Whose distance was taken: the device's own, or that between its places. */
  @ApiProperty({ enum: DISTANCE_BASES, nullable: true })
  distanceBasis: (typeof DISTANCE_BASES)[number] | null;
  /** Seconds outside of pauses, standing or moving. */
  @ApiProperty(NUMBER_OR_NULL)
  activeTimeS: number | null;
  /** The pace that would have been as hard on level ground, by equal heart rate (Strava's curve of 2017). */
  @ApiProperty(NUMBER_OR_NULL)
  gradeAdjustedPaceSPerKm: number | null;
  /** Likewise, by energy (Minetti 2002). */
  @ApiProperty(NUMBER_OR_NULL)
  energyAdjustedPaceSPerKm: number | null;
  /** The even speed on level ground that would have been as hard, hills and sprints counted. */
  @ApiProperty(NUMBER_OR_NULL)
  normalisedSpeedMps: number | null;
  /** Level speed per heart beat that was lost from the first half to the second, in per cent; negative where it was won. */
  @ApiProperty(NUMBER_OR_NULL)
  decouplingPct: number | null;
  /** From one foot's landing to the other's. */
  @ApiProperty(NUMBER_OR_NULL)
  strideLengthM: number | null;
  /** The highest heart rate that was held for ten seconds. */
  @ApiProperty({ type: 'integer', nullable: true })
  sustainedHeartRateBpm: number | null;
}
