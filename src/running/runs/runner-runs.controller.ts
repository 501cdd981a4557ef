import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { RunLists } from './run-lists.service.js';
import { RunPageDto } from './runs.dto.js';

@ApiTags('running')
@Controller('api/v1/running/profiles/:username/runs')
export class RunnerRunsController {
  constructor(private readonly lists: RunLists) {}

  /** Runs that a runner with a public profile shows to everybody, newest first. What came from another provider is never among them. */
  @Get()
  @RequirePermission('running:read')
  list(
    @Caller() caller: Principal,
    @Param('username') username: string,
    @Query() query: PageQueryDto,
  ): Promise<RunPageDto> {
    return this.lists.ofRunner(caller, username, query);
  }
}
