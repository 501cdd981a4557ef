import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiOkResponse,
  ApiProduces,
  ApiQuery,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { eventSink } from '../../platform/http/event-sink.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { MarketStreams } from './market-streams.service.js';
import { streamQuerySchema } from './stream-query.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/stream')
export class StreamController {
  constructor(private readonly streams: MarketStreams) {}

  /**
   * Server-Sent Events of a server: `ready` at the beginning (ask for prices after it, and nothing is missed between), `price` with
   * the prices that have changed, at most 500 in one event, the last of a change with `isLast`; a `unitPrice` of null is one that was
   * taken away. `alert` is what an alert of the account has found. A comment every 15 s. A client that reconnects with
   * Last-Event-ID gets what it has missed, or a `snapshot` of all that it listens to where that cannot be said. Ends with `end` and a
   * reason: `token-ended`, `too-slow` or `shutting-down`. At most 8 streams per account; further ones get 429.
   */
  @Get()
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiTooManyRequestsResponse({ description: 'The account has 8 streams open already' })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiQuery({
    name: 'items',
    required: false,
    description:
      'Only these items: ids, comma-separated, at most 500. Of alerts, those that found one of them',
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'events',
    required: false,
    description:
      '`price` (default), `alert` (of an account; needs the permission market:own), or both, comma-separated',
    schema: { type: 'string', default: 'price' },
  })
  @RequirePermission('market:read')
  stream(
    @Req() request: Request,
    @Res() response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<void> {
    const query = parseInput(streamQuerySchema, request.query);
    return this.streams.open(caller, { game, server }, query, lastEventId, eventSink(response));
  }
}
