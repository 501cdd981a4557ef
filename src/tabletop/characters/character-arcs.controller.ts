import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
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
  AchievementDto,
  AchievementsDto,
  CharacterArcChangeDto,
  CharacterArcDto,
  CharacterArcsDto,
  NewAchievementDto,
  NewCharacterArcDto,
} from './character-arcs.dto.js';
import { CharacterArcs } from './character-arcs.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class CharacterArcsController {
  constructor(private readonly arcs: CharacterArcs) {}

  /** Where a character is heading, by a game master or its player. */
  @Post('characters/:id/arcs')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewCharacterArcDto,
  ): Promise<CharacterArcDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/characters/${id}/arcs`);
    return tagged(response, answerWith(response, await this.arcs.create(caller, id, body, sent)));
  }

  /** Those that the caller sees. */
  @Get('characters/:id/arcs')
  @RequirePermission('tabletop:own')
  async list(@Caller() caller: Principal, @Param('id') id: string): Promise<CharacterArcsDto> {
    return { items: await this.arcs.list(caller, id) };
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch('arcs/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: CharacterArcChangeDto,
  ): Promise<CharacterArcDto> {
    return tagged(response, await this.arcs.change(caller, id, body, seen));
  }

  /** By a game master or the character's player; a game master can restore it for 30 days. */
  @Delete('arcs/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.arcs.remove(caller, id, seen);
  }

  /** What a character has achieved, by a game master; seen by those who see the character, unless said otherwise. */
  @Post('characters/:id/achievements')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async award(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewAchievementDto,
  ): Promise<AchievementDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/characters/${id}/achievements`);
    return tagged(response, answerWith(response, await this.arcs.award(caller, id, body, sent)));
  }

  /** Those that the caller sees. */
  @Get('characters/:id/achievements')
  @RequirePermission('tabletop:own')
  async listAchievements(@Caller() caller: Principal, @Param('id') id: string): Promise<AchievementsDto> {
    return { items: await this.arcs.listAchievements(caller, id) };
  }

  /** By a game master, who can restore it for 30 days. */
  @Delete('achievements/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.arcs.revoke(caller, id);
  }
}
