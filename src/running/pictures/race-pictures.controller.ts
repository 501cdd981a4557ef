import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
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
  @AnswersSvg()
  @RequirePermission('running:own')
  gap(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: GapPictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.gap(caller, id, query);
  }
}
