import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { CustomRecipes } from './custom-recipes.service.js';
import { NativeRecipes } from './native-recipes.service.js';
import { CraftJobsDto, RecipeChangeDto, RecipeUsesDto, RecipeWithIngredientsDto } from './recipes.dto.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class RecipesController {
  constructor(
    private readonly recipes: NativeRecipes,
    private readonly custom: CustomRecipes,
  ) {}

  /** Jobs of the game that craft or gather. */
  @Get('jobs')
  @RequirePermission('market:read')
  jobs(@Caller() caller: Principal, @Param('game') game: string): Promise<CraftJobsDto> {
    return this.recipes.jobs(caller, game);
  }

  @Get('recipes/:id')
  @RequirePermission('market:read')
  recipe(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id', PathIdPipe) id: number,
  ): Promise<RecipeWithIngredientsDto> {
    return this.recipes.recipe(caller, game, id);
  }

  /** How the item is made. */
  @Get('items/:itemId/recipe')
  @RequirePermission('market:read')
  recipeOf(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<RecipeWithIngredientsDto> {
    return this.recipes.recipeOf(caller, game, itemId);
  }

  /** Recipes that use the item, by their ids. */
  @Get('items/:itemId/used-in')
  @RequirePermission('market:read')
  usesOf(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() page: PageQueryDto,
  ): Promise<RecipeUsesDto> {
    return this.recipes.usesOf(caller, game, itemId, page);
  }

  /**
   * Says how the item is made, in place of what was said before. A shipped recipe is changed by curators, a custom one also by the
   * account that made it. Refused is what would need its own result.
   */
  @Put('items/:itemId/recipe')
  @RequirePermission('market:contribute')
  put(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Body() change: RecipeChangeDto,
  ): Promise<RecipeWithIngredientsDto> {
    return this.custom.put(caller, game, itemId, change);
  }

  /** Takes the item's recipe away: curators any, the account that made it its own. */
  @Delete('items/:itemId/recipe')
  @HttpCode(204)
  @RequirePermission('market:contribute')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<void> {
    return this.custom.remove(caller, game, itemId);
  }
}
