import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { ProposalDto, ProposalPageDto, ProposalRejectionDto, ProposalsQueryDto } from './proposals.dto.js';
import { Proposals } from './proposals.service.js';

/** What players would change where the campaign has a game master approve. They are made by changing the character. */
@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class ProposalsController {
  constructor(private readonly proposals: Proposals) {}

  /** One's own, and all for game masters; newest first. */
  @Get('characters/:id/proposals')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProposalsQueryDto,
  ): Promise<ProposalPageDto> {
    return this.proposals.list(caller, id, query.status ?? null, readIdCursor(query.cursor), query.limit);
  }

  /** By a game master, unless what it would change has been changed since. Said again it answers the same. */
  @Post('proposals/:id/accept')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  accept(@Caller() caller: Principal, @Param('id') id: string): Promise<ProposalDto> {
    return this.proposals.accept(caller, id);
  }

  /** By a game master. Said again it answers the same. */
  @Post('proposals/:id/reject')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  reject(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: ProposalRejectionDto,
  ): Promise<ProposalDto> {
    return this.proposals.reject(caller, id, body.reason ?? '');
  }

  /** Takes an open one back, by whoever made it. */
  @Delete('proposals/:id')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  withdraw(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.proposals.withdraw(caller, id);
  }
}
