import { Body, Controller, Get, Headers, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags, ApiTooManyRequestsResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { RequirePermission } from '../../auth/route.decorators.js';
import { eventSink } from '../../http/event-sink.js';
import { NotificationsDesk } from './notifications-desk.service.js';
import {
  NotificationsDto,
  NotificationsQueryDto,
  PreferencesDto,
  ReadCountDto,
  ReadNotificationsDto,
  UnreadCountDto,
} from './notifications.dto.js';

@ApiTags('notifications')
@Controller('api/v1/notifications')
export class NotificationsController {
  constructor(private readonly desk: NotificationsDesk) {}

  /** What the account has been told in the last 90 days, newest first. */
  @Get()
  @RequirePermission('account:own')
  list(@Caller() caller: Principal, @Query() query: NotificationsQueryDto): Promise<NotificationsDto> {
    return this.desk.list(caller, query);
  }

  @Get('unread-count')
  @RequirePermission('account:own')
  countUnread(@Caller() caller: Principal): Promise<UnreadCountDto> {
    return this.desk.countUnread(caller);
  }

  /** Marks some as read, or all up to a number. */
  @Post('read')
  @HttpCode(200)
  @RequirePermission('account:own')
  markRead(@Caller() caller: Principal, @Body() body: ReadNotificationsDto): Promise<ReadCountDto> {
    return this.desk.markRead(caller, body);
  }

  /** By which channels the account wants which topic, where it has said so. */
  @Get('preferences')
  @RequirePermission('account:own')
  preferences(@Caller() caller: Principal): Promise<PreferencesDto> {
    return this.desk.preferences(caller);
  }

  /** All of them anew; what is left out is as the defaults say. */
  @Put('preferences')
  @RequirePermission('account:own')
  replacePreferences(@Caller() caller: Principal, @Body() body: PreferencesDto): Promise<PreferencesDto> {
    return this.desk.replacePreferences(caller, body);
  }

  /**
   * Server-Sent Events: `notification` for each new one, with its `seq` as id, and a comment every 15 s. A client that reconnects
   * with Last-Event-ID gets what it has missed. Ends with `end` and a reason when the token ends (`token-ended`), the client reads
   * too slowly (`too-slow`) or the server closes (`shutting-down`). At most 8 streams per account; further ones get 429.
   */
  @Get('stream')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiTooManyRequestsResponse({ description: 'The account has 8 streams open already' })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @RequirePermission('account:own')
  stream(
    @Caller() caller: Principal,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    return this.desk.stream(caller, lastEventId, eventSink(response));
  }
}
