import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { GrantsService } from './grants.service.js';
import { InvitesService } from './invites.service.js';
import {
  CampaignMemberChangeDto,
  CampaignMemberDto,
  CampaignMembersDto,
  GrantDto,
  GrantPageDto,
  GrantsQueryDto,
  InvitesDto,
  MadeInviteDto,
  NewGrantDto,
  NewInviteDto,
} from './members.dto.js';
import { MembersService } from './members.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns/:c')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly invites: InvitesService,
    private readonly grants: GrantsService,
  ) {}

  /** All who sit at the table. */
  @Get('members')
  @RequirePermission('tabletop:own')
  list(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<CampaignMembersDto> {
    return this.members.list(caller, campaignId);
  }

  /** Another role, by a game master; another name, by the member as well. The owner stays a game master. */
  @Patch('members/:id')
  @RequirePermission('tabletop:own')
  change(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') userId: string,
    @Body() body: CampaignMemberChangeDto,
  ): Promise<CampaignMemberDto> {
    return this.members.change(caller, campaignId, userId, body);
  }

  /** By a game master, or by the member, who leaves. Their characters stay at the table. */
  @Delete('members/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') userId: string,
  ): Promise<void> {
    return this.members.remove(caller, campaignId, userId);
  }

  /** A code by which so many may take a seat, until it ends. It is told in this answer alone. */
  @Post('invites')
  @RequirePermission('tabletop:own')
  invite(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewInviteDto,
  ): Promise<MadeInviteDto> {
    return this.invites.create(caller, campaignId, body);
  }

  /** Without their codes, newest first. */
  @Get('invites')
  @RequirePermission('tabletop:own')
  listInvites(@Caller() caller: Principal, @Param('c') campaignId: string): Promise<InvitesDto> {
    return this.invites.list(caller, campaignId);
  }

  /** Nobody takes a seat by it any more; those who have keep theirs. */
  @Delete('invites/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  revokeInvite(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.invites.revoke(caller, campaignId, id);
  }

  /** Lends one object to one member for a while, in the place of what was lent before. */
  @Post('grants')
  @RequirePermission('tabletop:own')
  grant(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewGrantDto,
  ): Promise<GrantDto> {
    return this.grants.create(caller, campaignId, body);
  }

  /** Newest first. */
  @Get('grants')
  @RequirePermission('tabletop:own')
  listGrants(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: GrantsQueryDto,
  ): Promise<GrantPageDto> {
    return this.grants.list(caller, campaignId, query.objectId, readIdCursor(query.cursor), query.limit);
  }

  @Delete('grants/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  revokeGrant(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.grants.revoke(caller, campaignId, id);
  }
}
