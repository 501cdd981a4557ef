import type { PerformanceRow } from '../../src/platform/profiling/performance-log.repository.js';

let count = 0;

/** A finished request, now, unless said otherwise. */
export function performanceRow(given: Partial<PerformanceRow> = {}): PerformanceRow {
  count += 1;
  return {
    atMs: Date.now(),
    endpoint: 'GET /things/:id',
    operation: 'request',
    durationMs: 1.5,
    userId: undefined,
    conversationId: undefined,
    messageId: undefined,
    requestId: `made-${count}`,
    extraJson: '{"status":200,"spans":[]}',
    ...given,
  };
}
