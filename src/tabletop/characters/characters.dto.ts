import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { GAME_SYSTEMS, type GameSystem } from '../campaigns/campaign-kinds.js';
import { CampaignObjectDto, NewObjectDto, ObjectChangeDto } from '../objects/objects.dto.js';
import { CHARACTER_KINDS, type CharacterKind } from './character-state.js';
import { ProposalDto } from './proposals.dto.js';

const MOST_WORD = 200;
const MOST_TEXT = 5_000;
const MOST_LINES = 30;
const MOST_LINE = 500;

/** A short text; null takes it away. */
const Word = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_WORD }),
    ValidateIf(isSaid),
    StorableText(MOST_WORD),
  );

/** A longer text; null takes it away. */
const Text = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: String, nullable: true, maxLength: MOST_TEXT }),
    ValidateIf(isSaid),
    Matches(STORABLE_OR_BLANK, SEEN_AND_STORED),
    MaxLength(MOST_TEXT),
  );

/** Up to 30 lines of up to 500 characters; null takes them away. */
const Lines = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: [String], nullable: true, maxItems: MOST_LINES }),
    ValidateIf(isSaid),
    IsArray(),
    ArrayMaxSize(MOST_LINES),
    Matches(STORABLE, { ...SEEN_AND_STORED, each: true }),
    MaxLength(MOST_LINE, { each: true }),
  );

/** A JSON object of the campaign's system; how deep and large it may be the service says. */
const Sheet = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true }),
    ValidateIf(isSaid),
    IsObject(),
  );

/** How somebody sounds, for whoever plays them. What is left out stays as it is. */
export class CharacterVoiceDto {
  /** Up to 200 characters: `low`, `an octave above mine`. */
  @Word()
  pitch?: string | null;
  @Word()
  pace?: string | null;
  @Word()
  accent?: string | null;
  /** What they do while they speak. */
  @Lines()
  tics?: string[] | null;
  /** What they say again and again. */
  @Lines()
  catchPhrases?: string[] | null;
  @Text()
  notes?: string | null;
}

/** What moves somebody, for whoever plays them. What is left out stays as it is. */
export class CharacterGuidanceDto {
  @Lines()
  motivations?: string[] | null;
  @Lines()
  mannerisms?: string[] | null;
  /** What could come of them. */
  @Lines()
  hooks?: string[] | null;
  @Text()
  notes?: string | null;
}

/** How a character is played: seen by game masters and its player, and by others of the table where it is open. */
class CharacterFieldsDto {
  /** Race, people or species. */
  @Word()
  ancestry?: string | null;
  /** Class, trade or office. */
  @Word()
  calling?: string | null;
  @Word()
  pronouns?: string | null;
  /** What whoever meets them sees, up to 5,000 characters. */
  @Text()
  appearance?: string | null;
  /** Whether others of the table who see the character see its sheet, voice and guidance (true for a `pc`). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isOpen?: boolean;
  /**
   * By the schema of the campaign's system (`GET systems/{system}/sheet-schema`), at most 512 Ki characters and 24 levels. In a change a JSON merge patch
   * (RFC 7396): what is left out stays, null takes away.
   */
  @Sheet()
  sheet?: Record<string, unknown> | null;
  @ApiPropertyOptional({ type: CharacterVoiceDto })
  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => CharacterVoiceDto)
  voice?: CharacterVoiceDto;
  @ApiPropertyOptional({ type: CharacterGuidanceDto })
  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => CharacterGuidanceDto)
  guidance?: CharacterGuidanceDto;
}

export class CharacterChangeDto extends IntersectionType(ObjectChangeDto, CharacterFieldsDto) {
  @ApiPropertyOptional({ enum: CHARACTER_KINDS })
  @ValidateIf(isGiven)
  @IsIn(CHARACTER_KINDS)
  characterKind?: CharacterKind;
}

export class NewCharacterDto extends IntersectionType(NewObjectDto, CharacterFieldsDto) {
  /** `pc` of a player, `npc` of the masters, or `creature`. */
  @ApiProperty({ enum: CHARACTER_KINDS })
  @IsIn(CHARACTER_KINDS)
  characterKind: CharacterKind;
}

export class CharactersQueryDto extends PageQueryDto {
  /** Of this kind alone. */
  @ApiPropertyOptional({ enum: CHARACTER_KINDS })
  @IsOptional()
  @IsIn(CHARACTER_KINDS)
  characterKind?: CharacterKind;

  /** Of this member alone. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  ownerId?: string;
}

export class ExperienceDto {
  /** Points to add; negative ones take away, down to none. */
  @ApiProperty({ type: 'integer', minimum: -1_000_000, maximum: 1_000_000 })
  @IsInt()
  @Min(-1_000_000)
  @Max(1_000_000)
  amount: number;

  /** Where the system has no table of levels, or the group goes by milestones. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 1_000 })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(1_000)
  level?: number;

  /** For what, 1 to 500 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_LINE })
  @StorableText(MOST_LINE)
  reason: string;
}

/** A character as whoever sees it may read it. */
export class CharacterFactsDto extends CampaignObjectDto {
  @ApiProperty({ enum: CHARACTER_KINDS })
  characterKind: CharacterKind;
  @ApiProperty({ type: String, nullable: true })
  ancestry: string | null;
  @ApiProperty({ type: String, nullable: true })
  calling: string | null;
  @ApiProperty({ type: String, nullable: true })
  pronouns: string | null;
  @ApiProperty({ type: String, nullable: true })
  appearance: string | null;
}

export class CharacterPlayDto {
  isOpen: boolean;
  @ApiProperty({ enum: GAME_SYSTEMS })
  system: GameSystem;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  sheet: object | null;
  voice: CharacterVoiceDto;
  guidance: CharacterGuidanceDto;
  @ApiProperty({ type: 'integer' })
  xp: number;
  @ApiProperty({ type: 'integer', nullable: true })
  level: number | null;
  /** Null at the last level, and where the system has no table. */
  @ApiProperty({ type: 'integer', nullable: true })
  xpToNextLevel: number | null;
}

export class CharacterDto extends CharacterFactsDto {
  /** How it is played; null where the caller does not see that. */
  @ApiProperty({ type: CharacterPlayDto, nullable: true })
  play: CharacterPlayDto | null;
}

export class CharacterPageDto {
  @ApiProperty({ type: [CharacterFactsDto] })
  items: CharacterFactsDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class ChangedCharacterDto {
  /** As it stands. */
  character: CharacterDto;
  /** Where a game master has the last word, what was proposed instead of changed. */
  @ApiProperty({ type: ProposalDto, nullable: true })
  proposal: ProposalDto | null;
}

export const EVOLUTION_KINDS = ['experience', 'achievement', 'milestone', 'relationship'] as const;
export type EvolutionKind = (typeof EVOLUTION_KINDS)[number];

export class EvolutionStepDto {
  @ApiProperty({ format: 'date-time' })
  at: string;
  @ApiProperty({ enum: EVOLUTION_KINDS })
  kind: EvolutionKind;
  /** In words. */
  text: string;
  /** What it is about: an achievement, an arc or a relationship; null for experience. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  refId: string | null;
  /** Level after it, where it is about experience. */
  @ApiProperty({ type: 'integer', nullable: true })
  level: number | null;
}

export class EvolutionDto {
  /** Oldest first, the newest 1,000. */
  @ApiProperty({ type: [EvolutionStepDto] })
  items: EvolutionStepDto[];
}
