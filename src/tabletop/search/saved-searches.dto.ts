import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { OBJECT_KINDS, type ObjectKind } from '../objects/object-kinds.js';
import { MOST_QUERY, MOST_SESSION } from './search.dto.js';

const MOST_NAME = 100;
const MOST_TAGS = 10;

/** Parameters of `GET .../search`; one that is left out narrows nothing. */
export class SavedQueryDto {
  @ApiPropertyOptional({ maxLength: MOST_QUERY })
  @ValidateIf(isGiven)
  @StorableText(MOST_QUERY)
  q?: string;

  @ApiPropertyOptional({ enum: OBJECT_KINDS, isArray: true })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(OBJECT_KINDS.length)
  @IsIn(OBJECT_KINDS, { each: true })
  types?: ObjectKind[];

  @ApiPropertyOptional({ type: [String], maxItems: MOST_TAGS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_TAGS)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(60, { each: true })
  tags?: string[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SESSION })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_SESSION)
  session?: number;
}

export class SavedSearchChangeDto {
  /** 1 to 100 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;

  @ApiPropertyOptional({ type: SavedQueryDto })
  @ValidateIf(isGiven)
  @IsDefined()
  @ValidateNested()
  @Type(() => SavedQueryDto)
  query?: SavedQueryDto;
}

export class NewSavedSearchDto {
  /** 1 to 100 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_NAME })
  @StorableText(MOST_NAME)
  name: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => SavedQueryDto)
  query: SavedQueryDto;
}

export class SavedSearchDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  query: SavedQueryDto;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class SavedSearchPageDto {
  @ApiProperty({ type: [SavedSearchDto] })
  items: SavedSearchDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RecentSearchDto {
  q: string;
  @ApiProperty({ format: 'date-time' })
  searchedAt: string;
}

export class RecentSearchesDto {
  /** Newest first, at most 20. */
  @ApiProperty({ type: [RecentSearchDto] })
  items: RecentSearchDto[];
}
