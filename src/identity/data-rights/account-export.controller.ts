import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { AccountExports } from './account-exports.service.js';
import { RequestedExportDto } from './data-rights.dto.js';

@ApiTags('account')
@Controller('api/v1/account/export')
export class AccountExportController {
  constructor(private readonly exports: AccountExports) {}

  /**
   * Has all that the account has here written into a zip: a JSON file per table, and the account's files. Needs a fresh proof:
   * `/step-up`, or a sign-in at the issuer of the token. It takes the place of the export before it.
   */
  @Post()
  @HttpCode(202)
  @RequirePermission('account:own')
  request(@Caller() caller: Principal): Promise<RequestedExportDto> {
    return this.exports.request(caller);
  }
}
