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
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  NewRelationshipDto,
  NewRelationshipEventDto,
  RelationshipChangeDto,
  RelationshipDto,
  RelationshipEventDto,
  RelationshipEventsDto,
  RelationshipEventsQueryDto,
  RelationshipPageDto,
  RelationshipsQueryDto,
} from './relationships.dto.js';
import { toRelationshipEventDto } from './relationships.mapper.js';
import { Relationships } from './relationships.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class RelationshipsController {
  constructor(private readonly relationships: Relationships) {}

  /** What two characters are to each other, by a game master or the player of the first. It begins with its first event. */
  @Post('campaigns/:c/relationships')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewRelationshipDto,
  ): Promise<RelationshipDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/campaigns/${campaignId}/relationships`);
    const made = await this.relationships.create(caller, campaignId, body, sent);
    return tagged(response, answerWith(response, made));
  }

  /** Those that the caller sees with both their characters, oldest first. */
  @Get('campaigns/:c/relationships')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: RelationshipsQueryDto,
  ): Promise<RelationshipPageDto> {
    const { characterId, end, type, cursor, limit } = query;
    const filter = { objectId: characterId, end, type };
    return this.relationships.list(caller, campaignId, filter, readIdCursor(cursor), limit);
  }

  @Get('relationships/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<RelationshipDto> {
    return tagged(response, await this.relationships.find(caller, id));
  }

  /** What is given; another type or strength is an event of its own. With If-Match only when nobody has changed it since. */
  @Patch('relationships/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: RelationshipChangeDto,
  ): Promise<RelationshipDto> {
    return tagged(response, await this.relationships.change(caller, id, body, seen));
  }

  /** For good, with its events; the campaign's log keeps what it was. */
  @Delete('relationships/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.relationships.remove(caller, id, seen);
  }

  /** How it came to be what it is: its newest events, oldest of them first. A relation has at most 500. */
  @Get('relationships/:id/events')
  @RequirePermission('tabletop:own')
  async listEvents(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { limit }: RelationshipEventsQueryDto,
  ): Promise<RelationshipEventsDto> {
    return { items: (await this.relationships.listEvents(caller, id, limit)).map(toRelationshipEventDto) };
  }

  /** Tells of something that happened, on whatever day: the relation stands as its newest event says. */
  @Post('relationships/:id/events')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async tell(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewRelationshipEventDto,
  ): Promise<RelationshipEventDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/relationships/${id}/events`);
    return answerWith(response, await this.relationships.tell(caller, id, body, sent));
  }

  /** Takes one back; the only one stays, since without it there was no relation. */
  @Delete('relationships/:id/events/:eventId')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  untell(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('eventId') eventId: string,
  ): Promise<void> {
    return this.relationships.untell(caller, id, eventId);
  }
}
