import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { CHART_THEMES, type ChartTheme } from '../../platform/charts/chart-style.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { CatalystCountsDto, CatalystFactsDto, ObjectiveDto } from '../catalysts/catalysts.dto.js';
import { CATALYST_STATES, type CatalystState } from '../catalysts/judge-catalyst.js';
import { LEAST_VALID_S, MOST_VALID_S, SHARE_KINDS, type ShareKind, USUAL_VALID_S } from './share-kinds.js';

const MOST_HASH = 2 ** 32 - 1;
const MOST_NAME = 40;

export class NewShareDto {
  /** `summary`: counts and the three nearest; `list`: every catalyst; `catalyst`: the one of `recordHash`. */
  @ApiProperty({ enum: SHARE_KINDS })
  @IsIn(SHARE_KINDS)
  shows: ShareKind;

  /** Of `catalyst`, and of that alone. */
  @ApiPropertyOptional({ minimum: 1, maximum: MOST_HASH, type: 'integer' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_HASH)
  recordHash?: number;

  /** As the owner wants to be called there, 1 to 40 characters; without it the link names nobody. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_NAME)
  @Matches(STORABLE, SEEN_AND_STORED)
  displayName?: string;

  /** Seconds for which the link is valid, an hour to 365 days (30 days). */
  @ApiPropertyOptional({
    default: USUAL_VALID_S,
    minimum: LEAST_VALID_S,
    maximum: MOST_VALID_S,
    type: 'integer',
  })
  @IsInt()
  @Min(LEAST_VALID_S)
  @Max(MOST_VALID_S)
  validForS: number = USUAL_VALID_S;
}

export class ShareDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** Whoever knows it sees what the link shows. */
  slug: string;

  /** Path of the link at this server. */
  path: string;

  /** Path of its picture. */
  cardPath: string;

  @ApiProperty({ enum: SHARE_KINDS })
  shows: ShareKind;

  @ApiProperty({ nullable: true, type: 'integer' })
  recordHash: number | null;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;

  isExpired: boolean;
}

export class SharesDto {
  @ApiProperty({ type: [ShareDto] })
  items: ShareDto[];
}

/** What anybody may see of a catalyst: how far it is, not when somebody played. */
export class SharedCatalystDto extends CatalystFactsDto {
  @ApiProperty({ enum: CATALYST_STATES })
  state: CatalystState;
  /** 0 to 100. */
  pct: number;
  /** In the units of its objectives; null where it is complete or not known. */
  @ApiProperty({ nullable: true, type: 'integer' })
  remaining: number | null;
  @ApiProperty({ type: [ObjectiveDto] })
  objectives: ObjectiveDto[];
}

const GROUPS = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/CatalystCountsDto' },
} as const;

export class SharedSummaryDto extends CatalystCountsDto {
  @ApiProperty({ type: 'integer' })
  inProgress: number;
  @ApiProperty({ type: 'integer' })
  notFound: number;
  /** Of all that are judged; null where none is. */
  @ApiProperty({ nullable: true, type: 'number' })
  meanPct: number | null;
  @ApiProperty(GROUPS)
  bySlot: Record<string, CatalystCountsDto>;
  @ApiProperty(GROUPS)
  byElement: Record<string, CatalystCountsDto>;
}

export class PublicShareDto {
  @ApiProperty({ enum: SHARE_KINDS })
  shows: ShareKind;

  /** Null where the owner gave none. */
  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;

  /** When Bungie made what is shown; null = nothing was read yet. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;

  /** Older than it should be. */
  isStale: boolean;

  /** Of `summary` and `list`. */
  @ApiProperty({ type: SharedSummaryDto, nullable: true })
  summary: SharedSummaryDto | null;

  /** Of `summary` the three nearest in progress, of `list` all by the weapon's name, of `catalyst` the one. */
  @ApiProperty({ type: [SharedCatalystDto] })
  items: SharedCatalystDto[];
}

export class SharedCardQueryDto {
  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';
}
