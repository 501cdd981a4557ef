import { categoryOf, type StoryNames } from '../figures/story-names.js';
import type { AgentDto, AgentModelDto } from './agents.dto.js';
import type { AgentRow, ModelRow } from './agents.repository.js';

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

export function toAgentModelDto({ model, runCount, costUsd, totalTokens }: ModelRow): AgentModelDto {
  return { model, runCount, costUsd, totalTokens };
}
