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
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { methodNotAllowed } from './compat.errors.js';
import { DataChange, DataCreate, DataRead, DataRemove } from './compat-data.decorators.js';
import { CompatDesk } from './compat-desk.service.js';
import { ICON_LIMITS } from './compat-icon.js';
import { sendRead, sendReply } from './compat-reply.writer.js';

@ApiTags('compat dofus')
@Controller('compat/dofus/api/data')
@CompatMount('dofus')
export class CompatDataController {
  constructor(private readonly desk: CompatDesk) {}

  /**
   * Items and categories as the original gives them. Without `mode` a list of items and servers; `market` one page of a server;
   * `search` items by name; `details` one item; `servers` names; `usage_stats` what would go with an item; `stats` figures of one.
   * Items named by hand are `known_items`; `consumables` (and `toolbox` with `mode=consumables`) give back life or energy. Numbers
   * that are none fall back to their defaults.
   * `resource=recipes`: with cost, margin and estimate on `server`; one with its ingredients by `id`; `mode=jobs`; `mode=usage` those that
   * use an item. `resource=harvest`: what grows where, by mode, and the routes that the caller keeps.
   * `resource=toolbox&mode=almanax`: the next 90 days of the calendar, with prices on `server`. Answers 304 to an If-None-Match of the
   * same answer.
   */
  @Get()
  @DataRead()
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendRead(request, response, await this.desk.answer('data', caller, request));
  }

  /**
   * `resource=items&type=icon` gives the item with the game's id `gid` its picture, as the packet reader does for those named in
   * `missing_images`; `resource=known_items` its name, which takes the id from an item of another name; `resource=recipes` makes or
   * changes a recipe. All three take `market:contribute`. `resource=harvest` works out a route by the nearest neighbour
   * (`mode=optimize`), or keeps one (`mode=routes`, with `market:own`). `resource=toolbox&mode=leveling` plans how to level a job.
   */
  @Post()
  @HttpCode(200)
  @DataCreate()
  @RequirePermission('market:read')
  @UseInterceptors(FileInterceptor('file', { limits: ICON_LIMITS }))
  async create(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @UploadedFile() file: { buffer: Buffer } | undefined,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request, file?.buffer));
  }

  /**
   * Renames an item, or changes its category: empty for none, a name nobody has used yet makes one; needs a curator's token.
   * `resource=harvest&mode=routes`: changes what is given of a route that the caller keeps, with `market:own`.
   */
  @Put()
  @DataChange()
  @RequirePermission('market:read')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
  }

  /**
   * Deletes an item with everything that is known of it; needs a curator's token; an id that is not known is no failure.
   * `resource=harvest&mode=routes`: forgets a route that the caller keeps, with `market:own`.
   */
  @Delete()
  @DataRemove()
  @RequirePermission('market:read')
  async remove(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('data', caller, request));
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
