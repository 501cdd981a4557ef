import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { NativeRecipes } from './native-recipes.service.js';
import {
  CraftTreeDto,
  PricedRecipesDto,
  PricedRecipesQueryDto,
  TreeOrderDto,
  TreeQueryDto,
} from './recipes.dto.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/recipes')
export class PricedRecipesController {
  constructor(private readonly recipes: NativeRecipes) {}

  /** Recipes with cost, margin and return after tax, by prices that are not flagged. Answers 304 while neither prices nor recipes have changed. */
  @Get()
  @ApiOkResponse({ type: PricedRecipesDto })
  @RequirePermission('market:read')
  list(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: PricedRecipesQueryDto,
  ): Promise<PricedRecipesDto | typeof NOT_MODIFIED> {
    return conditionalVersion(request, response, {
      etagOf: (version: string) => `W/"${version}"`,
      version: () => this.recipes.version(caller, game, server),
      load: () => this.recipes.list(caller, game, server, query),
    });
  }

  /** All that so many crafts take, each item once, and what of it is bought or crafted. */
  @Get(':id/tree')
  @RequirePermission('market:read')
  tree(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id', PathIdPipe) recipeId: number,
    @Query() { quantity, mode }: TreeQueryDto,
  ): Promise<CraftTreeDto> {
    return this.recipes.tree(caller, { game, server, recipeId }, { quantity, mode, stock: [] });
  }

  /** The same with stock, which is used before anything is bought or crafted, and no unit of it twice. Changes nothing. */
  @Post(':id/tree')
  @HttpCode(200)
  @RequirePermission('market:read')
  treeWithStock(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id', PathIdPipe) recipeId: number,
    @Body() { quantity, mode, stock }: TreeOrderDto,
  ): Promise<CraftTreeDto> {
    return this.recipes.tree(caller, { game, server, recipeId }, { quantity, mode, stock });
  }
}
