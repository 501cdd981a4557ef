import { type DynamicModule, Module } from '@nestjs/common';
import { ChannelsController } from './channels.controller.js';
import { ChannelsDesk } from './channels-desk.service.js';
import { NewChannels } from './new-channels.service.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsDesk } from './notifications-desk.service.js';

/** Notifications over HTTP. */
@Module({})
export class NotificationsDeskModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: NotificationsDeskModule,
      controllers: isServing ? [NotificationsController, ChannelsController] : [],
      providers: isServing ? [NotificationsDesk, ChannelsDesk, NewChannels] : [],
    };
  }
}
