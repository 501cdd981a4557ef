import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { FunnelPictureQueryDto, TimelinePictureQueryDto } from './pictures.dto.js';
import { PicturesService } from './pictures.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics')
export class PicturesController {
  constructor(private readonly pictures: PicturesService) {}

  /** How far stories came, with the middle time and the mean cost to come so far, as a picture whose description says how fresh it is. Answers 304 while it is the same. */
  @Get('story/funnel.svg')
  @AnswersSvg()
  @RequirePermission('agents:read')
  funnel(@Caller() caller: Principal, @Query() query: FunnelPictureQueryDto): Promise<Picture> {
    return this.pictures.funnel(caller, query);
  }

  /** When the agents of a session ran, a lane for each, failed runs in red; time that somebody read is cut to 5 seconds. */
  @Get('sessions/:id/timeline.svg')
  @AnswersSvg()
  @RequirePermission('agents:read')
  timeline(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: TimelinePictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.timeline(caller, id, query);
  }
}
