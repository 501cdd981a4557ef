import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../database/advisory-locks.js';
import type { Tx } from '../../database/unit-of-work.js';
import type { TryOutcome } from '../../notifications/delivery-retries.js';
import { COUNT_TRY, ENABLE, IS_DISABLED_NOW } from '../../notifications/receiver-failures.js';
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import type { WebhookEvent } from './webhook-events.js';
import type { WebhookEntity } from './webhook.entity.js';

/** A hook as everybody but the sender sees it. */
export type WebhookRow = Omit<WebhookEntity, 'sealedSecret'>;
export type DeliveryRow = WebhookDeliveryEntity;

const HOOK = `id, url, description, events, is_enabled AS "isEnabled", failures_in_row AS "failuresInRow", failing_since AS "failingSince",
  disabled_at AS "disabledAt", last_tried_at AS "lastTriedAt", last_status AS "lastStatus", last_error AS "lastError",
  created_at AS "createdAt"`;
const DELIVERY = `id, webhook_id AS "webhookId", event, details, state, tries, status, error, created_at AS "createdAt",
  finished_at AS "finishedAt"`;

/** All of it runs in the system's unit of work. */
@Injectable()
export class WebhooksRepository {
  async insertWebhook(
    tx: Tx,
    hook: Pick<WebhookEntity, 'id' | 'url' | 'description' | 'events' | 'sealedSecret'>,
  ): Promise<void> {
    await tx.query({
      name: 'platform.webhook.insert',
      text: `INSERT INTO platform.webhook (id, url, description, events, sealed_secret) VALUES ($1, $2, $3, $4, $5)`,
      values: [hook.id, hook.url, hook.description, hook.events, hook.sealedSecret],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listWebhooks(tx: Tx, before: string | null, limit: number): Promise<WebhookRow[]> {
    return tx.query({
      name: 'platform.webhook.list',
      text: `SELECT ${HOOK} FROM platform.webhook WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      values: [before, limit],
    });
  }

  async findWebhook(tx: Tx, id: string): Promise<WebhookRow | undefined> {
    const [row] = await tx.query<WebhookRow>({
      name: 'platform.webhook.find',
      text: `SELECT ${HOOK} FROM platform.webhook WHERE id = $1`,
      values: [id],
    });
    return row;
  }

  /** The sender's own view. */
  async findSealedWebhook(tx: Tx, id: string): Promise<WebhookEntity | undefined> {
    const [row] = await tx.query<WebhookEntity>({
      name: 'platform.webhook.find-sealed',
      text: `SELECT ${HOOK}, sealed_secret AS "sealedSecret" FROM platform.webhook WHERE id = $1`,
      values: [id],
    });
    return row;
  }

  /** Until the end of the transaction nobody else adds one. */
  async lockRoom(tx: Tx): Promise<void> {
    await tx.query({
      name: 'platform.webhook.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.webhooks}, 0)`,
      values: [],
    });
  }

  async countWebhooks(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'platform.webhook.count',
      text: 'SELECT count(*)::int AS count FROM platform.webhook',
      values: [],
    });
    return row?.count ?? 0;
  }

  /** @returns what is gone now */
  async deleteWebhook(tx: Tx, id: string): Promise<WebhookRow | undefined> {
    const [row] = await tx.query<WebhookRow>({
      name: 'platform.webhook.delete',
      text: `DELETE FROM platform.webhook WHERE id = $1 RETURNING ${HOOK}`,
      values: [id],
    });
    return row;
  }

  async updateEnabled(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'platform.webhook.enable',
      text: `UPDATE platform.webhook SET ${ENABLE} WHERE id = $1`,
      values: [id],
    });
  }

  /**
   * Counts a try of a hook; failures in a row over a long time disable it.
   * @param isCounted false: the failure is not the receiver's
   * @returns whether this very try has disabled it
   */
  async updateTried(tx: Tx, id: string, { status, error }: TryOutcome, isCounted: boolean): Promise<boolean> {
    const [row] = await tx.query<{ isDisabledNow: boolean }>({
      name: 'platform.webhook.update-tried',
      text: `UPDATE platform.webhook SET ${COUNT_TRY} WHERE id = $1 RETURNING ${IS_DISABLED_NOW}`,
      values: [id, status, error, isCounted],
    });
    return row?.isDisabledNow ?? false;
  }

  /** One delivery per enabled hook that asked for the event. @param ids as many as may be needed @returns the ids that were used */
  async insertDeliveries(
    tx: Tx,
    event: WebhookEvent,
    details: object,
    ids: readonly string[],
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'platform.webhook-delivery.insert-for-event',
      text: `INSERT INTO platform.webhook_delivery (id, webhook_id, event, details)
             SELECT ($3::uuid[])[row_number() OVER (ORDER BY h.id)], h.id, $1, $2::jsonb
             FROM platform.webhook h WHERE h.is_enabled AND $1 = ANY (h.events)
             ORDER BY h.id LIMIT cardinality($3::uuid[])
             RETURNING id`,
      values: [event, JSON.stringify(details), ids],
    });
    return rows.map(({ id }) => id);
  }

  async insertDelivery(
    tx: Tx,
    id: string,
    webhookId: string,
    event: WebhookEvent,
    details: object,
  ): Promise<void> {
    await tx.query({
      name: 'platform.webhook-delivery.insert',
      text: 'INSERT INTO platform.webhook_delivery (id, webhook_id, event, details) VALUES ($1, $2, $3, $4::jsonb)',
      values: [id, webhookId, event, JSON.stringify(details)],
    });
  }

  async findDelivery(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
    const [row] = await tx.query<DeliveryRow>({
      name: 'platform.webhook-delivery.find',
      text: `SELECT ${DELIVERY} FROM platform.webhook_delivery WHERE id = $1`,
      values: [id],
    });
    return row;
  }

  /** Newest first. */
  listDeliveries(tx: Tx, webhookId: string, before: string | null, limit: number): Promise<DeliveryRow[]> {
    return tx.query({
      name: 'platform.webhook-delivery.list',
      text: `SELECT ${DELIVERY} FROM platform.webhook_delivery
             WHERE webhook_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      values: [webhookId, before, limit],
    });
  }

  async updateDelivery(
    tx: Tx,
    id: string,
    state: WebhookDeliveryEntity['state'],
    { status, error }: TryOutcome,
    addedTries: number,
  ): Promise<void> {
    await tx.query({
      name: 'platform.webhook-delivery.update',
      text: `UPDATE platform.webhook_delivery SET state = $2, status = $3, error = $4, tries = tries + $5,
               finished_at = CASE WHEN $2 = 'pending' THEN NULL ELSE now() END
             WHERE id = $1 AND state = 'pending'`,
      values: [id, state, status, error, addedTries],
    });
  }

  /** Deliveries that should have ended by now: whatever job they waited for is not there any more. */
  async updateAbandoned(tx: Tx, afterDays: number): Promise<void> {
    await tx.query({
      name: 'platform.webhook-delivery.update-abandoned',
      text: `UPDATE platform.webhook_delivery SET state = 'failed', finished_at = now()
             WHERE state = 'pending' AND created_at < now() - make_interval(days => $1)`,
      values: [afterDays],
    });
  }

  async deleteDeliveriesBefore(tx: Tx, keptDays: number): Promise<void> {
    await tx.query({
      name: 'platform.webhook-delivery.delete-before',
      text: 'DELETE FROM platform.webhook_delivery WHERE created_at < now() - make_interval(days => $1)',
      values: [keptDays],
    });
  }
}
