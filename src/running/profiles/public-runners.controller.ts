import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PublicRunnerDto } from './profiles.dto.js';
import { PublicRunners } from './public-runners.service.js';

@ApiTags('running')
@Controller('api/v1/running/profiles')
export class PublicRunnersController {
  constructor(private readonly runners: PublicRunners) {}

  /** A runner by username or account id. Who has not made the profile public is as unknown as who never was. */
  @Get(':username')
  @RequirePermission('running:read')
  find(@Caller() caller: Principal, @Param('username') username: string): Promise<PublicRunnerDto> {
    return this.runners.find(caller, username);
  }
}
