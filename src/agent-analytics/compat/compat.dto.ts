import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AGENT_CATEGORIES } from '../../platform/config/story-settings.js';

// The original's own names. Money is USD, `latency_ms` milliseconds, every other time seconds; instants are Langfuse's own texts.

export class CompatSessionDto {
  id: string;
  created_at: string;
  trace_count: number;
  total_cost: number;
  /** Seconds, of a trace; 0 where none is known. */
  avg_latency: number;
  mortal_name: string | null;
  match_name: string | null;
  /** -1 = none. */
  max_chapter: number;
  is_complete: boolean;
  first_trace_at: string | null;
  last_trace_at: string | null;
  /** From the start of the first trace to the start of the last. */
  duration_seconds: number | null;
}

export class CompatPageDto {
  total: number;
  page: number;
  limit: number;
  /** 0 where there is nothing. */
  pages: number;
}

export class CompatSessionsDto {
  /** Newest first. */
  data: CompatSessionDto[];
  meta: CompatPageDto;
}

export class CompatStatsDto {
  total_sessions: number;
  total_cost: number;
  avg_duration_seconds: number;
  avg_latency_seconds: number;
  complete_sessions: number;
  incomplete_sessions: number;
}

export class CompatConversationSessionDto {
  id: string;
  mortal_name: string | null;
  match_name: string | null;
  max_chapter: number;
  is_complete: boolean;
  total_cost: number;
  duration_seconds: number | null;
}

export class CompatMessageMetadataDto {
  latency_ms: number;
  cost: number;
  total_tokens: number;
  prompt_tokens: number;
  completion_tokens: number;
  model: string | null;
}

export class CompatLineDto {
  @ApiProperty({ enum: ['user', 'agent'] })
  type: 'user' | 'agent';
  timestamp: string;
  chapter: string | null;
  /** null for the player. */
  agent: string | null;
  content: string;
  @ApiProperty({ type: CompatMessageMetadataDto, nullable: true })
  metadata: CompatMessageMetadataDto | null;
}

export class CompatConversationDto {
  session: CompatConversationSessionDto;
  /** In the order of time. */
  messages: CompatLineDto[];
}

export class CompatAgentStatsDto {
  execution_count: number;
  avg_latency_ms: number;
  total_cost: number;
  total_tokens: number;
  /** 0 to 100. */
  success_rate: number;
}

export class CompatAgentDto extends CompatAgentStatsDto {
  name: string;
  @ApiProperty({ enum: AGENT_CATEGORIES })
  category: string;
}

export class CompatAgentsDto {
  /** Those that ran most first. */
  data: CompatAgentDto[];
}

export class CompatExecutionDto {
  trace_id: string;
  timestamp: string;
  latency_ms: number | null;
  tokens: number;
  cost: number;
  @ApiProperty({ enum: ['success', 'error'] })
  status: 'success' | 'error';
}

export class CompatAgentDetailDto {
  name: string;
  @ApiProperty({ enum: AGENT_CATEGORIES })
  category: string;
  stats: CompatAgentStatsDto;
  /** The last 20, newest first. */
  recent_executions: CompatExecutionDto[];
}

export class CompatLatencyPointDto {
  timestamp: string;
  latency_ms: number;
}

export class CompatHourDto {
  /** Of UTC, 0 to 23. */
  hour: number;
  count: number;
}

export class CompatAgentChartsDto {
  /** The last 20 whose latency is known, oldest first. */
  latency_over_time: CompatLatencyPointDto[];
  /** All 24. */
  executions_by_hour: CompatHourDto[];
}

export class CompatKpisDto {
  unique_sessions: number;
  total_traces: number;
  total_cost: number;
  avg_latency_seconds: number;
  cost_per_session: number;
}

export class CompatChapterCostDto {
  chapter: string;
  cost: number;
}

export class CompatTracesOfDayDto {
  /** Of UTC. */
  date: string;
  count: number;
}

export class CompatDashboardDto {
  kpis: CompatKpisDto;
  /** In the order of the story. */
  cost_by_chapter: CompatChapterCostDto[];
  /** At most 7, oldest first, none left out between the first and the last. */
  traces_per_day: CompatTracesOfDayDto[];
}

export class CompatSyncStatusDto {
  @ApiProperty({ enum: ['idle', 'running', 'rate_limited', 'error', 'unknown'] })
  status: string;
  last_sync_at: string | null;
  next_sync_at: string | null;
  error_message: string | null;
}

export class CompatSyncStartedDto {
  @ApiProperty({ enum: ['started'] })
  status: 'started';
  message: string;
}

export class CompatHealthDto {
  @ApiProperty({ enum: ['healthy'] })
  status: 'healthy';
}

export class CompatDetailDto {
  detail: string;
}

export class CompatFaultDto {
  type: string;
  loc: string[];
  msg: string;
  input: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  ctx?: Record<string, unknown>;
}

export class CompatFaultsDto {
  detail: CompatFaultDto[];
}
