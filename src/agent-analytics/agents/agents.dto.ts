import { ApiProperty } from '@nestjs/swagger';
import { AGENT_CATEGORIES } from '../../platform/config/story-settings.js';
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

export class AgentModelDto {
  /** null = unknown to Langfuse. */
  model: string | null;
  runCount: number;
  costUsd: number;
  totalTokens: number;
}

export class AgentDetailDto extends AgentDto {
  asOf: string | null;
  completeThrough: string | null;
  /** Those that cost most first. */
  models: AgentModelDto[];
}
