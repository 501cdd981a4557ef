import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { NOT_MODIFIED } from '../../platform/http/conditional.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import { RacePictures } from './race-pictures.service.js';
import { GapPictureQueryDto } from './run-pictures.dto.js';

@ApiTags('running')
@Controller('api/v1/running/races/:id')
export class RacePicturesController {
  constructor(private readonly pictures: RacePictures) {}

  /**
   * How the gap to a ghost went along the way, by the official result: ahead above, behind below, with twice its standard deviation as a
   * band. Answers 304 while it is the same.
   */
  @Get('gap.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('running:own')
  async gap(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: GapPictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.gap(caller, id, query));
  }
}
