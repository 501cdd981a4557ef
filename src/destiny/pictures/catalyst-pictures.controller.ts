import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { CardQueryDto, ProgressPictureQueryDto } from './catalyst-pictures.dto.js';
import { CatalystPictures } from './catalyst-pictures.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/catalysts')
export class CatalystPicturesController {
  constructor(private readonly pictures: CatalystPictures) {}

  /** Counts, slots, elements and the three nearest on a card of 720 by 360. Answers 304 while it is the same. */
  @Get('card.svg')
  @AnswersSvg()
  @RequirePermission('destiny:own')
  card(@Caller() caller: Principal, @Query() query: CardQueryDto): Promise<Picture> {
    return this.pictures.card(caller, query);
  }

  /** Its objectives over time in percent, and from the last reading on the range of the forecast as a band. Answers 304 while it is the same. */
  @Get(':recordHash/progress.svg')
  @AnswersSvg()
  @RequirePermission('destiny:own')
  progress(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
    @Query() query: ProgressPictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.progress(caller, recordHash, query);
  }
}
