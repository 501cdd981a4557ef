import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { AddressConfirmation } from '../accounts/address-confirmation.service.js';
import { PasswordReset } from '../accounts/password-reset.service.js';
import { Registration } from '../accounts/registration.service.js';
import {
  ChallengeDto,
  CodeDto,
  EmailDto,
  PasswordResetDto,
  RefreshDto,
  RegisterDto,
  SignInDto,
  TicketDto,
  TokensDto,
} from './auth.dto.js';
import { toSignedInDto, toTokensDto } from './auth.mapper.js';
import { LIMITS } from './auth.limits.js';
import { deviceOf } from './device.adapter.js';
import { OpenSessions } from './open-sessions.service.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { TICKET_LIFE_S, WsTickets } from './ws-tickets.service.js';

@ApiTags('auth')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly registration: Registration,
    private readonly addresses: AddressConfirmation,
    private readonly signIns: SignIn,
    private readonly open: OpenSessions,
    private readonly sessions: Sessions,
    private readonly resets: PasswordReset,
    private readonly tickets: WsTickets,
  ) {}

  /**
   * Makes an account. The answer is the same whether the address has one already; where mail is sent, its owner is told, and a
   * new account can sign in when its address is confirmed.
   */
  @Post('register')
  @HttpCode(202)
  @Public()
  @RateLimited(LIMITS.register)
  register(@Body() body: RegisterDto): Promise<void> {
    return this.registration.register({ ...body, displayName: body.displayName ?? null });
  }

  /** Confirms an address by the code of the mail. */
  @Post('email/verify')
  @HttpCode(204)
  @Public()
  @RateLimited(LIMITS.code)
  verifyEmail(@Body() body: CodeDto): Promise<void> {
    return this.addresses.confirm(body.code);
  }

  /** Tokens; or, for an account with a second factor, a challenge for `sign-in/second-factor`. */
  @Post('sign-in')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiExtraModels(TokensDto, ChallengeDto)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(TokensDto) }, { $ref: getSchemaPath(ChallengeDto) }] },
  })
  @Public()
  @RateLimited(LIMITS.signIn)
  async signIn(@Req() request: Request, @Body() body: SignInDto): Promise<TokensDto | ChallengeDto> {
    const device = deviceOf(request, body.deviceName);
    return toSignedInDto(await this.signIns.signIn(body.email, body.password, device));
  }

  /**
   * New tokens for a refresh token, which is used up by it. For ten seconds it gives the same answer again, for clients that
   * lost the first one; a token used later, or twice over, ends the session.
   */
  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @RateLimited(LIMITS.refresh)
  async refresh(@Body() body: RefreshDto): Promise<TokensDto> {
    return toTokensDto(await this.open.refresh(body.refreshToken));
  }

  /** Ends the session of the token. */
  @Post('sign-out')
  @HttpCode(204)
  @RequirePermission('account:own')
  signOut(@Caller() caller: Principal): Promise<void> {
    return this.sessions.signOut(caller);
  }

  /** Sends a code to the address, if it has an account and the installation sends mail. The answer does not say. */
  @Post('password-reset')
  @HttpCode(202)
  @Public()
  @RateLimited(LIMITS.mail)
  requestPasswordReset(@Body() body: EmailDto): Promise<void> {
    return this.resets.request(body.email);
  }

  /** Sets a new password by the code of the mail, and signs all devices out. */
  @Post('password-reset/confirm')
  @HttpCode(204)
  @Public()
  @RateLimited(LIMITS.code)
  confirmPasswordReset(@Body() body: PasswordResetDto): Promise<void> {
    return this.resets.confirm(body.code, body.newPassword);
  }

  /** A ticket that opens one WebSocket. */
  @Post('ws-ticket')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async wsTicket(@Caller() caller: Principal): Promise<TicketDto> {
    return { ticket: await this.tickets.issue(caller), expiresInS: TICKET_LIFE_S };
  }
}
