import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { AcceptGeneration } from './accept-generation.service.js';
import { GenerationMaker } from './generation-maker.service.js';
import {
  AcceptGenerationDto,
  DraftChangeDto,
  GenerationDto,
  GenerationPageDto,
  GenerationsQueryDto,
  GenerationWishDto,
  GeneratorsDto,
} from './generations.dto.js';
import { GenerationsService } from './generations.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/generate/{kind}';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class GenerationsController {
  constructor(
    private readonly maker: GenerationMaker,
    private readonly generations: GenerationsService,
    private readonly accepting: AcceptGeneration,
  ) {}

  /** What can be generated, and what each generator may be told. */
  @Get('generators')
  @RequirePermission('tabletop:read')
  generators(): GeneratorsDto {
    return this.generations.generators();
  }

  /**
   * Makes a draft: `npc`, `location`, `shop`, `encounter`, `loot` or `hook`. By game masters. With a model it is there within two seconds, or pending
   * with a job that ends in a draft in any case. A repetition of the key answers the draft as it is by then.
   */
  @Post('campaigns/:c/generate/:kind')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async generate(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('kind') kind: string,
    @Body() body: GenerationWishDto,
  ): Promise<GenerationDto> {
    const key = idempotentRequest(request, `${ROUTE.replace('{kind}', kind)}`);
    const { id } = answerWith(response, await this.maker.make(caller, campaignId, kind, body, key));
    return tagged(response, await this.generations.find(caller, id));
  }

  /** Newest first, without their secrets. By game masters. */
  @Get('campaigns/:c/generations')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: GenerationsQueryDto,
  ): Promise<GenerationPageDto> {
    return this.generations.list(caller, campaignId, query);
  }

  @Get('generations/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<GenerationDto> {
    return tagged(response, await this.generations.find(caller, id));
  }

  /** Changes a draft before it is taken over. With If-Match only when nobody has changed it since. */
  @Patch('generations/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: DraftChangeDto,
  ): Promise<GenerationDto> {
    return tagged(response, await this.generations.change(caller, id, body, seen));
  }

  /** Makes an object of a draft; its secrets become the object's. Asked twice, the second answers like the first. */
  @Post('generations/:id/accept')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  async accept(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: AcceptGenerationDto,
  ): Promise<GenerationDto> {
    return tagged(response, await this.accepting.accept(caller, id, body));
  }

  /** Discards a draft: it stays in the list, without its secrets. */
  @Delete('generations/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  discard(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.generations.discard(caller, id);
  }
}
