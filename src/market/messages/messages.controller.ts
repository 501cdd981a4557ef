import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import {
  MarkedDto,
  MarkReadDto,
  MessageChangeDto,
  MessageDto,
  MessagesDto,
  MessagesQueryDto,
  NewMessageDto,
  UnreadMessagesDto,
  UnreadQueryDto,
} from './messages.dto.js';
import { toMessageDto } from './messages.mapper.js';
import { MessagesService } from './messages.service.js';

const ROUTE = 'POST /api/v1/market/games/:game/messages';

@ApiTags('market')
@Controller('api/v1/market/games/:game/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  /** What everybody has said, newest first. */
  @Get()
  @RequirePermission('market:read')
  async list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: MessagesQueryDto,
  ): Promise<MessagesDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const { authorId = null, readerProfileId = null } = query;
    const filter = { authorId, readerProfileId, before, limit: query.limit + 1, offset: 0 };
    const rows = await this.messages.list(caller, game, filter);
    return toPage(rows, query.limit, ({ id }) => [id], toMessageDto);
  }

  /** Says something to all who read the market. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('market:own')
  async post(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() body: NewMessageDto,
  ): Promise<MessageDto> {
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}`);
    return answerWith(response, await this.messages.post(caller, game, body, idempotent, toMessageDto));
  }

  /** How many messages of others a profile has not read. */
  @Get('unread-count')
  @RequirePermission('market:own')
  async countUnread(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: UnreadQueryDto,
  ): Promise<UnreadMessagesDto> {
    return { count: await this.messages.countUnread(caller, game, query.profileId) };
  }

  /** Marks messages as read by a profile; safe to repeat. */
  @Post('read')
  @HttpCode(200)
  @RequirePermission('market:own')
  async markRead(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() body: MarkReadDto,
  ): Promise<MarkedDto> {
    const { markedCount } = await this.messages.markRead(
      caller,
      game,
      body.profileId,
      body.messageIds ?? null,
    );
    return { markedCount };
  }

  /** Says it in other words. Nobody but its owner can. */
  @Patch(':id')
  @RequirePermission('market:own')
  async change(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @Body() body: MessageChangeDto,
  ): Promise<MessageDto> {
    return toMessageDto(await this.messages.change(caller, game, id, body.content));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:own')
  remove(@Caller() caller: Principal, @Param('game') game: string, @Param('id') id: string): Promise<void> {
    return this.messages.remove(caller, game, id);
  }
}
