import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RollEvaluation } from './roll-evaluation.service.js';
import { EvaluateRollsDto, RollEvaluationsDto } from './rolls.dto.js';
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

  /** Good rolls of an item in all wish lists of the account, list by list. */
  @Get('god-rolls')
  @RequirePermission('destiny:own')
  godRolls(@Caller() caller: Principal, @Query() query: GodRollsQueryDto): Promise<WishRollsDto> {
    return this.wishes.listGodRolls(caller, query);
  }
}
