import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { CRAFT_PLAN_WISH } from './craft-plan-input.js';
import { CraftPlanDto } from './craft-plan.dto.js';
import { toCraftPlanDto } from './craft-plan.mapper.js';
import { CraftPlans } from './craft-plans.service.js';

const { $schema: _dialect, ...WISH_SCHEMA } = z.toJSONSchema(CRAFT_PLAN_WISH, { io: 'input' });

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/craft-plans')
export class CraftPlansController {
  constructor(private readonly plans: CraftPlans) {}

  /**
   * The crafts that make the most of a bank and a budget after tax: recipes share the stock, and may use what others make. Works it
   * out at the newest prices that are not flagged, within some seconds, and keeps nothing.
   */
  @Post()
  @HttpCode(200)
  @ApiBody({ schema: WISH_SCHEMA as Record<string, unknown> })
  @ApiOkResponse({ type: CraftPlanDto })
  @RequirePermission('market:own')
  async make(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() body: unknown,
  ): Promise<CraftPlanDto> {
    const wish = parseInput(CRAFT_PLAN_WISH, body);
    return toCraftPlanDto(await this.plans.make(caller, { game, server }, wish));
  }
}
