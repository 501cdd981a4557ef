import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RollEvaluation } from './roll-evaluation.service.js';
import { EvaluateRollsDto, RollEvaluationsDto, WishVerdictDto } from './rolls.dto.js';
import { GodRollsQueryDto, WishRollsDto } from './wish-lists.dto.js';
import { WishLists } from './wish-lists.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny')
export class RollsController {
  constructor(
    private readonly evaluation: RollEvaluation,
    private readonly wishes: WishLists,
  ) {}

  /** How good rolls are: a tier by a small table of traits that go together, and what the account's wish lists say. Keeps nothing. */
  @Post('rolls/evaluate')
  @HttpCode(200)
  @RequirePermission('destiny:own')
  evaluate(@Caller() caller: Principal, @Body() body: EvaluateRollsDto): Promise<RollEvaluationsDto> {
    return this.evaluation.evaluate(caller, body);
  }

  /** What the account's wish lists say of one of the caller's weapons, from the last reading. */
  @Get('weapons/:instanceId/matches')
  @RequirePermission('destiny:own')
  matches(@Caller() caller: Principal, @Param('instanceId') instanceId: string): Promise<WishVerdictDto> {
    return this.evaluation.matches(caller, instanceId);
  }

  /** Good rolls of an item in all wish lists of the account, list by list. */
  @Get('god-rolls')
  @RequirePermission('destiny:own')
  godRolls(@Caller() caller: Principal, @Query() query: GodRollsQueryDto): Promise<WishRollsDto> {
    return this.wishes.listGodRolls(caller, query);
  }
}
