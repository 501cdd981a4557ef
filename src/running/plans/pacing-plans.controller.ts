import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { GhostDto } from '../ghosts/ghosts.dto.js';
import { PacingGhostWishDto, PacingPlanDto, PacingWishDto } from './pacing-plans.dto.js';
import { toPacingPlanDto } from './pacing-plans.mapper.js';
import { PacingPlans } from './pacing-plans.service.js';

const GHOST_ROUTE = 'POST /api/v1/running/plans/pacing/ghosts';

@ApiTags('running')
@Controller('api/v1/running/plans/pacing')
export class PacingPlansController {
  constructor(private readonly plans: PacingPlans) {}

  /** How to run a route of the library, or a distance, in a wanted time at equal effort: slower up, faster down. Keeps nothing. */
  @Post()
  @HttpCode(200)
  @RequirePermission('running:own')
  async plan(@Caller() caller: Principal, @Body() wish: PacingWishDto): Promise<PacingPlanDto> {
    return toPacingPlanDto(await this.plans.plan(caller, wish), wish.gradeModel);
  }

  /**
   * The same plan as a ghost: raced by place where it is for a whole route, in its direction, that an own run has gone over; else by
   * distance (`basis`).
   */
  @Post('ghosts')
  @ApiIdempotencyKey()
  @RequirePermission('running:own')
  async createGhost(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() wish: PacingGhostWishDto,
  ): Promise<GhostDto> {
    const sent = idempotentRequest(request, GHOST_ROUTE);
    return answerWith(response, await this.plans.createGhost(caller, wish, sent));
  }
}
