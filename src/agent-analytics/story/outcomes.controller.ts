import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import { GapsDto, GapsQueryDto } from './gaps.dto.js';
import { GapsService } from './gaps.service.js';
import { EndingsDto, WasteDto, WasteQueryDto } from './outcomes.dto.js';
import { OutcomesService } from './outcomes.service.js';
import { RetentionDto, RetentionQueryDto } from './retention.dto.js';
import { RetentionService } from './retention.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/story')
export class OutcomesController {
  constructor(
    private readonly outcomes: OutcomesService,
    private readonly retentions: RetentionService,
    private readonly blanks: GapsService,
  ) {}

  /** How the stories that began in the range ended, and how well the two went together, by pair of characters. */
  @Get('endings')
  @RequirePermission('agents:read')
  endings(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<EndingsDto> {
    return this.outcomes.endings(caller, query);
  }

  /** What the stories of the range cost that nobody played to the end. */
  @Get('waste')
  @RequirePermission('agents:read')
  waste(@Caller() caller: Principal, @Query() query: WasteQueryDto): Promise<WasteDto> {
    return this.outcomes.waste(caller, query);
  }

  /** Of the players whose first play lies in the range, those who came back, by weeks since. Nobody is named. */
  @Get('retention')
  @RequirePermission('agents:read')
  retention(@Caller() caller: Principal, @Query() query: RetentionQueryDto): Promise<RetentionDto> {
    return this.retentions.cohorts(caller, query);
  }

  /** What instrumentation has left out of the traces of the range, and agents that nobody has seen for a while. */
  @Get('gaps')
  @RequirePermission('agents:read')
  gaps(@Caller() caller: Principal, @Query() query: GapsQueryDto): Promise<GapsDto> {
    return this.blanks.list(caller, query);
  }
}
