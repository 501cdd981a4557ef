import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../platform/auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import { PublicShareDto, SharedCardQueryDto } from './shares.dto.js';
import { shareTagOf } from './shares.mapper.js';
import { PublicShares } from './public-shares.service.js';

/** Of an address: a page with many pictures on it, looked at by a household. */
const LIMIT = { name: 'destiny-shares', perIp: { points: 240, durationS: 60 } };
/** How long a revoked link may still be seen in somebody's cache, seconds. */
const CACHED_S = 60;

@ApiTags('destiny')
@Controller('api/v1/destiny/public/shares')
export class PublicSharesController {
  constructor(private readonly shares: PublicShares) {}

  /** What a player shows by this link, to anybody. One that has ended or was revoked is as unknown as one that never was. */
  @Get(':slug')
  @ApiOkResponse({ type: PublicShareDto })
  @Public()
  @RateLimited(LIMIT)
  async read(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('slug') slug: string,
  ): Promise<PublicShareDto | typeof NOT_MODIFIED> {
    const share = await this.shares.read(slug);
    const answer = await conditional(request, response, shareTagOf(share), () => share);
    allowCaching(response);
    return answer;
  }

  /** The same as a picture of 720 by 360. */
  @Get(':slug/card.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @Public()
  @RateLimited(LIMIT)
  async card(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('slug') slug: string,
    @Query() query: SharedCardQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    const answer = await answerSvg(request, response, await this.shares.card(slug, query));
    allowCaching(response);
    return answer;
  }
}

/** Anybody may keep it for a moment; no search engine is to find it. */
function allowCaching(response: Response): void {
  response.setHeader('Cache-Control', `public, max-age=${CACHED_S}`);
  response.setHeader('X-Robots-Tag', 'noindex');
}
