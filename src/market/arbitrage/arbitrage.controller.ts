import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ArbitragesDto, ArbitrageQueryDto } from './arbitrage.dto.js';
import { ArbitrageService } from './arbitrage.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/analytics')
export class ArbitrageController {
  constructor(private readonly arbitrage: ArbitrageService) {}

  /**
   * Items that cost less on one server than is left of their sale on another, by their newest prices. A price more than five times off
   * what the item has cost lately does not count. An answer may be ten seconds old.
   */
  @Get('arbitrage')
  @RequirePermission('market:read')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: ArbitrageQueryDto,
  ): Promise<ArbitragesDto> {
    return this.arbitrage.list(caller, game, query, new Date());
  }
}
