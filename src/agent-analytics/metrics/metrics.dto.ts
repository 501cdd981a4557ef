import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { COST_GROUPS, type CostGroup } from '../figures/cost-groups.js';
import { SERIES_METRICS, type SeriesMetric } from '../figures/series-metrics.js';
import { type Bucket, BUCKETS } from '../figures/time-buckets.js';
import { RangeQueryDto, RecentRangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';
import { TRACE_GAPS } from '../figures/trace-gaps.js';

export class CostQueryDto extends RecentRangeQueryDto {
  /** `pair`: the two characters of the session, once it has them. Agents overlap: each holds what ran below it, with the agents below it. */
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

/** Which of its rows a metric is made of. */
export class SeriesFilterDto {
  /** Name of an agent: metrics of runs and of gaps. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  agent?: string;

  /** Metrics of runs. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;

  /** Tag of a chapter, `chapter_4`: metrics of traces and of turns. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  chapter?: string;

  /** Metrics of traces and of stories. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  release?: string;

  /** Metrics of stories. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  mortal?: string;

  /** Likewise. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  match?: string;

  /** Metrics of gaps. */
  @ApiPropertyOptional({ enum: TRACE_GAPS })
  @IsOptional()
  @IsIn(TRACE_GAPS)
  gap?: string;
}

export class MetricSeriesQueryDto extends IntersectionType(SeriesQueryDto, SeriesFilterDto) {
  /** Of sessions and traces, of `run`s of agents, of `turn`s of players, of `story` = sessions by their first trace, of gaps. */
  @ApiProperty({ enum: SERIES_METRICS })
  @IsIn(SERIES_METRICS)
  metric: SeriesMetric;
}

export class MetricPointDto {
  /** When the bucket begins. */
  from: string;
  /** In the unit of the metric's name; a ratio 0 to 1. null where there is nothing to tell it of. */
  value: number | null;
}

export class MetricSeriesDto extends FreshnessDto {
  @ApiProperty({ enum: SERIES_METRICS })
  metric: SeriesMetric;
  @ApiProperty({ enum: BUCKETS })
  bucket: Bucket;
  tz: string;
  /** Oldest first, none left out; the first and the last may be cut by the range. */
  items: MetricPointDto[];
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

export class AgentSeriesDto extends FreshnessDto {
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
  /** A chapter's name, an agent, a model, `Maya & Noah`, a release; null = not known, of models also what Langfuse says of a trace beyond its steps. */
  key: string | null;
  /** Traces; runs where the groups are agents, generations where they are models. */
  count: number;
  costUsd: number;
  totalTokens: number;
}

export class CostsDto extends FreshnessDto {
  @ApiProperty({ enum: COST_GROUPS })
  groupBy: CostGroup;
  /**
   * Chapters in the order of the story, else those that cost most first; the first 500. They add up to the costs of all traces, but for
   * agents: an agent holds what ran below it, agents included, and what ran below none is nobody's.
   */
  items: CostDto[];
}
