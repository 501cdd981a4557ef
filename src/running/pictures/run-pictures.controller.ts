import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { RunCardQueryDto, RunProfilePictureQueryDto, RunThumbnailQueryDto } from './run-pictures.dto.js';
import { RunPictures } from './run-pictures.service.js';

/** Pictures of one's own runs and of those that are public. Each answers 304 while it is the same. */
@ApiTags('running')
@Controller('api/v1/running/runs/:id')
export class RunPicturesController {
  constructor(private readonly pictures: RunPictures) {}

  /** Where the run went, north up, without words; an empty ground where it has no places. */
  @Get('route.svg')
  @AnswersSvg()
  @RequirePermission('running:read')
  thumbnail(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunThumbnailQueryDto,
  ): Promise<Picture> {
    return this.pictures.thumbnail(caller, id, query);
  }

  /** How high the run went along its way, smoothed as its climb is counted. */
  @Get('elevation.svg')
  @AnswersSvg()
  @RequirePermission('running:read')
  elevation(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunProfilePictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.elevation(caller, id, query);
  }

  /** How fast the run was along its way, faster above, with its mean across. Pauses do not count. */
  @Get('pace.svg')
  @AnswersSvg()
  @RequirePermission('running:read')
  pace(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunProfilePictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.pace(caller, id, query);
  }

  /** Route and figures on a card of 720 by 360; with the runner's name where the caller may see the profile. */
  @Get('card.svg')
  @AnswersSvg()
  @RequirePermission('running:read')
  card(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunCardQueryDto,
  ): Promise<Picture> {
    return this.pictures.card(caller, id, query);
  }
}
