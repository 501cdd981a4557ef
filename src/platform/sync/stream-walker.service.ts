import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { sqlState } from '../database/database.errors.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import type { Errand } from './errand.js';
import { type FetchedPage, PageFetcher } from './page-fetcher.service.js';
import { PageGuard } from './page-guard.js';
import { RunPausedError } from './run-stops.js';
import { SpanJudge, UNCOUNTED } from './span-judge.service.js';
import { SyncHolds } from './sync-holds.service.js';
import { nextSpan, type SyncPosition } from './sync-position.js';
import { type PageCounts, SyncPositionsRepository } from './sync-positions.repository.js';
import { SyncScansRepository } from './sync-scans.repository.js';
import type { StoreOutcome } from './sync-source.js';
import { watermarkAfter } from './sync-window.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

// Page after page through one stream's window. Rows, position and counts of a page are one transaction, which first asks whether the
// run is still ours; so a worker may die at any point, and whoever goes on fetches one page again at most.

const NOTHING: PageCounts = {
  fetched: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  refused: [],
  pages: 0,
  fetchMs: 0,
  storeMs: 0,
  total: null,
  maxSeenMs: null,
};
const NO_ROWS: StoreOutcome = { inserted: 0, updated: 0, unchanged: 0 };
/** Serialisation failure and deadlock: the same transaction may go through next time. */
const WORTH_REPEATING = new Set(['40001', '40P01']);
const MOST_STORE_TRIES = 3;

@Injectable()
export class StreamWalker {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly holds: SyncHolds,
    private readonly fetcher: PageFetcher,
    private readonly judge: SpanJudge,
    private readonly positions: SyncPositionsRepository,
    private readonly scans: SyncScansRepository,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /**
   * @param turnEndsMs when others shall have a turn, in the world's elapsed time
   * @param report rows that have come since the last report, and those that are announced
   * @throws SyncFault and what stops a run (run-stops.ts)
   */
  async walk(
    errand: Errand,
    start: SyncPosition,
    turnEndsMs: number,
    report: (fetched: number, total: number | null) => void,
  ): Promise<void> {
    const guard = new PageGuard();
    let position: SyncPosition | null = start;
    for (let isFirst = true; position !== null; isFirst = false) {
      errand.signal.throwIfAborted();
      if (this.world.elapsedMs() > turnEndsMs) throw new RunPausedError(null);
      if (!isFirst && errand.source.pagePauseMs > 0)
        await this.world.sleep(errand.source.pagePauseMs, errand.signal);
      if (errand.run.kind === 'verify' && position.pages === 0 && position.mismatch === null) {
        position = await this.verify(errand, position);
        continue;
      }
      const startedMs = this.world.elapsedMs();
      const fetched = await this.fetcher.fetch(errand, position, guard);
      const fetchMs = this.world.elapsedMs() - startedMs;
      position = await this.store(errand, fetched, fetchMs);
      report(fetched.page.rows.length, fetched.at.pages === 0 ? fetched.page.total : null);
    }
  }

  /** A window whose counts agree needs no reading. @returns where to go on */
  private async verify(errand: Errand, position: SyncPosition): Promise<SyncPosition | null> {
    const upstream = await this.fetcher.count(errand, position);
    return this.commit(errand, async (tx) => {
      const isEqual = await this.judge.verify(tx, errand, position, upstream);
      const next = isEqual
        ? nextSpan(errand.reading, position)
        : { ...position, mismatch: upstream ?? UNCOUNTED };
      this.positions.updateAfterPage(tx, errand, next, NOTHING, this.world.nowMs());
      return next;
    });
  }

  /** @returns where to go on; null = the stream is done */
  private async store(errand: Errand, fetched: FetchedPage, fetchMs: number): Promise<SyncPosition | null> {
    const { of: stream, runId, reading } = errand;
    const { page, at } = fetched;
    const startedMs = this.world.elapsedMs();
    const rows = firstOfEachKey(page.rows, fetched.keys);
    const maxSeenMs = newestOf(page.rows.map((row) => stream.timeOf(row).getTime()));
    return this.commit(errand, async (tx) => {
      const outcome =
        rows.length === 0
          ? NO_ROWS
          : await stream.store(tx, rows, { runId, requestedAt: fetched.requestedAt });
      if (this.judge.isWatching(errand)) await this.scans.insertSeen(tx, errand, keysOf(fetched));
      const removed = fetched.isSpanDone ? await this.judge.judge(tx, errand, fetched.next) : 0;
      const next = fetched.isSpanDone ? nextSpan(reading, fetched.next) : fetched.next;
      const counts: PageCounts = {
        ...outcome,
        removed,
        fetched: page.rows.length,
        refused: page.refused,
        pages: 1,
        fetchMs,
        storeMs: this.world.elapsedMs() - startedMs,
        total: at.pages === 0 ? page.total : null,
        maxSeenMs,
      };
      if (next === null) await this.arrive(tx, errand, maxSeenMs);
      this.positions.updateAfterPage(tx, errand, next, counts, this.world.nowMs());
      return next;
    });
  }

  /** The window is complete: only now, and only in an incremental run, the watermark moves. */
  private async arrive(tx: Tx, errand: Errand, lastMaxSeenMs: number | null): Promise<void> {
    const { sourceId, stream, runId, run, frozenAtMs, of } = errand;
    if (run.kind !== 'incremental') return;
    const [before, row] = [
      await this.positions.findWatermark(tx, sourceId, stream),
      (await this.positions.listStreams(tx, [runId])).find((known) => known.stream === stream),
    ];
    const maxSeenMs = newestOf([row?.maxSeenAt?.getTime() ?? null, lastMaxSeenMs]);
    const watermarkMs = watermarkAfter(before?.getTime() ?? null, {
      atMs: frozenAtMs,
      lagMs: of.lagMs,
      maxSeenMs,
    });
    await this.positions.upsertWatermark(tx, {
      sourceId,
      stream,
      runId,
      watermarkAt: watermarkMs === null ? null : new Date(watermarkMs),
      completeThrough: new Date(frozenAtMs - of.lagMs),
    });
  }

  private async commit<T>(errand: Errand, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.system.run(SYSTEM_SCOPE, async (tx) => {
          await this.holds.turn(tx, errand.run);
          return work(tx);
        });
      } catch (error) {
        if (tries === MOST_STORE_TRIES || !WORTH_REPEATING.has(sqlState(error) ?? '')) throw error;
      }
    }
  }
}

/** One upsert statement cannot meet a row twice. */
function firstOfEachKey(rows: readonly unknown[], keys: readonly string[]): unknown[] {
  const met = new Set<string>();
  return rows.filter((_row, index) => {
    const key = keys[index]!;
    if (met.has(key)) return false;
    met.add(key);
    return true;
  });
}

/** Keys that are there upstream, whether their rows could be read or not. */
function keysOf({ keys, page }: FetchedPage): string[] {
  return [...keys, ...page.refused.flatMap(({ key }) => (key === null ? [] : [key]))];
}

function newestOf(timesMs: readonly (number | null)[]): number | null {
  return timesMs.reduce<number | null>(
    (newest, timeMs) => (timeMs === null ? newest : Math.max(newest ?? -Infinity, timeMs)),
    null,
  );
}
