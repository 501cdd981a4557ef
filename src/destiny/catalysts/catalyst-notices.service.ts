import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Notifications } from '../../platform/notifications/notifications.service.js';
import type { CatalystFacts } from './catalog.js';
import type { Holder } from './catalyst-statuses.repository.js';
import { type CatalystNotice, type NoticedStatus, noticeSteps, type NoticeStep } from './notice-steps.js';

/** Stored in preferences. */
export const CATALYST_TOPIC = 'destiny.catalyst-progress';
export const STALLED_TOPIC = 'destiny.catalyst-stalled';

export interface NoticedChange {
  readonly facts: CatalystFacts;
  readonly known: NoticedStatus | undefined;
  readonly row: NoticedStatus;
}

const WORDS: Record<NoticeStep, (name: string, pct: number) => string> = {
  found: (name) => `${name} found`,
  half: (name, pct) => `${name} is at ${pct} %`,
  near: (name, pct) => `${name} is at ${pct} %`,
  complete: (name) => `${name} is complete`,
  stalled: (name, pct) => `${name} has not moved in two weeks of play, at ${pct} %`,
};

/** Tells players of what became of their catalysts. */
@Injectable()
export class CatalystNotices {
  constructor(private readonly notifications: Notifications) {}

  /** In the transaction in which they change. */
  async tell(tx: Tx, { userId, membershipId }: Holder, changes: readonly NoticedChange[]): Promise<void> {
    for (const { facts, known, row } of changes)
      for (const notice of noticeSteps(known ?? null, row))
        await this.publish(tx, { userId, membershipId }, facts, notice);
  }

  /** Another membership of the account is another player: keys name it. */
  async publish(
    tx: Tx,
    { userId, membershipId }: Holder,
    { name, weaponName }: CatalystFacts,
    { recordHash, step, key, pct }: CatalystNotice,
  ): Promise<void> {
    const shownPct = Math.floor(pct);
    await this.notifications.publish(tx, {
      userId,
      topic: step === 'stalled' ? STALLED_TOPIC : CATALYST_TOPIC,
      key: `${membershipId}/${key}`,
      title: WORDS[step](name, shownPct),
      body: step === 'complete' ? `${weaponName} has its catalyst.` : `${weaponName}: ${shownPct} % done.`,
      link: `/api/v1/destiny/catalysts/${recordHash}`,
      payload: { recordHash, step, pct },
    });
  }
}
