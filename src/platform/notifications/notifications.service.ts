import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../database/unit-of-work.js';
import { Jobs } from '../jobs/jobs.service.js';
import { type ChannelKind, channelsOf, EVERY_TOPIC } from './channel-kinds.js';
import { Mailer } from './mailer.service.js';
import { NotificationDeliveriesRepository } from './notification-deliveries.repository.js';
import { NotificationsRepository } from './notifications.repository.js';
import { DELIVER_NOTIFICATION } from './notifications.jobs.js';

/** Webhooks and Discord channels of one account. */
export const MOST_CHANNELS = 10;
/** Characters; what is longer is cut, since a title comes from names that others have given. */
const MOST_TITLE = 200;
const MOST_BODY = 4_000;
/** What a topic is called. */
export const TOPIC = /^[a-z][a-z-]*\.[a-z]+(?:-[a-z]+)*$/;

/** Something that has happened and that an account may want to hear of. */
export interface NotificationEvent {
  readonly userId: string;
  /** `<domain>.<thing>`; stored in rows and preferences, so it never changes. */
  readonly topic: string;
  /** Names the occasion within the account: published again, it is told once. At most 200 characters. */
  readonly key: string;
  readonly title: string;
  /** Plain text of a few lines. */
  readonly body: string;
  /** Path of this API that has more. */
  readonly link?: string | undefined;
  /** The same for programs, as JSON. */
  readonly payload: object;
}

/**
 * The one way to tell an account something: a row in the transaction in which it happens, and a delivery for each channel that the
 * account wants the topic by. What is in the house (list, stream) is there with the commit; everything else is brought by jobs.
 */
@Injectable()
export class Notifications {
  constructor(
    private readonly rows: NotificationsRepository,
    private readonly deliveries: NotificationDeliveriesRepository,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
  ) {}

  /**
   * Until the commit nobody else publishes to the same account: whoever tells several accounts in one transaction does so in the
   * order of their ids.
   * @param tx of the system role, or in the scope of that very account
   * @returns the notification's id; undefined when its key was published before
   */
  async publish(tx: Tx, event: NotificationEvent): Promise<string | undefined> {
    if (!TOPIC.test(event.topic)) throw new Error(`${event.topic} is no topic`);
    const { userId, topic, key } = event;
    const wanted = channelsOf(topic, await this.rows.listPreferences(tx, userId, [topic, EVERY_TOPIC]));
    const id = uuidv7();
    const isNew = await this.rows.insertNotification(tx, {
      id,
      userId,
      topic,
      key,
      title: cut(event.title, MOST_TITLE),
      body: cut(event.body, MOST_BODY),
      link: event.link ?? null,
      payload: event.payload,
      isListed: wanted.has('in-app'),
    });
    if (!isNew) return undefined;
    await this.send(tx, { id, userId }, wanted);
    return id;
  }

  /** What nobody lists and no preference asks for, such as a test of one channel. @returns its id */
  async insertUnlisted(tx: Tx, event: NotificationEvent): Promise<string> {
    const id = uuidv7();
    await this.rows.insertNotification(tx, { ...event, id, link: event.link ?? null, isListed: false });
    return id;
  }

  private async send(
    tx: Tx,
    notification: { id: string; userId: string },
    wanted: ReadonlySet<ChannelKind>,
  ): Promise<void> {
    const kinds = [...wanted].filter(
      (kind) => kind !== 'in-app' && (kind !== 'mail' || this.mailer.isConfigured),
    );
    if (kinds.length === 0) return;
    const ids = Array.from({ length: MOST_CHANNELS + 1 }, () => uuidv7());
    const used = await this.deliveries.insertDeliveries(tx, notification, kinds, ids);
    await this.enqueue(tx, used);
  }

  /** One try of each. */
  enqueue(tx: Tx, deliveryIds: readonly string[], delayMs = 0): Promise<void> {
    const payloads = deliveryIds.map((deliveryId) => ({ deliveryId }));
    return this.jobs.enqueueShared(tx, DELIVER_NOTIFICATION, payloads, { delayMs });
  }
}

function cut(text: string, most: number): string {
  const clean = text.replaceAll('\0', '\uFFFD').toWellFormed();
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).toWellFormed()}…`;
}
