import type { PlacedNode } from './observation-order.js';
import type { AgentObservationDto, PlacedObservationDto, ScoreDto, TraceDto } from './traces.dto.js';
import type { ObservationRow, ScoreRow, TraceRow } from './traces.repository.js';

export function toTraceDto(row: TraceRow): TraceDto {
  const { id, sessionId, at, environment, release, chapter, latencyS, costUsd, totalTokens, isError } = row;
  return {
    id,
    sessionId,
    at: at.toISOString(),
    environment,
    release,
    chapter,
    latencyS,
    costUsd,
    totalTokens,
    isError,
  };
}

export function toObservationDto(row: ObservationRow): AgentObservationDto {
  const { at, endAt } = row;
  return {
    id: row.id,
    traceId: row.traceId,
    parentId: row.parentId,
    type: row.type,
    name: row.name,
    at: at.toISOString(),
    endAt: endAt?.toISOString() ?? null,
    latencyMs: endAt === null ? null : Math.max(0, endAt.getTime() - at.getTime()),
    environment: row.environment,
    level: row.level,
    statusMessage: row.statusMessage,
    model: row.model,
    promptTokens: row.promptTokens,
    completionTokens: row.completionTokens,
    totalTokens: row.totalTokens,
    costUsd: row.costUsd,
    promptName: row.promptName,
    promptVersion: row.promptVersion,
  };
}

export function toPlacedObservationDto({
  node,
  depth,
  place,
}: PlacedNode<ObservationRow>): PlacedObservationDto {
  return { ...toObservationDto(node), depth, place };
}

export function toScoreDto(row: ScoreRow): ScoreDto {
  return {
    id: row.id,
    name: row.name,
    dataType: row.dataType,
    numberValue: row.numberValue,
    textValue: row.textValue,
    source: row.source,
    at: row.at.toISOString(),
    environment: row.environment,
    comment: row.comment,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    traceId: row.traceId,
  };
}
