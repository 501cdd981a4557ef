import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { MESSAGE_LIMIT } from './agent.limits.js';
import { chatChannel } from './chat-channel.adapter.js';
import { ChatStreams } from './chat-streams.service.js';
import {
  ConversationChangeDto,
  ConversationDto,
  ConversationsDto,
  ConversationsQueryDto,
  ChatExchangeDto,
  ChatMessagesDto,
  NewConversationDto,
  NewChatMessageDto,
} from './conversations.dto.js';
import { ConversationsService } from './conversations.service.js';
import { SeenVersion } from './seen-version.decorator.js';

const ROUTE = 'POST /api/v1/destiny/conversations';

@ApiTags('destiny')
@Controller('api/v1/destiny/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly streams: ChatStreams,
  ) {}

  /** The account's conversations, newest update first. */
  @Get()
  @RequirePermission('destiny:own')
  list(@Caller() caller: Principal, @Query() query: ConversationsQueryDto): Promise<ConversationsDto> {
    return this.conversations.list(caller, query);
  }

  /** At most 1,000 per account. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('destiny:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewConversationDto,
  ): Promise<ConversationDto> {
    const idempotent = idempotentRequest(request, ROUTE);
    return answerWith(response, await this.conversations.create(caller, body, idempotent));
  }

  @Get(':id')
  @RequirePermission('destiny:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<ConversationDto> {
    const found = await this.conversations.find(caller, id);
    response.setHeader('ETag', etagOf(found.version));
    return found;
  }

  /** Another title or persona, into the archive and back. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('destiny:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenVersion() seen: number | undefined,
    @Body() body: ConversationChangeDto,
  ): Promise<ConversationDto> {
    const changed = await this.conversations.change(caller, id, body, seen);
    response.setHeader('ETag', etagOf(changed.version));
    return changed;
  }

  /** With everything that was said in it. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('destiny:own')
  delete(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenVersion() seen: number | undefined,
  ): Promise<void> {
    return this.conversations.delete(caller, id, seen);
  }

  /** From the oldest on; what tools have answered stands before the answer that was made of it. */
  @Get(':id/messages')
  @RequirePermission('destiny:own')
  messages(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<ChatMessagesDto> {
    return this.conversations.listMessages(caller, id, query);
  }

  /**
   * Asks the agent. The message is stored first; the answer comes within 30 s, and says so itself where it could not be worked out
   * (`status`). With `Accept: text/event-stream` the run is told under AG-UI's names as it goes on, each event's JSON in `data`:
   * RUN_STARTED, TOOL_CALL_START, TOOL_CALL_ARGS, TOOL_CALL_END, STATE_SNAPSHOT (mode and cards), TEXT_MESSAGE_START,
   * TEXT_MESSAGE_CONTENT, TEXT_MESSAGE_END, then RUN_FINISHED or RUN_ERROR; a comment every 15 s. A client that leaves cancels the run.
   * At most three runs per account at once, one per conversation.
   */
  @Post(':id/messages')
  @ApiProduces('application/json', 'text/event-stream')
  @ApiCreatedResponse({ type: ChatExchangeDto })
  @RateLimited(MESSAGE_LIMIT)
  @RequirePermission('destiny:own')
  ask(
    @Req() request: Request,
    @Res() response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewChatMessageDto,
  ): Promise<void> {
    const asked = { content: body.content, clientMessageId: body.clientMessageId ?? null };
    return this.streams.answer(caller, id, asked, chatChannel(request, response));
  }
}
