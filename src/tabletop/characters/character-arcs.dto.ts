import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { IsTabletopInstant } from '../is-tabletop-instant.decorator.js';
import { CampaignObjectDto, NewObjectDto, ObjectChangeDto } from '../objects/objects.dto.js';

export const ARC_STATUSES = ['planned', 'active', 'resolved', 'abandoned'] as const;
export type ArcStatus = (typeof ARC_STATUSES)[number];

const MOST_GOALS = 50;
const MOST_MILESTONES = 100;
const MOST_LINE = 500;
const MOST_MINUTES = 100_000;

export class ArcMilestoneDto {
  /** 1 to 500 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_LINE })
  @StorableText(MOST_LINE)
  text: string;

  /** Null while it is not reached. */
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  @ValidateIf(isSaid)
  @IsTabletopInstant()
  reachedAt?: string | null;
}

class ArcFieldsDto {
  /** A new one is `planned` unless said otherwise. */
  @ApiPropertyOptional({ enum: ARC_STATUSES })
  @ValidateIf(isGiven)
  @IsIn(ARC_STATUSES)
  status?: ArcStatus;

  /** Up to 50 of up to 500 characters. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_GOALS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_GOALS)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(MOST_LINE, { each: true })
  goals?: string[];

  /** In their order, up to 100. */
  @ApiPropertyOptional({ type: [ArcMilestoneDto], maxItems: MOST_MILESTONES })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_MILESTONES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ArcMilestoneDto)
  milestones?: ArcMilestoneDto[];
}

export class CharacterArcChangeDto extends IntersectionType(ObjectChangeDto, ArcFieldsDto) {
  /** Minutes for which it stood in the spotlight. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_MINUTES })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(MOST_MINUTES)
  spotlightMinutes?: number;
}

export class NewCharacterArcDto extends IntersectionType(NewObjectDto, ArcFieldsDto) {}

export class CharacterArcDto extends CampaignObjectDto {
  @ApiProperty({ enum: ARC_STATUSES })
  status: ArcStatus;
  @ApiProperty({ type: [String] })
  goals: string[];
  @ApiProperty({ type: [ArcMilestoneDto] })
  milestones: ArcMilestoneDto[];
  /** Percent of its milestones that were reached, 0 to 100; null without any. */
  @ApiProperty({ type: 'integer', nullable: true })
  progressPct: number | null;
  @ApiProperty({ type: 'integer' })
  spotlightMinutes: number;
}

export class CharacterArcsDto {
  /** By name, at most 200. */
  @ApiProperty({ type: [CharacterArcDto] })
  items: CharacterArcDto[];
}

export class NewAchievementDto extends NewObjectDto {
  /** When it was earned (now). */
  @ApiPropertyOptional({ format: 'date-time' })
  @ValidateIf(isGiven)
  @IsTabletopInstant()
  awardedAt?: string;
}

export class AchievementDto extends CampaignObjectDto {
  @ApiProperty({ format: 'date-time' })
  awardedAt: string;
}

export class AchievementsDto {
  /** By name, at most 200. */
  @ApiProperty({ type: [AchievementDto] })
  items: AchievementDto[];
}
