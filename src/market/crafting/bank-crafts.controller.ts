import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { BankCraftsDto, BankCraftsQueryDto } from './bank-crafts.dto.js';
import { NativeBankCrafts } from './native-bank-crafts.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/profiles/:id/stock/crafts')
export class BankCraftsController {
  constructor(private readonly crafts: NativeBankCrafts) {}

  /**
   * What can be made of a profile's bank on a server, each recipe by itself, with its profit after tax. A craft plan shares the bank among
   * them.
   */
  @Get()
  @RequirePermission('market:own')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Query() query: BankCraftsQueryDto,
  ): Promise<BankCraftsDto> {
    return this.crafts.list(caller, game, profileId, query);
  }
}
