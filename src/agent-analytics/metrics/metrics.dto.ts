import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { COST_GROUPS, type CostGroup } from '../figures/cost-groups.js';
import { type Bucket, BUCKETS } from '../figures/time-buckets.js';
import { RangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class CostQueryDto extends RangeQueryDto {
  /** `pair`: the two characters. Agents hold what ran below them, so that agents within agents count twice. */
  @ApiProperty({ enum: COST_GROUPS })
  @IsIn(COST_GROUPS)
  groupBy: CostGroup;
}

export class SeriesQueryDto extends RangeQueryDto {
  /** Weeks begin on Monday. A series has 2,000 of them at most; without `from`, 48 hours, 30 days or 26 weeks. */
  @ApiPropertyOptional({ enum: BUCKETS, default: 'day' })
  @IsIn(BUCKETS)
  bucket: Bucket = 'day';

  /** Name in the tz database, such as `Europe/Berlin`, whose days they are. */
  @ApiPropertyOptional({ default: 'UTC' })
  @IsString()
  @MaxLength(60)
  tz: string = 'UTC';
}

export class SeriesPointDto {
  /** When the bucket begins. */
  from: string;
  sessionCount: number;
  traceCount: number;
  errorCount: number;
  costUsd: number;
  totalTokens: number;
  /** null where nothing is known. */
  meanLatencyS: number | null;
}

export class SeriesDto extends FreshnessDto {
  @ApiProperty({ enum: BUCKETS })
  bucket: Bucket;
  tz: string;
  /** Oldest first, none left out; the first and the last may be cut by the range. */
  items: SeriesPointDto[];
}

export class DashboardDto extends FreshnessDto {
  /** Sessions that had a trace in the range. */
  sessionCount: number;
  activeCount: number;
  completeCount: number;
  abandonedCount: number;
  traceCount: number;
  /** Traces in which something failed. */
  errorCount: number;
  costUsd: number;
  /** null where there is no session. */
  costPerSessionUsd: number | null;
  totalTokens: number;
  /** Of traces whose latency is known; null where none is. */
  meanLatencyS: number | null;
}

export class CostDto {
  /** A chapter's name, an agent, a model, `Maya & Noah`, a release; null = not known. */
  key: string | null;
  /** Traces; runs where the groups are agents or models. */
  count: number;
  costUsd: number;
  totalTokens: number;
}

export class CostsDto extends FreshnessDto {
  @ApiProperty({ enum: COST_GROUPS })
  groupBy: CostGroup;
  /** Chapters in the order of the story, else those that cost most first; the first 500. */
  items: CostDto[];
}
