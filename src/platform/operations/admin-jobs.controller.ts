import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { RequirePermission } from '../auth/route.decorators.js';
import { JobDto, JobsDto, JobsQueryDto } from './jobs.dto.js';
import { JobsDesk } from './jobs-desk.service.js';

@ApiTags('admin')
@Controller('api/v1/admin/jobs')
export class AdminJobsController {
  constructor(private readonly desk: JobsDesk) {}

  /** Everybody's jobs, newest first; `state=dead` is the dead-letter list. */
  @Get()
  @RequirePermission('admin:read')
  list(@Query() query: JobsQueryDto): Promise<JobsDto> {
    return this.desk.listAll(query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('admin:write')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<JobDto> {
    return this.desk.cancelAny(caller, id);
  }

  /** Gives a dead or cancelled job all its tries once more, under the same id: an effect that was committed is not repeated. */
  @Post(':id/redrive')
  @HttpCode(200)
  @RequirePermission('admin:write')
  redrive(@Caller() caller: Principal, @Param('id') id: string): Promise<JobDto> {
    return this.desk.redrive(caller, id);
  }
}
