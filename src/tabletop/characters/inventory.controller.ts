import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  InventoryChangeDto,
  InventoryEntryDto,
  InventoryPageDto,
  InventoryTransferDto,
  InventoryTransferredDto,
  NewInventoryEntryDto,
} from './inventory.dto.js';
import { Inventory } from './inventory.service.js';

/** What characters carry: seen with how the character is played, and by whoever handed it over. */
@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class InventoryController {
  constructor(private readonly inventory: Inventory) {}

  /** In the order in which it came. */
  @Get('characters/:id/inventory')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<InventoryPageDto> {
    return this.inventory.list(caller, id, readIdCursor(query.cursor), query.limit);
  }

  /** By a game master or the character's player. */
  @Post('characters/:id/inventory')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async add(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewInventoryEntryDto,
  ): Promise<InventoryEntryDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/characters/${id}/inventory`);
    return tagged(response, answerWith(response, await this.inventory.add(caller, id, body, sent)));
  }

  /** Hands something over, or some of it, by a game master or the giver's player: at once, and once for each Idempotency-Key. */
  @Post('characters/:id/inventory/transfer')
  @HttpCode(200)
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async transfer(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: InventoryTransferDto,
  ): Promise<InventoryTransferredDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/characters/${id}/inventory/transfer`);
    return answerWith(response, await this.inventory.transfer(caller, id, body, sent));
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch('inventory/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: InventoryChangeDto,
  ): Promise<InventoryEntryDto> {
    return tagged(response, await this.inventory.change(caller, id, body, seen));
  }

  /** For good; the campaign's log keeps what it was. */
  @Delete('inventory/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.inventory.remove(caller, id, seen);
  }
}
