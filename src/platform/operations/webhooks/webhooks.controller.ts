import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { RequirePermission } from '../../auth/route.decorators.js';
import {
  CreatedWebhookDto,
  NewWebhookDto,
  WebhookDeliveriesDto,
  WebhookDeliveryDto,
  WebhookDto,
  WebhooksDto,
} from './webhooks.dto.js';
import { WebhooksDesk } from './webhooks-desk.service.js';
import { PageQueryDto } from '../../http/page-query.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/webhooks')
export class WebhooksController {
  constructor(private readonly desk: WebhooksDesk) {}

  /** Newest first. */
  @Get()
  @RequirePermission('admin:read')
  list(@Query() query: PageQueryDto): Promise<WebhooksDto> {
    return this.desk.list(query);
  }

  /** The answer holds the signing secret, which is never shown again. */
  @Post()
  @RequirePermission('admin:write')
  create(@Caller() caller: Principal, @Body() body: NewWebhookDto): Promise<CreatedWebhookDto> {
    return this.desk.create(caller, body);
  }

  @Get(':id')
  @RequirePermission('admin:read')
  find(@Param('id') id: string): Promise<WebhookDto> {
    return this.desk.find(id);
  }

  /** What has not arrived by now will not. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('admin:write')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.desk.delete(caller, id);
  }

  /** Calls it again after it was disabled. */
  @Post(':id/enable')
  @HttpCode(200)
  @RequirePermission('admin:write')
  enable(@Caller() caller: Principal, @Param('id') id: string): Promise<WebhookDto> {
    return this.desk.enable(caller, id);
  }

  /** Sends the event `webhook.test`; its fate is among the deliveries. */
  @Post(':id/test')
  @HttpCode(202)
  @RequirePermission('admin:write')
  test(@Caller() caller: Principal, @Param('id') id: string): Promise<WebhookDeliveryDto> {
    return this.desk.test(caller, id);
  }

  /** Newest first; kept for two weeks. */
  @Get(':id/deliveries')
  @RequirePermission('admin:read')
  listDeliveries(@Param('id') id: string, @Query() query: PageQueryDto): Promise<WebhookDeliveriesDto> {
    return this.desk.listDeliveries(id, query);
  }
}
