import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { inTurns } from '../../platform/lifecycle/in-turns.js';
import { WINDOW_DAYS } from './analytics-span.js';
import { MarketIndexes } from './market-indexes.service.js';
import { seriesSince } from './price-series.js';
import { figureOf } from './series-figure.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { addDays, dayNumber, type UtcDay } from './utc-day.js';
import { type KeptFigure, WindowFiguresRepository } from './window-figures.repository.js';

const LONGEST_DAYS = WINDOW_DAYS[WINDOW_DAYS.length - 1]!;
/** Series in one statement, so that neither reading nor writing them holds up anything else of the process. */
const SERIES_AT_ONCE = 100;

/** Told in the transaction in which figures of a server move. */
export type FiguresFollower = (tx: Tx, serverId: number) => Promise<void>;

/**
 * Brings the kept figures of the standard windows up to what `daily` says. Medians and slopes cannot be carried on by
 * differences: a stale series is read anew, a year of days at most. That is why it does not happen together with the rollups, which
 * readers wait for, but behind them.
 */
@Injectable()
export class WindowFigures {
  private readonly followers: FiguresFollower[] = [];

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly figures: WindowFiguresRepository,
    private readonly series: SeriesFiguresRepository,
    private readonly indexes: MarketIndexes,
  ) {}

  /** Whoever is told has no say in how long figures take: it asks for a job, no more. */
  tellMoved(follower: FiguresFollower): void {
    this.followers.push(follower);
  }

  /**
   * Works out the figures of the series that are stale now, of some thousands at most, in one transaction. Series that become stale
   * meanwhile wait: what is read here is at least as new as what was taken.
   * @returns `left` when somebody else has the server in hand, `more` when there may be others
   */
  refresh(serverId: number, signal?: AbortSignal): Promise<'done' | 'more' | 'left'> {
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      if (!(await this.figures.tryLock(tx, serverId))) return 'left';
      const taken = await this.figures.takeStale(tx, serverId);
      if (taken === null) return 'done';
      for (let start = 0; start < taken.itemIds.length; start += SERIES_AT_ONCE) {
        signal?.throwIfAborted();
        const itemIds = taken.itemIds.subarray(start, start + SERIES_AT_ONCE);
        const figures = await this.workOut(tx, serverId, itemIds, taken.asOf);
        await this.figures.write(tx, serverId, itemIds, figures);
      }
      await this.indexes.follow(tx, serverId, taken.days);
      const isDone = await this.figures.bumpVersion(tx, serverId, taken.asOf, taken.itemIds);
      for (const tell of this.followers) await tell(tx, serverId);
      return isDone ? 'done' : 'more';
    });
  }

  listStaleServers(tx: Tx): Promise<number[]> {
    return this.figures.listStaleServers(tx);
  }

  private async workOut(tx: Tx, serverId: number, itemIds: Int32Array, asOf: UtcDay): Promise<KeptFigure[]> {
    const lastDay = dayNumber(asOf);
    const span = { from: addDays(asOf, -LONGEST_DAYS), to: asOf };
    const kept: KeptFigure[] = [];
    await inTurns(await this.series.listSeries(tx, serverId, itemIds, span), (year) => {
      for (const windowDays of WINDOW_DAYS) {
        const firstDay = lastDay - windowDays;
        const series = seriesSince(year, firstDay);
        if (series.days.length > 0)
          kept.push({ itemId: year.itemId, windowDays, ...figureOf(series, { firstDay, lastDay }) });
      }
    });
    return kept;
  }
}
