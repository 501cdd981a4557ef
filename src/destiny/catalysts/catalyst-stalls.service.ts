import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { CatalystFacts } from './catalog.js';
import { CatalystNotices } from './catalyst-notices.service.js';
import { CatalystStatusesRepository, type Holder } from './catalyst-statuses.repository.js';
import { type NoticedStatus, stallNotice } from './notice-steps.js';
import { type LastLook, stalledSince } from './pace.js';

/** A status as it is stored. */
export interface StandingCatalyst {
  readonly facts: CatalystFacts;
  readonly row: NoticedStatus & {
    readonly progressedAt: Date | null;
    readonly progressedMinutes: number | null;
  };
}

/**
 * Tells players of catalysts that they keep an eye on and that do not move although they play. Nothing remembers what was told but the
 * notice's key, which holds the day of the last move: a stall is told once, also to whoever begins to track in its midst.
 */
@Injectable()
export class CatalystStalls {
  constructor(
    private readonly statuses: CatalystStatusesRepository,
    private readonly notices: CatalystNotices,
  ) {}

  /** In the transaction of the reading. @param look this reading */
  async tell(tx: Tx, holder: Holder, catalysts: readonly StandingCatalyst[], look: LastLook): Promise<void> {
    const stalled = catalysts.flatMap(({ facts, row }) => {
      const notice = stallNotice(row, sinceOf(row, look));
      return notice === null ? [] : [{ facts, notice }];
    });
    if (stalled.length === 0) return;
    const tracked = new Set(await this.statuses.listTracked(tx, holder.userId));
    for (const { facts, notice } of stalled)
      if (tracked.has(facts.recordHash)) await this.notices.publish(tx, holder, facts, notice);
  }
}

function sinceOf(
  { progressedAt, progressedMinutes }: StandingCatalyst['row'],
  look: LastLook,
): number | null {
  if (progressedAt === null) return null;
  return stalledSince({ atMs: progressedAt.getTime(), minutesPlayed: progressedMinutes }, look);
}
