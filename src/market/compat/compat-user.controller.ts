import { All, Controller, Delete, Get, HttpCode, Options, Post, Put, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatDesk } from './compat-desk.service.js';
import { sendReply } from './compat-reply.js';
import { CompatErrorDto } from './compat-ingest.dto.js';

const RESOURCES = ['profiles', 'favorites', 'lists', 'messages', 'bank'];

/** Profiles, favourites, lists, messages and bank as the original gives them; the query says which (`resource`, `mode`). */
@ApiTags('compat dofus')
@Controller('compat/dofus/api/user')
@CompatMount('dofus')
export class CompatUserController {
  constructor(private readonly desk: CompatDesk) {}

  @Get()
  @ApiQuery({ name: 'resource', enum: RESOURCES })
  @ApiOkResponse({ description: 'What the resource holds' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  @Post()
  @HttpCode(200)
  @ApiQuery({ name: 'resource', enum: RESOURCES })
  @ApiOkResponse({ description: 'Done' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @RequirePermission('market:own')
  async create(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  @Put()
  @ApiQuery({ name: 'resource', enum: RESOURCES })
  @ApiOkResponse({ description: 'Done' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @RequirePermission('market:own')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  @Delete()
  @ApiQuery({ name: 'resource', enum: RESOURCES })
  @ApiOkResponse({ description: 'Done' })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @RequirePermission('market:own')
  async remove(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  @All()
  @ApiExcludeEndpoint()
  @RequirePermission('market:read')
  refuse(): never {
    throw methodNotAllowed('GET, POST, PUT, DELETE', 'This method is not allowed here.');
  }
}
