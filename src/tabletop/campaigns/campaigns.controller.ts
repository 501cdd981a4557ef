import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { CampaignChangeDto, CampaignDto, CampaignPageDto, NewCampaignDto } from './campaigns.dto.js';
import { CampaignExport } from './campaign-export.service.js';
import { CampaignsService } from './campaigns.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly exports: CampaignExport,
  ) {}

  /** Founds a campaign, of which the caller is the first game master. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async found(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewCampaignDto,
  ): Promise<CampaignDto> {
    return tagged(
      response,
      answerWith(response, await this.campaigns.found(caller, body, idempotentRequest(request, ROUTE))),
    );
  }

  /** Those at whose table the caller sits, newest first. */
  @Get()
  @RequirePermission('tabletop:own')
  list(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<CampaignPageDto> {
    return this.campaigns.list(caller, readIdCursor(query.cursor), query.limit);
  }

  @Get(':c')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') id: string,
  ): Promise<CampaignDto> {
    return tagged(response, await this.campaigns.find(caller, id));
  }

  /** By a game master. With If-Match only when nobody has changed it since. */
  @Patch(':c')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: CampaignChangeDto,
  ): Promise<CampaignDto> {
    return tagged(response, await this.campaigns.change(caller, id, body, seen));
  }

  /** By its owner. Nobody sees anything of it from the next call on; for 30 days it can be restored. */
  @Delete(':c')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  remove(@Caller() caller: Principal, @Param('c') id: string): Promise<void> {
    return this.campaigns.remove(caller, id);
  }

  /** By its owner, with all who sat there. */
  @Post(':c/restore')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  restore(@Caller() caller: Principal, @Param('c') id: string): Promise<CampaignDto> {
    return this.campaigns.restore(caller, id);
  }

  /** All that the caller sees of it as a file of JSON, part by part as its rooms have it, secrets as far as they are shown to the caller. Masters may keep it from the others. */
  @Get(':c/export')
  @ApiOkResponse({ content: { 'application/json': { schema: { type: 'object' } } } })
  @RequirePermission('tabletop:own')
  async export(@Caller() caller: Principal, @Param('c') id: string): Promise<StreamableFile> {
    const portions = await this.exports.open(caller, id);
    return new StreamableFile(Readable.from(portions, { objectMode: false }), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="campaign.json"',
    });
  }
}
