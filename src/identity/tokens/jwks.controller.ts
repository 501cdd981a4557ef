import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/route.decorators.js';
import { JwksDto } from './jwks.dto.js';
import { toJwksDto } from './jwks.mapper.js';
import { SigningKeys } from './signing-keys.service.js';

@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  /** Public keys of access tokens (RFC 7517). A key is here ten minutes before it signs, and until its last token has ended. */
  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Public()
  async list(): Promise<JwksDto> {
    return toJwksDto(await this.keys.published());
  }
}
