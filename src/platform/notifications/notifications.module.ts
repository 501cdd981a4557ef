import { Global, Module } from '@nestjs/common';
import { DeliverNotificationHandler } from './deliver-notification.handler.js';
import { ForgetNotificationsHandler } from './forget-notifications.handler.js';
import { HookCaller } from './hook-caller.service.js';
import { MailSender } from './mail-sender.service.js';
import { Mailer } from './mailer.service.js';
import { NotificationChannelsRepository } from './notification-channels.repository.js';
import { NotificationDeliveriesRepository } from './notification-deliveries.repository.js';
import { NotificationFeed } from './notification-feed.service.js';
import { NotificationSender } from './notification-sender.service.js';
import { NotificationsData } from './notifications-data.handler.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Notifications } from './notifications.service.js';
import { Recipients } from './recipients.service.js';

/** Tells accounts what they want to know, in the house and outside of it. */
@Global()
@Module({
  providers: [
    Mailer,
    Recipients,
    HookCaller,
    MailSender,
    NotificationsRepository,
    NotificationChannelsRepository,
    NotificationDeliveriesRepository,
    Notifications,
    NotificationFeed,
    NotificationSender,
    NotificationsData,
    DeliverNotificationHandler,
    ForgetNotificationsHandler,
  ],
  exports: [
    Mailer,
    Recipients,
    HookCaller,
    NotificationsRepository,
    NotificationChannelsRepository,
    NotificationDeliveriesRepository,
    Notifications,
    NotificationFeed,
  ],
})
export class NotificationsModule {}
