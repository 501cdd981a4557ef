import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { NewShareDto, ShareDto, SharesDto } from './shares.dto.js';
import { SharesService } from './shares.service.js';

const ROUTE = 'POST /api/v1/destiny/shares';

@ApiTags('destiny')
@Controller('api/v1/destiny/shares')
export class SharesController {
  constructor(private readonly shares: SharesService) {}

  /**
   * Makes a link by which anybody sees how far the account's active membership is, until it ends or is revoked. At most 20 at once; those that
   * have ended are forgotten here.
   */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('destiny:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewShareDto,
  ): Promise<ShareDto> {
    return answerWith(response, await this.shares.create(caller, body, idempotentRequest(request, ROUTE)));
  }

  /** The account's own links, newest first. */
  @Get()
  @RequirePermission('destiny:own')
  list(@Caller() caller: Principal): Promise<SharesDto> {
    return this.shares.list(caller);
  }

  /** The link is dead at once; caches on the way may show it for a minute. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('destiny:own')
  revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.shares.revoke(caller, id);
  }
}
