import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { ChannelKind } from './channel-kinds.js';
import { CHANNEL_DISABLED, type TryOutcome } from './delivery-retries.js';
import type { NotificationDeliveryEntity } from './notification-delivery.entity.js';

/** A delivery with what it brings. */
export type DeliveryRow = NotificationDeliveryEntity & {
  /** Of the notification, within its account. */
  seq: number;
  topic: string;
  title: string;
  body: string;
  link: string | null;
  payload: object;
};

const DELIVERY = `d.id, d.user_id AS "userId", d.notification_id AS "notificationId", d.channel, d.channel_id AS "channelId",
  d.state, d.tries, d.status, d.error, d.created_at AS "createdAt", d.finished_at AS "finishedAt",
  n.seq, n.topic, n.title, n.body, n.link, n.payload`;

@Injectable()
export class NotificationDeliveriesRepository {
  /**
   * One per enabled channel of the account that has one of these kinds, and one by mail where that is among them.
   * @param ids as many as may be needed @returns the ids that were used
   */
  async insertDeliveries(
    tx: Tx,
    notification: { id: string; userId: string },
    kinds: readonly ChannelKind[],
    ids: readonly string[],
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.notification-deliveries.insert-for-notification',
      text: `INSERT INTO platform.notification_delivery (id, user_id, notification_id, channel, channel_id)
             SELECT ($4::uuid[])[row_number() OVER ()], $2, $1, p.kind, p.id
             FROM (SELECT c.kind, c.id FROM platform.notification_channel c
                   WHERE c.user_id = $2 AND c.is_enabled AND c.kind = ANY ($3::text[])
                   UNION ALL SELECT 'mail', NULL WHERE 'mail' = ANY ($3::text[])) p
             LIMIT cardinality($4::uuid[])
             RETURNING id`,
      values: [notification.id, notification.userId, kinds, ids],
    });
    return rows.map(({ id }) => id);
  }

  /** To one channel, whatever its owner prefers. */
  async insertDelivery(
    tx: Tx,
    row: Pick<NotificationDeliveryEntity, 'id' | 'userId' | 'notificationId' | 'channel' | 'channelId'>,
  ): Promise<void> {
    await tx.query({
      name: 'platform.notification-deliveries.insert-delivery',
      text: `INSERT INTO platform.notification_delivery (id, user_id, notification_id, channel, channel_id)
             VALUES ($1, $2, $3, $4, $5)`,
      values: [row.id, row.userId, row.notificationId, row.channel, row.channelId],
    });
  }

  async findDelivery(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
    const [row] = await tx.query<DeliveryRow>({
      name: 'platform.notification-deliveries.find-delivery',
      text: `SELECT ${DELIVERY} FROM platform.notification_delivery d
             JOIN platform.notification n ON n.id = d.notification_id WHERE d.id = $1`,
      values: [id],
    });
    return row;
  }

  /** In the scope of an account, newest first. */
  listPage(
    tx: Tx,
    page: { before: string | null; channelId: string | null; limit: number },
  ): Promise<DeliveryRow[]> {
    return tx.query<DeliveryRow>({
      name: 'platform.notification-deliveries.list-page',
      text: `SELECT ${DELIVERY} FROM platform.notification_delivery d
             JOIN platform.notification n ON n.id = d.notification_id
             WHERE ($1::uuid IS NULL OR d.id < $1) AND ($2::uuid IS NULL OR d.channel_id = $2)
             ORDER BY d.id DESC LIMIT $3`,
      values: [page.before, page.channelId, page.limit],
    });
  }

  async updateDelivery(
    tx: Tx,
    id: string,
    state: NotificationDeliveryEntity['state'],
    { status, error }: TryOutcome,
    addedTries: number,
  ): Promise<void> {
    await tx.query({
      name: 'platform.notification-deliveries.update-delivery',
      text: `UPDATE platform.notification_delivery SET state = $2, status = $3, error = $4, tries = tries + $5,
               finished_at = CASE WHEN $2 = 'pending' THEN NULL ELSE now() END
             WHERE id = $1 AND state = 'pending'`,
      values: [id, state, status, error, addedTries],
    });
  }

  /** Those that wait for a channel are due again, where they are not too old. @returns their ids, the oldest first */
  async releaseWaiting(tx: Tx, channelId: string, mostAgeMs: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.notification-deliveries.release-waiting',
      text: `UPDATE platform.notification_delivery SET error = NULL
             WHERE channel_id = $1 AND state = 'pending' AND error = $2 AND created_at > now() - make_interval(secs => $3)
             RETURNING id`,
      values: [channelId, CHANNEL_DISABLED, mostAgeMs / 1_000],
    });
    return rows.map(({ id }) => id).sort();
  }

  /** Deliveries that should have ended by now: whatever job they waited for is not there any more. */
  async updateAbandoned(tx: Tx, afterDays: number): Promise<void> {
    await tx.query({
      name: 'platform.notification-deliveries.update-abandoned',
      text: `UPDATE platform.notification_delivery SET state = 'failed', finished_at = now()
             WHERE state = 'pending' AND created_at < now() - make_interval(days => $1)`,
      values: [afterDays],
    });
  }

  async deleteBefore(tx: Tx, keptDays: number): Promise<void> {
    await tx.query({
      name: 'platform.notification-deliveries.delete-before',
      text: 'DELETE FROM platform.notification_delivery WHERE created_at < now() - make_interval(days => $1)',
      values: [keptDays],
    });
  }
}
