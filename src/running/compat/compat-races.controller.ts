import { Controller, Get, Param, Post, Query, Req, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Envelope } from './compat-answer.js';
import { TakesBody, TakesQuery } from './compat-docs.decorator.js';
import { AnswersEnvelope, enveloped } from './compat-envelope.decorator.js';
import { historyQuery, raceBody } from './compat-ghost-bodies.js';
import {
  CompatWispRaceHistoryDto,
  CompatWispRaceResultDto,
  CompatWispRaceResultsDto,
} from './compat-races.dto.js';
import { CompatRaces } from './compat-races.service.js';
import { CompatWispFilter } from './compat.filter.js';
import { ORIGINAL_ID } from './original-id.js';

/** Races against ghosts by the contract of the original's documents. */
@ApiTags('compat wisp')
@UseFilters(CompatWispFilter)
@Controller('compat/wisp/api/v1/ghost-races')
@CompatMount('wisp')
export class CompatRacesController {
  constructor(private readonly races: CompatRaces) {}

  /**
   * Says that a run was run against a ghost. Who won, and by how much, is worked out from the run's places, a moment later: until then the
   * result is `in_progress`. The same again changes nothing.
   */
  @Post()
  @TakesBody(raceBody)
  @AnswersEnvelope(CompatWispRaceResultDto, 201)
  @RequirePermission('running:own')
  save(@Req() request: Request, @Caller() caller: Principal): Promise<Envelope<CompatWispRaceResultDto>> {
    return enveloped(this.races.save(caller, request.body));
  }

  /** The newest runs first. */
  @Get('history')
  @TakesQuery(historyQuery)
  @AnswersEnvelope(CompatWispRaceHistoryDto)
  @RequirePermission('running:own')
  history(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispRaceHistoryDto>> {
    return enveloped(this.races.history(caller, query));
  }

  /** Of an own run, by its id. */
  @Get(':id')
  @AnswersEnvelope(CompatWispRaceResultsDto)
  @RequirePermission('running:own')
  ofRun(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRaceResultsDto>> {
    return enveloped(this.races.ofRun(caller, id));
  }
}
