import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { QueryNumber } from '../../platform/http/query-number.js';
import { QueryChoices } from '../../platform/http/query-words.js';
import { type Resolution, RESOLUTIONS, STREAM_KEYS, type StreamKey } from './run-streams.js';

const MOST_S = 100_000_000;
const NUMBERS = { type: 'array', items: { type: 'number', nullable: true }, nullable: true } as const;

export const ROUTE_FORMATS = ['geojson', 'polyline', 'coordinates'] as const;
export type RouteFormat = (typeof ROUTE_FORMATS)[number];

export class RunRouteQueryDto {
  @ApiPropertyOptional({ enum: ROUTE_FORMATS, default: 'geojson' })
  @IsIn(ROUTE_FORMATS)
  format: RouteFormat = 'geojson';

  /** At most 100, 1,000 or 10,000 points: those that show the line best. */
  @ApiPropertyOptional({ enum: RESOLUTIONS, default: 'high' })
  @IsIn(RESOLUTIONS)
  resolution: Resolution = 'high';
}

/** Degrees. Where `westDeg` is more than `eastDeg` the box crosses the date line. */
export class RunBoundsDto {
  southDeg: number;
  westDeg: number;
  northDeg: number;
  eastDeg: number;
}

export class RoutePointDto {
  latDeg: number;
  lonDeg: number;

  /** Seconds since the start. */
  timeS: number;

  /** Metres above sea level. */
  @ApiProperty({ type: Number, nullable: true })
  altitudeM: number | null;
}

/** One of `geojson`, `polyline` and `coordinates` is there, the others are null. Without a track `pointCount` is 0. */
export class RunRouteDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;

  /** Moves whenever the track is made anew; 0 = there is none. */
  @ApiProperty({ type: 'integer' })
  trackVersion: number;

  /** Points in this answer. */
  @ApiProperty({ type: 'integer' })
  pointCount: number;

  @ApiProperty({ type: RunBoundsDto, nullable: true })
  bounds: RunBoundsDto | null;

  /** A Feature of RFC 7946: longitude, latitude, altitude where there is one. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  geojson: object | null;

  /** Google's encoded polyline, precision 5. */
  @ApiProperty({ type: String, nullable: true })
  polyline: string | null;

  @ApiProperty({ type: [RoutePointDto], nullable: true })
  coordinates: RoutePointDto[] | null;
}

export class RunStreamsQueryDto {
  /** At most 100, 1,000 or 10,000 points; lows and highs of every column stay. */
  @ApiPropertyOptional({ enum: RESOLUTIONS, default: 'medium' })
  @IsIn(RESOLUTIONS)
  resolution: Resolution = 'medium';

  /** Seconds since the start, this moment included. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_S })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_S)
  fromS?: number;

  /** Seconds since the start, this moment included. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_S })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_S)
  toS?: number;

  /** Columns, with commas between them; all unless told. */
  @QueryChoices(STREAM_KEYS)
  keys?: StreamKey[];
}

/** Columns of equal length; null = not asked for, never told, or of somebody else's heart. */
export class RunStreamsDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;

  @ApiProperty({ type: 'integer' })
  trackVersion: number;

  @ApiProperty({ enum: RESOLUTIONS })
  resolution: Resolution;

  /** Points of the range before any were left out. */
  @ApiProperty({ type: 'integer' })
  originalCount: number;

  /** Seconds since the start. */
  @ApiProperty({ type: [Number] })
  timeS: number[];

  /** Metres since the start. */
  @ApiProperty(NUMBERS)
  distanceM: (number | null)[] | null;

  @ApiProperty(NUMBERS)
  latDeg: (number | null)[] | null;

  @ApiProperty(NUMBERS)
  lonDeg: (number | null)[] | null;

  @ApiProperty(NUMBERS)
  altitudeM: (number | null)[] | null;

  /** Over ten seconds around the point. */
  @ApiProperty(NUMBERS)
  speedMps: (number | null)[] | null;

  @ApiProperty(NUMBERS)
  heartRateBpm: (number | null)[] | null;

  /** Steps of both feet per minute. */
  @ApiProperty(NUMBERS)
  cadenceSpm: (number | null)[] | null;

  /** Radius by the device's own judgement. */
  @ApiProperty(NUMBERS)
  accuracyM: (number | null)[] | null;
}

export class RunLapDto {
  @ApiProperty({ type: 'integer' })
  number: number;

  /** Seconds since the run's start. */
  startS: number;

  endS: number;

  elapsedTimeS: number;

  movingTimeS: number;

  /** As the device told it, or else by the track. */
  @ApiProperty({ type: Number, nullable: true })
  distanceM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  paceSPerKm: number | null;

  @ApiProperty({ enum: ['manual', 'distance', 'time', 'other'] })
  trigger: 'manual' | 'distance' | 'time' | 'other';
}

export class RunLapsDto {
  @ApiProperty({ type: [RunLapDto] })
  items: RunLapDto[];
}

export class RunPauseDto {
  /** Seconds since the run's start. */
  fromS: number;

  toS: number;
}

export class RunPausesDto {
  @ApiProperty({ type: [RunPauseDto] })
  items: RunPauseDto[];
}

/** Something that was put right. */
export class RunCorrectionDto {
  /** `spike`, `jump`, `pause`, `clock`, `time-backwards`, `duplicate`, `no-time`, ... */
  kind: string;

  /** Seconds since the run's start; negative = before it. */
  fromS: number;

  toS: number;

  /** How many points it touched. */
  @ApiProperty({ type: 'integer' })
  pointCount: number;

  /** For people. */
  reason: string;

  /** Figures of the stretch before, units last in their names. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, nullable: true })
  before: Readonly<Record<string, number>> | null;

  /** And after. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, nullable: true })
  after: Readonly<Record<string, number>> | null;
}

export class RunCorrectionsDto {
  @ApiProperty({ type: [RunCorrectionDto] })
  items: RunCorrectionDto[];
}
