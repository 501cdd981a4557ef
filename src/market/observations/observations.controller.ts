import { Body, Controller, Delete, HttpCode, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import { ObservationDto } from '../prices/prices.dto.js';
import { ObservationChangeDto } from './observations.dto.js';
import { ObservationsService } from './observations.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/observations')
export class ObservationsController {
  constructor(private readonly observations: ObservationsService) {}

  /** Corrects price or lots of one observation; what is derived from it follows within seconds. */
  @Patch(':id')
  @RequirePermission('market:curate')
  change(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id', PathLongIdPipe) id: number,
    @Body() change: ObservationChangeDto,
  ): Promise<ObservationDto> {
    return this.observations.change(caller, { game, server, id }, change);
  }

  /** Takes one observation out of the history; what is derived from it follows within seconds. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:curate')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id', PathLongIdPipe) id: number,
  ): Promise<void> {
    return this.observations.remove(caller, { game, server, id });
  }
}
