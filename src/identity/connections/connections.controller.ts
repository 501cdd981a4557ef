import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { RateLimited } from '../../platform/http/rate-limit.decorator.js';
import { LIMITS } from '../sessions/auth.limits.js';
import { answerBrowser, cameBackOf, rememberBrowser, wayBackOf } from './browser-flow.adapter.js';
import { Connect } from './connect.service.js';
import { AuthorizationDto, AuthorizeDto, CompletionDto, ConnectionsDto } from './connections.dto.js';
import { toAuthorizationDto, toConnectionsDto } from './connections.mapper.js';
import { Connections } from './connections.service.js';
import { Disconnect } from './disconnect.service.js';

@ApiTags('connections')
@Controller('api/v1/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: Connections,
    private readonly connect: Connect,
    private readonly disconnects: Disconnect,
  ) {}

  /** Third parties that the account can be connected to, and whether it is. */
  @Get()
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async list(@Caller() caller: Principal): Promise<ConnectionsDto> {
    return toConnectionsDto(await this.connections.list(caller));
  }

  /**
   * Begins a connection, or renews one: the address that the user opens to agree. The way back ends with a code, and the connection is
   * there when the app has brought it to `complete`.
   */
  @Post(':provider/authorize')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async authorize(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Body() body: AuthorizeDto,
  ): Promise<AuthorizationDto> {
    const begun = await this.connect.begin(caller, provider, wayBackOf(request, body.returnTo));
    rememberBrowser(request, response, begun);
    return toAuthorizationDto(begun);
  }

  /** Where the provider sends the browser back to. It gets a code for `complete` along. */
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
    const { returnTo, code } = await this.connect.comeBack(provider, cameBackOf(request));
    answerBrowser(request, response, returnTo, { provider, code });
  }

  /** Ends what `authorize` began, by the code of the way back: it works once, for ten minutes, and for the account that began alone. */
  @Post(':provider/complete')
  @HttpCode(204)
  @RequirePermission('account:own')
  complete(
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Body() body: CompletionDto,
  ): Promise<void> {
    return this.connect.complete(caller, provider, body.code);
  }

  /** Ends the connection here and at the provider. Needs a password proved in the last five minutes. */
  @Delete(':provider')
  @HttpCode(204)
  @RequirePermission('account:own')
  disconnect(@Caller() caller: Principal, @Param('provider') provider: string): Promise<void> {
    return this.disconnects.disconnect(caller, provider);
  }
}
