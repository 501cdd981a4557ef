import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import {
  AI_POLICIES,
  type AiPolicy,
  CAMPAIGN_LANGUAGES,
  type CampaignLanguage,
  GAME_SYSTEMS,
  type GameSystem,
  SEAT_ROLES,
  type SeatRole,
} from './campaign-kinds.js';

export const MOST_CAMPAIGN_NAME = 120;
const MOST_DESCRIPTION = 10_000;
const MOST_DAYS = 3_650;

/** What may be said of a campaign but for its name; what is left out keeps its value, or is the usual one of a new campaign. */
export class CampaignFieldsDto {
  /** Markdown, up to 10,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_DESCRIPTION })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_DESCRIPTION)
  description?: string;

  /** Whose rules sheets keep to (generic). */
  @ApiPropertyOptional({ enum: GAME_SYSTEMS })
  @ValidateIf(isGiven)
  @IsIn(GAME_SYSTEMS)
  system?: GameSystem;

  /** Of its texts, for full text search (en); texts that are there follow when they are written next. */
  @ApiPropertyOptional({ enum: CAMPAIGN_LANGUAGES })
  @ValidateIf(isGiven)
  @IsIn(CAMPAIGN_LANGUAGES)
  language?: CampaignLanguage;

  /** What generated texts should sound like, in the group's own words. At most 20 texts. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @ValidateIf(isGiven)
  @IsObject()
  tone?: Record<string, string>;

  /** Days for which the campaign's log is kept; null = as long as the campaign. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_DAYS, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(1)
  @Max(MOST_DAYS)
  changeDays?: number | null;

  /** Which language models may read of it: none (usual), those of the server's own network, or any that the server knows. */
  @ApiPropertyOptional({ enum: AI_POLICIES })
  @ValidateIf(isGiven)
  @IsIn(AI_POLICIES)
  aiPolicy?: AiPolicy;

  /** Whether members may take along what they see (true). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  hasExports?: boolean;

  /** Whether what players change on sheets waits for a master (false). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  needsApproval?: boolean;
}

export class CampaignChangeDto extends CampaignFieldsDto {
  /** 1 to 120 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_CAMPAIGN_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_CAMPAIGN_NAME)
  name?: string;
}

export class NewCampaignDto extends CampaignFieldsDto {
  /** 1 to 120 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_CAMPAIGN_NAME })
  @StorableText(MOST_CAMPAIGN_NAME)
  name: string;

  /** Made by the client, so that a repetition finds it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  id?: string;
}

export class CampaignDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  description: string;
  @ApiProperty({ enum: GAME_SYSTEMS })
  system: GameSystem;
  @ApiProperty({ enum: CAMPAIGN_LANGUAGES })
  language: CampaignLanguage;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  tone: Record<string, string>;
  @ApiProperty({ type: 'integer', nullable: true })
  changeDays: number | null;
  @ApiProperty({ enum: AI_POLICIES })
  aiPolicy: AiPolicy;
  hasExports: boolean;
  needsApproval: boolean;
  /** What the caller is at its table. */
  @ApiProperty({ enum: SEAT_ROLES })
  role: SeatRole;
  /** Whether it is the caller's own. */
  isOwner: boolean;
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class CampaignPageDto {
  @ApiProperty({ type: [CampaignDto] })
  items: CampaignDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
