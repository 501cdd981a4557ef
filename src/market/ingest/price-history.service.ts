import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { HistoryChanges } from './history-changes.js';
import { PriceHistoryRepository } from './price-history.repository.js';
import { IngestRepository, type NewestPoint } from './ingest.repository.js';
import { judgePoints } from './judge-points.js';
import { LateRounds } from './late-rounds.js';
import { LateWindow } from './late-windows.js';
import { byItem, type Point } from './point.js';

/** What a batch did to the history of a server. */
export interface Added {
  /** Elements of the batch that entered the history, with the ids of their rows. */
  ids: Map<number, number>;
  isChanged: boolean;
  /** Stored points that left the history because their source says a lower price of their instant now. */
  displacedCount: number;
}

/** Of stored points that are held, and of changed ones: the tables are read and changed in portions of about so many. */
const MAX_HELD_POINTS = 50_000;

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
  async add(
    tx: Tx,
    serverId: number,
    points: readonly Point[],
    maxHeldPoints = MAX_HELD_POINTS,
  ): Promise<Added> {
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
    const ids = new Map<number, number>();
    const rounds = new LateRounds(LateWindow.around(late), storedUntilMs, maxHeldPoints);
    await this.judgeLate(tx, serverId, rounds, changes, ids);
    await this.store(tx, serverId, changes, ids);
    await this.deriveLatest(tx, serverId, changes, newest);
    return { ids, isChanged: changes.hasChanged, displacedCount: changes.displacedCount };
  }

  /**
   * Judges the history of an item anew from an instant on, at which a curator has changed or deleted rows in this transaction, and
   * finds its newest point.
   */
  async settle(tx: Tx, serverId: number, itemId: number, atMs: number): Promise<void> {
    const newest = await this.ingest.listNewest(tx, serverId, Int32Array.of(itemId));
    const changes = new HistoryChanges();
    const windows = [new LateWindow(itemId, atMs, atMs, [])];
    const rounds = new LateRounds(
      windows,
      () => newest.get(itemId)?.storedUntilMs ?? -Infinity,
      MAX_HELD_POINTS,
    );
    const ids = new Map<number, number>();
    await this.judgeLate(tx, serverId, rounds, changes, ids);
    await this.store(tx, serverId, changes, ids);
    changes.changedUntilMs.set(itemId, Math.max(changes.changedUntilMs.get(itemId) ?? atMs, atMs));
    await this.deriveLatest(tx, serverId, changes, newest);
  }

  private async judgeLate(
    tx: Tx,
    serverId: number,
    rounds: LateRounds,
    changes: HistoryChanges,
    ids: Map<number, number>,
  ): Promise<void> {
    for (;;) {
      const spans = rounds.spans();
      if (spans.length > 0) rounds.take(await this.history.listStored(tx, serverId, spans));
      for (const { points, verdicts } of rounds.judged()) changes.takeLate(points, verdicts);
      if (spans.length === 0) return;
      if (changes.count > rounds.maxHeldPoints) await this.store(tx, serverId, changes, ids);
    }
  }

  /** @param ids takes those of the elements that are stored */
  private async store(
    tx: Tx,
    serverId: number,
    changes: HistoryChanges,
    ids: Map<number, number>,
  ): Promise<void> {
    const { added, removed, released, withheld } = changes;
    if (removed.length > 0 || released.length > 0)
      await this.history.deleteMoved(tx, serverId, removed, released);
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
    changes.clear();
  }

  private async deriveLatest(
    tx: Tx,
    serverId: number,
    { changedUntilMs }: HistoryChanges,
    newest: ReadonlyMap<number, NewestPoint>,
  ): Promise<void> {
    const moved = [...changedUntilMs].flatMap(([itemId, untilMs]) =>
      untilMs >= (newest.get(itemId)?.capturedAtMs ?? -Infinity) ? [itemId] : [],
    );
    if (moved.length > 0) await this.history.deriveLatest(tx, serverId, moved);
  }
}
