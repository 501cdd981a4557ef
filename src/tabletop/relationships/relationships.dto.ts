import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { IsTabletopInstant } from '../is-tabletop-instant.decorator.js';
import { LINK_ENDS, type LinkEnd } from '../links/link-kinds.js';
import { OBJECT_KINDS, type ObjectKind, VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { VisibilityFieldsDto } from '../objects/visibility-fields.dto.js';

export const MOST_RELATION_TYPE = 60;
const MOST_NOTES = 5_000;
const MOST_WORLD_DATE = 100;

/** How a relation stands, and since when. */
export class RelationshipStandingDto {
  /** -100 (hatred) to 100 (devotion); null = nobody says. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: -100, maximum: 100 })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-100)
  @Max(100)
  strength?: number | null;

  /** Since when it stands so (now). */
  @ApiPropertyOptional({ format: 'date-time' })
  @ValidateIf(isGiven)
  @IsTabletopInstant()
  happenedAt?: string;

  /** The day in the world, as the group writes it, up to 100 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MOST_WORLD_DATE })
  @ValidateIf(isSaid)
  @StorableText(MOST_WORLD_DATE)
  worldDate?: string | null;
}

export class RelationshipTermsDto extends IntersectionType(RelationshipStandingDto, VisibilityFieldsDto) {
  /** Whether it holds from the one to the other alone (true). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isDirected?: boolean;

  /** Up to 5,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTES })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTES)
  notes?: string;
}

export class RelationshipChangeDto extends RelationshipTermsDto {
  /** In the group's own words, 1 to 60 characters: `rival`, `owes her life to`. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_RELATION_TYPE })
  @ValidateIf(isGiven)
  @StorableText(MOST_RELATION_TYPE)
  type?: string;
}

export class NewRelationshipDto extends RelationshipTermsDto {
  /** Made by the client; sent again it answers the relationship that there is. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  id?: string;

  /** The character of whom it tells. A player's own. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  fromId: string;

  /** Another character of the campaign. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  toId: string;

  /** In the group's own words, 1 to 60 characters: `rival`, `owes her life to`. */
  @ApiProperty({ minLength: 1, maxLength: MOST_RELATION_TYPE })
  @StorableText(MOST_RELATION_TYPE)
  type: string;
}

export class NewRelationshipEventDto extends RelationshipStandingDto {
  /** In the group's own words, 1 to 60 characters: `rival`, `owes her life to`. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_RELATION_TYPE })
  @ValidateIf(isGiven)
  @StorableText(MOST_RELATION_TYPE)
  type?: string;

  /** What happened, up to 5,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTES })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTES)
  notes?: string;
}

/** One of the two ends. */
export class RelationshipEndDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
}

export class RelationshipDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  campaignId: string;
  from: RelationshipEndDto;
  to: RelationshipEndDto;
  /** As it stands after its newest event. */
  type: string;
  isDirected: boolean;
  /** -100 to 100. */
  @ApiProperty({ type: 'integer', nullable: true })
  strength: number | null;
  notes: string;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  /** Told to game masters alone; null to everybody else. */
  @ApiProperty({ type: [String], format: 'uuid', nullable: true })
  shownTo: string[] | null;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class RelationshipPageDto {
  @ApiProperty({ type: [RelationshipDto] })
  items: RelationshipDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RelationshipEventDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'date-time' })
  happenedAt: string;
  @ApiProperty({ type: String, nullable: true })
  worldDate: string | null;
  /** As it has stood since. */
  type: string;
  @ApiProperty({ type: 'integer', nullable: true })
  strength: number | null;
  notes: string;
}

export class RelationshipEventsDto {
  /** Oldest first. */
  @ApiProperty({ type: [RelationshipEventDto] })
  items: RelationshipEventDto[];
}

export class RelationshipEventsQueryDto {
  /** How many of the newest, 1 to 500 (200). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 200;
}

export class RelationshipsQueryDto extends PageQueryDto {
  /** With this character at one of the ends. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  characterId?: string;

  /** At which (any). */
  @ApiPropertyOptional({ enum: LINK_ENDS, default: 'any' })
  @IsOptional()
  @IsIn(LINK_ENDS)
  end: LinkEnd = 'any';

  /** Of this type alone. */
  @ApiPropertyOptional({ maxLength: MOST_RELATION_TYPE })
  @IsOptional()
  @StorableText(MOST_RELATION_TYPE)
  type?: string;
}
