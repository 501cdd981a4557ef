import { ApiProperty } from '@nestjs/swagger';
import {
  DISTANCE_UNITS,
  type DistanceUnits,
  GPS_ACCURACIES,
  type GpsAccuracy,
  TEMPERATURE_UNITS,
  type TemperatureUnits,
} from '../profiles/preferences.js';
import { VISIBILITIES, type Visibility } from '../runs/run-terms.js';

// Answers about runners in the original's names.

export class CompatWispPreferencesDto {
  @ApiProperty({ enum: DISTANCE_UNITS })
  units_distance: DistanceUnits;
  @ApiProperty({ enum: TEMPERATURE_UNITS })
  units_temperature: TemperatureUnits;
  @ApiProperty({ enum: VISIBILITIES })
  privacy_profile: Visibility;
  @ApiProperty({ enum: VISIBILITIES })
  privacy_runs: Visibility;
  notifications_enabled: boolean;
  auto_pause_enabled: boolean;
  @ApiProperty({ enum: GPS_ACCURACIES })
  gps_accuracy: GpsAccuracy;
}

class CompatWispRunnerHeadDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  username: string;
  @ApiProperty({ type: String, nullable: true })
  display_name: string | null;
  /** Works for a quarter of an hour, without a token. */
  @ApiProperty({ type: String, nullable: true })
  profile_picture_url: string | null;
  created_at: string;
}

export class CompatWispProfileDto extends CompatWispRunnerHeadDto {
  updated_at: string;
  timezone: string;
  @ApiProperty({ type: CompatWispPreferencesDto })
  preferences: CompatWispPreferencesDto;
}

export class CompatWispRunStatsDto {
  /** Of runs that everybody may see. */
  @ApiProperty({ type: 'integer' })
  total_runs: number;
  /** Metres. */
  total_distance: number;
  /** Seconds per kilometre. */
  @ApiProperty({ type: 'number', nullable: true })
  average_pace: number | null;
}

export class CompatWispRunnerDto extends CompatWispRunnerHeadDto {
  /** Nobody follows anybody here yet. */
  is_following: boolean;
  @ApiProperty({ type: CompatWispRunStatsDto })
  run_stats: CompatWispRunStatsDto;
}

export class CompatWispAvatarDto {
  profile_picture_url: string;
}
