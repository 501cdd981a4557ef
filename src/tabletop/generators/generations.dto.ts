import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { OBJECT_KINDS, type ObjectKind, VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { MOST_BODY, MOST_OBJECT_NAME, MOST_SUMMARY } from '../objects/objects.dto.js';
import { GENERATION_KINDS, type GenerationKind } from './draft.js';
import {
  type Audience,
  AUDIENCES,
  GENERATION_ENGINES,
  GENERATION_STATES,
  type GenerationEngine,
  type GenerationState,
} from './generation-kinds.js';

const MOST_SEED = 200;
const MOST_SECRETS = 10;
const MOST_SECRET = 5_000;

export class GenerationWishDto {
  /** Up to 200 characters: the same seed, inputs and engine version give the same draft of the rules. Chance, where it is left out. */
  @ApiPropertyOptional({ maxLength: MOST_SEED })
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(MOST_SEED)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  seed?: string;

  /** `rules`, or `ai`: a model writes the texts of the rules' draft, where the server has one and the campaign lets it. */
  @ApiPropertyOptional({ enum: GENERATION_ENGINES, default: 'rules' })
  @ValidateIf(isGiven)
  @IsIn(GENERATION_ENGINES)
  engine?: GenerationEngine;

  /** Who is meant to read what comes of it. A model is told only what these may know; what is made for `gm` cannot be shown to others. */
  @ApiPropertyOptional({ enum: AUDIENCES, default: 'party' })
  @ValidateIf(isGiven)
  @IsIn(AUDIENCES)
  audience?: Audience;

  /** By generator; `GET /api/v1/tabletop/generators` says which there are. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @ValidateIf(isGiven)
  @IsObject()
  inputs?: Record<string, unknown>;

  /** A location of the campaign for which it is: a shop takes its economy. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  placeId?: string;
}

export class DraftSecretDto {
  /** What it is about; the name of the object's secret. */
  @ApiProperty({ pattern: '^[a-z][a-z0-9-]{0,59}$' })
  @Matches(/^[a-z][a-z0-9-]{0,59}$/)
  field: string;

  /** Up to 5,000 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_SECRET })
  @StorableText(MOST_SECRET)
  text: string;
}

export class DraftChangeDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_OBJECT_NAME)
  name?: string;

  @ApiPropertyOptional({ maxLength: MOST_SUMMARY })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_SUMMARY)
  summary?: string;

  @ApiPropertyOptional({ maxLength: MOST_BODY })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_BODY)
  body?: string;

  /** Up to 20 of up to 60 characters. */
  @ApiPropertyOptional({ type: [String], maxItems: 20 })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(20)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(60, { each: true })
  tags?: string[];

  /** Only game masters will know them. */
  @ApiPropertyOptional({ type: [DraftSecretDto], maxItems: MOST_SECRETS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_SECRETS)
  @ValidateNested({ each: true })
  @Type(() => DraftSecretDto)
  secrets?: DraftSecretDto[];
}

export class AcceptGenerationDto {
  /** Who is to see what it becomes (gm). Its secrets are the masters' alone in any case. */
  @ApiPropertyOptional({ enum: VISIBILITIES, default: 'gm' })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  /** What it is to belong to: an object of the campaign. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  parentId?: string;
}

export class GenerationsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: GENERATION_KINDS })
  @ValidateIf(isGiven)
  @IsIn(GENERATION_KINDS)
  kind?: GenerationKind;

  @ApiPropertyOptional({ enum: GENERATION_STATES })
  @ValidateIf(isGiven)
  @IsIn(GENERATION_STATES)
  state?: GenerationState;
}

export class GeneratedDraftDto {
  name: string;
  summary: string;
  body: string;
  @ApiProperty({ type: [String] })
  tags: string[];
  /** By kind. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;
}

export class GenerationSummaryDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  campaignId: string;
  @ApiProperty({ enum: GENERATION_KINDS })
  kind: GenerationKind;
  seed: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  inputs: Record<string, unknown>;
  @ApiProperty({ enum: GENERATION_ENGINES })
  engine: GenerationEngine;
  /** Of the rules: with another one a seed may give another draft. */
  engineVersion: string;
  @ApiProperty({ enum: AUDIENCES })
  audience: Audience;
  /** `pending`: a model still writes, and a draft of the rules lies ready. */
  @ApiProperty({ enum: GENERATION_STATES })
  state: GenerationState;
  /** Whose texts they are. */
  @ApiProperty({ enum: ['rules', 'model'] })
  madeBy: 'rules' | 'model';
  /** As its server calls itself. */
  @ApiProperty({ type: String, nullable: true })
  model: string | null;
  /** Why no model has written what one was asked to: a code such as `ai/off`. */
  @ApiProperty({ type: String, nullable: true })
  fault: string | null;
  /** In which a model writes or has written beside the request: `GET /api/v1/jobs/{id}`. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  jobId: string | null;
  @ApiProperty({ type: GeneratedDraftDto })
  draft: GeneratedDraftDto;
  /** What it has become. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  objectId: string | null;
  /** What it becomes. */
  @ApiProperty({ enum: OBJECT_KINDS })
  objectKind: ObjectKind;
  /** To be shown with what comes of it. */
  attribution: string;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class GenerationDto extends GenerationSummaryDto {
  /** For game masters alone. Empty once they are the object's. */
  @ApiProperty({ type: [DraftSecretDto] })
  secrets: DraftSecretDto[];
}

export class GenerationPageDto {
  @ApiProperty({ type: [GenerationSummaryDto] })
  items: GenerationSummaryDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class GeneratorDto {
  @ApiProperty({ enum: GENERATION_KINDS })
  kind: GenerationKind;
  /** JSON Schema of its inputs. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  inputs: Record<string, unknown>;
}

export class GeneratorsDto {
  engineVersion: string;
  @ApiProperty({ type: [GeneratorDto] })
  items: GeneratorDto[];
  attribution: string;
}
