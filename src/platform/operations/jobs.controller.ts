import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { RequirePermission } from '../auth/route.decorators.js';
import { eventSink } from '../http/event-sink.js';
import { JobStreams } from './job-streams.service.js';
import { JobDto, JobsDto, JobsQueryDto } from './jobs.dto.js';
import { JobsDesk } from './jobs-desk.service.js';

@ApiTags('jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly desk: JobsDesk,
    private readonly streams: JobStreams,
  ) {}

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
   * Server-Sent Events: the job now and after each change, until its end, with a comment every 15 s. An event's id is the
   * job's version; a client that reconnects with Last-Event-ID misses nothing and sees nothing twice, and gets 204, which
   * tells it to stay away, once it has seen the end. Ends with `end` and a reason: `over` after the job's end, `token-ended`,
   * `too-slow` or `shutting-down`. At most 8 streams per account; further ones get 429.
   */
  @Get(':id/events')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'The client has seen the end of the job' })
  @ApiTooManyRequestsResponse({ description: 'The account has 8 streams open already' })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @RequirePermission('jobs:own')
  events(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.open(caller, id, lastEventId, eventSink(response));
  }

  /**
   * What no queue has yet (`waiting` or `open`) ends at once. What a queue has (`relayed`) is told to stop: it ends when its
   * handler does, or, while it waits in its queue, when its turn comes; until then it says `isCancelRequested`.
   */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('jobs:own')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<JobDto> {
    return this.desk.cancel(caller, id);
  }
}
