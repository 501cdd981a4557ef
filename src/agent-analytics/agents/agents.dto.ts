import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { AGENT_CATEGORIES } from '../../platform/config/story-settings.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { RangeQueryDto } from '../range-query.dto.js';
import type { AgentCategory } from '../figures/story-names.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class LatencyDto {
  /** Milliseconds, of runs that have ended, like the others. */
  meanMs: number;
  p50Ms: number;
  p90Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export class AgentDto {
  name: string;
  @ApiProperty({ enum: AGENT_CATEGORIES })
  category: AgentCategory;
  runCount: number;
  /** Runs in which the agent, or anything below it, failed. */
  errorCount: number;
  /** 0 to 1. */
  successRatio: number;
  /** null where no run has ended. */
  @ApiProperty({ type: LatencyDto, nullable: true })
  latency: LatencyDto | null;
  /** Of everything that ran below it. */
  costUsd: number;
  totalTokens: number;
}

export class AgentsDto extends FreshnessDto {
  /** Those that ran most first. */
  items: AgentDto[];
}

export class ExecutionsQueryDto extends IntersectionType(RangeQueryDto, PageQueryDto) {
  /** Only those that failed, or only those that did not. */
  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isError?: boolean;

  /** Only those that used this model most. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;
}

export class ExecutionDto {
  traceId: string;
  observationId: string;
  /** null where the trace belongs to none. */
  sessionId: string | null;
  at: string;
  /** null = it has not ended. */
  latencyMs: number | null;
  /** The one that cost most; null = unknown to Langfuse. */
  model: string | null;
  /** Of everything that ran below it. */
  costUsd: number;
  totalTokens: number;
  isError: boolean;
  /** See `errors`; null = it has not failed. */
  errorType: string | null;
}

export class ExecutionsDto extends FreshnessDto {
  /** Newest first. */
  items: ExecutionDto[];
  nextCursor: string | null;
}

export class AgentErrorDto {
  /** Name of the exception, `HTTP 429`, or the first line of what was said without what is quoted or counted in it. */
  type: string;
  count: number;
  /** Of all runs of the agent in the range, 0 to 1. */
  ratio: number;
  lastAt: string;
  /** The newest five. */
  traceIds: string[];
}

export class AgentErrorsDto extends FreshnessDto {
  name: string;
  runCount: number;
  errorCount: number;
  /** Those met most first; the first 200. */
  items: AgentErrorDto[];
}

export class AgentModelDto {
  /** null = unknown to Langfuse. */
  model: string | null;
  /** Runs in which it took part; a run with several models counts for each. */
  runCount: number;
  /** Of its own generations: the models' costs and tokens add up to the agent's. */
  costUsd: number;
  totalTokens: number;
}

export class AgentDetailDto extends AgentDto {
  asOf: string | null;
  completeThrough: string | null;
  /** Those that cost most first. */
  models: AgentModelDto[];
}
