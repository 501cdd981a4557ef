import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import {
  CURVE_STATES,
  type CurveState,
  DISTANCE_RANGES,
  type DistanceRange,
  FASTEST_S_PER_KM,
  GHOST_BASES,
  GHOST_CATEGORIES,
  GHOST_TYPES,
  type GhostBasis,
  type GhostCategory,
  type GhostType,
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
const isGiven = (_object: object, value: unknown): boolean => value !== undefined;
const isText = (_object: object, value: unknown): boolean => value !== undefined && value !== null;

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
  @IsOptional()
  @IsNumber()
  @Min(LEAST_GOAL_M)
  @Max(MOST_GOAL_M)
  distanceM?: number;

  /** Seconds for all of it. */
  @ApiPropertyOptional({ minimum: 1, maximum: 2_000_000 })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(2_000_000)
  durationS?: number;

  /** Seconds per kilometre. */
  @ApiPropertyOptional({ minimum: FASTEST_S_PER_KM, maximum: SLOWEST_S_PER_KM })
  @IsOptional()
  @IsNumber()
  @Min(FASTEST_S_PER_KM)
  @Max(SLOWEST_S_PER_KM)
  paceSPerKm?: number;

  /** In the order in which they are run, 1 to 200. */
  @ApiPropertyOptional({ type: [GoalSplitDto], minItems: 1, maxItems: MOST_GOAL_SPLITS })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_GOAL_SPLITS)
  @ValidateNested({ each: true })
  @Type(() => GoalSplitDto)
  splits?: GoalSplitDto[];

  /** An own run whose way and hills the goal is for: it is raced by place then. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
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
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_NAME)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** Up to 2,000 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_DESCRIPTION })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_DESCRIPTION)
  @Matches(STORABLE, SEEN_AND_STORED)
  description?: string;

  @ApiPropertyOptional({ enum: GHOST_CATEGORIES })
  @IsOptional()
  @IsIn(GHOST_CATEGORIES)
  category?: GhostCategory;

  /** 1 (easy) to 5. */
  @ApiPropertyOptional({ minimum: 1, maximum: 5, type: 'integer' })
  @IsOptional()
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
  @IsOptional()
  @IsIn(GHOST_BASES)
  basis?: GhostBasis;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  runId?: string;

  /** Metres, within a metre of a distance that records are kept of. */
  @ApiPropertyOptional({ minimum: LEAST_GOAL_M, maximum: MOST_GOAL_M })
  @IsOptional()
  @IsNumber()
  @Min(LEAST_GOAL_M)
  @Max(MOST_GOAL_M)
  distanceM?: number;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  routeId?: string;

  @ApiPropertyOptional({ type: GhostGoalDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => GhostGoalDto)
  goal?: GhostGoalDto;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  ghostId?: string;

  @ApiPropertyOptional({ minLength: 43, maxLength: 43, pattern: LINK_TOKEN.source })
  @IsOptional()
  @IsString()
  @Matches(LINK_TOKEN, TOKEN_FORM)
  token?: string;
}

/** What is left out stays as it is. */
export class GhostChangeDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_NAME)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** Null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_DESCRIPTION })
  @ValidateIf(isText)
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_DESCRIPTION)
  @Matches(STORABLE, SEEN_AND_STORED)
  description?: string | null;

  @ApiPropertyOptional({ enum: GHOST_CATEGORIES, nullable: true })
  @ValidateIf(isText)
  @IsIn(GHOST_CATEGORIES)
  category?: GhostCategory | null;

  @ApiPropertyOptional({ minimum: 1, maximum: 5, type: 'integer', nullable: true })
  @ValidateIf(isText)
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
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_NAME)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** All own runs on a route of the library; or else `runIds`. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
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
  @IsOptional()
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(MOST_COMPOSED_RUNS)
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

export class GhostLinkDto {
  /** Whoever knows it may see the ghost and race it. It is told this once. */
  token: string;

  /** Path of the link at this server. */
  path: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;
}

/** What anybody sees of a ghost that they may race. */
export class OpenGhostDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: GHOST_TYPES })
  type: GhostType;

  name: string;

  @ApiProperty({ type: String, nullable: true })
  description: string | null;

  @ApiProperty({ enum: GHOST_CATEGORIES, nullable: true })
  category: GhostCategory | null;

  /** 1 (easy) to 5, as its owner judges it. */
  @ApiProperty({ type: 'integer', nullable: true })
  difficulty: number | null;

  /** Raced by place on its route, or by distance wherever that is. */
  @ApiProperty({ enum: GHOST_BASES })
  basis: GhostBasis;

  /** Metres from its start to its finish line. */
  distanceM: number;

  /** Seconds, elapsed. */
  durationS: number;

  /** Seconds per kilometre. */
  paceSPerKm: number;

  /** Results against it, by whomsoever. */
  @ApiProperty({ type: 'integer' })
  usageCount: number;

  /** Which part of them beat it, 0 to 1; null where there is none. */
  @ApiProperty({ type: 'number', nullable: true })
  successRate: number | null;
}

export class OpenGhostsDto {
  @ApiProperty({ type: [OpenGhostDto] })
  items: OpenGhostDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

/** An own ghost. */
export class GhostDto extends OpenGhostDto {
  isActive: boolean;

  isPublic: boolean;

  /** Own runs that it is made of. */
  @ApiProperty({ type: [String], format: 'uuid' })
  runIds: string[];

  /** Of a personal record over a distance, metres. */
  @ApiProperty({ type: 'number', nullable: true })
  recordDistanceM: number | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  routeId: string | null;

  /** Of a custom goal. */
  @ApiProperty({ type: [GoalSplitDto], nullable: true })
  splits: GoalSplitDto[] | null;

  /** Of `shared`: whose curve it is. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  sourceGhostId: string | null;

  /** Until when its link is valid; null = there is none. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  linkExpiresAt: string | null;

  /** `waiting` = its curve is being made; `failed` = none can be made of its runs. */
  @ApiProperty({ enum: CURVE_STATES })
  curveState: CurveState;

  /** The ETag's number. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class GhostsDto {
  @ApiProperty({ type: [GhostDto] })
  items: GhostDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class GhostsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: GHOST_TYPES })
  @IsOptional()
  @IsIn(GHOST_TYPES)
  type?: GhostType;

  @ApiPropertyOptional()
  @QueryFlag()
  @IsOptional()
  @IsBoolean()
  isActive?: boolean;
}

const RANGES = Object.keys(DISTANCE_RANGES) as DistanceRange[];

export class PublicGhostsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: GHOST_TYPES })
  @IsOptional()
  @IsIn(GHOST_TYPES)
  type?: GhostType;

  @ApiPropertyOptional({ minimum: 1, maximum: 5, type: 'integer' })
  @QueryInt()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5)
  difficulty?: number;

  /** About as long as races of this name. */
  @ApiPropertyOptional({ enum: RANGES })
  @IsOptional()
  @IsIn(RANGES)
  distance?: DistanceRange;
}

export class GhostCurveQueryDto {
  /** Points at most, evenly over the distance, 2 to 5,000 (500). */
  @ApiPropertyOptional({ default: 500, minimum: 2, maximum: 5_000 })
  @QueryInt()
  @IsInt()
  @Min(2)
  @Max(5_000)
  points: number = 500;
}

/** Columns of one length. */
export class GhostCurveDto {
  @ApiProperty({ enum: GHOST_BASES })
  basis: GhostBasis;

  /** Grows when its ghost's runs or goal change. */
  @ApiProperty({ type: 'integer' })
  version: number;

  /** Metres since the start line. */
  @ApiProperty({ type: [Number] })
  distanceM: number[];

  /** Seconds since the start line at which it arrives there. */
  @ApiProperty({ type: [Number] })
  timeS: number[];

  /** Of `route`; null for `distance`. */
  @ApiProperty({ type: [Number], nullable: true })
  latDeg: number[] | null;

  @ApiProperty({ type: [Number], nullable: true })
  lonDeg: number[] | null;
}
