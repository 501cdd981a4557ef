import { Body, Controller, Delete, Get, Header, HttpCode, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { BungieLink } from './bungie-link.service.js';
import {
  ActiveMembershipDto,
  DestinyLinkDto,
  DestinyMembershipDto,
  DestinyMembershipsDto,
} from './link.dto.js';
import { toLinkDto, toMembershipDto, toMembershipsDto } from './link.mapper.js';
import { Memberships } from './memberships.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny')
export class DestinyLinkController {
  constructor(
    private readonly link: BungieLink,
    private readonly memberships: Memberships,
  ) {}

  /** Whether the account is connected to Bungie.net, and as whom. */
  @Get('link')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('destiny:own')
  async find(@Caller() caller: Principal): Promise<DestinyLinkDto> {
    return toLinkDto(await this.link.view(caller));
  }

  /** Has the memberships read anew, once in a minute at most. */
  @Post('link/refresh')
  @HttpCode(200)
  @RequirePermission('destiny:own')
  async refresh(@Caller() caller: Principal): Promise<DestinyLinkDto> {
    return toLinkDto(await this.link.refresh(caller));
  }

  /**
   * Ends the connection to Bungie.net, and deletes memberships and everything that was read of them. Needs a password proved in the last
   * five minutes.
   */
  @Delete('link')
  @HttpCode(204)
  @RequirePermission('destiny:own')
  end(@Caller() caller: Principal): Promise<void> {
    return this.link.end(caller);
  }

  /** The account's players, one per platform. */
  @Get('memberships')
  @RequirePermission('destiny:own')
  async list(@Caller() caller: Principal): Promise<DestinyMembershipsDto> {
    return toMembershipsDto(await this.memberships.list(caller));
  }

  /** Decides whose catalysts and weapons are shown. */
  @Put('memberships/active')
  @RequirePermission('destiny:own')
  async choose(
    @Caller() caller: Principal,
    @Body() body: ActiveMembershipDto,
  ): Promise<DestinyMembershipDto> {
    return toMembershipDto(await this.memberships.choose(caller, body.id));
  }
}
