import {
  Controller,
  Get,
  Headers,
  HttpCode,
  type MessageEvent,
  Param,
  Post,
  Query,
  Sse,
} from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { RequirePermission } from '../auth/route.decorators.js';
import { JobDto, JobsDto, JobsQueryDto } from './jobs.dto.js';
import { toJobDto } from './jobs.mapper.js';
import { JobsDesk } from './jobs-desk.service.js';

@ApiTags('jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(private readonly desk: JobsDesk) {}

  /** The caller's own background jobs, newest first. */
  @Get()
  @RequirePermission('jobs:own')
  list(@Caller() caller: Principal, @Query() query: JobsQueryDto): Promise<JobsDto> {
    return this.desk.list(caller, query);
  }

  @Get(':id')
  @RequirePermission('jobs:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<JobDto> {
    return this.desk.find(caller, id);
  }

  /**
   * Server-Sent Events: the job now and after each change, until its end. An event's id is the job's version; a client that
   * reconnects with Last-Event-ID misses nothing and sees nothing twice.
   */
  @Sse(':id/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @RequirePermission('jobs:own')
  async events(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<Observable<MessageEvent>> {
    const seen = /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
    const changes = await this.desk.watch(caller, id, seen);
    return changes.pipe(
      map((job): MessageEvent => ({ id: String(job.version), type: 'job', data: toJobDto(job) })),
    );
  }

  /** What has not started ends at once; what runs is told to stop and ends when its handler does. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('jobs:own')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<JobDto> {
    return this.desk.cancel(caller, id);
  }
}
