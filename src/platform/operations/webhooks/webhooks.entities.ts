import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookEntity } from './webhook.entity.js';

/** Tables of webhooks. */
export const WEBHOOK_ENTITIES = [WebhookEntity, WebhookDeliveryEntity] as const;
