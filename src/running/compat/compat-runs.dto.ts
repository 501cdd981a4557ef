import { ApiProperty } from '@nestjs/swagger';
import { GHOST_KINDS, type GhostKind, RESULT_KINDS, type ResultKind } from './compat-kinds.js';
import { RUN_SOURCES, type RunSource } from '../runs/run-terms.js';

const NUMBER = { type: 'number', nullable: true } as const;
const TEXT = { type: String, nullable: true } as const;

/** What the app decodes as `Run`, and what lists show besides. Metres, seconds, seconds per kilometre, metres per second. */
export class CompatWispRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  user_id: string;
  @ApiProperty(TEXT)
  external_id: string | null;
  @ApiProperty({ enum: RUN_SOURCES })
  data_source: RunSource;
  @ApiProperty(TEXT)
  title: string | null;
  @ApiProperty(TEXT)
  description: string | null;
  distance: number;
  @ApiProperty({ type: 'integer' })
  moving_time: number;
  @ApiProperty({ type: 'integer' })
  elapsed_time: number;
  average_pace: number;
  average_speed: number;
  @ApiProperty(NUMBER)
  average_cadence: number | null;
  @ApiProperty(NUMBER)
  average_heart_rate: number | null;
  @ApiProperty(NUMBER)
  max_heart_rate: number | null;
  @ApiProperty(NUMBER)
  calories_burned: number | null;
  @ApiProperty(NUMBER)
  start_latitude: number | null;
  @ApiProperty(NUMBER)
  start_longitude: number | null;
  @ApiProperty(NUMBER)
  end_latitude: number | null;
  @ApiProperty(NUMBER)
  end_longitude: number | null;
  @ApiProperty(NUMBER)
  elevation_gain: number | null;
  @ApiProperty(NUMBER)
  elevation_loss: number | null;
  @ApiProperty(NUMBER)
  max_elevation: number | null;
  @ApiProperty(NUMBER)
  min_elevation: number | null;
  started_at: string;
  @ApiProperty(TEXT)
  finished_at: string | null;
  @ApiProperty(TEXT)
  timezone: string | null;
  /** Seconds per kilometre of each kilometre, the last one being as long as it is; null until the run was analysed. */
  @ApiProperty({ type: [Number], nullable: true })
  pace_splits: number[] | null;
  /** Beats per minute, the mean of each minute; in lists null. */
  @ApiProperty({ type: 'array', items: { type: 'integer' }, nullable: true })
  heart_rate_data: number[] | null;
  /** Weather comes later. */
  @ApiProperty(NUMBER)
  weather_temperature: number | null;
  @ApiProperty(TEXT)
  weather_description: string | null;
  has_route: boolean;
  has_weather: boolean;
  has_ghost_race: boolean;
  created_at: string;
  updated_at: string;
}

export class CompatWispPaginationDto {
  @ApiProperty({ type: 'integer' })
  page: number;
  @ApiProperty({ type: 'integer' })
  limit: number;
  @ApiProperty({ type: 'integer' })
  total: number;
  has_next: boolean;
  has_previous: boolean;
}

class CompatWispRunListDto {
  @ApiProperty({ type: [CompatWispRunDto] })
  runs: CompatWispRunDto[];
}

export class CompatWispRunsDto extends CompatWispRunListDto {
  @ApiProperty({ type: CompatWispPaginationDto })
  pagination: CompatWispPaginationDto;
}

export class CompatWispRunOwnerDto {
  username: string;
  @ApiProperty(TEXT)
  display_name: string | null;
  /** What is listed is public. */
  @ApiProperty({ enum: ['public'] })
  privacy_level: string;
}

export class CompatWispRunnerRunsDto extends CompatWispRunsDto {
  @ApiProperty({ type: CompatWispRunOwnerDto })
  user: CompatWispRunOwnerDto;
}

export class CompatWispRouteHeadDto {
  encoded_polyline: string;
  @ApiProperty({ type: 'integer' })
  total_points: number;
}

export class CompatWispRunRaceDto {
  @ApiProperty({ format: 'uuid' })
  ghost_id: string;
  ghost_name: string;
  @ApiProperty({ enum: GHOST_KINDS })
  ghost_type: GhostKind;
  @ApiProperty({ enum: RESULT_KINDS })
  result_status: ResultKind;
  /** Seconds; positive = slower than the ghost. */
  @ApiProperty({ type: 'integer', nullable: true })
  time_difference: number | null;
  completion_percentage: number;
}

export class CompatWispRunDetailsDto extends CompatWispRunDto {
  @ApiProperty({ type: CompatWispRouteHeadDto, nullable: true })
  route: CompatWispRouteHeadDto | null;
  /** One's own; of others' runs none are shown. */
  @ApiProperty({ type: [CompatWispRunRaceDto] })
  ghost_race_results: CompatWispRunRaceDto[];
}

/** What was taken away. */
export class CompatWispGoneDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
}

/** A place in all three spellings that the original has: `lat`/`lon` (app), `lat`/`lng` (documents), `latitude`/`longitude` (router). */
export class CompatWispPlaceDto {
  lat: number;
  lon: number;
  lng: number;
  latitude: number;
  longitude: number;
  @ApiProperty(NUMBER)
  altitude: number | null;
  /** Seconds since 1970; of the built routes an instant. */
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string', format: 'date-time' }] })
  timestamp: number | string;
  @ApiProperty(NUMBER)
  accuracy: number | null;
}

export class CompatWispBoundsDto {
  north: number;
  south: number;
  east: number;
  west: number;
}

/** What the app decodes as `RunRoute`. */
export class CompatWispRouteDto extends CompatWispRouteHeadDto {
  /** The run's: it has one route. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  run_id: string;
  @ApiProperty({ type: [CompatWispPlaceDto] })
  coordinates: CompatWispPlaceDto[];
  @ApiProperty({ type: CompatWispBoundsDto })
  bounds: CompatWispBoundsDto;
  created_at: string;
}

export class CompatWispPeriodDto {
  @ApiProperty({ type: 'integer' })
  runs: number;
  distance: number;
  @ApiProperty({ type: 'integer' })
  moving_time: number;
}

/** What both summaries say. */
class CompatWispSumsDto {
  @ApiProperty({ type: 'integer' })
  total_runs: number;
  total_distance: number;
  total_elevation_gain: number;
  @ApiProperty({ type: 'integer' })
  total_calories: number;
}

export class CompatWispSummaryDto extends CompatWispSumsDto {
  @ApiProperty({ type: 'integer' })
  total_moving_time: number;
  @ApiProperty(NUMBER)
  average_pace: number | null;
  /** Of runs of a kilometre and more. */
  @ApiProperty(NUMBER)
  best_pace: number | null;
  @ApiProperty({ type: CompatWispPeriodDto })
  this_week: CompatWispPeriodDto;
  @ApiProperty({ type: CompatWispPeriodDto })
  this_month: CompatWispPeriodDto;
}

export class CompatWispMonthDto extends CompatWispPeriodDto {
  @ApiProperty({ type: 'integer' })
  year: number;
  @ApiProperty({ type: 'integer' })
  month: number;
  @ApiProperty(NUMBER)
  average_pace: number | null;
  elevation_gain: number;
}

export class CompatWispMonthsDto {
  /** Newest first. */
  @ApiProperty({ type: [CompatWispMonthDto] })
  monthly_stats: CompatWispMonthDto[];
}

export class CompatWispRecordDto {
  distance: number;
  @ApiProperty({ type: 'integer' })
  best_time: number;
  best_pace: number;
  @ApiProperty({ format: 'uuid' })
  run_id: string;
  achieved_at: string;
}

export class CompatWispRecordsDto {
  @ApiProperty({ type: [CompatWispRecordDto] })
  personal_records: CompatWispRecordDto[];
}

export class CompatWispBuiltRunsDto extends CompatWispRunListDto {
  @ApiProperty({ type: 'integer' })
  total_count: number;
  has_more: boolean;
  @ApiProperty(TEXT)
  next_cursor: string | null;
}

export class CompatWispBuiltRunDto {
  @ApiProperty({ type: CompatWispRunDto })
  run: CompatWispRunDto;
}

export class CompatWispBuiltRouteDto {
  @ApiProperty({ type: CompatWispRouteDto })
  route: CompatWispRouteDto;
}

export class CompatWispBuiltSummaryDto extends CompatWispSumsDto {
  period: string;
  @ApiProperty({ type: 'integer' })
  total_time: number;
  average_distance: number;
  /** Seconds per kilometre, where the original's was per metre. */
  average_pace: number;
}
