import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import { type Errand, spanOf } from './errand.js';
import type { SyncPosition } from './sync-position.js';
import { SyncScansRepository } from './sync-scans.repository.js';
import type { StoredRows, SyncWindow } from './sync-source.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

// What the end of a span proves. A stored row that a scan of its closed window did not meet may be gone; or the upstream hid it for a
// moment, or rows shifted while we read. So one scan only notes it, and a scan of another run has to miss it again. Scans that were
// cut, that met rows which nobody could read, or that met fewer rows than were announced prove nothing.

const CHUNK = 2_000;
/** Of `mismatch`: the upstream could not say how many rows there are. */
export const UNCOUNTED = -1;

@Injectable()
export class SpanJudge {
  constructor(
    private readonly rows: SyncScansRepository,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** Does the run note which keys it meets? */
  isWatching({ run, of: { stored } }: Errand): boolean {
    return stored !== null && (run.kind === 'reconcile' || run.kind === 'verify');
  }

  /** In the transaction of the span's last page. @returns rows that were removed */
  async judge(tx: Tx, errand: Errand, position: SyncPosition): Promise<number> {
    const { stored } = errand.of;
    if (stored === null || !this.isWatching(errand)) return 0;
    const window = spanOf(position);
    const isClosed = position.spanToMs <= errand.frozenAtMs - errand.of.lagMs;
    const isProven =
      isClosed && position.isProvable && (await this.rows.countSeen(tx, errand)) >= (position.total ?? 0);
    const removed = isProven ? await this.compare(tx, errand, stored, window) : 0;
    await this.rows.deleteSeen(tx, errand);
    const upstream = position.total ?? position.mismatch;
    if (position.mismatch !== null && upstream !== null && upstream !== UNCOUNTED) {
      const counts = { upstream, stored: await stored.count(tx, window) };
      await this.rows.updateGap(tx, errand, window, counts, this.world.nowMs());
    }
    return removed;
  }

  /** A verified window. @returns whether the counts agree @param upstream null = unknown, so the window is read */
  async verify(tx: Tx, errand: Errand, position: SyncPosition, upstream: number | null): Promise<boolean> {
    const { stored } = errand.of;
    if (stored === null || upstream === null) return false;
    const window = spanOf(position);
    const counts = { upstream, stored: await stored.count(tx, window) };
    const isEqual = counts.upstream === counts.stored;
    if (isEqual) await this.rows.updateGap(tx, errand, window, counts, this.world.nowMs());
    else await this.rows.upsertGap(tx, errand, window, counts, this.world.nowMs());
    return isEqual;
  }

  private async compare(tx: Tx, errand: Errand, stored: StoredRows, window: SyncWindow): Promise<number> {
    let removed = 0;
    let after: string | null = null;
    for (;;) {
      const keys: string[] = await stored.listKeys(tx, window, after, CHUNK);
      if (keys.length === 0) return removed;
      const unseen = await this.rows.listUnseen(tx, errand, keys);
      const missing = new Set(unseen);
      await this.rows.deleteMissed(
        tx,
        errand,
        keys.filter((key) => !missing.has(key)),
      );
      const gone = await this.rows.updateMissed(tx, errand, unseen, this.world.nowMs());
      if (gone.length > 0) removed += await stored.remove(tx, gone);
      if (keys.length < CHUNK) return removed;
      after = keys.at(-1)!;
    }
  }
}
