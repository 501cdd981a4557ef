import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { TiedObjectDto } from '../locations/location-ties.dto.js';
import { PlaceTraitsDto } from '../locations/place-traits.dto.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';

const MOST_SCENE = 200;
const MOST_NOTE = 2_000;
const MOST_SHOWN_TO = 100;

export class NewAppearanceDto {
  /** Who or what appeared. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** In which scene of a session, 1 = the first. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SCENE })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_SCENE)
  scene?: number;

  /** Up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;

  /** How a place was for the time of this session, over what it usually is. */
  @ApiPropertyOptional({ type: PlaceTraitsDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => PlaceTraitsDto)
  traits?: PlaceTraitsDto;

  /** Who sees it, provided they see both ends: as of objects (gm). */
  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: MOST_SHOWN_TO })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_SHOWN_TO)
  @IsUUID(undefined, { each: true })
  shownTo?: string[];
}

export class AppearanceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: TiedObjectDto })
  object: TiedObjectDto;
  /** 1 = the first; null where none was told. */
  @ApiProperty({ type: 'integer', nullable: true })
  scene: number | null;
  note: string;
  @ApiProperty({ type: PlaceTraitsDto, nullable: true })
  traits: PlaceTraitsDto | null;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class AppearancePageDto {
  @ApiProperty({ type: [AppearanceDto] })
  items: AppearanceDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
