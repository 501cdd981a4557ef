import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { RequirePermission } from '../../auth/route.decorators.js';
import type { DigestedRequest } from '../../http/body-parsers.js';
import { ApiIdempotencyKey } from '../../http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../http/idempotency.service.js';
import { ChannelsDesk } from './channels-desk.service.js';
import { NewChannels } from './new-channels.service.js';
import {
  ChannelDto,
  ChannelsDto,
  CreatedChannelDto,
  DeliveriesQueryDto,
  NewChannelDto,
  NotificationDeliveriesDto,
  NotificationDeliveryDto,
} from './notifications.dto.js';

const ROUTE = 'POST /api/v1/notifications/channels';

@ApiTags('notifications')
@Controller('api/v1/notifications')
export class ChannelsController {
  constructor(
    private readonly desk: ChannelsDesk,
    private readonly newChannels: NewChannels,
  ) {}

  /** Webhooks and Discord channels of the account, oldest first. */
  @Get('channels')
  @RequirePermission('account:own')
  list(@Caller() caller: Principal): Promise<ChannelsDto> {
    return this.desk.list(caller);
  }

  /** The answer holds a webhook's signing secret, which is never shown again but to a repetition. */
  @Post('channels')
  @ApiIdempotencyKey(', without the secret if the channel is gone')
  @RequirePermission('account:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewChannelDto,
  ): Promise<CreatedChannelDto> {
    return answerWith(
      response,
      await this.newChannels.create(caller, body, idempotentRequest(request, ROUTE)),
    );
  }

  /** What has not arrived by now will not. */
  @Delete('channels/:id')
  @HttpCode(204)
  @RequirePermission('account:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.desk.delete(caller, id);
  }

  /** Uses it again after it was disabled; what has waited for that no longer than a day is sent. */
  @Post('channels/:id/enable')
  @HttpCode(200)
  @RequirePermission('account:own')
  enable(@Caller() caller: Principal, @Param('id') id: string): Promise<ChannelDto> {
    return this.desk.enable(caller, id);
  }

  /** Sends a test there; its fate is among the deliveries. */
  @Post('channels/:id/test')
  @HttpCode(202)
  @RequirePermission('account:own')
  test(@Caller() caller: Principal, @Param('id') id: string): Promise<NotificationDeliveryDto> {
    return this.desk.test(caller, id);
  }

  /** What was sent outside of the house, and whether it arrived. Newest first; kept for two weeks. */
  @Get('deliveries')
  @RequirePermission('account:own')
  listDeliveries(
    @Caller() caller: Principal,
    @Query() query: DeliveriesQueryDto,
  ): Promise<NotificationDeliveriesDto> {
    return this.desk.listDeliveries(caller, query);
  }
}
