// Which part of a stream a run reads. Frozen when the run begins; `atMs` is that moment by the database's clock, which all processes
// share. The watermark says: everything before it has been seen, but for what arrives late; that is why a run begins `overlapMs`
// earlier, and why whole days are reconciled now and then.

export type SyncKind = 'incremental' | 'backfill' | 'reconcile' | 'verify';
export const SYNC_KINDS = [
  'incremental',
  'backfill',
  'reconcile',
  'verify',
] as const satisfies readonly SyncKind[];

export interface WindowTerms {
  readonly overlapMs: number;
  readonly lagMs: number;
  readonly aheadMs: number;
  readonly reachMs: number;
}

export interface WindowMs {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 86_400_000;

/**
 * @param sinceMs where the source begins
 * @param asked the range of a request, which a backfill has and a reconcile may have
 */
export function windowOf(
  kind: SyncKind,
  terms: WindowTerms,
  {
    atMs,
    sinceMs,
    watermarkMs,
    asked,
  }: { atMs: number; sinceMs: number; watermarkMs: number | null; asked: WindowMs | null },
): WindowMs {
  const { overlapMs, lagMs, aheadMs, reachMs } = terms;
  if (kind === 'incremental')
    return {
      fromMs: watermarkMs === null ? sinceMs : Math.max(sinceMs, watermarkMs - overlapMs),
      toMs: atMs + aheadMs,
    };
  const reach: WindowMs = { fromMs: Math.max(sinceMs, dayOf(atMs - reachMs)), toMs: atMs };
  const { fromMs, toMs } = asked ?? (kind === 'backfill' ? { fromMs: sinceMs, toMs: atMs } : reach);
  // Counts of a day mean something once the day is over.
  return kind === 'verify' ? { fromMs, toMs: Math.min(toMs, dayOf(atMs - lagMs)) } : { fromMs, toMs };
}

/** Midnight UTC at or before. */
function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

/** Where the watermark stands after a window was read to its end: never back, never past what can be final. */
export function watermarkAfter(
  watermarkMs: number | null,
  { atMs, lagMs, maxSeenMs }: { atMs: number; lagMs: number; maxSeenMs: number | null },
): number | null {
  if (maxSeenMs === null) return watermarkMs;
  return Math.max(watermarkMs ?? -Infinity, Math.min(atMs - lagMs, maxSeenMs));
}
