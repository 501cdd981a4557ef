import { Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { SeenListVersion } from './seen-version.decorator.js';
import { WishListDesk } from './wish-list-desk.service.js';
import {
  WishListDto,
  WishListsDto,
  WishListUploadQueryDto,
  WishRollsDto,
  WishRollsQueryDto,
} from './wish-lists.dto.js';
import { WishLists } from './wish-lists.service.js';

const ROUTE = 'POST /api/v1/destiny/wishlists';
/** The desk makes the digest of what it reads. */
const NO_DIGEST = Buffer.alloc(0);
const TEXT = { schema: { type: 'string' } };

@ApiTags('destiny')
@Controller('api/v1/destiny/wishlists')
export class WishListsController {
  constructor(
    private readonly desk: WishListDesk,
    private readonly wishes: WishLists,
  ) {}

  /** The account's own lists, newest first. */
  @Get()
  @RequirePermission('destiny:own')
  list(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<WishListsDto> {
    return this.desk.list(caller, query);
  }

  /**
   * Takes in a wish list in DIM's format: UTF-8 text of at most 10 MB with 1 to 500,000 rolls. Lines that say nothing known are passed over and told.
   * At most 20 lists per account, and a million rolls in all of them.
   */
  @Post()
  @ApiConsumes('text/plain')
  @ApiBody(TEXT)
  @ApiIdempotencyKey()
  @RequirePermission('destiny:own')
  async create(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: WishListUploadQueryDto,
  ): Promise<WishListDto> {
    const idempotent = idempotentRequest({ headers: request.headers, bodyDigest: NO_DIGEST }, ROUTE);
    return answerWith(response, await this.desk.create(caller, query.title, request, idempotent));
  }

  @Get(':id')
  @RequirePermission('destiny:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<WishListDto> {
    const list = await this.desk.find(caller, id);
    response.setHeader('ETag', etagOf(list.version));
    return list;
  }

  /** Another text in place of the list's; with If-Match only when nobody has replaced it since. */
  @Put(':id')
  @ApiConsumes('text/plain')
  @ApiBody(TEXT)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('destiny:own')
  async replace(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @SeenListVersion() version: number | undefined,
    @Param('id') id: string,
    @Query() query: WishListUploadQueryDto,
  ): Promise<WishListDto> {
    const list = await this.desk.replace(caller, id, query.title, request, version);
    response.setHeader('ETag', etagOf(list.version));
    return list;
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('destiny:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.desk.delete(caller, id);
  }

  /** The list's rolls in its order. */
  @Get(':id/rolls')
  @RequirePermission('destiny:own')
  rolls(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: WishRollsQueryDto,
  ): Promise<WishRollsDto> {
    return this.wishes.listRolls(caller, id, query);
  }
}
