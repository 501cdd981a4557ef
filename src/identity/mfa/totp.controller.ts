import { Body, Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RecoveryCodesDto, TotpCodeDto, TotpEnrolmentDto, TotpStatusDto } from './second-factor.dto.js';
import { Totp } from './totp.service.js';

@ApiTags('account')
@Controller('api/v1/account')
export class TotpController {
  constructor(private readonly totp: Totp) {}

  @Get('totp')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async status(@Caller() caller: Principal): Promise<TotpStatusDto> {
    const { confirmedAt, recoveryCodesLeft } = await this.totp.status(caller);
    return {
      isEnabled: confirmedAt !== null,
      confirmedAt: confirmedAt?.toISOString() ?? null,
      recoveryCodesLeft,
    };
  }

  /** A secret for an authenticator app; it counts when a code of it is confirmed. Needs a fresh proof (`/step-up`). */
  @Post('totp')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async enrol(@Caller() caller: Principal): Promise<TotpEnrolmentDto> {
    const { seed, uri } = await this.totp.enrol(caller);
    return { secret: seed, otpauthUri: uri };
  }

  /** From now on signing in asks for a code. */
  @Post('totp/confirm')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async confirm(@Caller() caller: Principal, @Body() body: TotpCodeDto): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.totp.confirm(caller, body.code, Date.now()) };
  }

  /** Signing in asks for the password alone again. Needs a fresh proof (`/step-up`), with the second factor. */
  @Delete('totp')
  @HttpCode(204)
  @RequirePermission('account:own')
  remove(@Caller() caller: Principal): Promise<void> {
    return this.totp.remove(caller);
  }

  /** Ten new recovery codes; the old ones count no more. Needs a fresh proof (`/step-up`). */
  @Post('recovery-codes')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async regenerate(@Caller() caller: Principal): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.totp.regenerateCodes(caller) };
  }
}
