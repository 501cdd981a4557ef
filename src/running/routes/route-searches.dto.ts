import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
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
} from 'class-validator';
import { QueryNumber } from '../../platform/http/query-number.js';
import { isGiven } from '../../platform/http/is-given.js';
import { LEAST_ROUTE_M, MOST_ROUTE_M } from './route-shape.js';
import { type Relation, RELATIONS } from './route-similarity.js';
import { type Direction, DIRECTIONS } from './routes.dto.js';
import { type EffortLevel, EFFORTS } from './time-model.js';

const BASES = ['own_times', 'recent_runs', 'best_effort', 'assumed'] as const;
const MOST_CLIMB_M = 10_000;
const MOST_TIME_S = 172_800;
const MOST_SUGGESTIONS = 20;
const MOST_POLYLINE = 200_000;
const NEAR = /^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/;
const NEAR_FORM = { message: 'is no place: degrees of latitude and longitude, as in 47.37,8.54' };

export class RoutePlaceDto {
  latDeg: number;
  lonDeg: number;
}

export class RouteTimeQueryDto {
  /** How it is run: as of late, or as fast as the best recent effort allows. */
  @ApiPropertyOptional({ enum: EFFORTS, default: 'usual' })
  @IsIn(EFFORTS)
  effort: EffortLevel = 'usual';

  /** Where to start, in degrees of latitude and longitude: `47.37,8.54`. */
  @ApiPropertyOptional({ pattern: NEAR.source })
  @IsOptional()
  @IsString()
  @Matches(NEAR, NEAR_FORM)
  near?: string;
}

/** At least one of the three figures. */
export class RouteWishQueryDto extends RouteTimeQueryDto {
  /** Metres. */
  @ApiPropertyOptional({ minimum: LEAST_ROUTE_M, maximum: MOST_ROUTE_M })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(LEAST_ROUTE_M)
  @Max(MOST_ROUTE_M)
  distanceM?: number;

  /** Metres climbed. */
  @ApiPropertyOptional({ minimum: 1, maximum: MOST_CLIMB_M })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(1)
  @Max(MOST_CLIMB_M)
  climbM?: number;

  /** Seconds. */
  @ApiPropertyOptional({ minimum: 60, maximum: MOST_TIME_S })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(60)
  @Max(MOST_TIME_S)
  timeS?: number;

  /** Suggestions at most, 1 to 20 (5). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SUGGESTIONS, default: 5 })
  @QueryNumber()
  @IsInt()
  @Min(1)
  @Max(MOST_SUGGESTIONS)
  limit: number = 5;
}

export class PredictedTimeDto {
  /** Seconds. */
  timeS: number;

  /** Seconds between which it is expected. */
  fastestS: number;
  slowestS: number;

  /** What it rests on: own times on the very way, recent runs, the best recent effort, or nothing but an assumption. */
  @ApiProperty({ enum: BASES })
  basis: (typeof BASES)[number];
}

export class SuggestedLegDto {
  @ApiProperty({ format: 'uuid' })
  routeId: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  /** Of the loops of the route, as `routes/{id}/loops` numbers them; null = the whole route. */
  @ApiProperty({ type: 'integer', nullable: true })
  loopIndex: number | null;

  isBackward: boolean;

  /** Metres. */
  distanceM: number;

  /** As it is run, from the start; an encoded polyline of five decimals. */
  polyline: string;
}

export class SuggestedRouteDto {
  start: RoutePlaceDto;

  /** In the order in which they are run, each but a sole one back to the start. */
  @ApiProperty({ type: [SuggestedLegDto] })
  legs: SuggestedLegDto[];

  /** Metres. */
  distanceM: number;

  /** Metres climbed; null where a way has no altitudes. */
  @ApiProperty({ type: 'number', nullable: true })
  climbM: number | null;

  /** Share of the climb before half of the way, 0 to 1. */
  earlyClimb: number;

  predicted: PredictedTimeDto;

  /** Own times over the whole of it. */
  @ApiProperty({ type: 'integer' })
  runCount: number;

  /** Mean departure from what was wished, as a ratio; 0 = exactly that. */
  miss: number;
}

export class SuggestedRoutesDto {
  /** What fits best first; empty where nothing comes near. */
  @ApiProperty({ type: [SuggestedRouteDto] })
  items: SuggestedRouteDto[];
}

export class RouteLoopDto {
  /** Its number among the route's loops. */
  @ApiProperty({ type: 'integer' })
  index: number;

  /** Metres. */
  distanceM: number;

  /** Metres climbed and descended forwards; backwards it is the other way about. Null without altitudes. */
  @ApiProperty({ type: 'number', nullable: true })
  climbM: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  descentM: number | null;

  /** Forwards, begun near the place that was asked for; an encoded polyline of five decimals. */
  polyline: string;

  forward: PredictedTimeDto;
  backward: PredictedTimeDto;
}

export class RouteLoopsDto {
  /** In the order in which the route closes them. */
  @ApiProperty({ type: [RouteLoopDto] })
  items: RouteLoopDto[];
}

/** One of the two. */
export class RouteComparisonWishDto {
  /** An own run. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  runId?: string;

  /** A way as an encoded polyline of five decimals, 300 m to 300 km. */
  @ApiPropertyOptional({ minLength: 4, maxLength: MOST_POLYLINE })
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(4)
  @MaxLength(MOST_POLYLINE)
  polyline?: string;
}

export class ComparedRouteDto {
  @ApiProperty({ format: 'uuid' })
  routeId: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  /** Metres of the route. */
  distanceM: number;

  /** What the way is to the route: `contained` = it lies whole inside it, `contains` = the route lies whole inside the way. */
  @ApiProperty({ enum: RELATIONS })
  relation: Relation;

  /** How it runs where both are together; null where they are not. */
  @ApiProperty({ enum: DIRECTIONS, type: String, nullable: true })
  direction: Direction | null;

  /** Share of the way within 25 m of the route, and of the route within 25 m of the way, 0 to 1. */
  coverage: number;
  routeCoverage: number;

  /** 1 = what both share comes in the same order, -1 = in opposite order. */
  order: number;

  /** Metres of a loop at which the way begins; 0 = at its start. */
  rotationM: number;

  /** Mean metres between both where they are together. */
  @ApiProperty({ type: 'number', nullable: true })
  meanOffM: number | null;

  /** Seconds of the run's fastest time over the whole route; null where it has none. */
  @ApiProperty({ type: 'number', nullable: true })
  timeS: number | null;
}

export class RouteComparisonDto {
  /** Metres of the way. */
  distanceM: number;

  /** The route that a run over it would belong to; null = a new one. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  mainRouteId: string | null;

  /** What has most in common with it first. */
  @ApiProperty({ type: [ComparedRouteDto] })
  items: ComparedRouteDto[];
}
