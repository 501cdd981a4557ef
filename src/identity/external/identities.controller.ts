import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { rememberBrowser, wayBackOf } from '../connections/browser-flow.adapter.js';
import { AuthorizationDto, AuthorizeDto, CompletionDto } from '../connections/connections.dto.js';
import { toAuthorizationDto } from '../connections/connections.mapper.js';
import { IdentitiesDto } from './external.dto.js';
import { toIdentitiesDto } from './external.mapper.js';
import { IdentityLinks } from './identity-links.service.js';
import { LinkIdentity } from './link-identity.service.js';

@ApiTags('account')
@Controller('api/v1/account/identities')
export class IdentitiesController {
  constructor(
    private readonly links: IdentityLinks,
    private readonly linking: LinkIdentity,
  ) {}

  /** Where else one signs in to the account. */
  @Get()
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async list(@Caller() caller: Principal): Promise<IdentitiesDto> {
    return toIdentitiesDto(await this.links.list(caller));
  }

  /**
   * Begins linking: the address that the user opens. The way back ends with a code for `complete`. Needs a password proved in the last
   * five minutes.
   */
  @Post(':provider/link')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async link(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Body() body: AuthorizeDto,
  ): Promise<AuthorizationDto> {
    const begun = await this.linking.begin(caller, provider, wayBackOf(request, body.returnTo));
    rememberBrowser(request, response, begun);
    return toAuthorizationDto(begun);
  }

  /** Ends what `link` began, by the code of the way back: it works once, for ten minutes, and for the account that began alone. */
  @Post(':provider/complete')
  @HttpCode(204)
  @RequirePermission('account:own')
  complete(
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Body() body: CompletionDto,
  ): Promise<void> {
    return this.linking.complete(caller, provider, body.code);
  }

  /** Takes a way to sign in away; never the last one. Needs a password proved in the last five minutes. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('account:own')
  unlink(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.links.unlink(caller, id);
  }
}
