import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { nextAsOf, utcDay } from './rollup.js';
import { RollupsRepository } from './rollups.repository.js';

/** Pairs of series and day in one transaction: less than a second of work. */
const PORTION_DAYS = 8_000;

/** How far a refresh is, in batches of marked days. */
export interface RefreshProgress {
  done: number;
  /** Grows while others go on writing. */
  total: number;
}

export interface RefreshOptions {
  /** Asked before each portion; what is done stays done. */
  signal?: AbortSignal;
  onProgress?: (progress: RefreshProgress) => void;
  /** Unix time in milliseconds for which windows shall stand; default now. */
  nowMs?: number;
  /** Most days of series in one transaction, but always one batch. */
  portionDays?: number;
}

/** Brings `daily` and the standard windows up to what raw rows say. Safe to call at any time, also by several at once. */
@Injectable()
export class RollupsService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rollups: RollupsRepository,
  ) {}

  /**
   * Derives the marked days of a server, portion by portion, until none is left; where a new UTC day has begun, every window
   * with them. @returns days written
   */
  async refresh(serverId: number, options: RefreshOptions = {}): Promise<number> {
    let [days, done, isLeft] = [0, 0, true];
    while (isLeft && options.signal?.aborted !== true) {
      const portion = await this.waitForPortion(serverId, options, false);
      days += portion.days;
      done += portion.batchCount;
      isLeft = portion.batchCount > 0;
      if (isLeft) options.onProgress?.({ done, total: done + portion.leftCount });
    }
    return days;
  }

  /**
   * The same for what is marked when it begins, and for as long as a turn: what is marked meanwhile has been asked for anew, and
   * gathers until then; whoever else waits for a place gets it then, and a server whose rollups somebody else has in
   * hand is left to them. @returns `left` when it has to be asked for once more
   */
  async refreshInTurn(
    serverId: number,
    turnMs: number,
    options: RefreshOptions = {},
  ): Promise<'done' | 'left'> {
    const startedMs = performance.now();
    let done = 0;
    while (options.signal?.aborted !== true) {
      const portion = await this.system.run(SYSTEM_PRINCIPAL, async (tx) =>
        (await this.rollups.tryLock(tx, serverId)) ? this.refreshPortion(tx, serverId, options, false) : null,
      );
      if (portion === null) return 'left';
      done += portion.batchCount;
      if (portion.batchCount > 0) options.onProgress?.({ done, total: done + portion.leftCount });
      if (portion.leftCount === 0) return 'done';
      if (performance.now() - startedMs > turnMs) return 'left';
    }
    return 'left';
  }

  /** Servers that have marked days or whose windows stand for a day gone by. */
  listStaleServers(tx: Tx, nowMs = Date.now()): Promise<number[]> {
    return this.rollups.listStaleServers(tx, utcDay(nowMs));
  }

  /** Makes every window row of a server anew, after the marked days of one portion. Its result is what `refresh` keeps up. */
  async refreshAll(serverId: number, options: RefreshOptions = {}): Promise<void> {
    await this.waitForPortion(serverId, options, true);
    await this.refresh(serverId, options);
  }

  private waitForPortion(serverId: number, options: RefreshOptions, isAll: boolean) {
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.rollups.lock(tx, serverId);
      return this.refreshPortion(tx, serverId, options, isAll);
    });
  }

  /** The server's lock is ours. */
  private async refreshPortion(
    tx: Tx,
    serverId: number,
    { nowMs = Date.now(), portionDays = PORTION_DAYS }: RefreshOptions,
    isAll: boolean,
  ) {
    const stored = await this.rollups.findAsOf(tx, serverId);
    const asOf = nextAsOf(stored, utcDay(nowMs));
    const changed = await this.rollups.refreshDays(tx, serverId, portionDays);
    const medians = changed.count > 0 ? await this.rollups.judgeDays(tx, serverId, changed) : undefined;
    const isRebuilt = isAll || asOf !== stored;
    if (isRebuilt) await this.rollups.rebuildWindows(tx, serverId, asOf);
    else if (medians) await this.rollups.updateWindows(tx, serverId, asOf, changed, medians);
    if (isRebuilt) await this.rollups.markAllSeries(tx, serverId);
    if (changed.count > 0) await this.rollups.markSeries(tx, serverId, changed, medians);
    if (isRebuilt || changed.count > 0) await this.rollups.bumpVersion(tx, serverId, asOf);
    return {
      days: changed.count,
      batchCount: changed.batchCount,
      leftCount: changed.waitingCount - changed.batchCount,
    };
  }
}
