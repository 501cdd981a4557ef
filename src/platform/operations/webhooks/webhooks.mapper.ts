import type { CreatedWebhookDto, WebhookDeliveryDto, WebhookDto } from './webhooks.dto.js';
import type { DeliveryRow, WebhookRow } from './webhooks.repository.js';

export function toWebhookDto(hook: WebhookRow): WebhookDto {
  return {
    id: hook.id,
    url: hook.url,
    description: hook.description,
    events: hook.events,
    isEnabled: hook.isEnabled,
    failuresInRow: hook.failuresInRow,
    failingSince: hook.failingSince?.toISOString() ?? null,
    disabledAt: hook.disabledAt?.toISOString() ?? null,
    lastTriedAt: hook.lastTriedAt?.toISOString() ?? null,
    lastStatus: hook.lastStatus,
    lastError: hook.lastError,
    createdAt: hook.createdAt.toISOString(),
  };
}

export function toCreatedWebhookDto(hook: WebhookRow, secret: string): CreatedWebhookDto {
  return { ...toWebhookDto(hook), secret };
}

export function toDeliveryDto(delivery: DeliveryRow): WebhookDeliveryDto {
  return {
    id: delivery.id,
    event: delivery.event,
    state: delivery.state,
    tries: delivery.tries,
    status: delivery.status,
    error: delivery.error,
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: delivery.finishedAt?.toISOString() ?? null,
  };
}
