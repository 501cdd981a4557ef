import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { LIMITS } from '../sessions/auth.limits.js';
import { AccessTokenDto, PasswordChangeDto, ProofDto, SessionsDto } from '../sessions/auth.dto.js';
import { toAccessTokenDto, toSessionsDto } from '../sessions/auth.mapper.js';
import { Sessions } from '../sessions/sessions.service.js';
import { StepUp } from '../sessions/step-up.service.js';
import { AccountChangeDto, AccountDto } from './account.dto.js';
import { toAccountDto } from './account.mapper.js';
import { Accounts } from './accounts.service.js';
import { ChangePassword } from './change-password.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { SeenVersion } from './seen-version.decorator.js';

@ApiTags('account')
@Controller('api/v1/account')
export class AccountController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly proofs: StepUp,
    private readonly passwords: ChangePassword,
  ) {}

  @Get()
  @ApiOkResponse({ type: AccountDto })
  @RequirePermission('account:own')
  get(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<AccountDto | typeof NOT_MODIFIED> {
    return conditionalVersion(request, response, {
      etagOf,
      version: async () => (await this.accounts.get(caller)).version,
      load: async () => {
        const account = await this.accounts.get(caller);
        return { version: account.version, body: toAccountDto(account) };
      },
    });
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch()
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('account:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @SeenVersion() version: number | undefined,
    @Body() body: AccountChangeDto,
  ): Promise<AccountDto> {
    const account = toAccountDto(await this.accounts.rename(caller, body.displayName, version));
    response.setHeader('ETag', etagOf(account.version));
    return account;
  }

  /** Deletes the account for good. Needs a fresh proof: `/step-up`, or a sign-in at the issuer of the token. */
  @Delete()
  @HttpCode(204)
  @RequirePermission('account:own')
  remove(@Caller() caller: Principal): Promise<void> {
    return this.accounts.remove(caller);
  }

  @Post('password')
  @HttpCode(204)
  @RateLimited(LIMITS.proof)
  @RequirePermission('account:own')
  changePassword(@Caller() caller: Principal, @Body() body: PasswordChangeDto): Promise<void> {
    return this.passwords.change(caller, body);
  }

  /** Proves password and second factor anew; the token that comes back may do what needs a fresh proof. */
  @Post('step-up')
  @HttpCode(200)
  @RateLimited(LIMITS.proof)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async stepUp(@Caller() caller: Principal, @Body() body: ProofDto): Promise<AccessTokenDto> {
    return toAccessTokenDto(await this.proofs.stepUp(caller, body));
  }

  /** Devices that are signed in. */
  @Get('sessions')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async listSessions(@Caller() caller: Principal): Promise<SessionsDto> {
    return toSessionsDto(await this.sessions.list(caller), caller.sessionId);
  }

  /** Signs a device out; its access token is refused within a second. */
  @Delete('sessions/:id')
  @HttpCode(204)
  @RequirePermission('account:own')
  endSession(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.sessions.end(caller, id);
  }
}
