import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { recipeNotYours, recipeRefused, unknownRecipe } from '../market.errors.js';
import { bookOf } from './crafting.mapper.js';
import type { Ingredient } from './recipe-book.js';
import { RecipesRepository, type StoredRecipeRow } from './recipes.repository.js';

export interface RecipeDraft {
  resultItemId: number;
  /** Undefined leaves what there is. */
  jobId?: number | null | undefined;
  level?: number | null | undefined;
  /** Every item once. */
  ingredients: readonly Ingredient[];
}

/**
 * Recipes of one's own. One writer of a game's recipes at a time, so that no two of them close a cycle together. What the catalogue
 * ships is changed by curators only, and from then on left alone by seeds; a custom recipe also by the account that made it.
 */
@Injectable()
export class RecipeWrites {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recipes: RecipesRepository,
    private readonly audit: Audit,
  ) {}

  /** Makes or changes the recipe of an item. @throws DomainError recipeNotYours, recipeRefused */
  put(principal: Principal, gameId: number, draft: RecipeDraft): Promise<StoredRecipeRow> {
    return this.uow.run(principal, async (tx) => {
      const itemIds = [draft.resultItemId, ...draft.ingredients.map(({ itemId }) => itemId)];
      const knownItemIds = new Set(await this.recipes.listKnownItemIds(tx, gameId, itemIds));
      await this.recipes.lockRecipes(tx, gameId);
      const known = await this.recipes.findRecipe(tx, gameId, draft.resultItemId);
      if (known) assertMayChange(principal, known);
      const jobId = draft.jobId === undefined ? (known?.jobId ?? null) : draft.jobId;
      const level = draft.level === undefined ? (known?.level ?? null) : draft.level;
      await this.check(tx, gameId, jobId, itemIds, knownItemIds);
      const before = known && (await this.contentOf(tx, known));
      const madeBy = principal.kind === 'service' ? null : principal.id;
      const after = await this.recipes.upsertRecipe(tx, gameId, {
        resultItemId: draft.resultItemId,
        jobId,
        level,
        madeBy,
      });
      await this.recipes.replaceIngredients(tx, after.id, draft.ingredients);
      await this.refuseCycle(tx, gameId, after.id);
      await this.audit.record(tx, principal, {
        action: 'market.recipe-changed',
        object: { type: 'market.recipe', id: String(after.id) },
        before,
        after: await this.contentOf(tx, after),
      });
      return after;
    });
  }

  /** Takes a recipe away. @throws DomainError unknownRecipe, recipeNotYours */
  remove(principal: Principal, gameId: number, resultItemId: number): Promise<void> {
    return this.uow.run(principal, async (tx) => {
      await this.recipes.lockRecipes(tx, gameId);
      const known = await this.recipes.findRecipe(tx, gameId, resultItemId);
      if (!known) throw unknownRecipe();
      assertMayChange(principal, known);
      const before = await this.contentOf(tx, known);
      await this.recipes.deleteRecipe(tx, known.id);
      await this.audit.record(tx, principal, {
        action: 'market.recipe-deleted',
        object: { type: 'market.recipe', id: String(known.id) },
        before,
        after: null,
      });
    });
  }

  /** Everything that is named must be there. */
  private async check(
    tx: Tx,
    gameId: number,
    jobId: number | null,
    itemIds: readonly number[],
    known: ReadonlySet<number>,
  ): Promise<void> {
    const faults: InputFault[] = itemIds.flatMap((itemId, index) =>
      known.has(itemId)
        ? []
        : [
            {
              pointer: index === 0 ? '/resultItemId' : `/ingredients/${index - 1}/itemId`,
              code: 'unknown',
              detail: 'The game has no such item.',
            },
          ],
    );
    if (jobId !== null && !(await this.recipes.hasJob(tx, gameId, jobId)))
      faults.push({ pointer: '/jobId', code: 'unknown', detail: 'The game has no such job.' });
    if (faults.length > 0) throw recipeRefused(faults);
  }

  private async refuseCycle(tx: Tx, gameId: number, recipeId: number): Promise<void> {
    const { cyclic } = bookOf(await this.recipes.getBook(tx, gameId));
    if (!cyclic.has(recipeId)) return;
    const detail = 'The result would be needed to make one of these.';
    throw recipeRefused([{ pointer: '/ingredients', code: 'cycle', detail }]);
  }

  private async contentOf(tx: Tx, row: StoredRecipeRow): Promise<object> {
    const { resultItemId, jobId, level } = row;
    return { resultItemId, jobId, level, ingredients: await this.recipes.listIngredients(tx, row.id) };
  }
}

function assertMayChange(principal: Principal, recipe: StoredRecipeRow): void {
  if (principal.permissions.has('market:curate')) return;
  if (recipe.isCustom && recipe.madeBy !== null && recipe.madeBy === principal.id) return;
  throw recipeNotYours();
}
