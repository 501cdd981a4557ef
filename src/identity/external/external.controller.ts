import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiFoundResponse,
  ApiOkResponse,
  ApiQuery,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import {
  answerBrowser,
  cameBackOf,
  rememberBrowser,
  wayBackOf,
} from '../connections/browser-flow.adapter.js';
import { AuthorizationDto } from '../connections/connections.dto.js';
import { toAuthorizationDto } from '../connections/connections.mapper.js';
import { ChallengeDto, TokensDto } from '../sessions/auth.dto.js';
import { toSignedInDto } from '../sessions/auth.mapper.js';
import { LIMITS } from '../sessions/auth.limits.js';
import { deviceOf } from '../sessions/device.adapter.js';
import { ExchangeCode } from './exchange-code.service.js';
import { ExchangeDto, SignInStartDto } from './external.dto.js';
import { ExternalSignIn } from './external-sign-in.service.js';

@ApiTags('auth')
@Controller('api/v1/auth/external')
export class ExternalController {
  constructor(
    private readonly signIns: ExternalSignIn,
    private readonly codes: ExchangeCode,
  ) {}

  /** Begins a sign-in at a provider such as Google: the address that the app opens in a browser. */
  @Post(':provider/start')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RateLimited(LIMITS.externalStart)
  @Public()
  async start(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('provider') provider: string,
    @Body() body: SignInStartDto,
  ): Promise<AuthorizationDto> {
    const back = wayBackOf(request, body.returnTo);
    const begun = await this.signIns.begin(provider, body.codeChallenge, back);
    rememberBrowser(request, response, begun);
    return toAuthorizationDto(begun);
  }

  /** Where the provider sends the browser back to, after a sign-in (the code is for `exchange`) as after linking (for `complete`). */
  @Get(':provider/callback')
  @ApiQuery({ name: 'state', required: false })
  @ApiQuery({ name: 'code', required: false })
  @ApiOkResponse({ description: 'A page that says so, with the code', content: { 'text/html': {} } })
  @ApiFoundResponse({ description: 'On to the app, with the code' })
  @RateLimited(LIMITS.authorizationCallback)
  @Public()
  async callback(
    @Req() request: Request,
    @Res() response: Response,
    @Param('provider') provider: string,
  ): Promise<void> {
    const { returnTo, code } = await this.signIns.comeBack(provider, cameBackOf(request));
    answerBrowser(request, response, returnTo, { provider, code });
  }

  /** Tokens, or a challenge, for the code of a sign-in, which works once and for a minute. */
  @Post('exchange')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiExtraModels(TokensDto, ChallengeDto)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(TokensDto) }, { $ref: getSchemaPath(ChallengeDto) }] },
  })
  @RateLimited(LIMITS.externalExchange)
  @Public()
  async exchange(@Req() request: Request, @Body() body: ExchangeDto): Promise<TokensDto | ChallengeDto> {
    const device = deviceOf(request, body.deviceName);
    return toSignedInDto(await this.codes.exchange(body.code, body.codeVerifier, device));
  }
}
