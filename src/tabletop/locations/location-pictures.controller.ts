import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { LocationPictureQueryDto } from './location-pictures.dto.js';
import { LocationPictures } from './location-pictures.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/locations/:id')
export class LocationPicturesController {
  constructor(private readonly pictures: LocationPictures) {}

  /** Up to 200 places directly within this one and the ways between them, as far as the caller sees them. Answers 304 while it is the same. */
  @Get('map.svg')
  @AnswersSvg()
  @RequirePermission('tabletop:own')
  map(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: LocationPictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.map(caller, id, query);
  }
}
