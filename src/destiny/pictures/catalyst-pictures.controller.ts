import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import { CardQueryDto, ProgressPictureQueryDto } from './catalyst-pictures.dto.js';
import { CatalystPictures } from './catalyst-pictures.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/catalysts')
export class CatalystPicturesController {
  constructor(private readonly pictures: CatalystPictures) {}

  /** Counts, slots, elements and the three nearest on a card of 720 by 360. Answers 304 while it is the same. */
  @Get('card.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('destiny:own')
  async card(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: CardQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.card(caller, query));
  }

  /** Its objectives over time in percent, and from the last reading on the range of the forecast as a band. Answers 304 while it is the same. */
  @Get(':recordHash/progress.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('destiny:own')
  async progress(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
    @Query() query: ProgressPictureQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    return answerSvg(request, response, await this.pictures.progress(caller, recordHash, query));
  }
}
