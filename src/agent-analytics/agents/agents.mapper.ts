import { categoryOf, type StoryNames } from '../figures/story-names.js';
import type { AgentDto, AgentErrorDto, AgentModelDto, ExecutionDto } from './agents.dto.js';
import type { AgentRow, ErrorRow, ExecutionRow, ModelRow } from './agents.repository.js';

export function toAgentDto(row: AgentRow, names: StoryNames): AgentDto {
  const { name, runCount, errorCount, meanMs, quantilesMs, costUsd, totalTokens } = row;
  const [p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0] = quantilesMs ?? [];
  return {
    name,
    category: categoryOf(names.categories, name),
    runCount,
    errorCount,
    successRatio: (runCount - errorCount) / runCount,
    latency: meanMs === null ? null : { meanMs, p50Ms, p90Ms, p95Ms, p99Ms },
    costUsd,
    totalTokens,
  };
}

export function toExecutionDto(row: ExecutionRow): ExecutionDto {
  const { traceId, observationId, sessionId, at, latencyMs, model, costUsd, totalTokens, isError } = row;
  return {
    traceId,
    observationId,
    sessionId,
    at: at.toISOString(),
    latencyMs,
    model,
    costUsd,
    totalTokens,
    isError,
    errorType: row.errorType,
  };
}

export function toAgentErrorDto(
  { type, count, lastAt, traceIds }: ErrorRow,
  runCount: number,
): AgentErrorDto {
  return { type, count, ratio: count / runCount, lastAt: lastAt.toISOString(), traceIds };
}

export function toAgentModelDto({ model, runCount, costUsd, totalTokens }: ModelRow): AgentModelDto {
  return { model, runCount, costUsd, totalTokens };
}
