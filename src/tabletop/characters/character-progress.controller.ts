import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { tagged } from '../../platform/http/tagged.js';
import { CharacterProgress } from './character-progress.service.js';
import { CharacterDto, EvolutionDto, ExperienceDto } from './characters.dto.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/characters/:id')
export class CharacterProgressController {
  constructor(private readonly progress: CharacterProgress) {}

  /** Gives points, or takes them, by a game master. Where the system has a table, the level follows. */
  @Post('experience')
  @HttpCode(200)
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addExperience(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: ExperienceDto,
  ): Promise<CharacterDto> {
    const sent = idempotentRequest(request, `POST /api/v1/tabletop/characters/${id}/experience`);
    return tagged(response, answerWith(response, await this.progress.addExperience(caller, id, body, sent)));
  }

  /** Its way so far, as far as the caller sees it: points and levels, achievements, milestones of its arcs, relations. */
  @Get('evolution')
  @RequirePermission('tabletop:own')
  async evolution(@Caller() caller: Principal, @Param('id') id: string): Promise<EvolutionDto> {
    return { items: await this.progress.evolution(caller, id) };
  }
}
