import {
  All,
  Controller,
  Delete,
  Get,
  HttpCode,
  Options,
  Post,
  Put,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatDesk } from './compat-desk.service.js';
import { sendReply } from './compat-reply.writer.js';
import { UserChange, UserCreate, UserRead, UserRemove } from './compat-user.decorators.js';
import { CompatUserFilter } from './compat-user.filter.js';

/** Profiles, favourites, lists, messages and bank as the original gives them; the query says which (`resource`, `mode`). */
@ApiTags('compat dofus')
@UseFilters(CompatUserFilter)
@Controller('compat/dofus/api/user')
@CompatMount('dofus')
export class CompatUserController {
  constructor(private readonly desk: CompatDesk) {}

  /**
   * Profiles by name; names of a profile's favourites (mode=favorites); public lists with the private ones of a profile, or one by
   * its id; messages, newest first, or how many are unread; the bank of a server.
   */
  @Get()
  @UserRead()
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  /** Adds a profile, a favourite, a list, an item of a list or a message; marks messages as read; syncs the bank. */
  @Post()
  @HttpCode(200)
  @UserCreate()
  @RequirePermission('market:own')
  async create(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  /** Changes a list, the quantity of an item on it, or a message. */
  @Put()
  @UserChange()
  @RequirePermission('market:own')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('user', caller, request));
  }

  /**
   * Deletes a profile, a favourite, a list, an item of a list or a message; empties the bank of a server, without `profileId` of all of
   * the caller's profiles. What is not there counts as deleted, except a message.
   */
  @Delete()
  @UserRemove()
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
