import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsUUID, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import {
  CampaignObjectDto,
  MOST_OBJECT_NAME,
  NewObjectDto,
  ObjectChangeDto,
} from '../objects/objects.dto.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { LOCATION_TYPES, type LocationType } from './location-kinds.js';
import { PlaceTraitsDto } from './place-traits.dto.js';

const MOST_POPULATION = 1_000_000_000_000;
/** Levels of the tree that an answer holds at most. */
export const MOST_TREE_DEPTH = 10_000;

export class MapPositionDto {
  /** Share of the picture's width, 0 = left. */
  @ApiProperty({ minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  x: number;

  /** Share of its height, 0 = top. */
  @ApiProperty({ minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  y: number;
}

export class LocationDetailsChangeDto {
  /** What it is (other). */
  @ApiPropertyOptional({ enum: LOCATION_TYPES })
  @ValidateIf(isGiven)
  @IsIn(LOCATION_TYPES)
  type?: LocationType;

  /** People who live here; null = nobody said. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_POPULATION, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(0)
  @Max(MOST_POPULATION)
  population?: number | null;

  /** Where it lies on the picture of the place around it. */
  @ApiPropertyOptional({ type: MapPositionDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => MapPositionDto)
  position?: MapPositionDto | null;

  /** Replaces all traits of the place. */
  @ApiPropertyOptional({ type: PlaceTraitsDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => PlaceTraitsDto)
  traits?: PlaceTraitsDto;
}

export class LocationChangeDto extends ObjectChangeDto {
  @ApiPropertyOptional({ type: LocationDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => LocationDetailsChangeDto)
  details?: LocationDetailsChangeDto;
}

export class NewLocationDto extends NewObjectDto {
  @ApiPropertyOptional({ type: LocationDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => LocationDetailsChangeDto)
  details?: LocationDetailsChangeDto;

  /** The place that it lies in; null = at the top. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  parentId?: string | null;
}

export class LocationMoveDto {
  /** The place that it shall lie in, with all that is within it; null = at the top. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  @ValidateIf((_object, value: unknown) => value !== null)
  @IsUUID()
  parentId: string | null;
}

export class LocationDetailsDto {
  @ApiProperty({ enum: LOCATION_TYPES })
  type: LocationType;
  @ApiProperty({ type: 'integer', nullable: true })
  population: number | null;
  @ApiProperty({ type: MapPositionDto, nullable: true })
  position: MapPositionDto | null;
  @ApiProperty({ type: PlaceTraitsDto })
  traits: PlaceTraitsDto;
}

export class PlaceNameDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
}

export class CampaignLocationDto extends CampaignObjectDto {
  @ApiProperty({ type: LocationDetailsDto })
  details: LocationDetailsDto;
  /**
   * The places around it that the caller sees, the outermost first. They end at the first one that the caller does not see, as if the place
   * within that stood at the top.
   */
  @ApiProperty({ type: [PlaceNameDto] })
  breadcrumbs: PlaceNameDto[];
}

export class CampaignLocationItemDto extends CampaignObjectDto {
  @ApiProperty({ type: LocationDetailsDto })
  details: LocationDetailsDto;
}

export class LocationPageDto {
  @ApiProperty({ type: [CampaignLocationItemDto] })
  items: CampaignLocationItemDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class LocationsQueryDto extends PageQueryDto {
  /** Directly within this place. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  parentId?: string;

  /** Whose name begins with this, in any case. */
  @ApiPropertyOptional({ maxLength: MOST_OBJECT_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_OBJECT_NAME)
  name?: string;

  @ApiPropertyOptional({ maxLength: 60 })
  @ValidateIf(isGiven)
  @StorableText(60)
  tag?: string;
}

export class LocationTreeQueryDto {
  /** This place and what is within it alone. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  rootId?: string;

  /** How many levels below the top are told (all). */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_TREE_DEPTH, type: 'integer' })
  @ValidateIf(isGiven)
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(MOST_TREE_DEPTH)
  depth?: number;
}

export class LocationTreeItemDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  @ApiProperty({ enum: LOCATION_TYPES })
  type: LocationType;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  /** Null at the top of what the caller sees. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  parentId: string | null;
  /** 0 = at the top. */
  @ApiProperty({ type: 'integer' })
  depth: number;
}

export class LocationTreeDto {
  /** Each place before those within it; those beside each other by name. A list, since trees may be of any depth. */
  @ApiProperty({ type: [LocationTreeItemDto] })
  items: LocationTreeItemDto[];
  /** Whether there are more places than an answer holds (20,000). */
  isCut: boolean;
}

export class EffectiveTraitDto {
  /** What it is: a text or a number. */
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }] })
  value: string | number;
  /** Where it comes from: the place itself, one around it, or the session. */
  @ApiProperty({ type: PlaceNameDto })
  from: PlaceNameDto;
}

export class EnvironmentQueryDto {
  /** With what this session says of the place for its own time. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  sessionId?: string;
}

const BY_TRAIT = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/EffectiveTraitDto' },
} as const;
const LISTS_BY_TRAIT = {
  type: 'object',
  additionalProperties: { type: 'array', items: { $ref: '#/components/schemas/EffectiveTraitDto' } },
} as const;

@ApiExtraModels(EffectiveTraitDto)
export class EffectiveEnvironmentDto {
  /** Traits with one value, by name; those that no visible place says are left out. */
  @ApiProperty(BY_TRAIT)
  values: Record<string, EffectiveTraitDto>;
  /** Traits that are lists, by name, each from the inside out. */
  @ApiProperty(LISTS_BY_TRAIT)
  lists: Record<string, EffectiveTraitDto[]>;
}
