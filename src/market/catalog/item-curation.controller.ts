import { Body, Controller, Delete, HttpCode, Param, Patch } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { ItemChangeDto, ItemDetailsDto } from './catalog.dto.js';
import { NativeItemCuration } from './native-item-curation.service.js';
import { SeenVersion } from './seen-version.decorator.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/items')
export class ItemCurationController {
  constructor(private readonly curation: NativeItemCuration) {}

  /** Corrects an item; with If-Match (its `version` in quotes) only when nobody has changed it since. */
  @Patch(':itemId')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:curate')
  change(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @SeenVersion() version: number | undefined,
    @Body() change: ItemChangeDto,
  ): Promise<ItemDetailsDto> {
    return this.curation.change(caller, { game, itemId, version }, change);
  }

  /**
   * Deletes an item with its prices, recipe, place in other recipes and effects. Its raw prices are gone from sight at once and taken
   * away in the background.
   */
  @Delete(':itemId')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:curate')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @SeenVersion() version: number | undefined,
  ): Promise<void> {
    return this.curation.remove(caller, { game, itemId, version });
  }
}
