import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  DiscordChannelChangeDto,
  DiscordChannelDto,
  DiscordPostDto,
  DiscordPostsDto,
  OutboundHostsDto,
} from './discord.dto.js';
import { DiscordChannels } from './discord-channels.service.js';
import { SessionPosts } from './session-posts.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class DiscordController {
  constructor(
    private readonly channels: DiscordChannels,
    private readonly posts: SessionPosts,
  ) {}

  /** Where the campaign's posts go. By game masters. */
  @Get('campaigns/:c/discord')
  @RequirePermission('tabletop:own')
  find(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<DiscordChannelDto> {
    return this.channels.find(caller, campaignId);
  }

  /** Sets where posts go. By game masters. Nothing is posted by that. */
  @Put('campaigns/:c/discord')
  @RequirePermission('tabletop:own')
  put(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: DiscordChannelChangeDto,
  ): Promise<DiscordChannelDto> {
    return this.channels.put(caller, campaignId, body);
  }

  /** Forgets the address; what waits is not posted. By game masters. */
  @Delete('campaigns/:c/discord')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  remove(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<void> {
    return this.channels.remove(caller, campaignId);
  }

  /** Every host that the server may call for this campaign, and by what it is switched on. By game masters. */
  @Get('campaigns/:c/outbound')
  @RequirePermission('tabletop:own')
  hosts(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<OutboundHostsDto> {
    return this.channels.hosts(caller, campaignId);
  }

  /**
   * Posts a session to the campaign's Discord channel: what the party sees of it, in as many messages as it takes. The same words are posted once; a post
   * that has failed goes on where it was. By game masters.
   */
  @Post('sessions/:id/discord/post')
  @HttpCode(202)
  @RequirePermission('tabletop:own')
  post(@Caller() caller: Principal, @Param('id') id: string): Promise<DiscordPostDto> {
    return this.posts.post(caller, id);
  }

  /** Posts of a session, the newest first, with what became of each message. By game masters. */
  @Get('sessions/:id/discord/posts')
  @RequirePermission('tabletop:own')
  list(@Caller() caller: Principal, @Param('id') id: string): Promise<DiscordPostsDto> {
    return this.posts.list(caller, id);
  }
}
