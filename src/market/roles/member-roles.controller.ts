import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { MemberRoleChangeDto, MemberRoleDto, MemberRolesDto } from './member-roles.dto.js';
import { toMemberRoleDto } from './member-roles.mapper.js';
import { MemberRoles } from './member-roles.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/market/roles')
export class MemberRolesController {
  constructor(private readonly roles: MemberRoles) {}

  /** Accounts with a role in the market. */
  @Get()
  @RequirePermission('admin:read')
  async list(@Query() query: PageQueryDto): Promise<MemberRolesDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const rows = await this.roles.list(before, query.limit + 1);
    return toPage(rows, query.limit, (row) => [row.accountId], toMemberRoleDto);
  }

  /**
   * Gives an account its role in the market. Its tokens are refused within a second, and it refreshes them. People do so with a
   * password proved in the last five minutes (`/step-up`), and no API key does.
   */
  @Put(':accountId')
  @RequirePermission('admin:write')
  async give(
    @Caller() caller: Principal,
    @Param('accountId') accountId: string,
    @Body() body: MemberRoleChangeDto,
  ): Promise<MemberRoleDto> {
    return toMemberRoleDto(await this.roles.give(caller, accountId, body.role));
  }

  /** Takes it away again, with the same proof. */
  @Delete(':accountId')
  @HttpCode(204)
  @RequirePermission('admin:write')
  take(@Caller() caller: Principal, @Param('accountId') accountId: string): Promise<void> {
    return this.roles.take(caller, accountId);
  }
}
