import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { CodeDto, EmailDto } from '../sessions/auth.dto.js';
import { LIMITS } from '../sessions/auth.limits.js';
import { AddressChange } from './address-change.service.js';

@ApiTags('account')
@Controller('api/v1/account/email')
export class AddressChangeController {
  constructor(private readonly change: AddressChange) {}

  /**
   * Asks for another address. Where mail is sent, it counts when the code of the mail to it is brought to `confirm`; else at once, if
   * nobody has it. The answer does not say whether anybody has. Needs a password proved in the last five minutes (`/step-up`).
   */
  @Post()
  @HttpCode(202)
  @RateLimited(LIMITS.mail)
  @RequirePermission('account:own')
  request(@Caller() caller: Principal, @Body() body: EmailDto): Promise<void> {
    return this.change.request(caller, body.email);
  }

  /** The code of the mail to the new address: from now on one signs in with that. */
  @Post('confirm')
  @HttpCode(204)
  @RateLimited(LIMITS.code)
  @RequirePermission('account:own')
  confirm(@Caller() caller: Principal, @Body() body: CodeDto): Promise<void> {
    return this.change.confirm(caller, body.code);
  }
}
