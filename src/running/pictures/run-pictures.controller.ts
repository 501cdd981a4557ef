import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { NOT_MODIFIED } from '../../platform/http/conditional.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import { RunCardQueryDto, RunProfilePictureQueryDto, RunThumbnailQueryDto } from './run-pictures.dto.js';
import { RunPictures } from './run-pictures.service.js';

/** Pictures of one's own runs and of those that are public. Each answers 304 while it is the same. */
@ApiTags('running')
@Controller('api/v1/running/runs/:id')
export class RunPicturesController {
  constructor(private readonly pictures: RunPictures) {}

  /** Where the run went, north up, without words; an empty ground where it has no places. */
  @Get('route.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('running:read')
  async thumbnail(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunThumbnailQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.thumbnail(caller, id, query));
  }

  /** How high the run went along its way, smoothed as its climb is counted. */
  @Get('elevation.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('running:read')
  async elevation(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunProfilePictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.elevation(caller, id, query));
  }

  /** How fast the run was along its way, faster above, with its mean across. Pauses do not count. */
  @Get('pace.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('running:read')
  async pace(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunProfilePictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.pace(caller, id, query));
  }

  /** Route and figures on a card of 720 by 360; with the runner's name where the caller may see the profile. */
  @Get('card.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('running:read')
  async card(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunCardQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.card(caller, id, query));
  }
}
