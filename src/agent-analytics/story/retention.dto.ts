import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { COHORT_GROUPS, type CohortGroup } from '../figures/cohorts.js';
import { RangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

/** Of when players played first; without `from` 26 weeks. */
export class RetentionQueryDto extends RangeQueryDto {
  /** By the week, the pair or the release of a player's first play. */
  @ApiPropertyOptional({ enum: COHORT_GROUPS, default: 'week' })
  @IsIn(COHORT_GROUPS)
  groupBy: CohortGroup = 'week';

  /** Weeks after the first that are told, 1 to 52 (8). */
  @ApiPropertyOptional({ default: 8, minimum: 1, maximum: 52 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(52)
  weeks: number = 8;

  /** Name in the tz database, whose weeks, from Monday, they are. */
  @ApiPropertyOptional({ default: 'UTC' })
  @IsString()
  @MaxLength(60)
  tz: string = 'UTC';
}

export class CohortWeekDto {
  /** Since the week of the first play, which is 0. */
  week: number;
  /** Players of the cohort for whom that week has begun. */
  playerCount: number;
  /** Those of them who began a play in it. */
  returnedCount: number;
  /** 0 to 1; null where the week has begun for nobody. */
  returnedRatio: number | null;
}

export class CohortDto {
  /** Monday of the week, `2026-03-02`; `Maya & Noah`; a release; null = not known. */
  key: string | null;
  playerCount: number;
  weeks: CohortWeekDto[];
}

export class RetentionDto extends FreshnessDto {
  @ApiProperty({ enum: COHORT_GROUPS })
  groupBy: CohortGroup;
  tz: string;
  /** Whose first play lies in the range. */
  playerCount: number;
  /** Sessions of the range that nobody knows the player of. */
  playerlessCount: number;
  /** Weeks in their order, none left out; else the largest first, the first 500. */
  items: CohortDto[];
}
