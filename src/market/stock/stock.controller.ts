import { Body, Controller, Get, Param, Patch, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { stockDeltaSchema, stockSchema } from './stock-input.js';
import { StockChangeDto, StockDto, StockQueryDto, StockServerQueryDto } from './stock.dto.js';
import { toStockChangeDto, toStockLineDto } from './stock.mapper.js';
import { StockService } from './stock.service.js';

const ROUTE = 'PATCH /api/v1/market/games/:game/profiles/:id/stock';
const STOCK = stockSchema(Date.now);
const DELTA = stockDeltaSchema(Date.now);

function bodySchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io: 'input' });
  return body;
}

@ApiTags('market')
@Controller('api/v1/market/games/:game/profiles/:id/stock')
export class StockController {
  constructor(private readonly stock: StockService) {}

  /** What lies in a profile's bank on a server, and what it is worth. */
  @Get()
  @RequirePermission('market:own')
  async list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Query() { server, limit, cursor }: StockQueryDto,
  ): Promise<StockDto> {
    const after = cursor === undefined ? 0 : decodeCursor(cursor, ['number'] as const)[0];
    const { rows, totals } = await this.stock.page(caller, { game, server, profileId }, after, limit + 1);
    return { ...toPage(rows, limit, ({ externalId }) => [externalId], toStockLineDto), totals };
  }

  /** Full sync: this is all there is. Lines of the same id are summed; an empty list empties it. Safe to repeat. */
  @Put()
  @ApiBody({ schema: bodySchema(STOCK) })
  @RequirePermission('market:own')
  async sync(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Query() { server }: StockServerQueryDto,
    @Body() body: unknown,
  ): Promise<StockChangeDto> {
    const { items: lines, capturedAt: capturedAtMs = Date.now() } = parseInput(STOCK, body);
    return toStockChangeDto(
      await this.stock.sync(caller, { game, server, profileId }, { lines, capturedAtMs }),
    );
  }

  /** Puts in and takes out; what comes to zero is gone. Refused as a whole where more is taken out than there is. */
  @Patch()
  @ApiIdempotencyKey(' and moves nothing')
  @ApiBody({ schema: bodySchema(DELTA) })
  @RequirePermission('market:own')
  async move(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Query() { server }: StockServerQueryDto,
    @Body() body: unknown,
  ): Promise<StockChangeDto> {
    const { items, capturedAt: capturedAtMs = Date.now() } = parseInput(DELTA, body);
    const lines = items.map(({ externalId, delta }) => ({ externalId, quantity: delta }));
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}/${profileId}/${server}`);
    const address = { game, server, profileId };
    const seen = { lines, capturedAtMs };
    return answerWith(response, await this.stock.move(caller, address, seen, idempotent, toStockChangeDto));
  }
}
