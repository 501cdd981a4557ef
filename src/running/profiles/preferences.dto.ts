import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, Max, Min, ValidateIf } from 'class-validator';
import { VISIBILITIES, type Visibility } from '../runs/run-terms.js';
import {
  DISTANCE_UNITS,
  type DistanceUnits,
  GPS_ACCURACIES,
  type GpsAccuracy,
  SEXES,
  type Sex,
  TEMPERATURE_UNITS,
  type TemperatureUnits,
} from './preferences.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';

/** What is left out stays as it is; null forgets. */
export class RunnerPreferencesChangeDto {
  @ApiPropertyOptional({ enum: DISTANCE_UNITS })
  @ValidateIf(isGiven)
  @IsIn(DISTANCE_UNITS)
  unitsDistance?: DistanceUnits;

  @ApiPropertyOptional({ enum: TEMPERATURE_UNITS })
  @ValidateIf(isGiven)
  @IsIn(TEMPERATURE_UNITS)
  unitsTemperature?: TemperatureUnits;

  /** Who may see the profile; `friends` is nobody while there are no friends here. */
  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  privacyProfile?: Visibility;

  /** Who may see runs that have no choice of their own; it changes for all of them at once. */
  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  privacyRuns?: Visibility;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  hasNotifications?: boolean;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  hasAutoPause?: boolean;

  @ApiPropertyOptional({ enum: GPS_ACCURACIES })
  @ValidateIf(isGiven)
  @IsIn(GPS_ACCURACIES)
  gpsAccuracy?: GpsAccuracy;

  /** Beats per minute, 100 to 240. */
  @ApiPropertyOptional({ nullable: true, type: 'integer', minimum: 100, maximum: 240 })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(100)
  @Max(240)
  maxHeartRateBpm?: number | null;

  /** Beats per minute, 20 to 120; below threshold and maximum. */
  @ApiPropertyOptional({ nullable: true, type: 'integer', minimum: 20, maximum: 120 })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(20)
  @Max(120)
  restingHeartRateBpm?: number | null;

  /** Beats per minute, 80 to 230; below the maximum. */
  @ApiPropertyOptional({ nullable: true, type: 'integer', minimum: 80, maximum: 230 })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(80)
  @Max(230)
  thresholdHeartRateBpm?: number | null;

  /** For the training impulse (TRIMP), whose weights differ. */
  @ApiPropertyOptional({ enum: SEXES, nullable: true, type: String })
  @ValidateIf(isSaid)
  @IsIn(SEXES)
  sex?: Sex | null;

  /** Pace that can be held for about an hour, seconds per kilometre, 120 to 1,200. */
  @ApiPropertyOptional({ nullable: true, type: 'number', minimum: 120, maximum: 1_200 })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(120)
  @Max(1_200)
  thresholdPaceSPerKm?: number | null;
}

export class RunnerPreferencesDto {
  @ApiProperty({ enum: DISTANCE_UNITS })
  unitsDistance: DistanceUnits;

  @ApiProperty({ enum: TEMPERATURE_UNITS })
  unitsTemperature: TemperatureUnits;

  @ApiProperty({ enum: VISIBILITIES })
  privacyProfile: Visibility;

  @ApiProperty({ enum: VISIBILITIES })
  privacyRuns: Visibility;

  hasNotifications: boolean;

  hasAutoPause: boolean;

  @ApiProperty({ enum: GPS_ACCURACIES })
  gpsAccuracy: GpsAccuracy;

  @ApiProperty({ nullable: true, type: 'integer' })
  maxHeartRateBpm: number | null;

  @ApiProperty({ nullable: true, type: 'integer' })
  restingHeartRateBpm: number | null;

  @ApiProperty({ nullable: true, type: 'integer' })
  thresholdHeartRateBpm: number | null;

  @ApiProperty({ enum: SEXES, nullable: true, type: String })
  sex: Sex | null;

  @ApiProperty({ nullable: true, type: 'number' })
  thresholdPaceSPerKm: number | null;

  /** The ETag's number. */
  @ApiProperty({ type: 'integer' })
  version: number;
}
