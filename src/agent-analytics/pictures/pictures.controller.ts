import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import type { NOT_MODIFIED } from '../../platform/http/conditional.js';
import { FunnelPictureQueryDto, TimelinePictureQueryDto } from './pictures.dto.js';
import { PicturesService } from './pictures.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics')
export class PicturesController {
  constructor(private readonly pictures: PicturesService) {}

  /** How far stories came, with the middle time and the mean cost to come so far, as a picture whose description says how fresh it is. Answers 304 while it is the same. */
  @Get('story/funnel.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('agents:read')
  async funnel(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: FunnelPictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.funnel(caller, query));
  }

  /** When the agents of a session ran, a lane for each, failed runs in red; time that somebody read is cut to 5 seconds. */
  @Get('sessions/:id/timeline.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('agents:read')
  async timeline(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: TimelinePictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.timeline(caller, id, query));
  }
}
