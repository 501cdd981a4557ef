import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryChoices, QueryWords } from '../../platform/http/query-words.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { OBJECT_KINDS, type ObjectKind } from '../objects/object-kinds.js';
import { MOST_OBJECT_NAME } from '../objects/objects.dto.js';

export const MOST_QUERY = 300;
export const MOST_SESSION = 1_000_000;
const MOST_TAGS = 10;
const MOST_TAG = 60;
const MOST_HITS = 50;

export class CampaignSearchQueryDto {
  /**
   * Up to 300 characters: a name as it is spelt, typed or heard; words of a text ("quotes", `or` and `-without` as in search engines); or a question
   * like "that elf from session 3". May be left out where something narrows the search.
   */
  @ApiPropertyOptional({ maxLength: MOST_QUERY })
  @ValidateIf(isGiven)
  @StorableText(MOST_QUERY)
  q?: string;

  /** Of these kinds alone, separated by commas. */
  @QueryChoices(OBJECT_KINDS)
  types?: ObjectKind[];

  /** With all of these tags, separated by commas. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_TAGS })
  @IsOptional()
  @QueryWords()
  @IsArray()
  @ArrayMaxSize(MOST_TAGS)
  @MaxLength(MOST_TAG, { each: true })
  tags?: string[];

  /** Number of a session: it, and what appeared in it. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SESSION })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_SESSION)
  session?: number;

  /**
   * `true`: a language model reads the question where the installation has one and the campaign's AI policy is `any`, or `local` and the model is at an
   * address of the own network; without them, and where it fails, rules do. It is told the question and nothing else.
   * What means something like it is found as well, where the installation has a model for that and PostgreSQL has pgvector.
   */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @ValidateIf(isGiven)
  @IsIn(['true', 'false'])
  ai?: 'true' | 'false';

  /** 1 to 50 (20). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_HITS, default: 20 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_HITS)
  limit: number = 20;
}

export class SuggestQueryDto {
  /** What has been typed so far, 1 to 100 characters. */
  @ApiProperty({ minLength: 1, maxLength: 100 })
  @StorableText(100)
  q: string;

  /** 1 to 20 (8). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 20, default: 8 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(20)
  limit: number = 8;
}

/** As little of an object as a list shows. */
export class FoundObjectDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
  name: string;
  summary: string;
  @ApiProperty({ type: [String] })
  tags: string[];
}

export const MATCHES = ['name', 'alias', 'learnt', 'text', 'secret', 'filter', 'meaning'] as const;
export type Match = (typeof MATCHES)[number];

export class CampaignHitDto {
  object: FoundObjectDto;
  /** `learnt`: by what somebody heard and said was this; `secret`: by words of a secret, for game masters; `meaning`: by what a model makes of
   * its texts. */
  @ApiProperty({ enum: MATCHES, isArray: true })
  matchedBy: Match[];
  /** The name or alias that was meant; null where it is none of them. */
  @ApiProperty({ type: String, nullable: true })
  matchedName: string | null;
  /** Probability that this is what the text names, 0 to 1; null where it was not found by name. */
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 1 })
  confidence: number | null;
  /** Plain text around the words that match, these between ⟦ and ⟧; null where no text matches. */
  @ApiProperty({ type: String, nullable: true })
  headline: string | null;
  /** Names of the secrets that hold the words; empty for everybody but game masters. */
  @ApiProperty({ type: [String] })
  secretFields: string[];
}

export class KindCountDto {
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
  @ApiProperty({ type: 'integer' })
  count: number;
}

export class UnderstoodDto {
  /** What was searched for; '' where filters say everything. */
  text: string;
  @ApiProperty({ enum: OBJECT_KINDS, isArray: true })
  types: ObjectKind[];
  @ApiProperty({ type: [String] })
  tags: string[];
  @ApiProperty({ type: 'integer', nullable: true })
  session: number | null;
  isLastSession: boolean;
  /** `rules`: words of the question were read as filters; `words`: it was taken as it stands; `model`: a language model read it. */
  @ApiProperty({ enum: ['words', 'rules', 'model'] })
  by: 'words' | 'rules' | 'model';
}

export class SearchAnswerDto {
  @ApiProperty({ type: [CampaignHitDto] })
  items: CampaignHitDto[];
  /** Of everything that was found by names, words and filters and the caller sees. */
  @ApiProperty({ type: [KindCountDto] })
  kinds: KindCountDto[];
  /** A name of something that the caller sees and probably means; null where the text is spelt like one, or like none. */
  @ApiProperty({ type: String, nullable: true })
  didYouMean: string | null;
  understood: UnderstoodDto;
  /**
   * Who answered: `search-server` is an Elasticsearch or OpenSearch that the installation has. Where there is one, null for all but game masters: it would
   * tell when somebody writes.
   */
  @ApiProperty({ type: String, enum: ['postgresql', 'search-server'], nullable: true })
  engine: 'postgresql' | 'search-server' | null;
  /**
   * Why PostgreSQL answered for the search server: it is `down`, or, for game masters, `behind` with what it knows of this campaign. null where it did not,
   * or where there is none.
   */
  @ApiProperty({ type: String, enum: ['down', 'behind'], nullable: true })
  standsInFor: 'down' | 'behind' | null;
}

export class SuggestionDto {
  object: FoundObjectDto;
  /** The name or alias that fits what was typed. */
  text: string;
  /** It begins so; otherwise it sounds or looks like it. */
  isPrefix: boolean;
}

export class SuggestionsDto {
  @ApiProperty({ type: [SuggestionDto] })
  items: SuggestionDto[];
  /** Of the caller's own last questions, those that begin so. */
  @ApiProperty({ type: [String] })
  recent: string[];
}

export class CorrectionDto {
  /** What was heard or typed, 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  heard: string;

  /** What was meant. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** By game masters: `true` (their default) keeps it from everybody else, since it may tell what players must not know. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isForMasters?: boolean;
}

export class LearntNameDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  objectId: string;
  heard: string;
  isForMasters: boolean;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class LearntNamePageDto {
  @ApiProperty({ type: [LearntNameDto] })
  items: LearntNameDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
