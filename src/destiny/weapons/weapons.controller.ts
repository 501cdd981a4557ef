import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  LanguageQueryDto,
  WeaponDetailDto,
  WeaponGroupsDto,
  WeaponGroupsQueryDto,
  WeaponsDto,
  WeaponsQueryDto,
} from './weapons.dto.js';
import { WeaponsService } from './weapons.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/weapons')
export class WeaponsController {
  constructor(private readonly weapons: WeaponsService) {}

  /** The weapons of the caller's active membership, from the last reading. */
  @Get()
  @RequirePermission('destiny:own')
  list(@Caller() caller: Principal, @Query() query: WeaponsQueryDto): Promise<WeaponsDto> {
    return this.weapons.list(caller, query);
  }

  /** How many there are of what. */
  @Get('aggregate')
  @RequirePermission('destiny:own')
  groups(@Caller() caller: Principal, @Query() query: WeaponGroupsQueryDto): Promise<WeaponGroupsDto> {
    return this.weapons.groups(caller, query);
  }

  @Get(':instanceId')
  @RequirePermission('destiny:own')
  find(
    @Caller() caller: Principal,
    @Param('instanceId') instanceId: string,
    @Query() query: LanguageQueryDto,
  ): Promise<WeaponDetailDto> {
    return this.weapons.find(caller, instanceId, query.lang);
  }
}
