import { ApiProperty } from '@nestjs/swagger';
import { CompatWispPlaceDto, CompatWispRouteHeadDto } from './compat-runs.dto.js';

class CompatWispCallerDto {
  @ApiProperty({ format: 'uuid' })
  user_id: string;
}

export class CompatWispMeDto extends CompatWispCallerDto {
  authenticated: boolean;
}

export class CompatWispValidDto extends CompatWispCallerDto {
  valid: boolean;
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

export class CompatWispPolylineDto extends CompatWispRouteHeadDto {
  @ApiProperty({ type: [CompatWispPlaceDto] })
  coordinates: CompatWispPlaceDto[];
}
