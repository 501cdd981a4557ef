import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { MESSAGE_LIMIT } from '../agent/agent.limits.js';
import { chatChannel } from '../agent/chat-channel.adapter.js';
import {
  CompatCatalystDto,
  CompatChatDto,
  CompatDestinyConversationDto,
  CompatDestinyMessageDto,
  CompatModelsDto,
  CompatResultDto,
} from './compat.dto.js';
import { noSpeech } from './compat.errors.js';
import { CompatDestinyFilter } from './compat.filter.js';
import { askBody, chatBody, streamBody, titleBody } from './compat-bodies.js';
import { CompatChat } from './compat-chat.service.js';
import { CompatConversations } from './compat-conversations.service.js';
import { ProcessTime } from './process-time.interceptor.js';

function bodyOf(schema: z.ZodType): MethodDecorator {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return ApiBody({ schema: body });
}

/** The chat of the catalyst tracker as its clients know it, over the agent of this house. */
@ApiTags('compat destiny')
@UseFilters(CompatDestinyFilter)
@UseInterceptors(ProcessTime)
@Controller('compat/destiny')
@CompatMount('destiny')
export class CompatDestinyController {
  constructor(
    private readonly chats: CompatChat,
    private readonly conversations: CompatConversations,
  ) {}

  @Get('api/conversations')
  @ApiQuery({ name: 'archived', enum: ['true', 'false'], required: false })
  @RequirePermission('destiny:own')
  list(
    @Caller() caller: Principal,
    @Query('archived') archived?: string,
  ): Promise<CompatDestinyConversationDto[]> {
    return this.conversations.list(caller, archived);
  }

  @Get('api/conversations/:id/messages')
  @RequirePermission('destiny:own')
  messages(@Caller() caller: Principal, @Param('id') id: string): Promise<CompatDestinyMessageDto[]> {
    return this.conversations.messages(caller, id);
  }

  @Delete('api/conversations/:id')
  @HttpCode(204)
  @RequirePermission('destiny:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.conversations.delete(caller, id);
  }

  /** The way back is the native route's. */
  @Patch('api/conversations/:id/archive')
  @RequirePermission('destiny:own')
  archive(@Caller() caller: Principal, @Param('id') id: string): Promise<CompatDestinyConversationDto> {
    return this.conversations.archive(caller, id);
  }

  @Patch('api/conversations/:id/rename')
  @bodyOf(titleBody)
  @RequirePermission('destiny:own')
  rename(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<CompatDestinyConversationDto> {
    return this.conversations.rename(caller, id, request.body);
  }

  @Post('api/assistants/chat')
  @HttpCode(200)
  @bodyOf(chatBody)
  @RateLimited(MESSAGE_LIMIT)
  @RequirePermission('destiny:own')
  chat(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CompatChatDto> {
    return this.chats.chat(caller, request.body, chatChannel(request, response).gone);
  }

  @Get('api/models')
  @RequirePermission('destiny:read')
  models(): Promise<CompatModelsDto> {
    return this.conversations.models();
  }

  @Post('agent/ask')
  @HttpCode(200)
  @bodyOf(askBody)
  @RateLimited(MESSAGE_LIMIT)
  @RequirePermission('destiny:own')
  ask(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CompatResultDto> {
    return this.chats.ask(caller, request.body, chatChannel(request, response).gone);
  }

  /** AG-UI events; after RUN_ERROR nothing follows, as AG-UI has it. */
  @Post('agent/stream')
  @bodyOf(streamBody)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @RateLimited(MESSAGE_LIMIT)
  @RequirePermission('destiny:own')
  stream(@Req() request: Request, @Res() response: Response, @Caller() caller: Principal): Promise<void> {
    return this.chats.stream(caller, request.body, chatChannel(request, response));
  }

  @Post('api/voice-to-text')
  @ApiConsumes('multipart/form-data')
  @RequirePermission('destiny:own')
  voice(): never {
    throw noSpeech();
  }

  /** Of nobody who is connected: none. */
  @Get('catalysts/all')
  @RequirePermission('destiny:own')
  catalysts(@Caller() caller: Principal): Promise<CompatCatalystDto[]> {
    return this.conversations.catalysts(caller);
  }
}
