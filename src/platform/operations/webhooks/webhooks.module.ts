import { type DynamicModule, Module } from '@nestjs/common';
import { DeliverWebhookHandler } from './deliver-webhook.handler.js';
import { ForgetDeliveriesHandler } from './forget-deliveries.handler.js';
import { WebhookAnnouncer } from './webhook-announcer.service.js';
import { WebhookSender } from './webhook-sender.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksDesk } from './webhooks-desk.service.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Tells other servers what administrators want them to know. */
@Module({})
export class WebhooksModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: isServing ? [WebhooksController] : [],
      providers: [
        WebhooksRepository,
        WebhookAnnouncer,
        WebhookSender,
        DeliverWebhookHandler,
        ForgetDeliveriesHandler,
        ...(isServing ? [WebhooksDesk] : []),
      ],
    };
  }
}
