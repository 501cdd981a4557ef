import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { DestinySyncRunDto, DestinySyncStartedDto, DestinySyncStatusDto } from './profile-sync.dto.js';
import { ProfileSync } from './profile-sync.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/sync')
export class ProfileSyncController {
  constructor(private readonly sync: ProfileSync) {}

  /** Reads the active membership anew at Bungie, at most once a minute. An active run is joined. */
  @Post()
  @HttpCode(202)
  @RequirePermission('destiny:own')
  start(@Caller() caller: Principal): Promise<DestinySyncStartedDto> {
    return this.sync.start(caller);
  }

  /** How old what is shown is, and whether it is being read. */
  @Get('status')
  @RequirePermission('destiny:own')
  status(@Caller() caller: Principal): Promise<DestinySyncStatusDto> {
    return this.sync.status(caller);
  }

  @Get(':id')
  @RequirePermission('destiny:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<DestinySyncRunDto> {
    return this.sync.find(caller, id);
  }
}
