import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import { CatalystEtaDto, CatalystHistoryDto, HistoryQueryDto } from './catalyst-history.dto.js';
import { CatalystHistory } from './catalyst-history.service.js';
import { CatalystPlans } from './catalyst-plans.service.js';
import { PlanDto, PlanQueryDto } from './plan.dto.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/catalysts')
export class CatalystHistoryController {
  constructor(
    private readonly history: CatalystHistory,
    private readonly plans: CatalystPlans,
  ) {}

  /**
   * What to do next: catalysts in progress, nearest in time at the player's own rate first, those of one activity together. Only one exotic
   * weapon can be worn, so their minutes add up.
   */
  @Get('plan')
  @RequirePermission('destiny:own')
  plan(@Caller() caller: Principal, @Query() query: PlanQueryDto): Promise<PlanDto> {
    return this.plans.plan(caller, query);
  }

  /** Every move of its objectives since the account was connected, oldest first. */
  @Get(':recordHash/history')
  @RequirePermission('destiny:own')
  series(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
    @Query() query: HistoryQueryDto,
  ): Promise<CatalystHistoryDto> {
    return this.history.series(caller, recordHash, query);
  }

  /** When it will be done at the player's own pace; four of five times within the range. */
  @Get(':recordHash/eta')
  @RequirePermission('destiny:own')
  eta(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
  ): Promise<CatalystEtaDto> {
    return this.history.eta(caller, recordHash);
  }
}
