import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { HistoryChanges } from './history-changes.js';
import { PriceHistoryRepository } from './price-history.repository.js';
import { IngestRepository, type NewestPoint } from './ingest.repository.js';
import { judgePoints, REPEATED_WITHIN_MS } from './judge-points.js';
import { type Found, LateWindow, type Span } from './late-windows.js';
import { byItem, type Point } from './point.js';

/** What a batch did to the history of a server. */
export interface Added {
  /** Elements of the batch that entered the history, with the ids of their rows. */
  ids: Map<number, number>;
  isChanged: boolean;
}

const NOTHING_STORED: Found = { points: [], before: undefined, decided: new Set() };

/**
 * Keeps `market.observation` what the points that were ever sent make of it (judge-points.ts), `latest` with it. Only in the lane of
 * the server. Nearly all points are newer than what is stored of their item, and are judged against the newest point; for items to
 * which some come late, the stretches of their history are judged anew.
 */
@Injectable()
export class PriceHistory {
  constructor(
    private readonly ingest: IngestRepository,
    private readonly history: PriceHistoryRepository,
  ) {}

  /** @param points of a batch, sorted */
  async add(tx: Tx, serverId: number, points: readonly Point[]): Promise<Added> {
    const runs = byItem(points);
    const newest = await this.ingest.listNewest(
      tx,
      serverId,
      Int32Array.from(runs, (run) => run[0]!.itemId),
    );
    const unpriced = runs.flatMap(([first]) => (newest.has(first!.itemId) ? [] : [first!.itemId]));
    const decidedUntilMs =
      unpriced.length > 0
        ? await this.history.listDecidedUntil(tx, serverId, unpriced)
        : new Map<number, number>();
    const changes = new HistoryChanges();
    const late: Point[] = [];
    const storedUntilMs = (itemId: number): number =>
      newest.get(itemId)?.storedUntilMs ?? decidedUntilMs.get(itemId) ?? -Infinity;
    for (const run of runs) {
      const [{ itemId, capturedAtMs }] = run as [Point];
      const before = newest.get(itemId);
      if (capturedAtMs <= storedUntilMs(itemId)) for (const point of run) late.push(point);
      else changes.takeNewer(run, judgePoints(run, before), before === undefined);
    }
    if (late.length > 0) await this.judgeLate(tx, serverId, LateWindow.around(late), storedUntilMs, changes);
    return this.store(tx, serverId, changes, newest);
  }

  /**
   * Judges the history of an item anew from an instant on, at which a curator has changed or deleted rows in this transaction, and
   * finds its newest point.
   */
  async settle(tx: Tx, serverId: number, itemId: number, atMs: number): Promise<void> {
    const newest = await this.ingest.listNewest(tx, serverId, Int32Array.of(itemId));
    const changes = new HistoryChanges();
    const windows = [new LateWindow(itemId, atMs, atMs, [])];
    await this.judgeLate(
      tx,
      serverId,
      windows,
      () => newest.get(itemId)?.storedUntilMs ?? -Infinity,
      changes,
    );
    changes.changedUntilMs.set(itemId, Math.max(changes.changedUntilMs.get(itemId) ?? atMs, atMs));
    await this.store(tx, serverId, changes, newest);
  }

  private async judgeLate(
    tx: Tx,
    serverId: number,
    windows: readonly LateWindow[],
    storedUntilMs: (itemId: number) => number,
    changes: HistoryChanges,
  ): Promise<void> {
    let reading: [LateWindow, Span][] = [];
    for (const window of windows) {
      const span = window.span();
      if (span.fromMs - REPEATED_WITHIN_MS > storedUntilMs(window.itemId)) window.take(NOTHING_STORED);
      else reading.push([window, span]);
    }
    while (reading.length > 0) {
      const found = await this.history.listStored(
        tx,
        serverId,
        reading.map(([, span]) => span),
      );
      reading.forEach(([window], place) => window.take(found[place]!));
      reading = reading.flatMap(([window]) => {
        const span = window.widen(storedUntilMs(window.itemId));
        return span ? [[window, span] as [LateWindow, Span]] : [];
      });
    }
    for (const window of windows) changes.takeLate(window.points, window.verdicts);
  }

  private async store(
    tx: Tx,
    serverId: number,
    changes: HistoryChanges,
    newest: ReadonlyMap<number, NewestPoint>,
  ): Promise<Added> {
    const { added, removed, released, withheld } = changes;
    if (removed.length > 0 || released.length > 0)
      await this.history.deleteMoved(tx, serverId, removed, released);
    const ids = new Map<number, number>();
    if (!changes.isEmpty) {
      const stored = await this.ingest.storePoints(tx, serverId, changes);
      added.forEach(({ origin }, k) => {
        if (origin !== -1) ids.set(origin, stored[k]!);
      });
    }
    if (withheld.length > 0) {
      if (changes.isEmpty) await this.history.lockMonths(tx);
      await this.history.insertWithheld(tx, serverId, withheld);
    }
    const moved = [...changes.changedUntilMs].flatMap(([itemId, untilMs]) =>
      untilMs >= (newest.get(itemId)?.capturedAtMs ?? -Infinity) ? [itemId] : [],
    );
    if (moved.length > 0) await this.history.deriveLatest(tx, serverId, moved);
    return { ids, isChanged: !changes.isEmpty };
  }
}
