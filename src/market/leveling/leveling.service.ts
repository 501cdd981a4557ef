import { Injectable } from '@nestjs/common';
import type { Scope } from '../../platform/database/unit-of-work.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { AnswerCache } from '../analytics/answer-cache.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { xpPerCraft } from '../crafting/craft-xp.js';
import { CraftingService, type RecipeCosts } from '../crafting/crafting.service.js';
import type { BookRecipe } from '../crafting/recipe-book.js';
import type { PriceMode } from '../crafting/recipe-costs.js';
import { type RecipeItemRow, RecipesRepository } from '../crafting/recipes.repository.js';
import { type ClassicLimits, planClassic } from './classic-leveling.js';
import { planExact } from './exact-leveling.js';
import { hasCost, type LevelingPlan, type LevelingRecipe, type LevelingTask } from './leveling-plan.js';

const KEPT_PLANS = 64;
const KEPT_VALUES = 200_000;

export interface LevelingQuestion {
  jobId: number;
  /** At least 1, below `toLevel`. */
  fromLevel: number;
  toLevel: number;
  priceMode: PriceMode;
  /** Undefined: the cheapest plan; else the original's within these limits, at the newest prices even where those are flagged. */
  classic: ClassicLimits | undefined;
}

/** A recipe of the job, priced on the server. */
export interface JobRecipe extends LevelingRecipe {
  resultItemId: number;
}

export interface LevelingAnswer {
  plan: LevelingPlan<JobRecipe>;
  /** Recipes of the job up to the level asked for; 0 = there is nothing to plan with. */
  recipeCount: number;
  /** Those of them that have a cost. */
  pricedCount: number;
  /** Every item of the plan. */
  items: ReadonlyMap<number, RecipeItemRow>;
}

/** Plans for levelling a job with the recipes and prices of one server. */
@Injectable()
export class LevelingService {
  private readonly plans = new AnswerCache(KEPT_PLANS, KEPT_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly crafting: CraftingService,
    private readonly recipes: RecipesRepository,
  ) {}

  async plan(scope: Scope, server: ServerRow, question: LevelingQuestion): Promise<LevelingAnswer> {
    const costs = await this.crafting.costs(scope, server, question.classic ? 'newest' : 'unflagged');
    const recipes = recipesOf(costs, question);
    const key = JSON.stringify([server.id, costs.version, question]);
    const plan = await this.plans.get(key, () => this.work(scope, recipes, question));
    return {
      plan,
      recipeCount: recipes.length,
      pricedCount: recipes.filter(hasCost).length,
      items: await this.items(scope, itemsOf(plan)),
    };
  }

  private async work(
    scope: Scope,
    recipes: readonly JobRecipe[],
    { fromLevel, toLevel, classic }: LevelingQuestion,
  ): Promise<LevelingPlan<JobRecipe>> {
    const results = await this.items(
      scope,
      recipes.map(({ resultItemId }) => resultItemId),
    );
    const task: LevelingTask<JobRecipe> = {
      recipes,
      fromLevel,
      toLevel,
      xpOfCraft: ({ level, resultItemId }, jobLevel) =>
        xpPerCraft(jobLevel, level, results.get(resultItemId)?.craftXpRatio ?? null),
    };
    return runInTurns(classic ? planClassic(task, classic) : planExact(task));
  }

  private async items(scope: Scope, itemIds: readonly number[]): Promise<Map<number, RecipeItemRow>> {
    const rows = await this.uow.read<RecipeItemRow>(scope, this.recipes.itemsStatement(itemIds));
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** Recipes of the job up to the level, lowest first. */
function recipesOf(costs: RecipeCosts, { jobId, toLevel, priceMode }: LevelingQuestion): JobRecipe[] {
  const table = costs.table(priceMode);
  const isOfJob = (recipe: BookRecipe): recipe is BookRecipe & { level: number } =>
    recipe.jobId === jobId && recipe.level !== null && recipe.level >= 1 && recipe.level <= toLevel;
  return costs.book.recipes
    .filter(isOfJob)
    .map(({ id, level, resultItemId, ingredients }) => ({
      recipeId: id,
      level,
      resultItemId,
      cost: table.costs.get(id)?.cost ?? null,
      ingredients: ingredients.map(({ itemId, quantity }) => ({
        itemId,
        quantity,
        price: table.supplyOf(itemId)?.unitCost ?? null,
      })),
    }))
    .sort((a, b) => a.level - b.level || a.recipeId - b.recipeId);
}

function itemsOf({ steps }: LevelingPlan<JobRecipe>): number[] {
  const shown = steps.flatMap(({ recipe }) => [
    recipe.resultItemId,
    ...recipe.ingredients.map(({ itemId }) => itemId),
  ]);
  return [...new Set(shown)];
}
