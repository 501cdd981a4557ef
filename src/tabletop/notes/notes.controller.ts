import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { LoreNoteChangeDto, LoreNoteDto, LoreNotePageDto, NewLoreNoteDto } from './notes.dto.js';
import { NotesService } from './notes.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/notes';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  /** Writes something down: a game master for whomever, a player for the party. */
  @Post('campaigns/:c/notes')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewLoreNoteDto,
  ): Promise<LoreNoteDto> {
    const outcome = await this.notes.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** Those that the caller sees, by name. */
  @Get('campaigns/:c/notes')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<LoreNotePageDto> {
    return this.notes.list(caller, campaignId, query);
  }

  @Get('notes/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<LoreNoteDto> {
    return tagged(response, await this.notes.find(caller, id));
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch('notes/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: LoreNoteChangeDto,
  ): Promise<LoreNoteDto> {
    return tagged(response, await this.notes.change(caller, id, body, seen));
  }

  /** By a game master or its owner; a game master can restore it for 30 days. */
  @Delete('notes/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.notes.remove(caller, id, seen);
  }
}
