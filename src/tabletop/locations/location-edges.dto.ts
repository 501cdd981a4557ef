import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, IsUUID, Max, MaxLength, Min, ValidateIf, Matches } from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { PlaceNameDto } from './locations.dto.js';
import { PATH_MEASURES, type PathMeasure } from './travel-paths.js';
import { LinkFieldsDto } from '../links/link-fields.dto.js';

const MOST_M = 1e13;
const MOST_S = 1e12;
const MOST_TYPE = 100;

export class LocationEdgeChangeDto extends LinkFieldsDto {
  /** What leads there, in the group's words: `road`, `portal`, `adjacent`; up to 100 characters. */
  @ApiPropertyOptional({ maxLength: MOST_TYPE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_TYPE)
  type?: string;

  /** Whether it can only be gone from here to there (false). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isDirected?: boolean;

  /** Metres; null = not told. Ways without it are not part of the shortest way by distance. */
  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: MOST_M, nullable: true })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(0)
  @Max(MOST_M)
  distanceM?: number | null;

  /** Seconds; null = not told. */
  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: MOST_S, nullable: true })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(0)
  @Max(MOST_S)
  travelTimeS?: number | null;
}

export class NewLocationEdgeDto extends LocationEdgeChangeDto {
  /** The place at its other end. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  toId: string;
}

export class LocationEdgeDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: PlaceNameDto })
  from: PlaceNameDto;
  @ApiProperty({ type: PlaceNameDto })
  to: PlaceNameDto;
  type: string;
  isDirected: boolean;
  /** Metres. */
  @ApiProperty({ type: Number, nullable: true })
  distanceM: number | null;
  /** Seconds. */
  @ApiProperty({ type: Number, nullable: true })
  travelTimeS: number | null;
  note: string;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class LocationEdgePageDto {
  @ApiProperty({ type: [LocationEdgeDto] })
  items: LocationEdgeDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class TravelPathQueryDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  from: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  to: string;

  @ApiPropertyOptional({ enum: PATH_MEASURES, default: 'distance' })
  @ValidateIf(isGiven)
  @IsIn(PATH_MEASURES)
  by: PathMeasure = 'distance';
}

export class TravelStepDto {
  /** Of the way that is gone. */
  @ApiProperty({ format: 'uuid' })
  edgeId: string;
  @ApiProperty({ type: PlaceNameDto })
  from: PlaceNameDto;
  @ApiProperty({ type: PlaceNameDto })
  to: PlaceNameDto;
}

export class TravelPathDto {
  @ApiProperty({ enum: PATH_MEASURES })
  by: PathMeasure;
  /** Whether ways that the caller sees, and that have the measure, lead there. */
  isReachable: boolean;
  @ApiProperty({ type: [TravelStepDto] })
  steps: TravelStepDto[];
  /** Metres of all steps; null where a step's is not told, or nothing leads there. */
  @ApiProperty({ type: Number, nullable: true })
  distanceM: number | null;
  /** Seconds of all steps, likewise. */
  @ApiProperty({ type: Number, nullable: true })
  travelTimeS: number | null;
}
