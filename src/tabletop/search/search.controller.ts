import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { MentionPageDto, RelatedObjectsDto } from './mentions.dto.js';
import { Mentions } from './mentions.service.js';
import { LearntNames } from './learnt-names.service.js';
import {
  CampaignSearchQueryDto,
  CorrectionDto,
  LearntNameDto,
  LearntNamePageDto,
  SearchAnswerDto,
  SuggestionsDto,
  SuggestQueryDto,
} from './search.dto.js';
import { SearchService } from './search.service.js';
import { Suggestions } from './suggestions.service.js';

const CORRECTIONS = 'POST /api/v1/tabletop/campaigns/{c}/search/corrections';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns/:c')
export class SearchController {
  constructor(
    private readonly service: SearchService,
    private readonly suggestions: Suggestions,
    private readonly learnt: LearntNames,
    private readonly mentions: Mentions,
  ) {}

  /**
   * Everything that the caller sees, in one box: names as they are spelt, mistyped, written by ear or heard by a microphone; full text in the
   * campaign's language; questions like "that elf from session 3"; for game masters words of secrets. What the caller does not see changes
   * nothing of the answer. The question is kept among the caller's recent ones.
   */
  @Get('search')
  @RequirePermission('tabletop:own')
  search(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: CampaignSearchQueryDto,
  ): Promise<SearchAnswerDto> {
    return this.service.search(caller, campaignId, query);
  }

  /** While typing: names that begin so, then names that sound or look like it. */
  @Get('suggest')
  @RequirePermission('tabletop:own')
  suggest(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: SuggestQueryDto,
  ): Promise<SuggestionsDto> {
    return this.suggestions.suggest(caller, campaignId, query);
  }

  /** Everything that the caller sees and that speaks of an object: by its text, or by a link. Newest first. */
  @Get('mentions/:id')
  @RequirePermission('tabletop:own')
  listMentions(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<MentionPageDto> {
    return this.mentions.list(caller, campaignId, id, query);
  }

  /** What an object may have to do with and is not linked to, with the reasons; at most 20. */
  @Get('related/:id')
  @RequirePermission('tabletop:own')
  related(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
  ): Promise<RelatedObjectsDto> {
    return this.mentions.related(caller, campaignId, id);
  }

  /**
   * Teaches the campaign what was meant by what was heard or typed: the object is found by it from then on. What quotes a secret is refused: it would lie
   * in the clear. By players and game masters.
   */
  @Post('search/corrections')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async learn(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: CorrectionDto,
  ): Promise<LearntNameDto> {
    return answerWith(
      response,
      await this.learnt.learn(caller, campaignId, body, idempotentRequest(request, CORRECTIONS)),
    );
  }

  /** Corrections of objects that the caller sees, newest first. */
  @Get('search/corrections')
  @RequirePermission('tabletop:own')
  listLearnt(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<LearntNamePageDto> {
    return this.learnt.list(caller, campaignId, query);
  }

  /** Takes a correction back, by game masters. */
  @Delete('search/corrections/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  forget(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.learnt.forget(caller, campaignId, id);
  }
}
