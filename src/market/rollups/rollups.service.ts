import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { nextAsOf, utcDay } from './rollup.js';
import { RollupsRepository } from './rollups.repository.js';

/** Pairs of series and day in one transaction: a second or two of work. */
const PORTION_DAYS = 20_000;

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
      const portion = await this.system.run(SYSTEM_PRINCIPAL, (tx) =>
        this.refreshPortion(tx, serverId, options, false),
      );
      days += portion.days;
      done += portion.batchCount;
      isLeft = portion.batchCount > 0;
      if (isLeft) options.onProgress?.({ done, total: done + portion.leftCount });
    }
    return days;
  }

  /** Makes every window row of a server anew, after the marked days of one portion. Its result is what `refresh` keeps up. */
  async refreshAll(serverId: number, options: RefreshOptions = {}): Promise<void> {
    await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.refreshPortion(tx, serverId, options, true));
    await this.refresh(serverId, options);
  }

  /**
   * Refreshes every server that has marked days or whose windows stand for a day gone by; progress counts servers.
   * Also what a start needs that finds days marked by a process that is gone.
   */
  async rollOver(options: RefreshOptions = {}): Promise<void> {
    const { nowMs = Date.now(), signal, onProgress } = options;
    const serverIds = await this.system.run(SYSTEM_PRINCIPAL, (tx) =>
      this.rollups.listStaleServers(tx, utcDay(nowMs)),
    );
    for (const [index, serverId] of serverIds.entries()) {
      if (signal?.aborted === true) return;
      await this.refresh(serverId, { nowMs, ...(signal ? { signal } : {}) });
      onProgress?.({ done: index + 1, total: serverIds.length });
    }
  }

  private async refreshPortion(
    tx: Tx,
    serverId: number,
    { nowMs = Date.now(), portionDays = PORTION_DAYS }: RefreshOptions,
    isAll: boolean,
  ) {
    await this.rollups.lock(tx, serverId);
    const stored = await this.rollups.findAsOf(tx, serverId);
    const asOf = nextAsOf(stored, utcDay(nowMs));
    const changed = await this.rollups.refreshDays(tx, serverId, portionDays);
    const isRebuilt = isAll || asOf !== stored;
    if (isRebuilt) await this.rollups.rebuildWindows(tx, serverId, asOf);
    else if (changed.count > 0) await this.rollups.updateWindows(tx, serverId, asOf, changed);
    if (isRebuilt || changed.count > 0) await this.rollups.bumpVersion(tx, serverId, asOf);
    return {
      days: changed.count,
      batchCount: changed.batchCount,
      leftCount: changed.waitingCount - changed.batchCount,
    };
  }
}
