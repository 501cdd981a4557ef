import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { recipeRefused, unknownItem } from '../market.errors.js';
import { NativeRecipes } from './native-recipes.service.js';
import { RecipeWrites } from './recipe-writes.service.js';
import type { ItemQuantityDto, RecipeChangeDto, RecipeWithIngredientsDto } from './recipes.dto.js';

/** Recipes that callers of the native API make and take away. */
@Injectable()
export class CustomRecipes {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly writes: RecipeWrites,
    private readonly recipes: NativeRecipes,
  ) {}

  /** Safe to repeat. @throws DomainError unknown game or item, recipeNotYours, recipeRefused */
  async put(
    principal: Principal,
    gameKey: string,
    resultItemId: number,
    { jobId, level, ingredients }: RecipeChangeDto,
  ): Promise<RecipeWithIngredientsDto> {
    assertEachOnce(ingredients);
    const { id: gameId } = await this.directory.game(gameKey);
    const found = await this.uow.read(principal, this.items.itemStatement(gameId, resultItemId));
    if (found.length === 0) throw unknownItem();
    const draft = { resultItemId, jobId: jobId ?? null, level: level ?? null, ingredients };
    await this.writes.put(principal, gameId, draft);
    return this.recipes.recipeOf(principal, gameKey, resultItemId);
  }

  /** @throws DomainError unknown game or recipe, recipeNotYours */
  async remove(principal: Principal, gameKey: string, resultItemId: number): Promise<void> {
    const { id: gameId } = await this.directory.game(gameKey);
    await this.writes.remove(principal, gameId, resultItemId);
  }
}

function assertEachOnce(ingredients: readonly ItemQuantityDto[]): void {
  const seen = new Set<number>();
  ingredients.forEach(({ itemId }, index) => {
    if (seen.has(itemId))
      throw recipeRefused([
        { pointer: `/ingredients/${index}/itemId`, code: 'duplicate', detail: 'Each item stands here once.' },
      ]);
    seen.add(itemId);
  });
}
