import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import {
  FASTEST_S_PER_KM,
  GHOST_BASES,
  GHOST_CATEGORIES,
  type GhostBasis,
  type GhostCategory,
  LEAST_GOAL_M,
  LEAST_LINK_S,
  MOST_COMPOSED_RUNS,
  MOST_GOAL_M,
  MOST_GOAL_SPLITS,
  MOST_LINK_S,
  SLOWEST_S_PER_KM,
  USUAL_LINK_S,
} from './ghost-kinds.js';

const MOST_NAME = 100;
const MOST_DESCRIPTION = 2_000;
/** What a token of a link looks like. */
export const LINK_TOKEN = /^[\w-]{43}$/;
const TOKEN_FORM = { message: 'is no token of a link' };
const CREATED_TYPES = ['personal_record', 'past_run', 'custom_goal', 'shared'] as const;

export class GoalSplitDto {
  /** Metres of this stretch alone. */
  @ApiProperty({ minimum: 1, maximum: MOST_GOAL_M })
  @IsNumber()
  @Min(1)
  @Max(MOST_GOAL_M)
  distanceM: number;

  /** Seconds per kilometre. */
  @ApiProperty({ minimum: FASTEST_S_PER_KM, maximum: SLOWEST_S_PER_KM })
  @IsNumber()
  @Min(FASTEST_S_PER_KM)
  @Max(SLOWEST_S_PER_KM)
  paceSPerKm: number;
}

/**
 * What is to be run: splits; or a distance with either a time or a pace; or the course of an own run with a time, spread over its hills
 * so that the effort is even.
 */
export class GhostGoalDto {
  /** Metres. */
  @ApiPropertyOptional({ minimum: LEAST_GOAL_M, maximum: MOST_GOAL_M })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(LEAST_GOAL_M)
  @Max(MOST_GOAL_M)
  distanceM?: number;

  /** Seconds for all of it. */
  @ApiPropertyOptional({ minimum: 1, maximum: 2_000_000 })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(1)
  @Max(2_000_000)
  durationS?: number;

  /** Seconds per kilometre. */
  @ApiPropertyOptional({ minimum: FASTEST_S_PER_KM, maximum: SLOWEST_S_PER_KM })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(FASTEST_S_PER_KM)
  @Max(SLOWEST_S_PER_KM)
  paceSPerKm?: number;

  /** In the order in which they are run, 1 to 200. */
  @ApiPropertyOptional({ type: [GoalSplitDto], minItems: 1, maxItems: MOST_GOAL_SPLITS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_GOAL_SPLITS)
  @ValidateNested({ each: true })
  @Type(() => GoalSplitDto)
  splits?: GoalSplitDto[];

  /** With splits: the route of the library on which they are run, and raced by place, over the way of the fastest own run on it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  routeId?: string;

  /** An own run whose way and hills the goal is for: it is raced by place then. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  courseRunId?: string;
}

export class NewGhostDto {
  /**
   * `past_run` of `runId`; `personal_record` over `distanceM` or on `routeId`; `custom_goal` as `goal` says; `shared`: somebody else's, by
   * `ghostId` where it is public, or by the `token` of a link. Composites are made by `ghosts/compose`.
   */
  @ApiProperty({ enum: CREATED_TYPES })
  @IsIn(CREATED_TYPES)
  type: (typeof CREATED_TYPES)[number];

  /** 1 to 100 characters; without it, what it is made of names it. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;

  /** Up to 2,000 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_DESCRIPTION })
  @ValidateIf(isGiven)
  @StorableText(MOST_DESCRIPTION)
  description?: string;

  @ApiPropertyOptional({ enum: GHOST_CATEGORIES })
  @ValidateIf(isGiven)
  @IsIn(GHOST_CATEGORIES)
  category?: GhostCategory;

  /** 1 (easy) to 5. */
  @ApiPropertyOptional({ minimum: 1, maximum: 5, type: 'integer' })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(5)
  difficulty?: number;

  @ApiPropertyOptional({ default: true })
  @IsBoolean()
  isActive: boolean = true;

  /** Everybody may see and race it. Not for ghosts of runs of another provider, and not for those that were taken over. */
  @ApiPropertyOptional({ default: false })
  @IsBoolean()
  isPublic: boolean = false;

  /**
   * Raced by place on its route, or by distance wherever that is (`route` for what was run somewhere, `distance` for goals without a
   * course). Of `past_run` and `personal_record` only.
   */
  @ApiPropertyOptional({ enum: GHOST_BASES })
  @ValidateIf(isGiven)
  @IsIn(GHOST_BASES)
  basis?: GhostBasis;

  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  runId?: string;

  /** Metres, within a metre of a distance that records are kept of. */
  @ApiPropertyOptional({ minimum: LEAST_GOAL_M, maximum: MOST_GOAL_M })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(LEAST_GOAL_M)
  @Max(MOST_GOAL_M)
  distanceM?: number;

  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  routeId?: string;

  @ApiPropertyOptional({ type: GhostGoalDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => GhostGoalDto)
  goal?: GhostGoalDto;

  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  ghostId?: string;

  @ApiPropertyOptional({ minLength: 43, maxLength: 43, pattern: LINK_TOKEN.source })
  @ValidateIf(isGiven)
  @IsString()
  @Matches(LINK_TOKEN, TOKEN_FORM)
  token?: string;
}

/** What is left out stays as it is. */
export class GhostChangeDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;

  /** Null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_DESCRIPTION })
  @ValidateIf(isSaid)
  @StorableText(MOST_DESCRIPTION)
  description?: string | null;

  @ApiPropertyOptional({ enum: GHOST_CATEGORIES, nullable: true })
  @ValidateIf(isSaid)
  @IsIn(GHOST_CATEGORIES)
  category?: GhostCategory | null;

  @ApiPropertyOptional({ minimum: 1, maximum: 5, type: 'integer', nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(1)
  @Max(5)
  difficulty?: number | null;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isActive?: boolean;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isPublic?: boolean;

  /** Another goal, of `custom_goal` only. Races that have begun go on against the one before. */
  @ApiPropertyOptional({ type: GhostGoalDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => GhostGoalDto)
  goal?: GhostGoalDto;
}

export class ComposedGhostDto {
  /** 1 to 100 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;

  /** All own runs on a route of the library; or else `runIds`. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  routeId?: string;

  /** Own runs on one route, 2 to 30; the first is the one whose way it is. */
  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    minItems: 2,
    maxItems: MOST_COMPOSED_RUNS,
    uniqueItems: true,
  })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(MOST_COMPOSED_RUNS)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  runIds?: string[];

  /** Metres of the sections whose best is taken (500). */
  @ApiPropertyOptional({ default: 500, minimum: 100, maximum: 10_000 })
  @IsNumber()
  @Min(100)
  @Max(10_000)
  sectionM: number = 500;
}

export class GhostLinkWishDto {
  /** Seconds for which the link is valid, an hour to 365 days (30 days). */
  @ApiPropertyOptional({
    default: USUAL_LINK_S,
    minimum: LEAST_LINK_S,
    maximum: MOST_LINK_S,
    type: 'integer',
  })
  @IsInt()
  @Min(LEAST_LINK_S)
  @Max(MOST_LINK_S)
  validForS: number = USUAL_LINK_S;
}
