import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  ChangedCharacterDto,
  CharacterChangeDto,
  CharacterDto,
  CharacterPageDto,
  CharactersQueryDto,
  NewCharacterDto,
} from './characters.dto.js';
import { Characters } from './characters.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class CharactersController {
  constructor(private readonly characters: Characters) {}

  /** A game master's for whomever, a player's own. */
  @Post('campaigns/:c/characters')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewCharacterDto,
  ): Promise<CharacterDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/campaigns/${campaignId}/characters`);
    const made = await this.characters.create(caller, campaignId, body, sent);
    return tagged(response, answerWith(response, made));
  }

  /** Those that the caller sees, by name, without how they are played. */
  @Get('campaigns/:c/characters')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: CharactersQueryDto,
  ): Promise<CharacterPageDto> {
    return this.characters.list(caller, campaignId, query);
  }

  @Get('characters/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<CharacterDto> {
    return tagged(response, await this.characters.find(caller, id));
  }

  /**
   * By a game master, its player, or whoever may write it. Sheet, voice and guidance are merged. Of a player, where the campaign has a game master
   * approve, it becomes a proposal instead. With If-Match only when nobody has changed it since.
   */
  @Patch('characters/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: CharacterChangeDto,
  ): Promise<ChangedCharacterDto> {
    const changed = await this.characters.change(caller, id, body, seen);
    tagged(response, changed.character);
    return changed;
  }

  /** By a game master or its player; a game master can restore it for 30 days. */
  @Delete('characters/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.characters.remove(caller, id, seen);
  }
}
