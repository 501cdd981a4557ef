import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import { ChoiceRoundsDto, ChoicesDto, FunnelDto, TurnLatencyDto } from './story.dto.js';
import { StoryService } from './story.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/story')
export class StoryController {
  constructor(private readonly story: StoryService) {}

  /** How far the sessions came that began in the range, and what it took them. */
  @Get('funnel')
  @RequirePermission('agents:read')
  funnel(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<FunnelDto> {
    return this.story.funnel(caller, query);
  }

  /** What was offered in the turns of the range, what was picked, and how it ended. */
  @Get('choices')
  @RequirePermission('agents:read')
  choices(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<ChoicesDto> {
    return this.story.choices(caller, query);
  }

  /** The same by turn: a story's first choice, its second, and what came after the picks. */
  @Get('choices/rounds')
  @RequirePermission('agents:read')
  choiceRounds(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<ChoiceRoundsDto> {
    return this.story.choiceRounds(caller, query);
  }

  /** How long players waited for their turns, and after which waits they did not come back. */
  @Get('turn-latency')
  @RequirePermission('agents:read')
  turnLatency(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<TurnLatencyDto> {
    return this.story.turnLatency(caller, query);
  }
}
