import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { OBJECT_KINDS, type ObjectKind, VISIBILITIES, type Visibility } from './object-kinds.js';
import { MOST_SHOWN_TO, VisibilityFieldsDto } from './visibility-fields.dto.js';

export const MOST_OBJECT_NAME = 200;
export const MOST_SUMMARY = 2_000;
export const MOST_BODY = 200_000;
const MOST_TAGS = 50;
const MOST_TAG = 60;
const MOST_ALIASES = 50;

/** What is common to all objects of campaigns but for their names; what is left out stays as it is, or is empty in a new one. */
class ObjectFieldsDto extends VisibilityFieldsDto {
  /** A sentence or two, up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_SUMMARY })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_SUMMARY)
  summary?: string;

  /** Markdown, up to 200,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_BODY })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_BODY)
  body?: string;

  /** Up to 50 of up to 60 characters. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_TAGS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_TAGS)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(MOST_TAG, { each: true })
  tags?: string[];

  /** Other names that whoever sees it may know and search for, up to 50. What only masters may know is a secret. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_ALIASES })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_ALIASES)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(MOST_OBJECT_NAME, { each: true })
  aliases?: string[];

  /** The member whose it is, and who may change it; null = nobody's. By game masters. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  ownerId?: string | null;
}

/** Of a change: what is left out stays as it is. */
export class ObjectChangeDto extends ObjectFieldsDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_OBJECT_NAME)
  name?: string;
}

/** Of a new object. Not a change with more demands: conditions of inherited fields would hold for it as well. */
export class NewObjectDto extends ObjectFieldsDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  name: string;

  /** Made by the client, so that a repetition finds it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  id?: string;
}

/** What every object of a campaign answers; its room adds what is special to its kind. */
export class CampaignObjectDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  campaignId: string;
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
  name: string;
  summary: string;
  body: string;
  @ApiProperty({ type: [String] })
  tags: string[];
  @ApiProperty({ type: [String] })
  aliases: string[];
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  /** Told to game masters and its owner; null to everybody else. */
  @ApiProperty({ type: [String], format: 'uuid', nullable: true })
  shownTo: string[] | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  ownerId: string | null;
  /** What it belongs to, where the caller sees that. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  parentId: string | null;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class ObjectsQueryDto extends PageQueryDto {
  /** Of these kinds alone, separated by commas. */
  @ApiPropertyOptional({ pattern: `^(?:${OBJECT_KINDS.join('|')})(?:,(?:${OBJECT_KINDS.join('|')}))*$` })
  @ValidateIf(isGiven)
  @Matches(new RegExp(`^(?:${OBJECT_KINDS.join('|')})(?:,(?:${OBJECT_KINDS.join('|')}))*$`))
  kinds?: string;

  /** With this tag. */
  @ApiPropertyOptional({ maxLength: MOST_TAG })
  @ValidateIf(isGiven)
  @StorableText(MOST_TAG)
  tag?: string;

  /** Whose name begins with this, in any case. */
  @ApiPropertyOptional({ maxLength: MOST_OBJECT_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_OBJECT_NAME)
  name?: string;

  /** `true`: those that were deleted and can be restored, by game masters. */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @ValidateIf(isGiven)
  @IsIn(['true', 'false'])
  deleted?: 'true' | 'false';
}

/** Any object, with what is special to its kind as it is stored. */
export class AnyObjectDto extends CampaignObjectDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: object;
}

export class ObjectPageDto {
  @ApiProperty({ type: [AnyObjectDto] })
  items: AnyObjectDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export const VIEW_REASONS = ['gm', 'owner', 'visibility', 'shown', 'grant'] as const;
export type ViewReason = (typeof VIEW_REASONS)[number];

export class ViewerDto {
  @ApiProperty({ format: 'uuid' })
  userId: string;
  displayName: string;
  canSee: boolean;
  canWrite: boolean;
  /** Why they see it; empty where they do not. */
  @ApiProperty({ enum: VIEW_REASONS, isArray: true })
  because: ViewReason[];
  /** When a grant ends; null where none is the only reason. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  until: string | null;
  /** Names of the object's secrets that they see. */
  @ApiProperty({ type: [String] })
  secrets: string[];
}

export class ViewersDto {
  /** Whether whoever has an account and its id sees it. */
  isPublic: boolean;
  @ApiProperty({ type: [ViewerDto] })
  members: ViewerDto[];
}

export class PreviewQueryDto {
  /** As whom: a member's id. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  as: string;
}

export class SecretDto {
  field: string;
  text: string;
  /** Told to game masters; null to everybody else. */
  @ApiProperty({ type: [String], format: 'uuid', nullable: true })
  shownTo: string[] | null;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class SecretsDto {
  @ApiProperty({ type: [SecretDto] })
  items: SecretDto[];
}

export class PreviewDto {
  /** Null where they do not see it at all. */
  @ApiProperty({ type: AnyObjectDto, nullable: true })
  object: AnyObjectDto | null;
  @ApiProperty({ type: [SecretDto] })
  secrets: SecretDto[];
}

export class SecretChangeDto {
  /** Up to 20,000 characters. */
  @ApiProperty({ minLength: 1, maxLength: 20_000 })
  @StorableText(20_000)
  text: string;

  /** Members who know it, beside the game masters (nobody). */
  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: MOST_SHOWN_TO })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_SHOWN_TO)
  @IsUUID(undefined, { each: true })
  shownTo?: string[];
}

export class CampaignLogQueryDto extends PageQueryDto {
  /** About this object. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  objectId?: string;

  /** By this account. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  actorId?: string;
}

export class CampaignLogEntryDto {
  id: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  objectId: string | null;
  /** Of the object, or what else it is about. */
  kind: string;
  /** Null where they have left for good. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  actorId: string | null;
  action: string;
  /** What of it was different before; never the text of a secret. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  before: object | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  after: object | null;
  @ApiProperty({ type: String, nullable: true })
  requestId: string | null;
  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class CampaignLogDto {
  @ApiProperty({ type: [CampaignLogEntryDto] })
  items: CampaignLogEntryDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
