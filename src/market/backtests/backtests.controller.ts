import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { BACKTEST_QUESTION } from './backtest-question.js';
import { BacktestDto } from './backtests.dto.js';
import { BacktestsService } from './backtests.service.js';

const QUESTION_SCHEMA = z.toJSONSchema(BACKTEST_QUESTION, { io: 'input' }) as Record<string, unknown>;
delete QUESTION_SCHEMA['$schema'];

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/backtests')
export class BacktestsController {
  constructor(private readonly backtests: BacktestsService) {}

  /**
   * What a rule of the scanner would have earned in the past, beside random buying. Each day the rule sees only what was known at
   * its end. Changes nothing; narrow it by items, categories or dates where there are too many series-days.
   */
  @Post()
  @HttpCode(200)
  @ApiBody({ schema: QUESTION_SCHEMA })
  @RequirePermission('market:read')
  run(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() question: unknown,
  ): Promise<BacktestDto> {
    return this.backtests.run(caller, { game, server, now: new Date() }, question);
  }
}
