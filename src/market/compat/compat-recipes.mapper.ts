import { STANDARD_XP_RATIO } from '../crafting/craft-xp.js';
import type { ClassicCost } from '../crafting/classic-costs.js';
import type { RecipeCosts } from '../crafting/crafting.service.js';
import type { BookRecipe, Ingredient } from '../crafting/recipe-book.js';
import type { JobRow, RecipeItemRow } from '../crafting/recipes.repository.js';
import { iconUrl } from '../icons/market-icon.js';
import type {
  CompatRecipeDto,
  CompatRecipeIngredientDto,
  CompatRecipeUsageDto,
} from './compat-recipes.dto.js';

/** A recipe with the original's figures. */
export interface RatedRecipe extends ClassicCost {
  recipe: BookRecipe;
  sellPrice: number;
  margin: number;
  roi: number;
  estimatedMargin: number;
  estimatedRoi: number;
}

/** What names the parts of an answer. */
export interface RecipeNames {
  items: ReadonlyMap<number, RecipeItemRow>;
  jobs: ReadonlyMap<number, JobRow>;
  origin: string;
}

/** The profit as the original has it: 0 percent of a cost of 0. */
export function rate(recipe: BookRecipe, cost: ClassicCost, sellPrice: number): RatedRecipe {
  const roiOf = (spent: number): number => (spent > 0 ? ((sellPrice - spent) / spent) * 100 : 0);
  // Field by field: spread over thousands of recipes, it would take longer than pricing them.
  return {
    craftCost: cost.craftCost,
    pricedCount: cost.pricedCount,
    estimatedCost: cost.estimatedCost,
    hasEstimation: cost.hasEstimation,
    isIncomplete: cost.isIncomplete,
    recipe,
    sellPrice,
    margin: sellPrice - cost.craftCost,
    roi: roiOf(cost.craftCost),
    estimatedMargin: sellPrice - cost.estimatedCost,
    estimatedRoi: roiOf(cost.estimatedCost),
  };
}

export function toCompatRecipeDto(
  rated: RatedRecipe,
  { prices }: RecipeCosts,
  { items, jobs, origin }: RecipeNames,
): CompatRecipeDto {
  const { recipe } = rated;
  const result = items.get(recipe.resultItemId);
  const job = recipe.jobId === null ? undefined : jobs.get(recipe.jobId);
  const seen = recipe.ingredients.flatMap(({ itemId }) => prices.get(itemId)?.atMs ?? []);
  return {
    recipe_id: recipe.id,
    result_item_id: recipe.resultItemId,
    result_item_name: result?.label ?? '',
    result_item_icon: iconUrl(result?.iconId ?? null, origin),
    job_id: job?.externalId ?? null,
    job_name: job ? nameOfJob(job) : null,
    job_icon_id: job?.iconId ?? null,
    level: recipe.level,
    craft_cost: rated.craftCost,
    sell_price: rated.sellPrice,
    margin: rated.margin,
    roi: rated.roi,
    ingredients_count: recipe.ingredients.length,
    ingredients_with_price: rated.pricedCount,
    result_item_last_update: instantOf(prices.get(recipe.resultItemId)?.atMs),
    ingredients_last_update: instantOf(seen.length === 0 ? undefined : Math.min(...seen)),
    craft_xp_ratio: xpRatioOf(result),
    estimated_craft_cost: rated.estimatedCost,
    estimated_margin: rated.estimatedMargin,
    estimated_roi: rated.estimatedRoi,
    has_estimation: rated.hasEstimation,
    estimation_incomplete: rated.isIncomplete,
  };
}

export function toCompatRecipeIngredientDto(
  { itemId, quantity }: Ingredient,
  { prices, book }: RecipeCosts,
  { items, origin }: RecipeNames,
): CompatRecipeIngredientDto {
  const known = prices.get(itemId);
  const item = items.get(itemId);
  return {
    item_id: itemId,
    name: item?.label ?? '',
    icon_url: iconUrl(item?.iconId ?? null, origin),
    quantity,
    price: known?.price ?? 0,
    total_price: (known?.price ?? 0) * quantity,
    last_update: instantOf(known?.atMs),
    ingredient_recipe_id: book.byResult.get(itemId)?.id ?? null,
  };
}

export function toCompatRecipeUsageDto(
  rated: RatedRecipe,
  itemId: number,
  totalCount: number,
  { items, jobs, origin }: RecipeNames,
): CompatRecipeUsageDto {
  const { recipe } = rated;
  const result = items.get(recipe.resultItemId);
  const job = recipe.jobId === null ? undefined : jobs.get(recipe.jobId);
  return {
    recipe_id: recipe.id,
    result_item_id: recipe.resultItemId,
    result_item_name: result?.label ?? '',
    result_item_icon: iconUrl(result?.iconId ?? null, origin),
    job_name: job ? nameOfJob(job) : null,
    level: recipe.level,
    quantity_required: recipe.ingredients.find((ingredient) => ingredient.itemId === itemId)?.quantity ?? 0,
    craft_cost: rated.craftCost,
    sell_price: rated.sellPrice,
    margin: rated.margin,
    roi: rated.roi,
    total_count: totalCount,
  };
}

/** In the original every name is there. */
export const nameOfJob = ({ name, externalId }: JobRow): string => name ?? `Job ${externalId}`;

function xpRatioOf(item: RecipeItemRow | undefined): number {
  const ratio = item?.craftXpRatio ?? null;
  return ratio === null || ratio <= 0 ? STANDARD_XP_RATIO : ratio;
}

/** Milliseconds suffice: nothing is compared with it. */
export function instantOf(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString().replace('Z', '+00:00');
}
