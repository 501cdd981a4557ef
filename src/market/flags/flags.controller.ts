import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import { FlagDto, FlagsDto, FlagsQueryDto, FlagVerdictDto } from './flags.dto.js';
import { FlagsService } from './flags.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server')
export class FlagsController {
  constructor(private readonly flags: FlagsService) {}

  /** Suspicious observations with the reason, the one stored last first. They are found within seconds of their arrival. */
  @Get('flags')
  @RequirePermission('market:read')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: FlagsQueryDto,
  ): Promise<FlagsDto> {
    return this.flags.list(caller, game, server, query);
  }

  /** Clears a flagged observation or confirms its flag; medians and what is made of them follow within seconds. */
  @Put('observations/:id/flag')
  @RequirePermission('market:curate')
  judge(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id', PathLongIdPipe) id: number,
    @Body() { verdict }: FlagVerdictDto,
  ): Promise<FlagDto> {
    return this.flags.judge(caller, { game, server, id }, verdict === 'open' ? null : verdict);
  }
}
