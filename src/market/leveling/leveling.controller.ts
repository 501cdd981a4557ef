import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { LevelingPlanDto, LevelingPlanQueryDto } from './leveling.dto.js';
import { LevelingDesk } from './leveling-desk.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/leveling-plans')
export class LevelingController {
  constructor(private readonly leveling: LevelingDesk) {}

  /**
   * What to craft to bring a job from one level to another, at the newest prices of the server
   * (by `exact` the newest that are not flagged). Recipes with an ingredient that
   * has no price are not planned with; where none is left, the plan ends at the level it has reached.
   */
  @Post()
  @HttpCode(200)
  @RequirePermission('market:read')
  plan(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() query: LevelingPlanQueryDto,
  ): Promise<LevelingPlanDto> {
    return this.leveling.plan(caller, { game, server }, query);
  }
}
