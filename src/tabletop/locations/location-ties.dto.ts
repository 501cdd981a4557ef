import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
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
} from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { OBJECT_KINDS, type ObjectKind, VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { MOST_DAY } from '../timeline/game-calendar.js';

const MOST_NOTE = 2_000;
const MOST_SHOWN_TO = 100;

export class NewLocationTieDto {
  /** What is tied to the place: of the kind that the route is about. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** Up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;

  /** Day of the campaign's calendar, of a visit. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  day?: number;

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

export class TiedObjectDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
  name: string;
}

export class LocationTieDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: TiedObjectDto })
  object: TiedObjectDto;
  note: string;
  /** Day of the campaign's calendar; null where none was told. */
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class LocationTiePageDto {
  @ApiProperty({ type: [LocationTieDto] })
  items: LocationTieDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
