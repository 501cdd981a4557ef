import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { toPage } from '../../platform/http/keyset.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import {
  RaceHistoryDto,
  RaceReplayDto,
  RaceReplayQueryDto,
  RaceResultsDto,
  RunResultsDto,
} from './race-results.dto.js';
import { RaceResults } from './race-results.service.js';
import { toRaceReplayDto, toRaceResultDto, toStandingDtos, toSummaryDto } from './races.mapper.js';

@ApiTags('running')
@Controller('api/v1/running')
export class RaceResultsController {
  constructor(private readonly results: RaceResults) {}

  /** The caller's official results against ghosts, newest first, with what all of them come to. */
  @Get('races/history')
  @RequirePermission('running:own')
  async history(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<RaceHistoryDto> {
    const { rows, summary } = await this.results.history(caller, readIdCursor(query.cursor), query.limit + 1);
    return {
      ...toPage(rows, query.limit, ({ id }) => [id], toRaceResultDto),
      summary: toSummaryDto(summary),
    };
  }

  /**
   * The caller's official results in a race, and everybody's place over its course. They are computed from all fixes of the runs, and
   * anew when some come late.
   */
  @Get('races/:id/results')
  @RequirePermission('running:own')
  async ofRace(@Caller() caller: Principal, @Param('id') id: string): Promise<RaceResultsDto> {
    const { view, rows } = await this.results.ofRace(caller, id);
    return {
      raceId: view.race.id,
      status: view.race.status,
      results: rows.map(toRaceResultDto),
      standings: toStandingDtos(view.participants, caller.id),
    };
  }

  /** How the gap went, from the start line on: to each ghost, and to each of the others. */
  @Get('races/:id/replay')
  @RequirePermission('running:own')
  async replay(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RaceReplayQueryDto,
  ): Promise<RaceReplayDto> {
    return toRaceReplayDto(await this.results.replay(caller, id), query.points);
  }

  /** Official results of an own run; none where it was in no race. */
  @Get('runs/:id/results')
  @RequirePermission('running:own')
  async ofRun(@Caller() caller: Principal, @Param('id') id: string): Promise<RunResultsDto> {
    return { items: (await this.results.ofRun(caller, id)).map(toRaceResultDto) };
  }
}
