import type { ErrorGroupDto, OperationSummaryDto, PerformanceLogDto, UsageItemDto } from './profiling.dto.js';
import type { ErrorRow, LogRow, SummaryRow, UsageRow } from './profiling-read.repository.js';

export function toPerformanceLogDto(row: LogRow): PerformanceLogDto {
  return {
    id: row.id,
    timestamp: row.timestamp.toISOString(),
    endpoint: row.endpoint,
    operation: row.operation,
    durationMs: row.durationMs,
    userId: row.userId,
    conversationId: row.conversationId,
    messageId: row.messageId,
    requestId: row.requestId,
    extraData: row.extraData,
  };
}

export function toSummaryDto(row: SummaryRow): OperationSummaryDto {
  const [p50Ms, p95Ms, p99Ms] = row.percentiles;
  return {
    endpoint: row.endpoint,
    operation: row.operation,
    count: row.count,
    errorCount: row.errorCount,
    p50Ms,
    p95Ms,
    p99Ms,
    maxMs: row.maxMs,
    totalMs: row.totalMs,
  };
}

export function toUsageDto(row: UsageRow): UsageItemDto {
  return {
    key: row.key,
    count: row.count,
    clientErrorCount: row.clientErrorCount,
    serverErrorCount: row.serverErrorCount,
    totalMs: row.totalMs,
    meanMs: row.meanMs,
    lastAt: row.lastAt.toISOString(),
  };
}

export function toErrorGroupDto(row: ErrorRow): ErrorGroupDto {
  return {
    fingerprint: row.fingerprint,
    name: row.name,
    code: row.code,
    message: row.message,
    frame: row.frame,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    count: row.count,
    sampleRequestIds: row.sampleRequestIds,
  };
}
