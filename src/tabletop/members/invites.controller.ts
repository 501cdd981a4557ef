import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { CampaignDto } from '../campaigns/campaigns.dto.js';
import { InvitesService } from './invites.service.js';
import { AcceptInviteDto } from './members.dto.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/invites')
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  /** Takes a seat at the table that the code belongs to. */
  @Post('accept')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  accept(@Caller() caller: Principal, @Body() body: AcceptInviteDto): Promise<CampaignDto> {
    return this.invites.accept(caller, body);
  }
}
