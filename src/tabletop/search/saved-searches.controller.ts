import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  NewSavedSearchDto,
  RecentSearchesDto,
  SavedSearchChangeDto,
  SavedSearchDto,
  SavedSearchPageDto,
} from './saved-searches.dto.js';
import { SavedSearches } from './saved-searches.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/saved-searches';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns/:c')
export class SavedSearchesController {
  constructor(private readonly searches: SavedSearches) {}

  /** Keeps a question under a name, for the caller alone; at most 100. One that quotes a secret is refused: it would lie in the clear. */
  @Post('saved-searches')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewSavedSearchDto,
  ): Promise<SavedSearchDto> {
    const outcome = await this.searches.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** The caller's own, newest first. */
  @Get('saved-searches')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<SavedSearchPageDto> {
    return this.searches.list(caller, campaignId, query);
  }

  /** With If-Match only when it has not been changed since. */
  @Patch('saved-searches/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: SavedSearchChangeDto,
  ): Promise<SavedSearchDto> {
    return tagged(response, await this.searches.change(caller, campaignId, id, body, seen));
  }

  @Delete('saved-searches/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.searches.remove(caller, campaignId, id, seen);
  }

  /** The caller's last questions in this campaign, newest first. */
  @Get('recent-searches')
  @RequirePermission('tabletop:own')
  listRecent(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<RecentSearchesDto> {
    return this.searches.listRecent(caller, campaignId);
  }

  /** Forgets them. */
  @Delete('recent-searches')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  clearRecent(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<void> {
    return this.searches.clearRecent(caller, campaignId);
  }
}
