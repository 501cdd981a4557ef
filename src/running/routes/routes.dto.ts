import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, IsOptional, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { NotBelow } from '../../platform/http/not-below.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { ROUTE_KINDS, type RouteKind } from './route-form.js';
import { MOST_ROUTE_M } from './route-shape.js';
import { type Relation, RELATIONS } from './route-similarity.js';

export const DIRECTIONS = ['forward', 'backward'] as const;
export type Direction = (typeof DIRECTIONS)[number];
const MOST_NAME = 100;

export class RoutesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: ROUTE_KINDS })
  @IsOptional()
  @IsIn(ROUTE_KINDS)
  kind?: RouteKind;

  /** Metres. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_ROUTE_M })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_ROUTE_M)
  minDistanceM?: number;

  /** Metres. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_ROUTE_M })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_ROUTE_M)
  @NotBelow('minDistanceM')
  maxDistanceM?: number;
}

/** A box around places; east is below west where it lies across the date line. */
export class RouteBoundsDto {
  southDeg: number;
  westDeg: number;
  northDeg: number;
  eastDeg: number;
}

export class RouteDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** As its owner calls it; null = it has no name yet. */
  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ enum: ROUTE_KINDS })
  kind: RouteKind;

  /** Metres. */
  distanceM: number;

  /** Metres climbed and descended from its start to its end; null where its run had no altitudes. */
  @ApiProperty({ type: 'number', nullable: true })
  climbM: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  descentM: number | null;

  /** Full turns of `laps`, else 1. */
  @ApiProperty({ type: 'integer' })
  lapCount: number;

  /** Metres of one of them. */
  lapDistanceM: number;

  /** Share of the way that is run in both directions, 0 to 1. */
  retraced: number;

  bounds: RouteBoundsDto;

  /** Own runs over it. */
  @ApiProperty({ type: 'integer' })
  runCount: number;

  /** Elapsed seconds of the fastest time over all of it, by whichever run; null where there is none. */
  @ApiProperty({ type: 'number', nullable: true })
  bestTimeS: number | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  bestRunId: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastRunAt: string | null;

  /** Which of the ways that it has had it has now. */
  @ApiProperty({ type: 'integer' })
  shapeVersion: number;

  /** The ETag's number: moves with its name and its way. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class RoutesDto {
  @ApiProperty({ type: [RouteDto] })
  items: RouteDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RouteDetailDto extends RouteDto {
  /** The way as an encoded polyline of five decimals, a place every ten metres. */
  polyline: string;

  /** Metres above sea level at each of its places; null where its run had none. */
  @ApiProperty({ type: [Number], nullable: true })
  altitudesM: number[] | null;
}

export class RouteChangeDto {
  /** 1 to 100 characters; null takes the name away. A route without a name goes with the last of its runs. */
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: MOST_NAME })
  @ValidateIf((_object, value) => value !== null)
  @StorableText(MOST_NAME)
  name: string | null;
}

export class RouteMergeDto {
  /** The route whose runs are taken over; it is deleted. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  routeId: string;
}

export class RouteRedrawDto {
  /** An own run whose way the route is to have from now on. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runId: string;
}

export class RouteVersionDto {
  @ApiProperty({ type: 'integer' })
  version: number;

  /** The run whose way it was; it may be gone. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  runId: string | null;

  /** Metres. */
  distanceM: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class RouteVersionsDto {
  @ApiProperty({ type: [RouteVersionDto] })
  items: RouteVersionDto[];
}

export class RouteRunsQueryDto extends PageQueryDto {
  /** Only runs that went over the whole route, in its direction (false). */
  @ApiPropertyOptional({ default: false })
  @QueryFlag()
  @IsBoolean()
  isWhole: boolean = false;
}

export class RouteRunDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;

  @ApiProperty({ type: String, nullable: true })
  title: string | null;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  /** What the run is to the route: `contains` = it went on before or after. */
  @ApiProperty({ enum: RELATIONS })
  relation: Relation;

  @ApiProperty({ enum: DIRECTIONS })
  direction: Direction;

  /** One of the route's own runs; others only pass over it, or over a part. */
  isOwn: boolean;

  /** Its runner has put it here by merging routes. */
  isPinned: boolean;

  /** Share of the run within 25 m of the route, and of the route within 25 m of the run, 0 to 1. */
  coverage: number;
  routeCoverage: number;

  /** Metres of a loop at which the run began; 0 = at its start. */
  rotationM: number;

  /** How often it went over the whole route, in its direction. */
  @ApiProperty({ type: 'integer' })
  passageCount: number;

  /** Seconds of the fastest of these times, elapsed and without pauses; null where there is none. */
  @ApiProperty({ type: 'number', nullable: true })
  timeS: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  movingTimeS: number | null;

  /** When it began and ended, in seconds since the run's start. */
  @ApiProperty({ type: 'number', nullable: true })
  fromS: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  toS: number | null;
}

export class RouteRunsDto {
  @ApiProperty({ type: [RouteRunDto] })
  items: RouteRunDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RouteTimeDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  /** Elapsed seconds. */
  timeS: number;

  /** Faster than all before. */
  isBest: boolean;

  /** The best until and with this run. */
  bestTimeS: number;

  /** Seconds slower than the best before, negative = faster; null for the first. */
  @ApiProperty({ type: 'number', nullable: true })
  behindBestS: number | null;
}

export class RouteProgressDto {
  /** Oldest first. */
  @ApiProperty({ type: [RouteTimeDto] })
  items: RouteTimeDto[];

  @ApiProperty({ type: 'number', nullable: true })
  bestTimeS: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  medianTimeS: number | null;

  /** Seconds by which times change in thirty days, negative = faster: the median of all slopes. Null below four times or a fortnight. */
  @ApiProperty({ type: 'number', nullable: true })
  trendSPer30Days: number | null;
}
