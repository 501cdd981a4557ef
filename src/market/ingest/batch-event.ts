import type { AuditEvent } from '../../platform/audit/audit.service.js';
import type { ServerBatch, StoredIds } from './ingest.service.js';

/**
 * What a batch leaves in the audit trail: one event, whatever its size, with counts and no prices.
 * @param displacedCounts per batch the stored prices in whose place a lower one stands
 * @param by what brought the batch, when it was no request of its own
 */
export function batchEvent(
  batches: readonly ServerBatch[],
  stored: readonly StoredIds[],
  displacedCounts: readonly number[],
  by?: { importId: string },
): AuditEvent {
  const servers = batches.map(({ server }, index) => {
    const ids = stored[index] ?? [];
    const acceptedCount = ids.filter((id) => id !== null).length;
    const displacedCount = displacedCounts[index] ?? 0;
    return { server: server.key, acceptedCount, duplicateCount: ids.length - acceptedCount, displacedCount };
  });
  const [first] = batches;
  const object =
    batches.length === 1
      ? { type: 'market.server', id: String(first!.server.id) }
      : { type: 'market.game', id: String(first?.server.gameId ?? '') };
  return { action: 'market.prices-stored', object, after: { ...by, servers } };
}
