import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { LIMITS } from '../sessions/auth.limits.js';
import { TokensDto } from '../sessions/auth.dto.js';
import { toTokensDto } from '../sessions/auth.mapper.js';
import { SecondFactorDto } from './second-factor.dto.js';
import { SignInChallenges } from './sign-in-challenges.service.js';
import { deviceOf } from '../sessions/device.adapter.js';

@ApiTags('auth')
@Controller('api/v1/auth/sign-in')
export class SecondFactorController {
  constructor(private readonly challenges: SignInChallenges) {}

  /** The second step of a sign-in: a code of the app, or a recovery code. Five tries within five minutes. */
  @Post('second-factor')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @RateLimited(LIMITS.secondFactor)
  async complete(@Req() request: Request, @Body() body: SecondFactorDto): Promise<TokensDto> {
    const { challengeToken, code, recoveryCode, deviceName } = body;
    const device = deviceOf(request, deviceName);
    return toTokensDto(
      await this.challenges.complete(challengeToken, { code, recoveryCode }, device, Date.now()),
    );
  }
}
