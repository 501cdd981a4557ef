import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { isGiven } from '../../platform/http/is-given.js';
import { DEFAULT_GRADE_MODEL, GRADE_MODELS, type GradeModel } from '../analysis/grade-cost.js';
import { FASTEST_S_PER_KM, LEAST_GOAL_M, SLOWEST_S_PER_KM } from '../ghosts/ghost-kinds.js';
import { MOST_ROUTE_M } from '../routes/route-shape.js';

const MOST_NAME = 100;
const MOST_TIME_S = 1_080_000;
const MOST_SPLIT_M = 50_000;

/** A route of the library, or a distance on level ground; with a time or a pace for all of it. */
export class PacingWishDto {
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  routeId?: string;

  /** Of the route only this loop, as `routes/{id}/loops` numbers them. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 100 })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(100)
  loopIndex?: number;

  /** Route or loop from its end to its start. */
  @ApiPropertyOptional({ default: false })
  @IsBoolean()
  isBackward: boolean = false;

  /** Metres on level ground, where there is no route. */
  @ApiPropertyOptional({ minimum: LEAST_GOAL_M, maximum: MOST_ROUTE_M })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(LEAST_GOAL_M)
  @Max(MOST_ROUTE_M)
  distanceM?: number;

  /** Seconds for all of it. */
  @ApiPropertyOptional({ minimum: 1, maximum: MOST_TIME_S })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(1)
  @Max(MOST_TIME_S)
  targetTimeS?: number;

  /** Or seconds per kilometre, on average over all of it. */
  @ApiPropertyOptional({ minimum: FASTEST_S_PER_KM, maximum: SLOWEST_S_PER_KM })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(FASTEST_S_PER_KM)
  @Max(SLOWEST_S_PER_KM)
  paceSPerKm?: number;

  /** How much faster the second half is run than the first at the same slopes, in percent; negative = slower (0). */
  @ApiPropertyOptional({ default: 0, minimum: -10, maximum: 10 })
  @IsNumber()
  @Min(-10)
  @Max(10)
  negativeSplitPct: number = 0;

  /** Metres of the splits that are told (1,000). */
  @ApiPropertyOptional({ default: 1_000, minimum: 100, maximum: MOST_SPLIT_M })
  @IsNumber()
  @Min(100)
  @Max(MOST_SPLIT_M)
  splitDistanceM: number = 1_000;

  /** What slopes cost: as equal heart rates of many runners say, or by Minetti's treadmill. */
  @ApiPropertyOptional({ enum: GRADE_MODELS, default: DEFAULT_GRADE_MODEL })
  @IsIn(GRADE_MODELS)
  gradeModel: GradeModel = DEFAULT_GRADE_MODEL;
}

export class PacingGhostWishDto extends PacingWishDto {
  /** 1 to 100 characters; without it, it is called like its route. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;
}

export class PlannedSplitDto {
  /** From 1. */
  @ApiProperty({ type: 'integer' })
  number: number;

  /** Metres; the last one may be shorter. */
  distanceM: number;

  /** Seconds. */
  timeS: number;

  /** Seconds since the start, at its end. */
  elapsedTimeS: number;

  /** Seconds per kilometre. */
  paceSPerKm: number;

  /** Metres climbed and descended; null where the course has no altitudes. */
  @ApiProperty({ type: 'number', nullable: true })
  climbM: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  descentM: number | null;
}

export class PacingPlanDto {
  /** Metres. */
  distanceM: number;

  /** Seconds. */
  targetTimeS: number;

  /** Seconds per kilometre of the same effort on level ground, in the middle of the course. */
  basePaceSPerKm: number;

  @ApiProperty({ enum: GRADE_MODELS })
  gradeModel: GradeModel;

  /** Whether the course has altitudes: without, every metre counts as level. */
  isHillAware: boolean;

  /** In the order in which they are run; together as long as the target. */
  @ApiProperty({ type: [PlannedSplitDto] })
  splits: PlannedSplitDto[];
}
