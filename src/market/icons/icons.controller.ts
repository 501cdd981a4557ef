import { Controller, Delete, Get, HttpCode, Param, Put, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { IconDto } from './icons.dto.js';
import { IconsService } from './icons.service.js';
import { iconUrl } from './market-icon.js';

@ApiTags('market')
@Controller('api/v1/market')
export class IconsController {
  constructor(private readonly icons: IconsService) {}

  /** The picture of an item. An address always stands for the same bytes; another picture has another address. */
  @Get('icons/:id')
  @ApiProduces('image/png', 'image/jpeg', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @Public()
  async read(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | typeof NOT_MODIFIED> {
    const file = await this.icons.find(id);
    const answer = await conditional(request, response, `"${file.sha256.toString('hex')}"`, async () => {
      const bytes = await this.icons.open(file);
      return new StreamableFile(bytes, { type: file.mediaType, length: file.sizeBytes });
    });
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    return answer;
  }

  /**
   * Gives an item its picture: the bytes of a PNG, JPEG or WebP of at most 256 KiB, written anew without what it carried. An
   * icon that is there already is only replaced by curators; others are told which one it is.
   */
  @Put('games/:game/items/:itemId/icon')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('market:contribute')
  async put(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Req() request: Request,
  ): Promise<IconDto> {
    return { url: iconUrl(await this.icons.put(caller, { game, item: { itemId } }, request)) };
  }

  /** Takes an item's picture away; without one there is nothing to do. */
  @Delete('games/:game/items/:itemId/icon')
  @HttpCode(204)
  @RequirePermission('market:curate')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<void> {
    return this.icons.remove(caller, { game, item: { itemId } });
  }
}
