import {
  Controller,
  Get,
  Header,
  HttpCode,
  Post,
  Req,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProviderWays } from '../../identity/identity.public.js';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import { BUNGIE_PROVIDER } from '../bungie/bungie.provider.js';
import {
  CompatAuthUrlDto,
  CompatDestinyProfileDto,
  CompatTokenDto,
  CompatUserDto,
  CompatVerifyDto,
} from './compat.dto.js';
import { CompatDestinyFilter } from './compat.filter.js';
import { CompatAccount } from './compat-account.service.js';
import { ProcessTime } from './process-time.interceptor.js';

const CODE = ApiBody({
  schema: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
});

/** The original's sign-in, over the connections of an account: see compat-account.service.ts. */
@ApiTags('compat destiny')
@UseFilters(CompatDestinyFilter)
@UseInterceptors(ProcessTime)
@Controller('compat/destiny')
@CompatMount('destiny')
export class CompatAuthController {
  constructor(
    private readonly account: CompatAccount,
    private readonly ways: ProviderWays,
  ) {}

  /** Bungie.net's page for the account of the token. Its way back ends with a code for `callback`. */
  @Get('auth/url')
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async url(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CompatAuthUrlDto> {
    return { auth_url: await this.ways.begin(request, response, caller, BUNGIE_PROVIDER) };
  }

  /** Whose connection it becomes is said by the token alone, whatever else the body names. */
  @Post(['auth/callback', 'auth/bungie-callback'])
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @CODE
  @RequirePermission('account:own')
  callback(@Req() request: Request, @Caller() caller: Principal): Promise<CompatTokenDto> {
    return this.account.complete(caller, request.body, request.headers.authorization);
  }

  @Get('auth/verify')
  @RequirePermission('destiny:own')
  verify(@Caller() caller: Principal): Promise<CompatVerifyDto> {
    return this.account.verify(caller);
  }

  /** Says that the token and the connection hold; a token that has ended gets none. */
  @Post('auth/refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('destiny:own')
  refresh(@Req() request: Request, @Caller() caller: Principal): Promise<CompatTokenDto> {
    return this.account.refresh(caller, request.headers.authorization);
  }

  @Get('api/auth/user')
  @RequirePermission('destiny:own')
  user(@Caller() caller: Principal): CompatUserDto {
    return this.account.user(caller);
  }

  @Get('api/profile')
  @RequirePermission('destiny:own')
  profile(@Caller() caller: Principal): Promise<CompatDestinyProfileDto> {
    return this.account.profile(caller);
  }
}
