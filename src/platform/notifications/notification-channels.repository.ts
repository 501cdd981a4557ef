import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import type { Tx } from '../database/unit-of-work.js';
import type { TryOutcome } from './delivery-retries.js';
import type { NotificationChannelEntity } from './notification-channel.entity.js';
import { COUNT_TRY, ENABLE, IS_DISABLED_NOW } from './receiver-failures.js';

/** A channel as everybody but the sender sees it. */
export type ChannelRow = Omit<NotificationChannelEntity, 'sealedTarget'>;

const CHANNEL = `id, user_id AS "userId", kind, label, origin, is_enabled AS "isEnabled", failures_in_row AS "failuresInRow", failing_since AS "failingSince",
  disabled_at AS "disabledAt", last_tried_at AS "lastTriedAt", last_status AS "lastStatus", last_error AS "lastError",
  created_at AS "createdAt"`;

/** Lists and changes are in the scope of the account; what the sender does runs as the platform. */
@Injectable()
export class NotificationChannelsRepository {
  async insertChannel(
    tx: Tx,
    row: Pick<NotificationChannelEntity, 'id' | 'userId' | 'kind' | 'label' | 'origin' | 'sealedTarget'>,
  ): Promise<ChannelRow> {
    const [inserted] = await tx.query<ChannelRow>({
      name: 'platform.notification-channels.insert-channel',
      text: `INSERT INTO platform.notification_channel (id, user_id, kind, label, origin, sealed_target)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${CHANNEL}`,
      values: [row.id, row.userId, row.kind, row.label, row.origin, row.sealedTarget],
    });
    return inserted!;
  }

  /** Until the end of the transaction nobody else adds one to the account. */
  async lockRoom(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'platform.notification-channels.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.notificationChannels}, hashtext($1))`,
      values: [userId],
    });
  }

  /** All of the account, oldest first; they are few. */
  listChannels(tx: Tx): Promise<ChannelRow[]> {
    return tx.query<ChannelRow>({
      name: 'platform.notification-channels.list-channels',
      text: `SELECT ${CHANNEL} FROM platform.notification_channel ORDER BY id`,
      values: [],
    });
  }

  async findChannel(tx: Tx, id: string): Promise<ChannelRow | undefined> {
    const [row] = await tx.query<ChannelRow>({
      name: 'platform.notification-channels.find-channel',
      text: `SELECT ${CHANNEL} FROM platform.notification_channel WHERE id = $1`,
      values: [id],
    });
    return row;
  }

  async getSealedTarget(tx: Tx, id: string): Promise<Buffer> {
    const [row] = await tx.query<{ sealedTarget: Buffer }>({
      name: 'platform.notification-channels.get-sealed-target',
      text: 'SELECT sealed_target AS "sealedTarget" FROM platform.notification_channel WHERE id = $1',
      values: [id],
    });
    if (!row) throw new Error('A channel vanished while it was in use');
    return row.sealedTarget;
  }

  /** @returns what is gone now */
  async deleteChannel(tx: Tx, id: string): Promise<ChannelRow | undefined> {
    const [row] = await tx.query<ChannelRow>({
      name: 'platform.notification-channels.delete-channel',
      text: `DELETE FROM platform.notification_channel WHERE id = $1 RETURNING ${CHANNEL}`,
      values: [id],
    });
    return row;
  }

  async updateEnabled(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'platform.notification-channels.update-enabled',
      text: `UPDATE platform.notification_channel SET ${ENABLE} WHERE id = $1`,
      values: [id],
    });
  }

  /** Whether it is called at all; until the end of the transaction that stays so. */
  async lockIsEnabled(tx: Tx, id: string): Promise<boolean> {
    const [row] = await tx.query<{ isEnabled: boolean }>({
      name: 'platform.notification-channels.lock-is-enabled',
      text: 'SELECT is_enabled AS "isEnabled" FROM platform.notification_channel WHERE id = $1 FOR SHARE',
      values: [id],
    });
    return row?.isEnabled ?? false;
  }

  /**
   * Counts a try; failures in a row over a long time disable the channel.
   * @param isCounted false: the failure is not the receiver's
   * @returns the channel if this very try has disabled it
   */
  async updateTried(
    tx: Tx,
    id: string,
    { status, error }: TryOutcome,
    isCounted: boolean,
  ): Promise<ChannelRow | undefined> {
    const [row] = await tx.query<ChannelRow & { isDisabledNow: boolean }>({
      name: 'platform.notification-channels.update-tried',
      text: `UPDATE platform.notification_channel SET ${COUNT_TRY} WHERE id = $1 RETURNING ${CHANNEL}, ${IS_DISABLED_NOW}`,
      values: [id, status, error, isCounted],
    });
    return row?.isDisabledNow ? row : undefined;
  }
}
