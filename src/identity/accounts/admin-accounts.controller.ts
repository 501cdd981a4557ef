import { Body, Controller, Get, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import {
  AdminAccountDto,
  AdminAccountsDto,
  AdminAccountsQueryDto,
  AdministrationDto,
} from './account.dto.js';
import { toAdminAccountDto } from './account.mapper.js';
import { AdminAccounts } from './admin-accounts.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { SeenVersion } from './seen-version.decorator.js';

@ApiTags('admin')
@Controller('api/v1/admin/accounts')
export class AdminAccountsController {
  constructor(private readonly accounts: AdminAccounts) {}

  /** Everybody's accounts, newest first. */
  @Get()
  @RequirePermission('admin:read')
  async list(@Query() query: AdminAccountsQueryDto): Promise<AdminAccountsDto> {
    const rows = await this.accounts.list({
      email: query.email ?? null,
      role: query.role ?? null,
      before: query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0],
      limit: query.limit + 1,
    });
    return toPage(rows, query.limit, (row) => [row.id], toAdminAccountDto);
  }

  /**
   * Gives a role, locks or unlocks. The account's tokens are refused within a second; it signs in or refreshes anew. People give
   * roles with a password proved in the last five minutes (`/step-up`), and no API key does.
   */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('admin:write')
  async administer(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenVersion() version: number | undefined,
    @Body() body: AdministrationDto,
  ): Promise<AdminAccountDto> {
    const account = toAdminAccountDto(await this.accounts.administer(caller, id, body, version));
    response.setHeader('ETag', etagOf(account.version));
    return account;
  }
}
