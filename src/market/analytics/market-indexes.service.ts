import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import type { AnalyticsState } from './analytics.service.js';
import { AnswerCache } from './answer-cache.js';
import { type DayLink, IndexLinksRepository } from './index-links.repository.js';
import { type ChainFigure, chainIndex, type IndexLink, linkOf, type MarketDay } from './market-index.js';
import { dayNumber } from './utc-day.js';

const CACHED_ANSWERS = 128;
const CACHED_VALUES = 10_000;
/** Days of a whole server in one statement: some megabytes. */
const DAYS_AT_ONCE = 32;

/** The robust index: a chain of days, whose links are kept. */
@Injectable()
export class MarketIndexes {
  private readonly cache = new AnswerCache(CACHED_ANSWERS, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: IndexLinksRepository,
  ) {}

  /**
   * Any span is a sum of kept links; of some items only, or while the links have never been complete, they are worked out.
   * @returns null when no item was seen on two days in a row
   */
  chain(
    principal: Principal,
    { serverId, rollup, today }: AnalyticsState,
    { from, to }: Span,
    itemIds: number[] | null,
  ): Promise<ChainFigure | null> {
    const isKept = itemIds === null && rollup !== undefined && rollup.figuresAsOf !== null;
    const version = isKept ? [rollup.figuresVersion] : [rollup?.version, rollup?.asOf, today];
    const key = JSON.stringify([serverId, isKept, version, from, to, itemIds]);
    return this.cache.get(key, async () =>
      chainIndex(
        isKept
          ? await this.uow.read<IndexLink>(principal, this.links.linksStatement(serverId, { from, to }))
          : await this.workOut(principal, serverId, { from, to }, itemIds),
      ),
    );
  }

  /**
   * Days of a server have changed: the links to and from them follow.
   * @param days since 1970-01-01, ascending
   */
  async follow(tx: Tx, serverId: number, days: Int32Array): Promise<void> {
    for (let start = 0; start < days.length; start += DAYS_AT_ONCE) {
      const changed = days.subarray(start, start + DAYS_AT_ONCE);
      const looked = await this.links.listWithNeighbours(tx, serverId, changed);
      const seen = await this.links.listDays(tx, serverId, looked, null);
      const found: DayLink[] = [];
      for (const [place, day] of seen.entries()) {
        if (!isMoved(day.day, looked, changed)) continue;
        found.push(dayLink(seen[place - 1], day));
        await nextTurn();
      }
      await this.links.replaceLinks(tx, serverId, changed, found);
    }
  }

  private async workOut(
    principal: Principal,
    serverId: number,
    { from, to }: Span,
    itemIds: number[] | null,
  ): Promise<IndexLink[]> {
    const found: IndexLink[] = [];
    let before: MarketDay | undefined;
    const [firstDay, lastDay] = [dayNumber(from), dayNumber(to)];
    for (let start = firstDay; start <= lastDay; start += DAYS_AT_ONCE) {
      const count = Math.min(DAYS_AT_ONCE, lastDay - start + 1);
      const days = Int32Array.from({ length: count }, (_, place) => start + place);
      const seen = await this.uow.run(principal, (tx) => this.links.listDays(tx, serverId, days, itemIds));
      for (const day of seen) {
        if (before) found.push(linkOf(before, day));
        before = day;
        await nextTurn();
      }
    }
    return found;
  }
}

/** Whether a day's link changes: it has changed itself, or a day right before it. Of other neighbours the link is not looked at. */
function isMoved(day: number, looked: Int32Array, changed: Int32Array): boolean {
  return changed.includes(day) || changed.includes(looked[looked.indexOf(day) - 1]!);
}

function dayLink(before: MarketDay | undefined, day: MarketDay): DayLink {
  if (before) return { day: day.day, previousDay: before.day, ...linkOf(before, day) };
  return { day: day.day, previousDay: null, logChange: 0, dispersion: 0, matchedCount: 0, seenCount: 0 };
}
