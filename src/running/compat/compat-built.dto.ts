import { ApiProperty } from '@nestjs/swagger';
import { CompatWispPlaceDto } from './compat-runs.dto.js';

export class CompatWispMeDto {
  @ApiProperty({ format: 'uuid' })
  user_id: string;
  authenticated: boolean;
}

export class CompatWispValidDto {
  valid: boolean;
  @ApiProperty({ format: 'uuid' })
  user_id: string;
}

export class CompatWispHealthDto {
  @ApiProperty({ enum: ['healthy'] })
  status: string;
  timestamp: string;
}

export class CompatWispLineDto {
  @ApiProperty({ enum: ['LineString'] })
  type: string;
  /** Longitude and latitude of each place. */
  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'number' } } })
  coordinates: number[][];
}

export class CompatWispRouteNameDto {
  @ApiProperty({ format: 'uuid' })
  run_id: string;
}

export class CompatWispFeatureDto {
  @ApiProperty({ enum: ['Feature'] })
  type: string;
  @ApiProperty({ type: CompatWispLineDto })
  geometry: CompatWispLineDto;
  @ApiProperty({ type: CompatWispRouteNameDto })
  properties: CompatWispRouteNameDto;
}

export class CompatWispPolylineDto {
  @ApiProperty({ type: [CompatWispPlaceDto] })
  coordinates: CompatWispPlaceDto[];
  encoded_polyline: string;
  @ApiProperty({ type: 'integer' })
  total_points: number;
}
