import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { QueryInt } from '../../platform/http/query-int.js';

import {
  CURVE_STATES,
  type CurveState,
  DISTANCE_RANGES,
  type DistanceRange,
  GHOST_BASES,
  GHOST_CATEGORIES,
  GHOST_TYPES,
  type GhostBasis,
  type GhostCategory,
  type GhostType,
} from './ghost-kinds.js';
import { RECOMMENDATION_REASONS, type RecommendationReason } from './recommend-ghosts.js';

import { GoalSplitDto } from './new-ghost.dto.js';

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

export class RecommendedGhostDto extends OpenGhostDto {
  isOwn: boolean;

  /**
   * `record_in_reach`: an own record at a chance of a quarter or more; `even_race`, `stretch`, `build_confidence`: by the chance; `own_run`:
   * nothing is known of the caller's form.
   */
  @ApiProperty({ enum: RECOMMENDATION_REASONS })
  reason: RecommendationReason;

  /** Seconds that the caller would need today, by runs of the last 120 days; null where they say nothing of this distance. */
  @ApiProperty({ type: 'number', nullable: true })
  expectedS: number | null;

  /** Seconds by which the ghost is faster than that; 0 where it is not. */
  @ApiProperty({ type: 'number', nullable: true })
  targetImprovementS: number | null;

  /** How likely the caller beats it, 0.05 to 0.95; an estimate from few runs. */
  @ApiProperty({ type: 'number', nullable: true })
  successEstimate: number | null;
}

export class RecommendedGhostsDto {
  @ApiProperty({ type: [RecommendedGhostDto] })
  items: RecommendedGhostDto[];
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
