import { Controller, Delete, Get, Param, Post, Put, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import type { Envelope } from './compat-answer.js';
import { TakesBody, TakesQuery } from './compat-docs.decorator.js';
import { AnswersEnvelope, enveloped } from './compat-envelope.decorator.js';
import { ghostChangeBody, ghostsQuery, newGhostBody, publicGhostsQuery } from './compat-ghost-bodies.js';
import { CompatGhostWrites } from './compat-ghost-writes.service.js';
import {
  CompatWispGhostDetailsDto,
  CompatWispGhostDto,
  CompatWispGhostsDto,
  CompatWispPublicGhostsDto,
  CompatWispRaceDataDto,
  CompatWispRecommendedGhostsDto,
} from './compat-ghosts.dto.js';
import { CompatGhosts } from './compat-ghosts.service.js';
import { CompatWispGoneDto } from './compat-runs.dto.js';
import { CompatWispFilter } from './compat.filter.js';
import { ORIGINAL_ID } from './original-id.js';

const ROUTE = 'POST /compat/wisp/api/v1/ghosts';

/** Ghosts by the contract of the original's documents. Those of friends come with a later room. */
@ApiTags('compat wisp')
@UseFilters(CompatWispFilter)
@Controller('compat/wisp/api/v1/ghosts')
@CompatMount('wisp')
export class CompatGhostsController {
  constructor(
    private readonly ghosts: CompatGhosts,
    private readonly writes: CompatGhostWrites,
  ) {}

  /** The account's own, newest first; without `is_active` the active ones. */
  @Get()
  @TakesQuery(ghostsQuery)
  @AnswersEnvelope(CompatWispGhostsDto)
  @RequirePermission('running:own')
  list(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispGhostsDto>> {
    return enveloped(this.ghosts.list(caller, query));
  }

  /** Of a run, a record or a goal. Another athlete's activity is refused with `STRAVA_TERMS`. */
  @Post()
  @TakesBody(newGhostBody)
  @ApiIdempotencyKey()
  @AnswersEnvelope(CompatWispGhostDto, 201)
  @RequirePermission('running:own')
  create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<Envelope<CompatWispGhostDto>> {
    const made = this.writes.create(caller, request.body, idempotentRequest(request, ROUTE));
    return enveloped(made.then((outcome) => answerWith(response, outcome)));
  }

  /** Ghosts that their owners let everybody race, newest first. */
  @Get('public')
  @TakesQuery(publicGhostsQuery)
  @AnswersEnvelope(CompatWispPublicGhostsDto)
  @RequirePermission('running:read')
  listPublic(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispPublicGhostsDto>> {
    return enveloped(this.ghosts.listPublic(caller, query));
  }

  /** Own and public ghosts worth racing next, the best first. */
  @Get('recommended')
  @AnswersEnvelope(CompatWispRecommendedGhostsDto)
  @RequirePermission('running:own')
  recommended(@Caller() caller: Principal): Promise<Envelope<CompatWispRecommendedGhostsDto>> {
    return enveloped(this.ghosts.recommended(caller));
  }

  @Get(':id')
  @AnswersEnvelope(CompatWispGhostDetailsDto)
  @RequirePermission('running:own')
  details(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispGhostDetailsDto>> {
    return enveloped(this.ghosts.details(caller, id));
  }

  /** What is left out stays. */
  @Put(':id')
  @TakesBody(ghostChangeBody)
  @AnswersEnvelope(CompatWispGhostDto)
  @RequirePermission('running:own')
  change(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispGhostDto>> {
    return enveloped(this.writes.change(caller, id, request.body));
  }

  /** Results against it stay. */
  @Delete(':id')
  @AnswersEnvelope(CompatWispGoneDto)
  @RequirePermission('running:own')
  remove(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispGoneDto>> {
    return enveloped(this.writes.remove(caller, id));
  }

  /** When it is where, by kilometre: of own ghosts, of public ones, and of those taken over. */
  @Get(':id/race-data')
  @AnswersEnvelope(CompatWispRaceDataDto)
  @RequirePermission('running:own')
  raceData(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRaceDataDto>> {
    return enveloped(this.ghosts.raceData(caller, id));
  }
}
